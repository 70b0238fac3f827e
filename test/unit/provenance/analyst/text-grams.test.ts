import { expect, it } from 'vitest'
import { TextGrams } from '../../../../src/provenance/analyst/text-grams.ts'
import { createRandom } from '../../../support/random.ts'

it('holds every part of each text, wherever it stands, and little else', () => {
  const random = createRandom(7)
  const grams = new TextGrams(20 * 500)
  const letter = () => String.fromCodePoint(0x20 + Math.floor(random() * 0x2_00))
  const texts = Array.from({ length: 20 }, () => Array.from({ length: 500 }, letter).join(''))
  for (const text of texts) grams.add(text)
  for (const text of texts) {
    for (let at = 0; at < 480; at += 7) expect(grams.mayHold(text.slice(at, at + 12))).toBe(true)
  }
  const others = Array.from({ length: 1_000 }, () => Array.from({ length: 12 }, letter).join(''))
  expect(others.filter((text) => grams.mayHold(text)).length).toBeLessThan(20)
})

it('knows nothing of what is shorter than it looks for', () => {
  expect([new TextGrams(0).mayHold('short'), new TextGrams(0).mayHold('long enough')]).toEqual([true, false])
})

it.each([
  [0, 256],
  [1_000, 1_024],
  [100_000, 131_072],
  [10_000_000, Number.POSITIVE_INFINITY],
])('made for %i characters is large enough for %i and for no more', (characters, most) => {
  const grams = new TextGrams(characters)
  expect([grams.isLargeEnough(most), grams.isLargeEnough(most + 1)]).toEqual([true, most === Number.POSITIVE_INFINITY])
})

it('holds what was added when more was added than it was made for', () => {
  const grams = new TextGrams(10)
  const text = Array.from({ length: 400 }, (_, at) => `${at}`).join(' ')
  grams.add(text)
  expect(grams.mayHold(text)).toBe(true)
})
