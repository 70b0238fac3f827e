import type { ComplaintFacts } from '../../../src/core/complaints.ts'
import type { JsonValue } from '../../../src/core/json.ts'
import type { RecordedDecision } from '../../../src/core/recorded-decisions.ts'
import { filtersOptions } from '../../../src/filters/options.ts'
import { namedProfiles } from '../../../src/filters/pipeline/named-profiles.ts'
import { createContentPipeline } from '../../../src/filters/pipeline/pipeline.ts'
import type { StageGates } from '../../../src/feedback/rollouts/stage-rules.ts'
import type { TuningCurves } from '../../../src/feedback/curves/tuning-curves.ts'
import type { TuningKeeper } from '../../../src/service/tuning-keeper.ts'
import { createTuningKeeper } from '../../../src/service/tuning/create-tuning-keeper.ts'
import { createTunablePlaces } from '../../../src/service/tuning/tunable-places.ts'
import { openStorage, type OpenedStorage } from '../../../src/storage/open-storage.ts'
import { embeddedStorage } from '../http/admin-service.ts'
import { createScoredDetector } from './scored-detector.ts'

/** By which decisions of the desk are recorded. */
export const deskDetectors = 'scored@1'

export interface TuningDesk extends AsyncDisposable {
  readonly keeper: TuningKeeper & TuningCurves
  readonly storage: OpenedStorage
  /** Lines of the trail, the second ones of steps as well. */
  readonly lines: readonly Readonly<Record<string, JsonValue>>[]
  /** The trail cannot be written until it is started over. */
  breakTrail(): void
  /** Forgets what was told. */
  startOver(): void
}

/** Groups enough for each test to have one of its own. */
const groups = ['press', ...Array.from({ length: 60 }, (_, at) => `group-${at}`)]

const rule = { action: 'block', threshold: 0.5 } as const

/** What operators do with thresholds of some groups, over an embedded storage of its own. */
export async function openTuningDesk(gates: Partial<StageGates> = {}): Promise<TuningDesk> {
  const storage = await openStorage(embeddedStorage(), { for: 'service' })
  const { profiles } = filtersOptions.parse({ profiles: { callers: { outbound: { toxicity: rule } } } })
  const filters = [createScoredDetector()]
  const lines: Readonly<Record<string, JsonValue>>[] = []
  let isBroken = false
  const keeper = createTuningKeeper({
    decisions: storage.recordedDecisions,
    complaints: storage.complaints,
    reports: storage.missReports,
    labels: storage.labels,
    sets: storage.evaluationSets,
    proposals: storage.proposals,
    rollouts: storage.rollouts,
    places: createTunablePlaces({
      profiles,
      limits: { toxicity: { lowest: 0.3, highest: 0.8 } },
      groups: Object.fromEntries(groups.map((name) => [name, ['callers']])),
      named: namedProfiles(profiles),
      filters,
    }),
    gates: { leastRequests: 1, leastMilliseconds: { shadow: 0, canary: 0, promoted: 0 }, ...gates },
    pipeline: createContentPipeline({ filters, deadlineMilliseconds: 5_000 }),
    now: Date.now,
    texts: {
      comment: async (id) => `comment of ${id}`,
      report: async () => null,
      sample: async (id) => `text of ${id}`,
    },
    refused: async (line) => {
      if (isBroken) throw new Error('the trail is full')
      lines.push(line)
    },
    trail: async (fact, work, told = () => ({})) => {
      if (isBroken) throw new Error('the trail is full')
      lines.push(fact)
      const result = await work()
      lines.push({ event: `${fact.event}-end`, ...told(result) })
      return result
    },
  })
  return {
    keeper,
    storage,
    lines,
    breakTrail: () => void (isBroken = true),
    startOver: () => {
      lines.length = 0
      isBroken = false
    },
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  }
}

const day = 86_400_000

/** A decision with a score, recorded as withheld from 0.5 on, as near from 0.45 on, and below as passed. */
export function scoredDecision(
  id: number,
  score: number,
  own: Partial<RecordedDecision> & { readonly detectors?: string } = {},
): RecordedDecision {
  const acts = score >= 0.5
  const { detectors = deskDetectors, ...rest } = own
  const effective = acts ? 'block' : 'allow'
  return {
    id: `dec-00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    principal: `caller-${id}`,
    group: 'press',
    conversation: null,
    direction: 'outbound',
    api: 'chat-completions',
    profile: { name: 'callers', version: 1 },
    revision: 0,
    canary: null,
    action: effective,
    scores: [{ rule: 'toxicity', score, threshold: 0.5, effective, detectors, isBound: false }],
    stratum: acts ? 'withheld' : score >= 0.45 ? 'near' : 'passed',
    weight: 1,
    made: new Date(Date.now() - day + id * 1_000).toISOString(),
    ...rest,
  }
}

/** An appeal of a caller about a decision. */
export async function appeal(
  { complaints }: OpenedStorage,
  { id, decision, principal, group }: Pick<ComplaintFacts, 'id' | 'principal' | 'decision' | 'group'>,
): Promise<void> {
  const facts = { id, kind: 'appeal', verdict: 'down', reason: 'harmless', group } as const
  const sealed = { wrappedKey: 'key', sealed: 'sealed' }
  await complaints.keep({ ...facts, principal, decision, answer: null, ...sealed }, 20)
}
