import type { QueryResult } from '../database.ts'
import { readAudits } from '../differencing/audit.ts'
import { describeFields, readCaps, toRows } from '../rows.ts'
import type { RawResult, Session } from '../session.ts'
import type { SelectInput } from './messages.ts'

/**
 * Reads in a read-only transaction as a role that may do nothing else, and leaves the session as it was. The audits and
 * the statement are one transaction: they see the same rows, and the same time wherever they ask for it. What the
 * audits returned is handed to `admit`; the statement does not run where that rejects.
 */
export async function select(
  session: Session,
  { statement, role, limits, audits }: SelectInput,
  admit: (results: readonly RawResult[]) => Promise<unknown>,
): Promise<Pick<QueryResult, 'columns' | 'rows' | 'truncated'>> {
  return readOnly(session, role, async () => {
    if (audits !== null) await admit(await readAudits(session, audits.texts, audits.caps))
    const raw = await session.read(statement, readCaps(limits))
    return toRows(raw, await describeFields(session, raw.fields), limits)
  })
}

/** Runs `work` in a read-only transaction of one snapshot, as `role`; nothing of it stays. */
export async function readOnly<T>(session: Session, role: string, work: () => Promise<T>): Promise<T> {
  try {
    await session.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await session.run(`SET LOCAL ROLE ${role}`)
    await session.run('SET LOCAL search_path = public, pg_temp')
    return await work()
  } finally {
    await session.run('ROLLBACK')
    await session.run('DISCARD ALL')
  }
}
