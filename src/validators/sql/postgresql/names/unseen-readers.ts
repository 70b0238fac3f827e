import type { Catalog } from '../../../../core/catalog.ts'
import { createFunctionPolicy } from '../functions/function-policy.ts'
import type { SqlPolicyOptions } from '../../options.ts'
import type { AllowedRelation } from '../../policy.ts'

/** Built-in functions that no statement may call and that views use to choose rows by who asks; none reads a table. */
const ofTheSession: ReadonlySet<string> = new Set(
  `current_database current_query current_schema current_schemas current_setting current_user getpgusername
  has_any_column_privilege has_column_privilege has_schema_privilege has_table_privilege inet_client_addr inet_server_addr
  pg_backend_pid pg_has_role pg_typeof row_security_active session_user txid_current version`.split(/\s+/),
)

/**
 * Tells which functions in the query of a view could show rows of tables that the query does not name: none that a
 * statement itself might call, none that tells about the session, and none that is immutable and written in C. What is
 * immutable by its own word counts for nothing in SQL and the languages like it, where nobody holds it to that. A policy
 * that gives whole tables only has nothing to hide from them.
 */
export function unseenReaders(
  options: SqlPolicyOptions,
  catalog: Catalog,
  relations: ReadonlyMap<string, AllowedRelation>,
): (signature: string, changing: readonly string[]) => boolean {
  const isRestricted = [...relations.values()].some(({ columns }) =>
    [...columns.values()].some(({ kind }) => kind !== 'allow'),
  )
  if (!isRestricted) return () => false
  const allowed = createFunctionPolicy(catalog.dialect.major, { functions: options.functions, overloadedFunctions: [] })
  const written = new Set(catalog.written)
  return (signature, changing) => {
    const [, builtIn = ''] = /^pg_catalog\.(.+?)\(/.exec(signature) ?? []
    if (allowed.allowsSignature(signature) || ofTheSession.has(builtIn)) return false
    return changing.includes(signature) || written.has(signature)
  }
}
