import type { AuditQuery, AuditReport, FoundEntry } from '../../service/audit-keeper.ts'
import { searchAudit, verifyAudit } from '../../surfaces/wire/admin/audit.ts'
import { ServiceError } from '../../core/errors.ts'
import type { AskAdmin } from './admin-client.ts'

/** Lines of the audit trail of a service that runs elsewhere, oldest first. */
export async function* searchRemotely(ask: AskAdmin, query: AuditQuery): AsyncIterable<Pick<FoundEntry, 'entry'>> {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null))
  for (let after = 0; ;) {
    const { data, next } = await ask(searchAudit, { query: { ...given, after, limit: 1_000 } })
    for (const entry of data) yield { entry: entry as FoundEntry['entry'] }
    if (next === null) return
    after = next
  }
}

/**
 * What a service that runs elsewhere says of its own trail, in which a hash has to be; null for none. Its path is the
 * address of the service, and its files have no folder.
 */
export async function checkRemotely(ask: AskAdmin, server: string, expected: string | null): Promise<AuditReport> {
  const told = await ask(verifyAudit, { query: expected === null ? {} : { expect: expected } })
  if (told.verdict === 'broken') {
    const [first, ...more] = told.breaks
    if (first !== undefined) return { kind: 'broken', path: server, breaks: [first, ...more] }
    throw new ServiceError('service-unavailable', `${server} says that its trail is broken, and nowhere`)
  }
  const { entries, first, last_hash: lastHash, signatures } = told
  const signed = signatures === null ? null : { count: signatures.checkpoints, upTo: signatures.up_to }
  return { kind: 'intact', path: server, entries, first, lastHash, signatures: signed }
}
