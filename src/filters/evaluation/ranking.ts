import { wilson, type Interval } from './wilson.ts'

/** What was said of one text, and what it is. */
export interface Scored {
  readonly score: number
  readonly isPositive: boolean
}

/** What comes of one threshold: texts with its score or a higher one count as found. */
export interface OperatingPoint {
  readonly threshold: number
  readonly truePositives: number
  readonly falsePositives: number
}

export interface RecallAt {
  /** The most false positives that were allowed, as a share of the negatives. */
  readonly falsePositiveRate: number
  /** The lowest threshold that keeps to it; infinity where only finding nothing does. */
  readonly threshold: number
  readonly truePositives: number
  readonly falsePositives: number
  readonly recall: number
  /** Of the recall, 95 %. */
  readonly interval: Interval
}

/** How well scores tell positives from negatives. */
export interface Ranking {
  readonly positives: number
  readonly negatives: number
  /** Chance that a positive has the higher score than a negative, a tie counting half; NaN without one of them. */
  readonly auc: number
  /** Precision at each positive, by falling score, taken together; NaN without one. */
  readonly averagePrecision: number
  /** By falling threshold; the first finds nothing. Equal scores are one point: no order of theirs is chosen. */
  readonly points: readonly OperatingPoint[]
}

export function rank(scored: readonly Scored[]): Ranking {
  const positives = scored.filter(({ isPositive }) => isPositive).length
  const negatives = scored.length - positives
  const points: OperatingPoint[] = [{ threshold: Number.POSITIVE_INFINITY, truePositives: 0, falsePositives: 0 }]
  const byScore = Map.groupBy(scored, ({ score }) => score)
  let [truePositives, falsePositives, area, precision] = [0, 0, 0, 0]
  for (const [threshold, ties] of [...byScore].toSorted(([one], [other]) => other - one)) {
    const found = ties.filter(({ isPositive }) => isPositive).length
    const wrong = ties.length - found
    area += wrong * (truePositives + found / 2)
    truePositives += found
    falsePositives += wrong
    precision += (found * truePositives) / (truePositives + falsePositives)
    points.push({ threshold, truePositives, falsePositives })
  }
  return { positives, negatives, auc: area / (positives * negatives), averagePrecision: precision / positives, points }
}

/** The recall where at most this share of the negatives is found. */
export function recallAt({ points, positives, negatives }: Ranking, falsePositiveRate: number): RecallAt {
  const kept = points.filter(({ falsePositives }) => falsePositives <= falsePositiveRate * negatives)
  const last = kept.at(-1) ?? { threshold: Number.POSITIVE_INFINITY, truePositives: 0, falsePositives: 0 }
  return {
    ...last,
    falsePositiveRate,
    recall: last.truePositives / positives,
    interval: wilson(last.truePositives, positives),
  }
}
