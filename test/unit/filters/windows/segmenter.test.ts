import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Segmenter } from '../../../../src/filters/windows/segmenter.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

/** The segments of a text that arrives in these chunks. */
function segmentsOf(chunks: readonly string[]): string[] {
  const segmenter = new Segmenter()
  const segments: string[] = []
  for (const chunk of chunks) {
    segmenter.push(chunk)
    for (let next = segmenter.next(); next !== null; next = segmenter.next()) segments.push(next)
  }
  const rest = segmenter.end()
  return rest === '' ? segments : [...segments, rest]
}
const lengthsOf = (text: string) => segmentsOf([text]).map(({ length }) => length)
const cut = (text: string, size: number) => text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []

describe('a segment', () => {
  it('is 160 characters at least, and ends with a sentence or a line', () => {
    const sentence = 'Revenue grew by twelve percent in Germany. '
    expect(lengthsOf(sentence.repeat(10))).toEqual([172, 172, 86])
    const line = (length: number) => `${'word '.repeat(40).slice(0, length - 1)}\n`
    expect(lengthsOf(line(80).repeat(5))).toEqual([160, 160, 80])
    expect(lengthsOf(line(79).repeat(5))).toEqual([237, 158])
    expect(lengthsOf(line(160) + 'b'.repeat(99))).toEqual([160, 99])
    expect(lengthsOf(line(159) + 'b'.repeat(99))).toEqual([258])
    expect(lengthsOf(`${'a'.repeat(158)}! ${'b'.repeat(99)}`)).toEqual([160, 99])
    for (const mark of ['. ', '! ', '? ', ': ', '\n']) {
      expect(segmentsOf([`${'word '.repeat(40)}so${mark}${'b'.repeat(99)}`])[1]).toBe('b'.repeat(99))
    }
    for (const mark of [', ', '.', ' ', '; ']) {
      expect(segmentsOf([`${'word '.repeat(40)}so${mark}${'b'.repeat(99)}`])).toHaveLength(1)
    }
  })

  it('is 4,096 characters at most where no line ends', () => {
    expect(lengthsOf('a'.repeat(10_000))).toEqual([4_096, 4_096, 1_808])
    expect(lengthsOf('a'.repeat(4_096))).toEqual([4_096])
  })

  it('never cuts a character in two', () => {
    const text = `a${'\u{1f600}'.repeat(3_000)}`
    expect(lengthsOf(text)).toEqual([4_097, 1_904])
    expect(lengthsOf(text.slice(1))).toEqual([4_096, 1_904])
    expect(segmentsOf(cut(text, 1))).toEqual(segmentsOf([text]))
    expect(lengthsOf('\ud83d'.repeat(5_000))).toEqual([4_096, 904])
  })

  it('is a fenced block as a whole, up to 16,384 characters', () => {
    const prose = `${'Revenue grew by twelve percent. '.repeat(6)}\n`
    const block = `\`\`\`\n${'x = 1. y\n'.repeat(600)}\`\`\`\n`
    const segments = segmentsOf([prose + block + prose])
    expect(segments.filter((segment) => segment.includes('x = 1'))).toHaveLength(1)
    expect(segments.join('')).toBe(prose + block + prose)
    expect(lengthsOf(`\`\`\`\n${'x = 1. y\n'.repeat(3_000)}`)[0]).toBe(16_384)
  })

  it('is a private key as a whole', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEow. and\n'.repeat(100)}-----END PRIVATE KEY-----\n`
    const prose = 'Revenue grew by twelve percent. '.repeat(20)
    expect(segmentsOf([prose + key + prose]).filter((segment) => segment.includes('MIIEow'))).toHaveLength(1)
  })

  it('does not end after a line of an encoding, up to 1,024 characters', () => {
    const base64 = `${'QUJDREVGR0hJSktMTU5P'.repeat(3)}QUJDREVGR0hJSktM\n`
    expect(base64).toHaveLength(77)
    expect(lengthsOf(base64.repeat(40))).toEqual([1_078, 1_078, 924])
    const pairs = `${'61 62 63 '.repeat(8)}64\n`
    expect(lengthsOf(pairs.repeat(40))[0]).toBe(1_050)
    expect(lengthsOf(`${'a=61=62'.repeat(9)}=\r\n`.repeat(30))[0]).toBe(1_056)
    expect(lengthsOf(`${'words of prose '.repeat(5)}\n`.repeat(5))[0]).toBe(228)
    expect(lengthsOf(`${'61 62 63 '.repeat(8)}words\n`.repeat(5))[0]).toBe(234)
  })

  it('ends by what stands before it alone', () => {
    const text = `${'Revenue grew. '.repeat(20)}\n${'a'.repeat(5_000)}\n`
    const whole = segmentsOf([text])
    const longer = segmentsOf([`${text}and more words behind it.`])
    expect(longer.slice(0, whole.length - 1)).toEqual(whole.slice(0, -1))
  })
})

const pieces = [
  'Revenue grew by twelve percent. ', 'a ', '\n', '```\n', '~~~', 'x'.repeat(300), '\u{1f600}'.repeat(90), '\u{1f600}'.repeat(3_000), '-----BEGIN PRIVATE KEY-----\n', '-----END PRIVATE KEY-----\n',
  `${'QUJD'.repeat(19)}\n`, '61 62 63 64 65 66 67 68\n', 'is it? ', 'no: ', 'PRIVATE KEY', '\r\n', 'y'.repeat(1_500), 'word\n'.repeat(60),
] // prettier-ignore
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((all) => all.join(''))

it('the segments of a text are the same in whatever chunks it arrives, and lose nothing', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(1, 2, 3, 7, 64, 159, 1_000, 4_097), (whole, size) => {
      const segments = segmentsOf([whole])
      expect(segments.join('')).toBe(whole)
      expect(segmentsOf(cut(whole, size))).toEqual(segments)
      for (const segment of segments.slice(0, -1)) expect(segment.length).toBeGreaterThanOrEqual(160)
    }),
    { numRuns: propertyRuns(400), seed: 4 },
  )
})
