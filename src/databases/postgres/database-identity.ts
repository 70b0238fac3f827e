import type { Session } from '../session.ts'

const mayAsk = `SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')`

/** A standby has the identifier of its primary, and so has a server that began as a copy of its files. */
const identity = `
  SELECT c.system_identifier::pg_catalog.text || '/' || d.oid::pg_catalog.text
  FROM pg_catalog.pg_control_system() AS c, pg_catalog.pg_database AS d
  WHERE d.datname = pg_catalog.current_database()`

/** Which database the session is in, whatever the address; none where the role may not ask. */
export async function databaseIdentities(session: Session): Promise<readonly string[]> {
  const [allowed] = (await session.run(mayAsk)).rows
  if (allowed?.[0] !== 't') return []
  const { rows } = await session.run(identity)
  return rows.flatMap(([text]) => (typeof text === 'string' ? [text] : []))
}
