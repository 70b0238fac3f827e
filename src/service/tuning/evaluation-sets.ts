import { createHash } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import { isSamePlace } from '../../core/recorded-decisions.ts'
import type { EvaluationSet, LabelledScore } from '../../core/tuning.ts'
import { buildSet, isWhole } from '../../feedback/sets/build-set.ts'
import type { ImportRequest, SetFacts, TuningKeeper, TuningOperator } from '../../feedback/tuning-keeper.ts'
import { kindOf } from '../../filters/categories.ts'
import type { ContentPipeline } from '../../filters/pipeline/pipeline.ts'
import type { TuningParts } from './parts.ts'
import type { PlaceNow } from './tunable-places.ts'

type Parts = TuningParts & { readonly pipeline: ContentPipeline }

/** Versions of evaluation sets: of labels of recorded decisions, or of texts that somebody brings. */
export function createEvaluationSets(parts: Parts): Pick<TuningKeeper, 'makeSet' | 'importSet' | 'sets' | 'set'> {
  const { sets, labels, rollouts, places } = parts
  return {
    async makeSet({ name, place, since, until }, operator) {
      const now = places.now(place, await rollouts.state())
      const found = await labels.of(place, { since, until })
      return keepNext(parts, { name, now, labels: found, operator, range: { since, until } })
    },
    async importSet(request, operator, signal) {
      const now = places.now(request.place, await rollouts.state())
      const scored = await scoredTexts(parts.pipeline, { request, now }, signal)
      return keepNext(parts, { name: request.name, now, labels: scored, operator, range: { since: null, until: null } })
    },
    sets: () => sets.list(),
    set: (name, version) => wholeSet(parts, name, version),
  }
}

/** Rejects with `not-found`; with `conflict` for one whose items are not those that its digest was made of. */
export async function wholeSet(
  { sets }: Pick<TuningParts, 'sets'>,
  name: string,
  version: number | null,
): Promise<EvaluationSet> {
  const set = await sets.find(name, version)
  if (set === null) {
    const named = `${name.slice(0, 100)}${version === null ? '' : `@${version}`}`
    throw new ServiceError('not-found', `There is no evaluation set "${named}".`, {
      advice: '"sallyport tuning sets list" shows those that there are.',
    })
  }
  if (isWhole(set)) return set
  throw new ServiceError(
    'conflict',
    `The set ${set.name}@${set.version} was changed in the storage since it was made.`,
    {
      advice: 'Make its next version, and see who writes to the storage.',
    },
  )
}

interface NextSet {
  readonly name: string
  readonly now: PlaceNow
  readonly labels: readonly LabelledScore[]
  readonly operator: TuningOperator
  readonly range: { readonly since: string | null; readonly until: string | null }
}

async function keepNext(
  { sets, trail }: TuningParts,
  { name, now, labels, operator, range }: NextSet,
): Promise<SetFacts> {
  const { place, detectors } = now
  const last = await sets.find(name, null)
  if (last !== null && !isSamePlace(last.place, place)) {
    throw new ServiceError('conflict', `The set "${name}" is of another place.`, {
      advice: 'Give this one another name.',
    })
  }
  const { set, leftOut, isUnchanged } = buildSet({ name, place, last, labels, detectors, by: operator.by })
  if (isUnchanged && last !== null) {
    throw new ServiceError('conflict', `${name}@${last.version} has these labels already: nothing was added since.`, {
      advice: 'Use that version, or label more first.',
    })
  }
  if (set.items.length === 0) {
    throw new ServiceError('invalid-request', 'There is no label for it.', {
      advice:
        leftOut === 0
          ? 'Label some of "sallyport tuning queue list" first.'
          : `There are ${leftOut}, all of scores of other detectors than "${detectors}": label decisions made since.`,
    })
  }
  const { version, digest, items } = set
  const fact = { event: 'tuning-set', by: operator.by, ...place, set: `${name}@${version}`, digest, size: items.length }
  return trail({ ...fact, ...range, leftOut }, async () => {
    const { items: kept, ...facts } = await sets.keep(set)
    return { ...facts, size: kept.length }
  })
}

interface ToScore {
  readonly request: ImportRequest
  readonly now: PlaceNow
}

/** Each text by its digest, scored by the detectors of the rule alone. Nothing of a text is kept. */
async function scoredTexts(
  pipeline: ContentPipeline,
  { request: { texts }, now }: ToScore,
  signal: AbortSignal,
): Promise<readonly LabelledScore[]> {
  const { place, profile, detectors } = now
  const { direction, rule } = place
  const written = profile[direction][rule]
  if (written === undefined) throw new ServiceError('internal', `The profile has no rule "${rule}".`)
  // By this rule alone, and without a block: a detector that is left out would leave a lower bound.
  const alone = { ...profile, inbound: {}, outbound: {}, [direction]: { [rule]: { ...written, action: 'annotate' } } }
  const context = { direction, executedSql: [], group: place.group } as const
  const provenance = direction === 'inbound' ? 'user' : 'model'
  const scored: LabelledScore[] = []
  for (const { text, labels } of texts) {
    const { scores = [] } = await pipeline.inspect([{ text, provenance }], { profile: alone, context }, signal)
    const own = scores.find((each) => each.rule === rule)
    if (own === undefined) throw new ServiceError('internal', `Nothing has said what "${rule}" came to.`)
    scored.push({
      decision: `text-${createHash('sha256').update(text).digest('hex')}`,
      principal: '',
      score: own.score,
      isBound: own.isBound,
      weight: 1,
      stratum: 'import',
      detectors: own.detectors.join(' ') || detectors,
      truth: labels.some((label) => label === rule || kindOf(label) === rule) ? 'harmful' : 'harmless',
      source: 'import',
    })
  }
  return scored
}
