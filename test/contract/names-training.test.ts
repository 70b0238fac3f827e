import { describe, expect, it } from 'vitest'
import { NameReader } from '../../src/filters/names/decode.ts'
import { findNames } from '../../src/filters/names/find-names.ts'
import { readModel } from '../../src/filters/names/model.ts'
import { defaults, makeNames, modelPath } from '../../training/names/main.ts'
import { languages } from '../../training/names/gazetteers.ts'
import { Generator } from '../../training/names/generator.ts'
import { verifies } from '../support/verifies.ts'
import { modelBytes } from '../../training/names/write-model.ts'

const small = { ...defaults, texts: 120, passes: 1, rows: 4_096, fewest: 2 }
const silent = () => undefined

describe('the training of the model of names', () => {
  it('makes the same model of the same seed, to the bit, and another one of another', () => {
    const bytes = modelBytes(makeNames(small, silent))
    expect(modelBytes(makeNames(small, silent)).equals(bytes)).toBe(true)
    expect(modelBytes(makeNames({ ...small, seed: 7 }, silent)).equals(bytes)).toBe(false)
  })

  it('marks names in made texts by where they stand', () => {
    for (const language of languages) {
      const generator = new Generator(11, 'training')
      for (let text = 0; text < 200; text += 1) {
        const made = generator.text(language)
        for (const { start, end } of made.spans) {
          expect(made.text.slice(start, end).trim()).toBe(made.text.slice(start, end))
          expect(end).toBeGreaterThan(start)
        }
        expect(made.text).not.toMatch(/[{}]/)
      }
    }
  })

  it.each(languages)('has taught names in %s in sentences that it has never shown', (language) => {
    verifies('names.languages')
    const model = readModel(modelPath)
    const library = { model, reader: new NameReader(model) }
    const generator = new Generator(99, 'held-out')
    let [hits, total] = [0, 0]
    for (let text = 0; text < 300; text += 1) {
      const made = generator.text(language)
      const found = findNames(made.text, library)
      total += made.spans.length
      hits += made.spans.filter((span) => found.some((one) => one.start < span.end && one.end > span.start)).length
    }
    expect(hits / total).toBeGreaterThan(0.85)
  })
})
