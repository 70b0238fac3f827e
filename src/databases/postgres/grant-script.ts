import { ServiceError } from '../../core/errors.ts'

export interface GrantScriptOptions {
  readonly role: string
  readonly database: string
  /** What may be read: `schema.relation` → columns, or `*` for all there are when the script runs. */
  readonly relations: Readonly<Record<string, '*' | readonly string[]>>
  /** What may be run, as `schema.name(argument types)`. */
  readonly functions: readonly string[]
  readonly connections: number
  readonly timeoutMilliseconds: number
  /** Major version of the server. */
  readonly major: number
}

/**
 * SQL that makes the role a source is asked through, to be read and run by a superuser on the primary. It can be run again
 * after the policy has changed. It takes rights from PUBLIC, and says at its top which: other roles that rely on those
 * need them granted by name.
 */
export function grantScript(options: GrantScriptOptions): string {
  const role = identifier(options.role)
  const names = Object.keys(options.relations).map(splitName)
  const functions = options.functions.map(splitSignature)
  const used = [...new Set([...names, ...functions].map(([schema]) => schema))]
  const schemas = [...new Set(['public', ...used])]
  return [
    ...introduction(options, schemas),
    'BEGIN;',
    ...makeRole(role, options),
    '',
    '-- What every role has by default.',
    `REVOKE ALL ON DATABASE ${identifier(options.database)} FROM PUBLIC;`,
    `GRANT CONNECT ON DATABASE ${identifier(options.database)} TO ${role};`,
    ...schemas.flatMap((schema) => [
      `REVOKE ALL ON SCHEMA ${identifier(schema)} FROM PUBLIC, ${role};`,
      `REVOKE ALL ON ALL TABLES IN SCHEMA ${identifier(schema)} FROM PUBLIC, ${role};`,
      `REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ${identifier(schema)} FROM PUBLIC, ${role};`,
    ]),
    '',
    '-- What it may read.',
    ...used.map((schema) => `GRANT USAGE ON SCHEMA ${identifier(schema)} TO ${role};`),
    ...Object.entries(options.relations).map(([name, columns]) => grantRead(name, columns, role)),
    ...grantFunctions(functions, role),
    ...grantBehindViews(names, options.role),
    'COMMIT;',
    '',
  ].join('\n')
}

function introduction({ role, database }: GrantScriptOptions, schemas: readonly string[]): string[] {
  const plain = (name: string): string => name.replaceAll(/[\r\n]/g, ' ')
  const list = schemas.map(plain).join(', ')
  return [
    `-- Makes ${plain(role)}, a role that can read what is listed here and do nothing else. Run as a superuser on the primary.`,
    `-- Afterwards give it a password:  \\password ${plain(role)}`,
    '--',
    '-- It takes from PUBLIC, so from every role that is not named or the owner:',
    `--   database ${plain(database)}: to connect and to make temporary tables`,
    `--   schemas ${list}: to use them, to make objects in them, to read or change their tables, to run their functions`,
    '-- Grant these by name to the roles of your applications first, or they stop working.',
    '-- A function made later can be run by everybody again: run this script again after one was made.',
  ]
}

function grantFunctions(functions: readonly Signature[], role: string): string[] {
  if (functions.length === 0) return []
  const named = functions.map(([schema, name, types]) => `${identifier(schema)}.${identifier(name)}(${types})`)
  return ['', '-- What it may run.', ...named.map((name) => `GRANT EXECUTE ON FUNCTION ${name} TO ${role};`)]
}

/** Functions that the views call run with the rights of whoever reads the view. One that has its owner's is left out. */
function grantBehindViews(names: readonly (readonly [schema: string, relation: string])[], role: string): string[] {
  if (names.length === 0) return []
  const list = names.map(([schema, relation]) => literal(`${schema}.${relation}`)).join(', ')
  return [
    '',
    '-- What its views call.',
    'DO $do$ DECLARE called pg_catalog.regprocedure; BEGIN',
    '  FOR called IN',
    '    WITH RECURSIVE behind (oid) AS (',
    '      SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace',
    `      WHERE pg_catalog.concat(n.nspname, '.', c.relname) = ANY (ARRAY[${list}])`,
    '      UNION',
    '      SELECT d.refobjid FROM behind b JOIN pg_catalog.pg_rewrite r ON r.ev_class = b.oid',
    '        JOIN pg_catalog.pg_depend d ON d.objid = r.oid',
    "      WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass)",
    '    SELECT DISTINCT p.oid FROM behind b JOIN pg_catalog.pg_rewrite r ON r.ev_class = b.oid',
    '      JOIN pg_catalog.pg_depend d ON d.objid = r.oid JOIN pg_catalog.pg_proc p ON p.oid = d.refobjid',
    "    WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass",
    "      AND p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace AND NOT p.prosecdef",
    '  LOOP',
    `    EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO %I', called, ${literal(role)});`,
    '  END LOOP;',
    'END $do$;',
  ]
}

type Signature = readonly [schema: string, name: string, types: string]

/** Throws `invalid-config` for what is not of the form `schema.name(argument types)`. */
function splitSignature(signature: string): Signature {
  const [, schema, name, types] = /^([^.()]+)\.([^.()]+)\(([^();'$]*)\)$/.exec(signature) ?? []
  if (schema !== undefined && name !== undefined && types !== undefined) return [schema, name, types]
  throw new ServiceError('invalid-config', `function "${signature}" is not of the form schema.name(argument types)`)
}

function makeRole(role: string, options: GrantScriptOptions): string[] {
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
    `  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${literal(options.role)}) THEN CREATE ROLE ${role}; END IF;`,
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

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
