import { describe, expect, it } from 'vitest'
import type { FilterPart } from '../../../../src/filters/filter.ts'
import type { FilterDecision } from '../../../../src/filters/profile.ts'
import { SeenTexts } from '../../../../src/gateway/moderate/seen-texts.ts'

const part = (text: string, focus?: FilterPart['focus']): FilterPart => ({
  text,
  provenance: 'user',
  ...(focus === undefined ? {} : { focus }),
})
const found = (at: number, start: number, score: number) =>
  ({ part: at, start, end: start + 3, score, category: 'toxicity/hate' }) as FilterDecision

const kept = (seen: SeenTexts): readonly string[] => seen.texts().map(({ text, from, to }) => text.slice(from, to))

describe('what is held of texts that were looked at', () => {
  it('is all of short ones, in their order', () => {
    const seen = new SeenTexts()
    seen.add([part('one'), part('two')], [])
    seen.add([part('three')], [])
    expect(kept(seen)).toEqual(['one', 'two', 'three'])
  })

  it('is the stretch of a window that was decided on, with what stands around it', () => {
    const seen = new SeenTexts()
    seen.add([part('before. now. behind', { start: 8, end: 12 })], [])
    expect(seen.texts()).toEqual([{ text: 'before. now. behind', from: 8, to: 12 }])
  })

  it('is of a long text the stretch around what was found most surely, else its end', () => {
    const text = `${'a'.repeat(50_000)}BAD${'b'.repeat(50_000)}END`
    const [one, other] = [new SeenTexts(), new SeenTexts()]
    one.add([part(text)], [found(0, 10, 0.3), found(0, 50_000, 0.9)])
    other.add([part(text)], [])
    const [stretch = ''] = kept(one)
    expect([stretch.length, stretch.includes('BAD'), stretch.indexOf('BAD') > 900]).toEqual([2_000, true, true])
    expect(kept(other)[0]?.endsWith('END')).toBe(true)
    expect(one.texts()[0]?.text.length).toBeLessThan(11_000)
  })

  it('is the surest and the latest where there is too much', () => {
    const seen = new SeenTexts()
    seen.add([part(`BAD ${'x'.repeat(1_996)}`)], [found(0, 0, 0.9)])
    for (let at = 0; at < 20; at += 1) seen.add([part(`${String(at).padStart(2, '0')}${'y'.repeat(1_998)}`)], [])
    expect(kept(seen).map((text) => text.slice(0, 3))).toEqual(['BAD', '17y', '18y', '19y'])
  })

  it('is so many at most, however short they are', () => {
    const seen = new SeenTexts()
    seen.add(
      Array.from({ length: 10_000 }, (_, at) => part(`${at}`)),
      [],
    )
    expect([kept(seen).length, kept(seen).at(-1)]).toEqual([64, '9999'])
  })
})
