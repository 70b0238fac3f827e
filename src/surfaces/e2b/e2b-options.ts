import type { ObserveHeld } from '../../core/facts.ts'
import type { Identify } from '../../gateway/authenticate/authenticate.ts'
import type { OnFault } from '../../http/errors.ts'
import type { ExecutionService, SessionFiles } from '../executions.ts'
import type { KnownSandboxes } from './known-sandboxes.ts'
import type { CountGuess } from './require-sandbox.ts'
import type { SandboxService } from './sandbox-service.ts'

export interface E2bOptions {
  readonly programs: ExecutionService & SessionFiles
  readonly sandboxes: SandboxService
  readonly known: KnownSandboxes
  readonly countGuess: CountGuess
  readonly identify: Identify
  readonly observe: ObserveHeld
  readonly onFault: OnFault
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
  readonly bodyLimitBytes: number
}
