import type { QueryLimits, QueryResult } from '../database.ts'
import { describeFields, readCaps, toRows } from '../rows.ts'
import type { Session } from '../session.ts'

/** Reads in a read-only transaction as a role that may do nothing else, and leaves the session as it was. */
export async function select(
  session: Session,
  request: { readonly statement: string; readonly role: string; readonly limits: QueryLimits },
): Promise<Pick<QueryResult, 'columns' | 'rows' | 'truncated'>> {
  const { statement, role, limits } = request
  return readOnly(session, role, async () => {
    const raw = await session.read(statement, readCaps(limits))
    return toRows(raw, await describeFields(session, raw.fields), limits)
  })
}

/** Runs `work` in a read-only transaction as `role`; nothing of it stays. */
export async function readOnly<T>(session: Session, role: string, work: () => Promise<T>): Promise<T> {
  try {
    await session.run('BEGIN READ ONLY')
    await session.run(`SET LOCAL ROLE ${role}`)
    await session.run('SET LOCAL search_path = public, pg_temp')
    return await work()
  } finally {
    await session.run('ROLLBACK')
    await session.run('DISCARD ALL')
  }
}
