import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { betaChance, exactInterval } from '../../../../src/feedback/estimates/exact-interval.ts'

/** The chance of so many hits or fewer, by adding up the binomial distribution. */
function chanceUpTo(hits: number, total: number, rate: number): number {
  let [sum, term] = [0, (1 - rate) ** total]
  for (let count = 0; count <= hits; count += 1) {
    sum += term
    term *= ((total - count) / (count + 1)) * (rate / (1 - rate))
  }
  return sum
}

describe('the exact interval of a rate', () => {
  it.each([
    // Published for Clopper and Pearson's interval of 95 %.
    [2, 100, 0.0024, 0.0704],
    [50, 100, 0.3983, 0.6017],
    [1, 10, 0.0025, 0.445],
    [0, 100, 0, 0.0362],
    [100, 100, 0.9638, 1],
  ])('of %i in %i', (hits, total, low, high) => {
    const interval = exactInterval(hits, total, 0.025)
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })

  it('has bounds beyond which what was seen is as rare as it says', () => {
    // Adding up the distribution underflows beyond.
    const total = fc.integer({ min: 2, max: 60 })
    fc.assert(
      fc.property(total, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (of, share) => {
        const hits = Math.min(of - 1, Math.max(1, Math.round(of * share)))
        const { low, high } = exactInterval(hits, of, 0.05)
        expect(1 - chanceUpTo(hits - 1, of, low)).toBeCloseTo(0.05, 5)
        expect(chanceUpTo(hits, of, high)).toBeCloseTo(0.05, 5)
      }),
      { numRuns: 50 },
    )
  })

  it('says nothing of no label', () => {
    expect(exactInterval(0, 0, 0.025)).toEqual({ rate: Number.NaN, low: 0, high: 1 })
  })

  it('has the chances of the beta distribution, from one end to the other', () => {
    expect(betaChance(0.3, 2, 5)).toBeCloseTo(0.579_825, 6)
    expect(betaChance(0.5, 300, 300)).toBeCloseTo(0.5, 9)
    expect([betaChance(0, 2, 3), betaChance(1, 2, 3)]).toEqual([0, 1])
    expect(betaChance(0.25, 1, 1)).toBeCloseTo(0.25, 12)
  })
})
