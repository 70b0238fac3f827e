import type { RoleProof } from './database.ts'
import { StatementError, type Session } from './session.ts'
import { textArray } from './text-array.ts'

/** Queries whose every row is a sentence of what the role can do and should not. Each sentence begins with a verb. */
const excessStatements: readonly string[] = [
  `SELECT pg_catalog.format('is %s', a.what)
   FROM pg_catalog.pg_roles r
        CROSS JOIN LATERAL (VALUES (r.rolsuper, 'a superuser'), (r.rolcreaterole, 'allowed to create roles'),
          (r.rolcreatedb, 'allowed to create databases'), (r.rolreplication, 'allowed to replicate'),
          (r.rolbypassrls, 'exempt from row security')) AS a(has, what)
   WHERE r.rolname = current_user AND a.has`,
  `SELECT pg_catalog.format('may SET ROLE %I', r.rolname)
   FROM pg_catalog.pg_roles r
   WHERE r.rolname <> current_user AND pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER')
   ORDER BY r.rolname LIMIT 20`,
  `SELECT pg_catalog.format('can write to %I.%I', n.nspname, c.relname)
   FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
         AND (pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
              OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE'))
   ORDER BY n.nspname, c.relname LIMIT 20`,
  `SELECT pg_catalog.format('owns %I.%I', n.nspname, c.relname)
   FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
   WHERE r.rolname = current_user ORDER BY n.nspname, c.relname LIMIT 20`,
  `SELECT pg_catalog.format('can create objects in schema %I', n.nspname)
   FROM pg_catalog.pg_namespace n
   WHERE n.nspname !~ '^pg_(temp|toast)' AND pg_catalog.has_schema_privilege(n.oid, 'CREATE')
   ORDER BY n.nspname LIMIT 20`,
  `SELECT pg_catalog.format('can create %s in the database', p.what)
   FROM (VALUES ('CREATE', 'schemas'), ('TEMPORARY', 'temporary tables')) AS p(privilege, what)
   WHERE pg_catalog.has_database_privilege(pg_catalog.current_database(), p.privilege)`,
  `SELECT pg_catalog.format('can run %s, which runs with the rights of its owner', p.oid::pg_catalog.regprocedure)
   FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
   WHERE p.prosecdef AND NOT (pg_catalog.format('%s.%s(%s)', n.nspname, p.proname,
           pg_catalog.oidvectortypes(p.proargtypes)) = ANY ($1::pg_catalog.text[])) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
         AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE') AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
   ORDER BY 1 LIMIT 20`,
  `SELECT pg_catalog.format('can run %s, which is for operators only', p.oid::pg_catalog.regprocedure)
   FROM pg_catalog.pg_proc p
   WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND p.proacl IS NOT NULL
         AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
         AND NOT pg_catalog.has_function_privilege('public', p.oid, 'EXECUTE')
   ORDER BY 1 LIMIT 20`,
]

const forbiddenStatement = `
  SELECT pg_catalog.format('can read %I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
        AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
        AND NOT (pg_catalog.format('%s.%s', n.nspname, c.relname) = ANY ($1::pg_catalog.text[]))
  ORDER BY n.nspname, c.relname LIMIT 20`

/** Tried for real, each in a transaction that is rolled back: privileges are what the catalog says, this is what happens. */
const attempts: readonly { readonly statement: string; readonly excess: string }[] = [
  { statement: 'CREATE TABLE public.sallyport_proof (a integer)', excess: 'created a table' },
  { statement: 'CREATE TEMPORARY TABLE sallyport_proof (a integer)', excess: 'created a temporary table' },
  { statement: "COPY (SELECT 1) TO PROGRAM 'true'", excess: 'started a program on the server' },
  { statement: 'SET LOCAL ROLE pg_read_all_data', excess: 'became pg_read_all_data' },
  { statement: 'SET LOCAL ROLE pg_write_all_data', excess: 'became pg_write_all_data' },
]

export interface ProofRequest {
  /** Run after BEGIN, e.g. to take on the role that queries run as. */
  readonly prelude: readonly string[]
  /** `schema.relation` of what policy allows; null leaves the question of forbidden tables out. */
  readonly allowed: readonly string[] | null
  /** Signatures of the functions that policy names: whoever named one trusts it. */
  readonly functions?: readonly string[]
}

/** What the session's role can do beyond reading what it may. Leaves nothing behind. */
export async function proveRole(session: Session, request: ProofRequest): Promise<RoleProof> {
  const excess: string[] = []
  for (const { statement, excess: sentence } of attempts) {
    if (await succeeds(session, request, statement)) excess.push(sentence)
  }
  await begin(session, request)
  try {
    const facts = await session.run('SELECT current_user, pg_catalog.pg_is_in_recovery()')
    // Types print with their schema only where they are not found without it.
    await session.run(`SET LOCAL search_path = ''`)
    for (const statement of excessStatements) {
      const { rows } = await session.run(
        statement,
        statement.includes('$1') ? [textArray(request.functions ?? [])] : [],
      )
      excess.push(...rows.map((row) => row[0] ?? ''))
    }
    if (request.allowed !== null) {
      const { rows } = await session.run(forbiddenStatement, [textArray(request.allowed)])
      excess.push(...rows.map((row) => row[0] ?? ''))
    }
    const [role, inRecovery] = facts.rows[0] ?? []
    return {
      role: role ?? '',
      inRecovery: inRecovery === 't',
      excess,
    }
  } finally {
    await session.run('ROLLBACK')
  }
}

async function begin(session: Session, request: ProofRequest): Promise<void> {
  await session.run('BEGIN READ WRITE').catch(async (error: unknown) => {
    // A hot standby has no other transactions than read-only ones.
    if (!(error instanceof StatementError)) throw error
    await session.run('ROLLBACK')
    await session.run('BEGIN')
  })
  for (const statement of request.prelude) await session.run(statement)
}

async function succeeds(session: Session, request: ProofRequest, statement: string): Promise<boolean> {
  await begin(session, request)
  try {
    await session.run(statement)
    return true
  } catch (error) {
    if (error instanceof StatementError) return false
    throw error
  } finally {
    await session.run('ROLLBACK')
  }
}
