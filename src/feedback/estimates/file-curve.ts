import type { LabelledScore } from '../../core/tuning.ts'
import type { Curve } from './curve.ts'
import { rememberedIntervals } from './exact-interval.ts'
import { ninetyFivePercent, type Amount, type Estimate } from './intervals.ts'
import { binCount, binOf, thresholdOfBin } from './score-bins.ts'
import { suffixesOf } from './suffixes.ts'

/**
 * Rates of texts of a file, which stand for no traffic: how many of its harmful and of its harmless ones a threshold acts on.
 * The share that is acted on is the file's, too.
 */
export function fileCurve(labels: readonly LabelledScore[]): Curve {
  const bins = { harmful: new Int32Array(binCount), harmless: new Int32Array(binCount) }
  const bounds = { harmful: new Int32Array(binCount), harmless: new Int32Array(binCount) }
  // By index: an iterator alone would take as long as all the rest of it.
  for (let at = 0; at < labels.length; at += 1) {
    const label = labels[at]
    if (label === undefined) continue
    const counted = label.isBound ? bounds : bins
    const ofTruth = label.truth === 'harmful' ? counted.harmful : counted.harmless
    const bin = binOf(label.score)
    ofTruth[bin] = (ofTruth[bin] ?? 0) + 1
  }
  const whole = { harmful: suffixesOf(bins.harmful), harmless: suffixesOf(bins.harmless) }
  const least = { harmful: suffixesOf(bounds.harmful), harmless: suffixesOf(bounds.harmless) }
  const at = (sums: Float64Array, bin: number) => sums[bin] ?? 0
  const [harmful, harmless] = [
    at(whole.harmful, 0) + at(least.harmful, 0),
    at(whole.harmless, 0) + at(least.harmless, 0),
  ]
  /** Of one truth: those acted on for certain, and those of which it is not known. */
  const countOf = (truth: 'harmful' | 'harmless', bin: number) => ({
    acted: at(whole[truth], bin) + at(least[truth], bin),
    unknown: at(least[truth], 0) - at(least[truth], bin),
  })
  const intervalOf = rememberedIntervals()
  const countsAt = (bin: number) => {
    const [good, bad] = [countOf('harmless', bin), countOf('harmful', bin)]
    return { falseBlocks: good.acted + good.unknown, missed: harmful - bad.acted, harmful }
  }
  return {
    decisions: harmful + harmless,
    countsAt,
    at(bin, { tail } = ninetyFivePercent) {
      const [good, bad] = [countOf('harmless', bin), countOf('harmful', bin)]
      const { falseBlocks, missed } = countsAt(bin)
      const acted = good.acted + bad.acted
      const falsePositives = intervalOf(falseBlocks, harmless, tail)
      const misses = intervalOf(missed, harmful, tail)
      return {
        threshold: thresholdOfBin(bin),
        acted: intervalOf(acted, harmful + harmless, tail),
        falsePositives,
        misses,
        wrongActions: intervalOf(good.acted, acted, tail),
        falseBlocks: amount(falsePositives, harmless),
        missed: amount(misses, harmful),
        found: amount(intervalOf(bad.acted, harmful, tail), harmful),
        letPass: amount(intervalOf(harmless - falseBlocks, harmless, tail), harmless),
        unknown: harmful + harmless > 0 ? (good.unknown + bad.unknown) / (harmful + harmless) : 0,
      }
    },
  }
}

const amount = ({ rate: value, low, high }: Estimate, of: number): Amount =>
  of > 0 ? { value: value * of, low: low * of, high: high * of } : { value: 0, low: 0, high: 0 }
