import type { Inheritance } from '../../core/catalog.ts'
import { ServiceError } from '../../core/errors.ts'
import type { Session } from '../session.ts'

const isOurs = (namespace: string): string =>
  `${namespace}.nspname <> 'information_schema' AND ${namespace}.nspname !~ '^pg_'`

const linksStatement = `
  WITH link (child, parent) AS (
    SELECT pg_catalog.concat(m.nspname, '.', c.relname), pg_catalog.concat(n.nspname, '.', p.relname)
    FROM pg_catalog.pg_inherits i
         JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace m ON m.oid = c.relnamespace
         JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace
    WHERE c.relkind IN ('r', 'f', 'p') AND ${isOurs('m')} AND ${isOurs('n')}
  ), known (name) AS (SELECT pg_catalog.json_array_elements_text($1::pg_catalog.json))
  SELECT l.child, l.parent FROM link l WHERE l.child IN (SELECT k.name FROM known k) OR l.parent IN (SELECT k.name FROM known k)`

/**
 * Throws `refused` where relations inherit otherwise from one another than they did when the policy was bound: a table that
 * was attached since has rows of a restricted one under rules and in a ledger of its own. Certain only in a transaction that
 * begins after the statement's: that one does not see what was attached after its snapshot and before its plan.
 */
export async function checkInheritance(session: Session, { relations, links }: Inheritance): Promise<void> {
  const { rows } = await session.run(linksStatement, [JSON.stringify(relations)])
  const found = new Set(rows.map((row) => JSON.stringify(row)))
  const expected = links.map((link) => JSON.stringify(link))
  if (found.size === expected.length && expected.every((link) => found.has(link))) return
  throw new ServiceError('refused', `Tables were attached or detached since they were last looked at. [${changed}]`, {
    advice: 'Send the statement again: it is checked by the tables as they are.',
  })
}

const changed = 'sql/schema-changed'

/** Was a statement not answered because it was checked against a schema of before? */
export function isSchemaChanged(thrown: unknown): boolean {
  return thrown instanceof ServiceError && thrown.message.includes(`[${changed}]`)
}
