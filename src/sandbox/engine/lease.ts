import type { SandboxLanguage } from '../../core/languages.ts'
import type { CellResult } from '../../core/result.ts'
import type { Vetted } from '../../core/vetted.ts'
import type { RunOptions, Sandbox } from '../sandbox.ts'
import type { SandboxSession } from '../session/sandbox-session.ts'

interface LeaseParts {
  /** How long the claim took, which the first result counts as waiting. */
  readonly claimMilliseconds: number
  readonly onRun: (result: CellResult) => void
  /** Gives the sandbox back. */
  readonly release: () => Promise<void>
}

/** A session as whoever claimed it has it. */
export function leaseOf(session: SandboxSession, { claimMilliseconds, onRun, release }: LeaseParts): Sandbox {
  let waited = claimMilliseconds
  const run = async (code: Vetted<SandboxLanguage>, options: RunOptions, signal: AbortSignal) => {
    const plain = await session.run(code, options, signal)
    const timings = { ...plain.timings, queueMs: plain.timings.queueMs + waited }
    waited = 0
    const result = { ...plain, timings }
    onRun(result)
    return result
  }
  return {
    id: session.id,
    driver: session.driver,
    missingWalls: session.missingWalls,
    files: session.files,
    get alive() {
      return session.alive
    },
    run,
    [Symbol.asyncDispose]: release,
  }
}
