import type { Stratum } from '../../core/recorded-decisions.ts'
import type { Direction } from '../../filters/filter.ts'
import type { ActiveRollout } from '../rollouts/thresholds-in-force.ts'
import type { ComparedOutcome } from './rollout-counter.ts'

/** Why something was not kept. */
export type DropReason = 'full' | 'storage' | 'unmasked' | 'no-conversation'

/** Told of what becomes of decisions and thresholds. Groups and strata are closed sets, ids are not. */
export interface TuningTold {
  /** A decision was made. */
  readonly onDecided: (decided: {
    readonly group: string
    readonly direction: Direction
    readonly stratum: Stratum
  }) => void
  /** What both thresholds of a rollout make of a decision. */
  readonly onCompared: (rollout: Pick<ActiveRollout, 'stage' | 'arm'>, outcome: ComparedOutcome) => void
  readonly onRecorded: (count: number) => void
  /** So many decisions, or texts of decisions, are not kept. */
  readonly onDropped: (what: 'decision' | 'text', why: DropReason, count: number) => void
  /** Thresholds were read: the revision by which calls are decided from now on, and what of it is not followed. */
  readonly onState: (state: { readonly revision: number; readonly problems: readonly string[] }) => void
  /** They could not be read or kept; `isStale` from when calls go by what was read before. */
  readonly onFault: (error: unknown, what: string) => void
  readonly onStale: (isStale: boolean) => void
}
