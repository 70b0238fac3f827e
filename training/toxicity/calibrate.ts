import { kindCount, toxicityKinds } from '../../src/filters/toxicity/categories.ts'
import type { ModelHeader } from '../../src/filters/toxicity/model.ts'
import type { MadeText } from './generator.ts'

/** A text that was not learned from, and the sums that the weights give it. */
export interface Scored extends Pick<MadeText, 'kinds'> {
  readonly sums: readonly number[]
}

const steps = 400
const rate = 0.5
/** Sums between which a probability is drawn as a straight line. */
const logits = [-16, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 16]

/** What sums stand for, by kind: a logistic curve fitted to texts that were not learned from, as a table that rises. */
export function calibrationOf(scored: readonly Scored[]): ModelHeader['calibration'] {
  return Array.from({ length: kindCount }, (_, kind) => {
    const { slope, shift } = fit(
      scored.map(({ sums, kinds }) => ({
        sum: sums[kind] ?? 0,
        label: kinds.some((name) => toxicityKinds[kind] === name) ? 1 : 0,
      })),
    )
    return logits.map((logit): [number, number] => [round((logit - shift) / slope), round(1 / (1 + Math.exp(-logit)))])
  })
}

function fit(texts: readonly { readonly sum: number; readonly label: number }[]): { slope: number; shift: number } {
  let [slope, shift] = [1, 0]
  for (let step = 0; step < steps; step += 1) {
    let [bySlope, byShift] = [0, 0]
    for (const { sum, label } of texts) {
      const error = label - 1 / (1 + Math.exp(-(slope * sum + shift)))
      bySlope += error * sum
      byShift += error
    }
    slope = Math.max(0.05, slope + (rate * bySlope) / texts.length / 10)
    shift += (rate * byShift) / texts.length
  }
  return { slope, shift }
}

const round = (value: number): number => Number(value.toFixed(7))
