import type { AuditQuery, FoundEntry } from '../../service/audit-keeper.ts'
import { searchAudit } from '../../surfaces/wire/admin/audit.ts'
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
