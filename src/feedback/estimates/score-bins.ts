import { ServiceError } from '../../core/errors.ts'

/** Thresholds are multiples of a thousandth, so that scores are counted and never sorted. */
export const highestBin = 1_000

/** How many bins there are, from 0 to 1,000. */
export const binCount = highestBin + 1

/** The lowest score of each bin, as filters compare with it; and one that no score reaches. */
const lowestOf = Float64Array.from({ length: binCount + 1 }, (_, bin) =>
  bin <= highestBin ? bin / highestBin : Number.POSITIVE_INFINITY,
)

/** The highest multiple of a thousandth that a score reaches, in thousandths. Scores lie in 0 to 1. */
export function binOf(score: number): number {
  const bin = Math.min(highestBin, Math.max(0, Math.trunc(score * highestBin)))
  // 0.29 * 1,000 is a little less than 290, and filters compare with 0.29 itself.
  if (score >= (lowestOf[bin + 1] ?? 0)) return bin + 1
  return bin > 0 && score < (lowestOf[bin] ?? 0) ? bin - 1 : bin
}

/** The lowest multiple of a thousandth, in thousandths, at which nothing acts that does not act at this threshold. */
export function binOfThreshold(threshold: number): number {
  const bin = binOf(threshold)
  return bin < highestBin && bin / highestBin < threshold ? bin + 1 : bin
}

export const thresholdOfBin = (bin: number): number => bin / highestBin

/** Is it a score, of a decision that stands for itself at least? What somebody has written into the storage counts in no rate. */
export const isScored = (score: number, weight: number): boolean =>
  score >= 0 && score <= 1 && weight >= 1 && Number.isFinite(weight)

/** Throws `internal` for what `isScored` does not take. */
export function requireScored(score: number, weight: number): void {
  if (isScored(score, weight)) return
  throw new ServiceError('internal', `A recorded decision has the score ${score} and the weight ${weight}.`)
}
