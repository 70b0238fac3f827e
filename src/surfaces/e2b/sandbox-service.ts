import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { Artifact } from '../../core/result.ts'
import type { GrantFor } from '../../gateway/authorize/policy.ts'
import type { SessionSandbox } from '../../sessions/session.ts'
import type { SessionSummary } from '../../sessions/session-entry.ts'
import type { SessionStore } from '../../sessions/session-store.ts'

/** A caller's own sandboxes, each a session with a lifetime. Another caller's is `not-found`, as one that never was. */
export interface SandboxService {
  /** The longest lifetime that may be asked for, milliseconds. */
  readonly longestLifetimeMilliseconds: number
  /** What a sandbox has that asks for nothing else. */
  readonly size: SandboxSize
  /** Rejects with `forbidden` for a group that may run nothing, `rate-limited` or `quota-exceeded` for one too many. */
  open(principal: Principal, lifetimeMilliseconds: number): Promise<SandboxSession>
  list(principal: Principal): Promise<readonly SessionSummary[]>
  /** One of them; null for none. Rejects with `wrong-replica` where another process has it, and with `not-found` where it was lost with its process. */
  find(principal: Principal, id: string): Promise<SessionSummary | null>
  /** Another lifetime, from now on. */
  endIn(principal: Principal, id: string, lifetimeMilliseconds: number): Promise<SessionSummary>
  /** What runs in it is cancelled; resolves when its sandbox is gone. */
  close(principal: Principal, id: string): Promise<void>
  /** Its variables are gone and its files are there. */
  restart(principal: Principal, id: string, signal: AbortSignal): Promise<void>
  /** Puts files of one session into another, without anybody reading them: those that are named, at the paths that they get, or all. */
  copyFiles(
    principal: Principal,
    place: { readonly from: string; readonly to: string; readonly files?: readonly FileMove[] },
    signal: AbortSignal,
  ): Promise<void>
  /** Gives files of a session other paths, without anybody reading them. */
  moveFiles(principal: Principal, session: string, moves: readonly FileMove[], signal: AbortSignal): Promise<void>
}

interface FileMove {
  readonly from: string
  readonly to: string
}

export interface SandboxSize {
  readonly cpus: number
  readonly memory_mb: number
  readonly data_mb: number
}

export interface SandboxSession {
  readonly summary: SessionSummary
  /** The longest that its caller may have a program run, milliseconds. */
  readonly longestRunMilliseconds: number
}

/** What a session's sandbox has to do with files beside what any session asks of it. */
export interface FiledSandbox extends SessionSandbox {
  readonly files: SessionSandbox['files'] & {
    list(signal: AbortSignal): Promise<readonly Artifact[]>
    delete(path: string, signal: AbortSignal): Promise<void>
  }
}

/** Tools that somebody has a use for a sandbox with. */
const runningTools = new Set<string>(['run_python', 'run_javascript', 'run_shell'])

/** Sandboxes out of a store of sessions, which is asked for when somebody may use it. */
export function createSandboxService<Held extends FiledSandbox>(
  sessions: () => Promise<SessionStore<Held>>,
  {
    grantFor,
    ...facts
  }: { readonly grantFor: GrantFor } & Pick<SandboxService, 'longestLifetimeMilliseconds' | 'size'>,
): SandboxService {
  return {
    ...facts,
    async open(principal, lifetimeMilliseconds) {
      const { tools, sandboxCeilings } = await grantFor(principal, 'http')
      if (!tools.some((tool) => runningTools.has(tool))) throw noUseOfSandboxes(principal.group)
      const summary = await (await sessions()).open(principal.id, null, { lifetimeMilliseconds })
      return { summary, longestRunMilliseconds: sandboxCeilings.wall_ms }
    },
    list: async (principal) => (await sessions()).list(principal.id),
    find: async (principal, id) => (await sessions()).find(principal.id, id),
    endIn: async (principal, id, lifetime) => (await sessions()).endIn(principal.id, id, lifetime),
    close: async (principal, id) => (await sessions()).close(principal.id, id),
    async restart(principal, id, signal) {
      await using lease = (await sessions()).lease(principal.id, id)
      await lease.session.restart(signal)
    },
    async copyFiles(principal, { from, to, files }, signal) {
      const store = await sessions()
      await using source = store.lease(principal.id, from)
      await using target = store.lease(principal.id, to)
      const [old, fresh] = [await source.session.sandbox(signal), await target.session.sandbox(signal)]
      const all = files ?? (await old.files.list(signal)).map(({ path }) => ({ from: path, to: path }))
      for (const move of all) await fresh.files.put(move.to, old.files.get(move.from, signal), signal)
    },
    async moveFiles(principal, session, moves, signal) {
      await using lease = (await sessions()).lease(principal.id, session)
      const { files } = await lease.session.sandbox(signal)
      for (const { from, to } of moves) {
        await files.put(to, files.get(from, signal), signal)
        await files.delete(from, signal)
      }
    },
  }
}

export function noUseOfSandboxes(group: string): ServiceError {
  return new ServiceError(
    'forbidden',
    `The group "${group}" may run no programs of its own, which sandboxes are for.`,
    {
      advice: `Ask the operator: gateway.groups.${group}.tools has to list run_python, run_javascript or run_shell.`,
    },
  )
}
