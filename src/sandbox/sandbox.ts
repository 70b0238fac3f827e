import type { SandboxLanguage } from '../core/languages.ts'
import type { Artifact, CellResult } from '../core/result.ts'
import type { LimitClaim } from '../core/requested-limits.ts'
import type { Vetted } from '../core/vetted.ts'

/** Languages a sandbox runs. */

export interface RunOptions {
  /** Wall time for this cell in milliseconds; above the sandbox's ceiling it is refused, not clipped. */
  readonly timeoutMilliseconds?: number
  /** Called with pieces of output as they come, already within the caps. Must not throw. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void
}

/**
 * A live, single-tenant sandbox: variables survive from run to run. Owned by whoever claimed it; disposing destroys it
 * and resolves when nothing of it is left. Runs are serialized: a second run waits for the first.
 */
export interface Sandbox extends AsyncDisposable {
  readonly id: string
  /** `docker`, `runsc`, `isolate`, … as shown to people. */
  readonly driver: string
  /** Walls this driver cannot give on this host, one sentence each; empty when every wall stands. */
  readonly missingWalls: readonly string[]
  /** False after anything that cost the session its variables or its processes. */
  readonly alive: boolean
  /** Has an operator ended it? Absent under a driver that does not know. */
  readonly isEndedByOperator?: boolean
  /** Never rejects for what the code does: every end of a run is an outcome. Aborting `signal` gives `cancelled`. */
  run(code: Vetted<SandboxLanguage>, options: RunOptions, signal: AbortSignal): Promise<CellResult>
  readonly files: SandboxFiles
}

/** Files below `/mnt/data`. Paths are relative to it; hostile names are refused with `invalid-file`. */
export interface SandboxFiles {
  put(path: string, content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Artifact>
  list(signal: AbortSignal): Promise<readonly Artifact[]>
  /** Streams a regular file; links, devices and pipes are refused. */
  get(path: string, signal: AbortSignal): AsyncIterable<Uint8Array>
  delete(path: string, signal: AbortSignal): Promise<void>
}

/**
 * A claim without limits of its own gets the defaults and a sandbox that stands ready. For one that differs in more
 * than its wall time a sandbox is started. Above a ceiling it is refused with `invalid-request`.
 */
export interface ClaimRequest extends Partial<LimitClaim> {
  /** Who it is for: a sandbox never serves a second tenant. */
  readonly tenant: string
  readonly language: SandboxLanguage
}

/** Hands out sandboxes. Rejects with `sandbox-unavailable` or `sandbox-busy`, never hands out one whose walls did not take. */
export interface SandboxEngine extends AsyncDisposable {
  claim(request: ClaimRequest, signal: AbortSignal): Promise<Sandbox>
}
