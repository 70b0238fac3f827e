import type { EvaluationSet, LabelledScore } from '../../core/tuning.ts'
import { strata } from '../../core/recorded-decisions.ts'
import { holdsPassed, type Population } from '../estimates/population.ts'
import { isScored } from '../estimates/score-bins.ts'
import { refusal, type ProposalRefusal } from './refusals.ts'

/** Of each truth, so that a rate is more than an anecdote. */
export const fewestLabels = 10

/** A set is of a file where its texts were imported. Whoever mixes both has been refused before. */
export const isOfFile = (items: readonly LabelledScore[]): boolean => items.some(({ source }) => source === 'import')

interface CheckedSet {
  readonly set: Pick<EvaluationSet, 'name' | 'version' | 'items'>
  /** `name@version …` of the detectors in force. */
  readonly detectors: string
  /** Null where nothing was recorded. */
  readonly population: Population | null
}

/** Why nothing can be proposed from a set; null where it can. */
export function refuseSet({ set: { items }, detectors, population }: CheckedSet): ProposalRefusal | null {
  return refuseLabels(items, detectors) ?? refuseFew(items) ?? refuseWhatTheyStandFor(items, population)
}

/** Why no rate can be told from labels, however many there are; null where one can. */
export function refuseRates({
  items,
  detectors,
  population,
}: Omit<CheckedSet, 'set'> & Pick<EvaluationSet, 'items'>): ProposalRefusal | null {
  return refuseLabels(items, detectors) ?? refuseWhatTheyStandFor(items, population)
}

const refuseLabels = (items: readonly LabelledScore[], detectors: string): ProposalRefusal | null =>
  refuseNumbers(items) ?? refuseRepeated(items) ?? refuseDetectors(items, detectors)

const refuseWhatTheyStandFor = (
  items: readonly LabelledScore[],
  population: Population | null,
): ProposalRefusal | null =>
  refuseSources(items) ?? refuseBounds(items) ?? (isOfFile(items) ? null : refuseTraffic(items, population))

function refuseNumbers(items: readonly LabelledScore[]): ProposalRefusal | null {
  const wrong = items.find(({ score, weight }) => !isScored(score, weight))
  if (wrong === undefined) return null
  return refusal(
    'not-a-score',
    `${wrong.decision} has the score ${wrong.score} and the weight ${wrong.weight}.`,
    'See who writes to the storage, and make the next version of the set.',
  )
}

function refuseRepeated(items: readonly LabelledScore[]): ProposalRefusal | null {
  const truths = new Map<string, LabelledScore['truth']>()
  const [repeated, contradicting] = [new Set<string>(), new Set<string>()]
  for (const { decision, truth } of items) {
    const before = truths.get(decision)
    if (before === undefined) truths.set(decision, truth)
    else (before === truth ? repeated : contradicting).add(decision)
  }
  if (contradicting.size > 0) {
    return refusal(
      'contradicting',
      `${named(contradicting)} in the set as harmful and as harmless.`,
      'Settle which of both is right with "sallyport tuning label", then make the next version of the set.',
    )
  }
  if (repeated.size === 0) return null
  return refusal(
    'duplicated',
    `${named(repeated)} in the set more than once, and would count as often.`,
    'Keep each text once, then make the next version of the set.',
  )
}

/** A few of them by name. */
function named(ids: ReadonlySet<string>): string {
  const [first, ...others] = [...ids].slice(0, 3)
  const more = ids.size > 3 ? ` and ${ids.size - 3} more` : ''
  return `${[first, ...others].join(', ')}${more} ${ids.size === 1 ? 'is' : 'are'}`
}

function refuseDetectors(items: readonly LabelledScore[], detectors: string): ProposalRefusal | null {
  const others = items.filter((item) => item.detectors !== detectors)
  const [other] = others
  if (other === undefined) return null
  const now = `The detectors in force are "${detectors}"`
  if (others.length === items.length) {
    return refusal(
      'older-detectors',
      `${now}, and no label is of their scores: all are of others, such as "${other.detectors}".`,
      'Label decisions that were made since the detectors were changed.',
    )
  }
  return refusal(
    'changed-detectors',
    `${now}, but ${others.length} of ${items.length} labels are of other scores, such as of "${other.detectors}".`,
    'Make the next version of the set: it leaves out labels of other detectors.',
  )
}

/** Why the labels are too few of either truth for a threshold; null where they are enough. */
export function refuseFew(items: readonly LabelledScore[]): ProposalRefusal | null {
  const harmful = items.filter(({ truth }) => truth === 'harmful').length
  const harmless = items.length - harmful
  const advice =
    'Draw more decisions with "sallyport tuning queue --kind audit" and label them, or import a file of texts.'
  if (harmful === 0 || harmless === 0) {
    const has =
      items.length === 0 ? 'no label' : `${items.length} labels, all of them ${harmful === 0 ? 'harmless' : 'harmful'}`
    return refusal('one-class', `The set has ${has}: a threshold is between two sorts.`, advice)
  }
  if (harmful >= fewestLabels && harmless >= fewestLabels) return null
  const missing = [
    ...(harmful < fewestLabels ? [`${fewestLabels - harmful} harmful`] : []),
    ...(harmless < fewestLabels ? [`${fewestLabels - harmless} harmless`] : []),
  ]
  return refusal(
    'too-few-labels',
    `The set has ${harmful} harmful and ${harmless} harmless labels, where ${fewestLabels} of each are the least: ${missing.join(' and ')} more are needed.`,
    advice,
  )
}

function refuseSources(items: readonly LabelledScore[]): ProposalRefusal | null {
  const imported = items.filter(({ source }) => source === 'import').length
  if (imported === 0 || imported === items.length) return null
  return refusal(
    'mixed-sources',
    `${imported} of ${items.length} labels are of texts of a file, which stand for no traffic.`,
    'Make one set of the file and one of the traffic, and propose from each.',
  )
}

function refuseBounds(items: readonly LabelledScore[]): ProposalRefusal | null {
  if (!items.every(({ isBound }) => isBound)) return null
  return refusal(
    'lower-bounds',
    'Of all labelled decisions only a lower bound of the score is known, since other detectors had settled them before.',
    'Label decisions that this rule decided, or samples of what was let through.',
  )
}

function refuseTraffic(items: readonly LabelledScore[], population: Population | null): ProposalRefusal | null {
  if (population === null || population.decisions <= 0) {
    return refusal(
      'no-traffic',
      'No decisions of these detectors are recorded that the labels could stand for.',
      'Set feedback.record.sample above 0 and wait for traffic, or propose from a file of texts.',
    )
  }
  if (!holdsPassed(population)) {
    return refusal(
      'no-traffic',
      'Only decisions that withheld, changed or nearly did so are recorded, and nobody knows of how many in all.',
      'Set feedback.record.sample above 0 and wait for traffic, or propose from a file of texts.',
    )
  }
  for (const stratum of strata) {
    const { whole, bounds } = population.bins[stratum]
    const recorded = sum(whole) + sum(bounds)
    const labelled = items.reduce((total, each) => total + (each.stratum === stratum ? each.weight : 0), 0)
    if (labelled > recorded * (1 + 1e-9)) {
      return refusal(
        'other-traffic',
        `The labels stand for ${Math.round(labelled)} decisions that were recorded as "${stratum}", and only ${Math.round(recorded)} are recorded.`,
        'Read the same days that were labelled; what is older than feedback.retention_days is gone.',
      )
    }
  }
  return null
}

const sum = (bins: Float64Array): number => bins.reduce((total, each) => total + each, 0)
