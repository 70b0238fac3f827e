import type { PGlite } from '@electric-sql/pglite'
import { generateSample } from './generator.ts'
import {
  sampleAllowedRelations,
  sampleCommentStatements,
  sampleIndexStatements,
  sampleTables,
  sampleTableStatements,
} from './schema.ts'

/** The role queries on the sample database run as. */
export const sampleRole = 'analyst'

/**
 * Fills an empty PGlite with the shop. At the end no role in it is a superuser any more, not even the one PGlite always
 * connects as: `RESET ROLE`, `SET SESSION AUTHORIZATION` or `set_config('role', …)` lead to a role that owns none of the
 * tables and cannot undo this.
 */
export async function loadSample(database: PGlite, progress: (text: string) => void): Promise<void> {
  await database.exec(sampleTableStatements.join(';\n'))
  progress('inventing a shop')
  for (const [table, rows] of generateSample()) {
    progress(`loading ${table}`)
    await database.query(`COPY ${table} FROM '/dev/blob'`, [], { blob: new Blob([rows]) })
  }
  progress('indexing')
  await database.exec([...sampleIndexStatements, ...sampleCommentStatements()].join(';\n'))
  await database.exec('ANALYZE')
  await database.exec(rightsStatements().join(';\n'))
}

/** Who may do what in the finished database. */
export function rightsStatements(): string[] {
  return [
    'CREATE ROLE shop_owner NOLOGIN',
    `CREATE ROLE ${sampleRole} NOLOGIN`,
    `GRANT ${sampleRole} TO postgres`,
    ...sampleTables.map((table) => `ALTER TABLE ${table} OWNER TO shop_owner`),
    'ALTER VIEW monthly_revenue OWNER TO shop_owner',
    'ALTER SCHEMA public OWNER TO shop_owner',
    'REVOKE ALL ON SCHEMA public FROM PUBLIC',
    `GRANT USAGE ON SCHEMA public TO ${sampleRole}`,
    ...sampleAllowedRelations.map((relation) => `GRANT SELECT ON ${relation} TO ${sampleRole}`),
    'REVOKE ALL ON DATABASE postgres FROM PUBLIC',
    'ALTER DATABASE postgres OWNER TO shop_owner',
    'CHECKPOINT',
    'SET allow_system_table_mods = on',
    'UPDATE pg_authid SET rolsuper = false, rolcreaterole = false, rolcreatedb = false, rolreplication = false, rolbypassrls = false',
  ]
}
