import { toServiceError } from '../core/errors.ts'
import type { ProgramLanguage } from '../core/languages.ts'
import type { Principal } from '../core/principal.ts'
import type { Received } from '../core/request.ts'
import type { Outcome } from '../core/result.ts'
import type { Finding } from '../core/verdict.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { KeptTrail } from './observer.ts'

interface Seen extends Pick<Received, 'requestId' | 'channel'> {
  readonly principal: Principal
  /** The session it is about; null for one of its own. */
  readonly session: string | null
}

/** A program that a caller brought. */
export interface ProgramSeen extends Seen {
  readonly language: ProgramLanguage
  readonly code: string
}

/** Work on the files of a session. */
export interface SessionFilesSeen extends Seen {
  readonly action: 'put' | 'list' | 'get' | 'delete'
}

type Ended =
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | { readonly kind: 'result'; readonly cell: { readonly outcome: Outcome } }

/** Keeps the facts of programs that callers brought, and of the files of their sessions. */
export interface ObserveExecution {
  program<T extends Ended>(seen: ProgramSeen, work: () => Promise<T>): Promise<T>
  files<T>(seen: SessionFilesSeen, work: () => Promise<T>): Promise<T>
}

/**
 * Who sent which program (by digest) to which session, and what became of it. The trail has the first before anything runs and
 * the second before anything leaves.
 */
export function createExecutionObserver({
  log,
  metrics,
  trail,
}: {
  readonly log: Log
  readonly metrics: Metrics
  readonly trail: KeptTrail | null
}): ObserveExecution {
  const audit = trail?.audit
  async function failing<T>(requestId: string, counted: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (thrown) {
      metrics.count('execute', `${counted}-fault`)
      await audit?.append({ event: 'fault', requestId, code: toServiceError(thrown).code })
      throw thrown
    }
  }
  async function program<T extends Ended>(seen: ProgramSeen, work: () => Promise<T>): Promise<T> {
    const { requestId, channel, principal, session, language, code } = seen
    const told = { requestId, channel, session, language, principal: principal.id, group: principal.group }
    await audit?.append({ event: 'execution', ...told, sourceDigest: trail?.digests.of(code) ?? '' })
    return failing(requestId, 'run', async () => {
      const ended = await work()
      const outcome = ended.kind === 'refused' ? 'refused' : ended.cell.outcome
      metrics.count('execute', `run-${ended.kind}`)
      const rules = ended.kind === 'refused' ? ended.findings.map(({ rule }) => rule) : []
      await audit?.append({ event: `execution-${ended.kind}`, requestId, outcome, rules })
      log.info({ ...told, outcome, rules }, 'execution')
      return ended
    })
  }
  async function files<T>(seen: SessionFilesSeen, work: () => Promise<T>): Promise<T> {
    const { requestId, channel, principal, session, action } = seen
    const told = { requestId, channel, session, action, principal: principal.id, group: principal.group }
    await audit?.append({ event: 'session-files', ...told })
    return failing(requestId, action, async () => {
      const done = await work()
      metrics.count('execute', `files-${action}`)
      return done
    })
  }
  return { program, files }
}
