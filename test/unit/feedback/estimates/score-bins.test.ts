import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binOf, binOfThreshold, thresholdOfBin } from '../../../../src/feedback/estimates/score-bins.ts'

describe('bins of scores', () => {
  it('say of every threshold of a thousandth the same as comparing does', () => {
    const score = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 1_000 }).map((bin) => bin / 1_000),
      fc.integer({ min: 1, max: 1_000 }).map((bin) => bin / 1_000 - Number.EPSILON / 4),
    )
    fc.assert(
      fc.property(score, fc.integer({ min: 0, max: 1_000 }), (value, threshold) => {
        expect(binOf(value) >= threshold).toBe(value >= thresholdOfBin(threshold))
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads a threshold between two as the higher one, at which nothing more acts', () => {
    expect([binOfThreshold(0.29), binOfThreshold(0.2905), binOfThreshold(0), binOfThreshold(1)]).toEqual([
      290, 291, 0, 1_000,
    ])
  })
})
