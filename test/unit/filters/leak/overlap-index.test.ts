import { describe, expect, it } from 'vitest'
import { compact, rotated } from '../../../../src/filters/leak/compact.ts'
import { OverlapIndex } from '../../../../src/filters/leak/overlap-index.ts'
import { createRandom } from '../../../support/random.ts'

const random = createRandom(618)
// Letters that are compared as they are, of which none is repeated at once.
const letters = 'abcdefhjkmnpqrtuvwxyz'
function made(length: number): string {
  let text = ''
  while (text.length < length) {
    const letter = letters[Math.floor(random() * letters.length)] ?? 'a'
    if (!text.endsWith(letter)) text += letter
  }
  return text
}

const size = 16
const known = made(400)
const other = made(20_000)
const index = OverlapIndex.of([known, other], { size })
const reversed = (text: string) => Array.from(text).reverse().join('')

function seenIn(text: string, of = index) {
  const covered = of.nothingSeen()
  const runs = of.runsIn(compact(text), covered)
  return { covered, runs: runs.map(({ start, end, texts }) => [start, end].concat(Array.from(texts))) }
}

/** What of a text was seen, as stretches. */
function stretches(seen: Uint8Array | undefined): string {
  return Array.from(seen ?? [], (each) => (each === 1 ? 'x' : '.')).join('')
}

const marked = (from: number, to: number, length: number) =>
  '.'.repeat(from) + 'x'.repeat(to - from) + '.'.repeat(length - to)

describe('an index of texts', () => {
  it.each([
    ['as it is', (text: string) => text],
    ['backwards', reversed],
    ['rotated by thirteen letters', rotated],
  ])('finds a stretch of one of them %s, and where it is from', (_how, write) => {
    const { covered, runs } = seenIn(`${made(31)}\nggg${write(known.slice(100, 150))}ggg${made(31)}`)
    const [[start = 0, end = 0, ...texts] = []] = runs
    expect(runs).toHaveLength(1)
    expect([end - start, texts]).toEqual([50, [0]])
    expect(start).toBe(32)
    expect(stretches(covered[0])).toBe(marked(100, 150, 400))
    expect(stretches(covered[1])).not.toContain('x')
    expect([index.seenOf(0, covered), index.longestSeenOf(0, covered), index.seenOf(1, covered)]).toEqual([50, 50, 0])
  })

  it('compares so many characters, and not fewer', () => {
    expect(seenIn(`ggg${known.slice(10, 26)}ggg`).runs).toEqual([[1, 17, 0]])
    expect(seenIn(`ggg${known.slice(10, 25)}ggg`).runs).toEqual([])
    expect(seenIn(known.slice(0, 16)).runs).toEqual([[0, 16, 0]])
    expect(seenIn(known.slice(384)).runs).toEqual([[0, 16, 0]])
  })

  it('takes together what is said in several places, and tells the longest of it', () => {
    const covered = index.nothingSeen()
    for (const [from, to] of [
      [20, 60],
      [60, 90],
      [200, 230],
    ]) {
      index.runsIn(compact(`ggg${known.slice(from, to)}ggg`), covered)
    }
    expect(stretches(covered[0])).toBe(`${marked(20, 90, 200)}${marked(0, 30, 200)}`)
    expect([index.seenOf(0, covered), index.longestSeenOf(0, covered)]).toEqual([100, 70])
  })

  it('finds what stands at any place of a long text', () => {
    for (const at of [0, 8_170, 8_176, 8_177, 8_184, 8_192, 16_380, 19_980]) {
      const { covered, runs } = seenIn(`ggg${other.slice(at, at + 20)}ggg`)
      expect(runs).toEqual([[1, 1 + Math.min(20, other.length - at), 1]])
      expect(stretches(covered[1]).indexOf('x')).toBe(at)
    }
  })

  it('takes no row of one or two characters for a stretch', () => {
    const ruled = OverlapIndex.of(['ab'.repeat(40), 'abc'.repeat(40)], { size })
    expect(seenIn('ab'.repeat(40), ruled).runs).toEqual([])
    expect(seenIn('abc'.repeat(40), ruled).runs).toEqual([[0, 120, 1]])
  })

  it('counts of what stands in many places the first ones, or none where it is told so', () => {
    const common = `${known.slice(0, 30)}ggg`
    const text = common.repeat(12)
    const covered = seenIn(common, OverlapIndex.of([text], { size }))
    expect(covered.runs).toEqual([[0, 31, 0]])
    const dropping = OverlapIndex.of([text], { size, dropsCommon: true })
    expect(seenIn(common, dropping).runs).toEqual([])
    expect(dropping.known[0]?.total).toBeLessThan(compact(text).length)
  })

  it('counts characters that are weighed alone, also of what was seen', () => {
    const weighed = OverlapIndex.of([known], { size, weigh: () => (place) => place >= 120 })
    expect(weighed.known[0]).toMatchObject({ length: 400, total: 280 })
    const { covered } = seenIn(`ggg${known.slice(100, 150)}ggg`, weighed)
    expect([weighed.seenOf(0, covered), weighed.longestSeenOf(0, covered)]).toEqual([30, 30])
  })
})
