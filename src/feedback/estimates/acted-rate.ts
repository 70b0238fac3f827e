import { unknownEstimate, type Estimate, type Sureness } from './intervals.ts'

/**
 * Share of decisions acted on. What is uncertain of it is how many there were, since what passes is recorded by sample: the
 * delta method for the ratio of two counts, each with a variance.
 */
export function actedRate(
  {
    acting,
    decisions,
    variance,
  }: {
    readonly acting: number
    readonly decisions: number
    readonly variance: { readonly all: number; readonly above: number }
  },
  { z }: Sureness,
): Estimate {
  if (decisions <= 0) return unknownEstimate
  const rate = acting / decisions
  const spread = (1 - rate) ** 2 * variance.above + rate ** 2 * (variance.all - variance.above)
  const half = (z * Math.sqrt(Math.max(0, spread))) / decisions
  return { rate, low: Math.max(0, rate - half), high: Math.min(1, rate + half) }
}
