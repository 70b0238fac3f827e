import type { RequestedLimits } from '../core/requested-limits.ts'
import type { SessionSandbox } from './session.ts'

export interface SessionSettings<Sandbox extends SessionSandbox> {
  readonly id: string
  /** Who it belongs to; nobody else is ever given it. */
  readonly tenant: string
  /** What it asks of its sandboxes. */
  readonly limits: RequestedLimits
  /** Claims a fresh sandbox for this session. Called at most once at a time. */
  readonly claim: (signal: AbortSignal) => Promise<Sandbox>
}
