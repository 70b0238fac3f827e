import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defaults, makeToxicity, modelPath } from '../../training/toxicity/main.ts'
import { modelBytes } from '../../training/toxicity/write-model.ts'

const small = { ...defaults, texts: 400, calibrationTexts: 200, passes: 1, rows: 4_096, fewest: 2 }
const silent = () => undefined
/** Longer than a whole training takes on a busy machine. */
const patience = 600_000

describe('the training of the model of toxicity', () => {
  it('makes another model of another seed', () => {
    const bytes = modelBytes(makeToxicity(small, silent))
    expect(modelBytes(makeToxicity(small, silent)).equals(bytes)).toBe(true)
    expect(modelBytes(makeToxicity({ ...small, seed: 7 }, silent)).equals(bytes)).toBe(false)
  })

  it(
    'makes the model that is shipped, to the bit',
    () => {
      expect(modelBytes(makeToxicity(defaults, silent)).equals(readFileSync(modelPath))).toBe(true)
    },
    patience,
  )
})
