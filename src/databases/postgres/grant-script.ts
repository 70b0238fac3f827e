export interface GrantScriptOptions {
  readonly role: string
  readonly database: string
  /** What may be read: `schema.relation` → columns, or `*` for all there are when the script runs. */
  readonly relations: Readonly<Record<string, '*' | readonly string[]>>
  readonly connections: number
  readonly timeoutMilliseconds: number
  /** Major version of the server. */
  readonly major: number
}

/**
 * SQL that makes the role a source is asked through, to be read and run by a superuser on the primary. It can be run again
 * after the policy has changed. It takes rights from PUBLIC: other roles that rely on those need them granted by name.
 */
export function grantScript(options: GrantScriptOptions): string {
  const role = identifier(options.role)
  const names = Object.keys(options.relations).map(splitName)
  const schemas = [...new Set(['public', ...names.map(([schema]) => schema)])]
  return [
    `-- Makes ${options.role}, a role that can read what is listed here and do nothing else. Run as a superuser on the primary.`,
    `-- Afterwards give it a password:  \\password ${options.role}`,
    'BEGIN;',
    ...makeRole(role, options),
    '',
    '-- What every role has by default.',
    `REVOKE ALL ON DATABASE ${identifier(options.database)} FROM PUBLIC;`,
    `GRANT CONNECT ON DATABASE ${identifier(options.database)} TO ${role};`,
    ...schemas.flatMap((schema) => [
      `REVOKE ALL ON SCHEMA ${identifier(schema)} FROM PUBLIC;`,
      `REVOKE ALL ON ALL TABLES IN SCHEMA ${identifier(schema)} FROM PUBLIC, ${role};`,
      `REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ${identifier(schema)} FROM PUBLIC, ${role};`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA ${identifier(schema)} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;`,
    ]),
    '',
    '-- What it may read.',
    ...[...new Set(names.map(([schema]) => schema))].map(
      (schema) => `GRANT USAGE ON SCHEMA ${identifier(schema)} TO ${role};`,
    ),
    ...Object.entries(options.relations).map(([name, columns]) => grantRead(name, columns, role)),
    'COMMIT;',
    '',
  ].join('\n')
}

function makeRole(role: string, options: GrantScriptOptions): string[] {
  const literal = options.role.replaceAll("'", "''")
  const settings = [
    ['search_path', "''"],
    ['default_transaction_read_only', 'on'],
    ['statement_timeout', `'${options.timeoutMilliseconds}ms'`],
    ['lock_timeout', "'2s'"],
    ['idle_in_transaction_session_timeout', "'60s'"],
    ...(options.major >= 17 ? [['transaction_timeout', `'${options.timeoutMilliseconds + 60_000}ms'`]] : []),
    ['temp_file_limit', "'1GB'"],
    ['max_parallel_workers_per_gather', '0'],
  ]
  return [
    'DO $do$ BEGIN',
    `  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '${literal}') THEN CREATE ROLE ${role}; END IF;`,
    'END $do$;',
    `ALTER ROLE ${role} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT ${options.connections};`,
    ...settings.map(([name, value]) => `ALTER ROLE ${role} SET ${name} = ${value};`),
  ]
}

function grantRead(name: string, columns: '*' | readonly string[], role: string): string {
  const [schema, relation] = splitName(name)
  const list = columns === '*' ? '' : ` (${columns.map(identifier).join(', ')})`
  return `GRANT SELECT${list} ON ${identifier(schema)}.${identifier(relation)} TO ${role};`
}

function splitName(name: string): readonly [schema: string, relation: string] {
  const dot = name.indexOf('.')
  return dot === -1 ? ['public', name] : [name.slice(0, dot), name.slice(dot + 1)]
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
