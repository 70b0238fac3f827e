import type { SeenSandbox } from '../../core/sandbox-operations.ts'
import type { SandboxLimits } from '../limits.ts'
import type { SandboxSession } from '../session/sandbox-session.ts'

/** A session with what it was started with. `at` is a moment of the monotonic clock, in milliseconds. */
export interface StartedSession {
  readonly session: SandboxSession
  readonly limits: SandboxLimits
  readonly at: number
}

/** Who has a sandbox, and since when. */
export interface Holding {
  readonly tenant: string
  readonly at: number
}

/** A session as operators see it; `holding` is undefined for one that nobody has. */
export function seenOf(
  { session, limits, at }: StartedSession,
  holding: Holding | undefined,
  now: number,
): SeenSandbox {
  const { id, driver, kernel, origin } = session
  const { memory_mb: memoryMegabytes, cpus, processes } = limits
  const inUse = holding === undefined ? 'ready' : session.busy ? 'running' : 'idle'
  return {
    id,
    kind: 'container',
    driver,
    state: session.alive ? inUse : 'ending',
    kernel,
    origin,
    holder: holding?.tenant ?? null,
    ageMilliseconds: now - at,
    heldMilliseconds: holding === undefined ? null : now - holding.at,
    idleMilliseconds: holding === undefined || session.busy ? null : session.idleMilliseconds,
    limits: { memoryMegabytes, cpus, processes },
  }
}
