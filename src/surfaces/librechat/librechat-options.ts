import type { ObserveHeld } from '../../core/facts.ts'
import type { OnFault } from '../../http/errors.ts'
import type { FileDesk } from '../../sessions/file-desk.ts'
import type { ExecutionService, SessionFiles } from '../executions.ts'
import type { SandboxService } from '../e2b/sandbox-service.ts'
import type { SessionService } from '../native/sessions.ts'
import type { OpenedSessions } from './opened-sessions.ts'

/** What keeps the files that LibreChat uploads. */
export interface CodeUploads {
  /** Takes files of whoever may run programs. */
  readonly desk: Pick<FileDesk, 'upload' | 'list' | 'open'>
  /** Do tables that programs made leave with cells that begin formulas defused? */
  readonly defusesFormulas: boolean
  /** How long a program waits for a session at most, where each that its caller may have runs another. */
  readonly waitMilliseconds: number
}

export interface LibreChatOptions extends CodeUploads {
  readonly programs: ExecutionService & SessionFiles
  readonly sessions: SessionService
  readonly opened: OpenedSessions
  readonly observe: ObserveHeld
  readonly sandboxes: Pick<SandboxService, 'copyFiles'>
  readonly onFault: OnFault
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
  readonly bodyLimitBytes: number
}
