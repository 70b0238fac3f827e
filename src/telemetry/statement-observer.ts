import { toServiceError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import type { Received } from '../core/request.ts'
import type { Finding } from '../core/verdict.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { KeptTrail } from './observer.ts'

export interface StatementSeen extends Pick<Received, 'requestId' | 'channel'> {
  readonly action: 'run' | 'check' | 'explain'
  readonly principal: Principal
  readonly source: string
  readonly statement: string
}

type Outcome =
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | { readonly kind: 'accepted' | 'result' }

export type ObserveStatement = <T extends Outcome>(seen: StatementSeen, work: () => Promise<T>) => Promise<T>

/**
 * Keeps the facts of SQL that a caller wrote: who sent which statement (by digest) to which source, and what became of
 * it. The trail has the first before anything runs and the second before anything leaves.
 */
export function createStatementObserver(options: {
  readonly log: Log
  readonly metrics: Metrics
  readonly trail: KeptTrail | null
}): ObserveStatement {
  const { log, metrics, trail } = options
  return async ({ requestId, channel, action, principal, source, statement }, work) => {
    const told = { requestId, channel, action, source, principal: principal.id, group: principal.group }
    const audit = trail?.audit
    const statementDigest = trail?.digests.of(statement) ?? ''
    await audit?.append({ event: 'statement', ...told, statementDigest })
    try {
      const outcome = await work()
      metrics.count('sql', `${action}-${outcome.kind}`)
      const rules = outcome.kind === 'refused' ? outcome.findings.map(({ rule }) => rule) : []
      await audit?.append({ event: `statement-${outcome.kind}`, requestId, rules })
      log.info({ ...told, outcome: outcome.kind, rules }, 'statement')
      return outcome
    } catch (thrown) {
      const { code } = toServiceError(thrown)
      metrics.count('sql', `${action}-fault`)
      await audit?.append({ event: 'fault', requestId, code })
      throw thrown
    }
  }
}
