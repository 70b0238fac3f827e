import { ProblemError } from '../../api/problem.ts'
import type { Amount, Point, Rate } from './points.ts'

const percent = (share: number): string => digits(share * 100)

/** As many digits as say something: 0.04, 0.7, 3.2, 17. */
function digits(value: number): string {
  const places = value === 0 || value >= 10 ? 0 : value >= 1 ? 1 : 2
  return value.toLocaleString('en', { maximumFractionDigits: places })
}

/** Nothing where it has no width that is seen: what is counted and not estimated. */
const intervalText = (low: string, high: string, unit: string): string =>
  low === high ? '' : ` (${low}–${high}${unit})`

/** `12 % (8.1–17 %)`; `not known (0–36 %)` where labels say too little, and `not known` where they say nothing. */
export function rateText({ rate, low, high }: Rate): string {
  const between = low <= 0 && high >= 1 ? '' : intervalText(percent(low), percent(high), ' %')
  return rate === null ? `not known${between}` : `${percent(rate)} %${between}`
}

/** Of a thousand: `23 (17–30)`; `not known (0–36)`. */
export function amountText({ value, low, high }: Amount): string {
  const between = low <= 0 && high >= 1_000 ? '' : intervalText(digits(low), digits(high), '')
  return value === null ? `not known${between}` : `${digits(value)}${between}`
}

export const thresholdText = (threshold: number): string => threshold.toLocaleString('en', { maximumFractionDigits: 3 })

/** A point in one sentence, for whoever hears the slider. */
export function pointText({ threshold, per_thousand: { false_positives: wrong, missed } }: Point): string {
  const word = ({ value }: Amount) => (value === null ? 'not known' : digits(value))
  return `${thresholdText(threshold)}: of 1,000 requests ${word(wrong)} false positives, ${word(missed)} missed`
}

/** A rule of a group as people say it. */
export const directionWords = { inbound: 'what a model is sent', outbound: 'what a model says' } as const

const stages: Readonly<Record<string, string>> = {
  shadow: 'computed beside the one in force; decides nothing',
  canary: 'decides for some callers',
  promoted: 'decides for all, and is watched',
  settled: 'decides for all',
  'rolled-back': 'taken back',
  stopped: 'stopped before it decided for all',
}

export const stageText = (stage: string): string => stages[stage] ?? stage

/** What may be done with a rollout in a stage. */
export function stepsFrom(stage: string): readonly ('canary' | 'promotion' | 'rollback' | 'stop')[] {
  if (stage === 'shadow') return ['canary', 'stop']
  if (stage === 'canary') return ['canary', 'promotion', 'rollback', 'stop']
  return stage === 'promoted' || stage === 'settled' ? ['rollback'] : []
}

/** Commands that the service names, and what does the same on these pages; the first that fits counts. */
const places: readonly (readonly [command: RegExp, here: string])[] = [
  [/^queue --kind audit$/, '“Draw other decisions” under “Queue and labels”'],
  [/^(?:queue|label)\b/, '“Queue and labels”'],
  [/^(?:sets|propose)\b/, '“Sets and proposals”'],
  [/^stop\b/, '“Stop it”'],
  [/^(?:show|history)\b/, '“Rollouts and history”'],
]

/** What the service advises, which names commands, in the words of the buttons and tabs that do the same here. */
export const adviceHere = (advice: string): string =>
  advice.replaceAll(/"sallyport tuning ([^"]+)"/g, (whole, command: string) => {
    const [, here] = places.find(([pattern]) => pattern.test(command)) ?? [null, whole]
    return here
  })

/** A problem with its advice in the words of these pages; everything else as it is. */
export function problemHere(error: unknown): unknown {
  if (!(error instanceof ProblemError) || error.advice === null) return error
  const { message, code, status, advice, requestId, document } = error
  return new ProblemError(message, { code, status, advice: adviceHere(advice), requestId, document })
}
