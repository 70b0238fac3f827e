import { describe, expect, it } from 'vitest'
import { readModel } from '../../../../src/filters/toxicity/model.ts'
import { defaults, modelPath, sourcesDigest } from '../../../../training/toxicity/main.ts'

describe('the training of the model of toxicity', () => {
  it('is that of the model that is shipped: `npm run train -- toxicity` makes it anew after a change', () => {
    expect(readModel(modelPath).header).toMatchObject({ sources: sourcesDigest(), seed: defaults.seed })
  })
})
