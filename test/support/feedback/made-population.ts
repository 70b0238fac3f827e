import type { Random } from '../random.ts'

/** Scores of one truth: the logits are normal, with this mean and deviation. */
interface Bell {
  readonly mean: number
  readonly deviation: number
}

/** Who asks at one place: how much of it is harmful, and what scores a detector gives to either. */
export interface MadePopulation {
  readonly harmfulShare: number
  readonly harmful: Bell
  readonly harmless: Bell
}

export interface MadeCase {
  readonly isHarmful: boolean
  /** 0 to 1. */
  readonly score: number
}

export function drawCase({ harmfulShare, harmful, harmless }: MadePopulation, random: Random): MadeCase {
  const isHarmful = random() < harmfulShare
  const { mean, deviation } = isHarmful ? harmful : harmless
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return { isHarmful, score: 1 / (1 + Math.exp(-(mean + deviation * normal))) }
}

/** Exactly, and not of a sample: the share of the harmless that a threshold acts on, and of the harmful. */
export function trueRates({ harmful, harmless }: MadePopulation, threshold: number) {
  const logit = Math.log(threshold / (1 - threshold))
  const above = ({ mean, deviation }: Bell): number => upperTail((logit - mean) / deviation)
  return { falsePositives: above(harmless), recall: above(harmful) }
}

/** Chance that a standard normal number is higher (M. Abramowitz and I. Stegun, 26.2.17; to 1e-7). */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z)
  const t = 1 / (1 + 0.231_641_9 * z)
  const sum = [0.319_381_53, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429]
    .map((factor, power) => factor * t ** (power + 1))
    .reduce((all, each) => all + each, 0)
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum
}
