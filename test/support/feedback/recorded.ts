import type { KeptDecision, RecordedDecisions } from '../../../src/core/recorded-decisions.ts'
import type { Later } from '../../../src/concurrency/later.ts'
import type { RolloutCounts, Rollouts, TuningState } from '../../../src/core/tuning.ts'
import type { TuningTold } from '../../../src/feedback/recording/told.ts'
import type { DecidedContent } from '../../../src/filters/pipeline/call-thresholds.ts'
import type { VotedScore } from '../../../src/filters/pipeline/votes.ts'
import { exampleState } from './tuning-examples.ts'

export const scored = (score: number, changed: Partial<VotedScore> = {}): VotedScore => ({
  rule: 'toxicity',
  score,
  threshold: 0.5,
  effective: score >= 0.5 ? 'block' : 'allow',
  detectors: ['words@1'],
  isBound: false,
  ...changed,
})

export const decidedContent = (changed: Partial<DecidedContent> = {}): DecidedContent => ({
  id: 'dec-1',
  principal: 'k1',
  group: 'staff',
  conversation: null,
  direction: 'inbound',
  api: 'messages',
  action: 'block',
  scores: [scored(0.8)],
  texts: [],
  ...changed,
})

/** Timers that run when a test says so. */
export class Timers {
  #waiting = new Map<object, { readonly work: () => void; readonly milliseconds: number }>()

  readonly later: Later = (work, milliseconds) => {
    const timer = {}
    this.#waiting.set(timer, { work, milliseconds })
    return { stop: () => void this.#waiting.delete(timer) }
  }

  get pauses(): readonly number[] {
    return [...this.#waiting.values()].map(({ milliseconds }) => milliseconds)
  }

  /** Runs what waits now, and lets all that it began come to rest. */
  async run(): Promise<void> {
    const due = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { work } of due) work()
    await rest()
  }
}

/** Resolves when promises that wait for nothing outside have settled. */
export const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A storage that keeps in memory what is recorded, and is away when a test says so. */
export class RecordedInMemory {
  isAway = false
  /** Rows that no storage would take. */
  readonly refused = new Set<string>()
  readonly batches: (readonly KeptDecision[])[] = []
  readonly counted: { readonly id: string; readonly counts: readonly RolloutCounts[] }[] = []
  current: TuningState = exampleState({ revision: 0 })
  reads = 0

  get kept(): readonly KeptDecision[] {
    return this.batches.flat()
  }

  readonly texts = null

  readonly decisions: Pick<RecordedDecisions, 'keep'> = {
    keep: async (decisions) => {
      this.#isThere()
      if (decisions.some(({ decision }) => this.refused.has(decision.id))) throw new Error('a row is refused')
      this.batches.push(decisions)
    },
  }

  readonly rollouts: Pick<Rollouts, 'state' | 'count'> = {
    state: async () => {
      this.reads += 1
      this.#isThere()
      return this.current
    },
    count: async (id, counts) => {
      this.#isThere()
      this.counted.push({ id, counts: counts.map((each) => Object.assign({}, each)) })
    },
  }

  #isThere(): void {
    if (this.isAway) throw new Error('the storage is away')
  }
}

/** What was told, a line each. */
export function toldIn(lines: string[]): TuningTold {
  return {
    onDecided: ({ group, direction, stratum }) => lines.push(`decided ${group} ${direction} ${stratum}`),
    onCompared: ({ stage, arm }, outcome) => lines.push(`compared ${stage} ${arm} ${outcome}`),
    onRecorded: (count) => lines.push(`recorded ${count}`),
    onDropped: (what, why, count) => lines.push(`dropped ${count} ${what}: ${why}`),
    onState: ({ revision, problems }) => lines.push(`state ${revision}`, ...problems),
    onFault: (_error, what) => lines.push(`fault: ${what}`),
    onStale: (isStale) => lines.push(isStale ? 'stale' : 'fresh'),
  }
}
