import type { AnswerArtifact } from '../../core/events.ts'
import type { ObserveHeld } from '../../core/facts.ts'
import type { OnFault } from '../../http/errors.ts'
import type { Know } from '../caller.ts'
import type { CacheOwner } from '../fair-cache.ts'
import type { ExecutionService } from '../executions.ts'
import type { SandboxService } from '../e2b/sandbox-service.ts'
import type { SessionService } from '../native/sessions.ts'
import type { Logins } from './logins.ts'
import type { RunningCells } from './running-cells.ts'

export interface JupyterOptions {
  readonly programs: ExecutionService
  readonly sessions: SessionService
  readonly sandboxes: Pick<SandboxService, 'restart'>
  readonly know: Know
  readonly logins: Logins
  readonly running: RunningCells
  readonly observe: ObserveHeld
  /** The link to a picture that is too large for a message; null where it is too large for one as well. */
  readonly linkFor: (owner: CacheOwner, artifact: AnswerArtifact) => string | null
  readonly baseUrl: () => string
  readonly onFault: OnFault
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  /** Aborts when no more work is taken. */
  readonly refusing: () => AbortSignal
  readonly heartbeatMilliseconds: number
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
  readonly bodyLimitBytes: number
}
