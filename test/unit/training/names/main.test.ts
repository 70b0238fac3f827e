import { describe, expect, it } from 'vitest'
import { readModel } from '../../../../src/filters/names/model.ts'
import { defaults, modelPath, sourcesDigest } from '../../../../training/names/main.ts'

describe('the training of the model of names', () => {
  it('is that of the model that is shipped: `npm run train -- names` makes it anew after a change', () => {
    expect(readModel(modelPath).header).toMatchObject({ sources: sourcesDigest(), seed: defaults.seed })
  })
})
