import type { Complaints } from '../../core/complaints.ts'
import type { JsonValue } from '../../core/json.ts'
import { isPrintable } from '../../core/is-printable.ts'
import { ServiceError } from '../../core/errors.ts'
import type { MissReports } from '../../core/miss-reports.ts'
import type { RecordedDecisions } from '../../core/recorded-decisions.ts'
import type { EvaluationSets, Labels, Proposals, Rollouts } from '../../core/tuning.ts'
import type { StageGates } from '../../feedback/rollouts/stage-rules.ts'
import type { TunablePlaces } from './tunable-places.ts'

/** What the audit trail has of a step: by whom, why, and by which data. */
export interface TuningFact {
  readonly event: string
  readonly by: string
  readonly [member: string]: JsonValue
}

/**
 * Does something once it is on the audit trail that it is to be done, and puts there how it ended. `told` is what the second
 * line says of a result. Rejects, and does nothing, where the trail cannot be written.
 */
export type OnTuningTrail = <T>(
  fact: TuningFact,
  work: () => Promise<T>,
  told?: (result: T) => Readonly<Record<string, JsonValue>>,
) => Promise<T>

export interface TuningParts {
  readonly decisions: RecordedDecisions
  readonly complaints: Complaints
  readonly reports: Pick<MissReports, 'list' | 'find'>
  readonly labels: Labels
  readonly sets: EvaluationSets
  readonly proposals: Proposals
  readonly rollouts: Rollouts
  readonly places: TunablePlaces
  /** What a stage has to have come to before the next one. */
  readonly gates: StageGates
  readonly trail: OnTuningTrail
  /** Puts one line on the trail, of what was asked for and refused. Rejects where the trail cannot be written. */
  readonly refused: (line: TuningFact) => Promise<void>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What was written or read, opened by the key of the service; null where none is kept. */
  readonly texts: {
    readonly comment: (complaint: string) => Promise<string | null>
    readonly report: (report: string) => Promise<string | null>
    readonly sample: (decision: string) => Promise<string | null>
  }
}

/** Throws `invalid-request` for a reason that nobody can read later. */
export function requireWhy(why: string): void {
  if (why.trim() !== '' && why.length <= 500 && isPrintable(why)) return
  throw new ServiceError('invalid-request', 'A reason has 1 to 500 characters that can be shown, in one line.', {
    parameter: 'why',
  })
}
