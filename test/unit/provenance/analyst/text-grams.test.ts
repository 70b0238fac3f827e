import { expect, it } from 'vitest'
import { TextGrams } from '../../../../src/provenance/analyst/text-grams.ts'
import { createRandom } from '../../../support/random.ts'

it('holds every part of each text, wherever it stands, and little else', () => {
  const random = createRandom(7)
  const grams = new TextGrams()
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
  expect([new TextGrams().mayHold('short'), new TextGrams().mayHold('long enough')]).toEqual([true, false])
})
