import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { curvePicture } from '../../../../src/filters/evaluation/curve-picture.ts'
import { rank, recallAt, type Scored } from '../../../../src/filters/evaluation/ranking.ts'
import { wilson } from '../../../../src/filters/evaluation/wilson.ts'

const scored = (positives: readonly number[], negatives: readonly number[]): Scored[] => [
  ...positives.map((score) => ({ score, isPositive: true })),
  ...negatives.map((score) => ({ score, isPositive: false })),
]

describe('the ranking of texts by their scores', () => {
  it('counts pairs of a positive and a negative in the right order, ties half', () => {
    expect(rank(scored([0.9, 0.8], [0.1, 0.2])).auc).toBe(1)
    expect(rank(scored([0.1], [0.9])).auc).toBe(0)
    expect(rank(scored([0.5, 0.5], [0.5])).auc).toBe(0.5)
    // Of six pairs: 0.8 beats three, 0.4 beats one and ties with one.
    expect(rank(scored([0.8, 0.4], [0.6, 0.4, 0.1])).auc).toBeCloseTo(4.5 / 6, 12)
  })

  it('agrees with counting every pair, in any order of the texts', () => {
    const score = fc.integer({ min: 0, max: 6 }).map((number) => number / 6)
    const list = fc.array(score, { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(list, list, fc.infiniteStream(fc.nat()), (positives, negatives, order) => {
        const pairs = positives.flatMap((one) => negatives.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)))
        const expected = pairs.reduce<number>((sum, each) => sum + each, 0) / pairs.length
        const shuffled = scored(positives, negatives)
          .map((each) => ({ each, key: order.next().value as number }))
          .toSorted((one, other) => one.key - other.key)
          .map(({ each }) => each)
        expect(rank(shuffled).auc).toBeCloseTo(expected, 10)
      }),
    )
  })

  it('gives the precision at each positive, as worked out by hand', () => {
    // Found first, third: 1/1 and 2/3.
    expect(rank(scored([0.9, 0.5], [0.7])).averagePrecision).toBeCloseTo((1 + 2 / 3) / 2, 12)
    expect(rank(scored([], [0.7])).averagePrecision).toBeNaN()
    expect(rank(scored([0.7], [])).auc).toBeNaN()
  })

  it('tells the recall at the lowest threshold that keeps to the false positives, ties on one side', () => {
    const ranking = rank(scored([0.9, 0.8, 0.5, 0.2], [0.5, ...Array.from({ length: 99 }, () => 0.1)]))
    expect(recallAt(ranking, 0.01)).toMatchObject({ threshold: 0.2, truePositives: 4, falsePositives: 1, recall: 1 })
    // The one at 0.5 stands with a positive: neither is found without the other.
    expect(recallAt(ranking, 0.009)).toMatchObject({ threshold: 0.8, truePositives: 2, falsePositives: 0, recall: 0.5 })
    expect(recallAt(ranking, 1)).toMatchObject({ threshold: 0.1, falsePositives: 100 })
    expect(recallAt(rank(scored([0.4], [0.9])), 0)).toMatchObject({ threshold: Number.POSITIVE_INFINITY, recall: 0 })
  })
})

describe("Wilson's interval", () => {
  it('is that of the literature', () => {
    // Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    const rows = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const
    for (const [hits, total, low, high] of rows) {
      const interval = wilson(hits, total)
      expect(interval.low).toBeCloseTo(low, 4)
      expect(interval.high).toBeCloseTo(high, 4)
    }
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
  })
})

describe('the picture of a curve', () => {
  it('has its points where the shares are, and a title that is text alone', () => {
    const ranking = rank(scored([0.9, 0.4], [0.6, 0.1]))
    const picture = curvePicture('a <b> & "c"', ranking, 'roc')
    expect(picture).toContain('points="60,380 60,210 230,210 230,40 400,40"')
    expect(picture).toContain('a &lt;b&gt; &amp; &quot;c&quot;')
    expect(picture).not.toMatch(/<b>|<script|href|url\(/)
    expect(curvePicture('x', ranking, 'pr')).toContain('points="230,40 230,210 400,153.33 400,210"')
  })
})
