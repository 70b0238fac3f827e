import { describe, expect, it } from 'vitest'
import {
  cheapest,
  costOf,
  examplesAt,
  indexOf,
  placeOf,
  plotOf,
  scoreBars,
  type Labelled,
} from '../../../../../src/web/pages/tune/points.ts'
import { amount, point, rate, unknownAmount, unknownRate } from '../../../../support/web/tune-points.ts'

describe('costs of a thousand requests', () => {
  it('weigh false positives and misses, and are not known where either is not', () => {
    const both = point({ per_thousand: { false_positives: amount(20, 10, 30), missed: amount(3, 1, 6) } })
    expect(costOf(both, { falseBlock: 1, miss: 5 })).toEqual({ value: 35, low: 15, high: 60 })
    const one = point({ per_thousand: { false_positives: amount(20, 10, 30), missed: unknownAmount(0, 8) } })
    expect(costOf(one, { falseBlock: 1, miss: 5 })).toEqual({ value: null, low: 10, high: 70 })
  })

  it('are least at the threshold that is nearest to the one in force, within the limits, of those that are known', () => {
    const costing = (threshold: number, wrong: number, missed: number | null) =>
      point({
        threshold,
        per_thousand: {
          false_positives: amount(wrong, wrong, wrong),
          missed: missed === null ? unknownAmount(0, 9) : amount(missed, missed, missed),
        },
      })
    const points = [
      costing(0.1, 0, 0),
      costing(0.4, 10, 0),
      costing(0.5, 6, 2),
      costing(0.6, 4, 4),
      costing(0.7, 0, null),
      costing(0.9, 0, 1),
    ]
    const of = { points, limits: { lowest: 0.3, highest: 0.8 }, threshold: 0.62 }
    expect(cheapest(of, { falseBlock: 1, miss: 1 })?.threshold).toBe(0.6)
    expect(cheapest({ ...of, threshold: 0.45 }, { falseBlock: 1, miss: 1 })?.threshold).toBe(0.5)
    expect(cheapest(of, { falseBlock: 1, miss: 50 })?.threshold).toBe(0.4)
    expect(cheapest({ ...of, points: points.slice(4) }, { falseBlock: 1, miss: 1 })).toBeNull()
  })
})

describe('a plot', () => {
  const known = (threshold: number, x: number, y: number) =>
    point({ threshold, false_positive_rate: rate(x, x - 0.1, x + 0.1), recall: rate(y, y - 0.2, y + 0.1) })

  it('has no line through a point that is not known', () => {
    const points = [
      known(0.1, 0.8, 0.9),
      known(0.2, 0.7, 0.8),
      point({ threshold: 0.3, false_positive_rate: rate(0.5, 0.4, 0.6), recall: unknownRate(0, 0.9) }),
      known(0.4, 0.4, 0.6),
    ]
    expect(plotOf(points, 'roc').lines).toEqual([
      [
        { x: 0.8, y: 0.9 },
        { x: 0.7, y: 0.8 },
      ],
      [{ x: 0.4, y: 0.6 }],
    ])
    expect(plotOf([point({ recall: unknownRate(0, 1) })], 'roc')).toEqual({ lines: [], band: [] })
  })

  it('has a band from the better ends of both intervals to the worse ones', () => {
    const of = point({
      false_positive_rate: rate(0.3, 0.2, 0.5),
      recall: rate(0.7, 0.6, 0.9),
      precision: rate(0.4, 0.25, 0.5),
    })
    expect(plotOf([of], 'roc').band).toEqual([
      { x: 0.2, y: 0.9 },
      { x: 0.5, y: 0.6 },
    ])
    expect(plotOf([of], 'pr').band).toEqual([
      { x: 0.9, y: 0.5 },
      { x: 0.6, y: 0.25 },
    ])
    expect(placeOf(of, 'pr')).toEqual({ x: 0.7, y: 0.4 })
  })
})

describe('the slider', () => {
  it('stands at the point of a threshold, or the next to it', () => {
    const points = [0, 0.25, 0.5, 1].map((threshold) => ({ threshold }))
    expect([0, 0.25, 0.3, 0.8, 1].map((threshold) => indexOf(points, threshold))).toEqual([0, 1, 1, 3, 3])
  })

  it('shows which share of the requests lies between two thresholds, where it is known', () => {
    const points = [
      point({ threshold: 0, acted: rate(1, 1, 1) }),
      point({ threshold: 0.5, acted: rate(0.25, 0.2, 0.3) }),
      point({ threshold: 1, acted: rate(0, 0, 0) }),
    ]
    expect(scoreBars(points)).toEqual([
      { from: 0, to: 0.5, share: 0.75 },
      { from: 0.5, to: 1, share: 0.25 },
    ])
    expect(scoreBars([point({ threshold: 0, acted: unknownRate(0, 1) }), ...points.slice(1)])).toHaveLength(1)
  })
})

describe('examples at the boundary', () => {
  it('are those that change first, then the nearest, and none whose score is not known', () => {
    const labelled = [0.2, 0.45, 0.55, 0.58, 0.9].map((score, at): Labelled => ({
      decision: `dec-${at}`,
      score,
      is_bound: false,
      truth: 'harmless',
      source: 'audit',
      stratum: 'withheld',
    }))
    const bound: Labelled = { ...labelled[2]!, decision: 'dec-bound', is_bound: true }
    const examples = examplesAt([...labelled, bound], 0.5, 0.6, 3)
    expect(examples.map(({ decision, before, after }) => [decision, before, after])).toEqual([
      ['dec-3', true, false],
      ['dec-2', true, false],
      ['dec-1', false, false],
    ])
  })
})
