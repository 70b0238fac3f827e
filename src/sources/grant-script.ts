import type { Catalog } from '../core/catalog.ts'
import { ServiceError, toServiceError } from '../core/errors.ts'
import type { DatabaseOptions, DatabasesOptions } from '../databases/options.ts'
import { mysqlGrantScript } from '../databases/mysql/grant-script.ts'
import { grantScript } from '../databases/postgres/grant-script.ts'
import type { SqlPolicyOptions } from '../validators/sql/options.ts'
import { signatureOf } from '../validators/sql/postgresql/functions/function-policy.ts'
import { bindWritten } from './bind-written.ts'
import { policiesOf } from './policies.ts'
import type { SourcesConfig } from './options.ts'
import type { GrantScript } from './source.ts'
import type { Sources } from './sources.ts'

type ServerOptions = DatabaseOptions & { readonly kind: 'postgresql' | 'mysql' }
type Readable = Map<string, '*' | Set<string>>

/**
 * The version that is assumed where the server does not say its own, so that the script leaves out what only newer ones
 * know.
 */
const oldestMajor = 14

/** How long the server is given to show its catalog, in milliseconds. */
const catalogPatience = 15_000

/**
 * SQL that makes the role of a source, from everything its policies let any group read. The server is asked for its
 * catalog where it answers, so that names are checked; before the role exists nothing can ask it, and the policies
 * alone have to say enough. Throws `invalid-request` where they do not, `invalid-config` for names that do not exist.
 */
export async function makeGrantScript(
  {
    config,
    sources,
  }: { readonly config: SourcesConfig & { readonly databases: DatabasesOptions }; readonly sources: Sources },
  request: { readonly source: string | null; readonly role: string | null },
  signal: AbortSignal,
): Promise<GrantScript> {
  const { name, options } = serverSource(config, request.source)
  const policies = Object.entries(policiesOf(config, name))
  if (policies.length === 0) {
    throw new ServiceError('invalid-request', `no policy says what may be read of "${name}"`, {
      advice: `Name it under sources.${name}.policies.`,
    })
  }
  // MySQL and MariaDB show an account only tables it may read already, so their catalog lacks those that the script is
  // to grant.
  const hides = options.kind === 'mysql'
  const asked = hides
    ? { catalog: null, reason: 'it shows an account only what it may read.' }
    : await askCatalog(sources, name, signal)
  const { catalog } = asked
  const readable: Readable = new Map()
  for (const [group, policy] of policies) {
    if (catalog === null) addWritten(readable, policy, `sources.${name}.policies.${group}`)
    else addBound(readable, policy, { catalog, place: `sources.${name}.policies.${group}` })
  }
  const address = new URL(options.url.reveal())
  const role = {
    role: request.role ?? roleOf(address, name),
    relations: Object.fromEntries(
      [...readable].map(([key, columns]): [string, '*' | string[]] => [key, columns === '*' ? '*' : [...columns]]),
    ),
    connections: options.connections,
  }
  const script =
    options.kind === 'mysql'
      ? mysqlGrantScript(role)
      : grantScript({
          ...role,
          functions: [...new Set(policies.flatMap(([, policy]) => policy.functions.map(signatureOf)))].sort(),
          database: decodeURIComponent(address.pathname.slice(1) || address.username),
          timeoutMilliseconds: config.databases.query.timeout_ms,
          major: catalog?.dialect.major ?? oldestMajor,
        })
  return { script, notes: notesOf(asked.reason, options) }
}

function serverSource(config: SourcesConfig, asked: string | null): { name: string; options: ServerOptions } {
  const name = asked ?? Object.entries(config.sources).find(([, { database }]) => isServer(database))?.[0]
  const options = name === undefined ? undefined : config.sources[name]?.database
  if (name === undefined || options === undefined) {
    const what =
      name === undefined ? 'no PostgreSQL or MySQL data source is configured' : `there is no data source "${name}"`
    const names = Object.keys(config.sources).join(', ')
    throw new ServiceError('not-found', what, { advice: `Add one under sources; there are: ${names || 'none'}.` })
  }
  if (isServer(options)) return { name, options }
  const what =
    options.kind === 'sample' ? 'is the sample shop: its role comes with it' : 'is made of files: it has no role'
  throw new ServiceError('invalid-request', `"${name}" ${what}`, {
    advice: 'Name a source whose database.kind is postgresql or mysql.',
  })
}

function isServer(options: DatabaseOptions): options is ServerOptions {
  return options.kind === 'postgresql' || options.kind === 'mysql'
}

function roleOf(address: URL, name: string): string {
  if (address.username !== '') return decodeURIComponent(address.username)
  throw new ServiceError('invalid-request', `the address of "${name}" names no role`, {
    advice: 'Give one with --role.',
  })
}

async function askCatalog(sources: Sources, name: string, signal: AbortSignal) {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(catalogPatience)])
    return { catalog: await sources.database(name).catalog(limit), reason: null }
  } catch (thrown) {
    signal.throwIfAborted()
    return { catalog: null, reason: toServiceError(thrown).message }
  }
}

function notesOf(reason: string | null, options: ServerOptions): string[] {
  const unseen =
    'It is made from the policies alone: whether their names exist shows when it runs, and what only newer versions know is left out.'
  return [
    ...(reason === null ? [] : [`The server was not asked: ${reason}`, unseen]),
    ...(options.heartbeat_query === null
      ? []
      : ['The heartbeat query runs as this role: what it reads has to be in a policy.']),
  ]
}

/** Columns of one relation that any group may use in any way, beside those another group may. */
function add(readable: Readable, relation: string, columns: '*' | readonly string[]): void {
  const known = readable.get(relation)
  if (columns === '*' || known === '*') readable.set(relation, '*')
  else readable.set(relation, new Set([...(known ?? []), ...columns]))
}

function addBound(
  readable: Readable,
  policy: SqlPolicyOptions,
  { catalog, place }: { readonly catalog: Catalog; readonly place: string },
): void {
  const bound = bindWritten(policy, { catalog }, place)
  for (const [name, { columns, entityKey, rowKey }] of bound.relations) {
    const usable = [...columns].filter(
      ([column, rule]) => rule.kind !== 'deny' || column === entityKey || column === rowKey,
    )
    const names = usable.map(([column]) => column)
    if (names.length > 0) add(readable, name, names.length === columns.size ? '*' : names)
  }
}

function addWritten(readable: Readable, policy: SqlPolicyOptions, place: string): void {
  for (const [name, option] of Object.entries(policy.relations)) {
    const relation = qualified(name, policy.search_path, place)
    if (option === '*') add(readable, relation, '*')
    else if (Array.isArray(option)) add(readable, relation, option)
    else {
      const rules = Object.entries(option.columns)
      const named = rules.filter(([, rule]) => rule !== 'deny').map(([column]) => column)
      const denies = named.length < rules.length
      if (option.other_columns === 'deny') {
        const keys = [option.entity_key, option.row_key].filter((key) => key !== undefined)
        add(readable, relation, [...named, ...keys])
      } else if (!denies) add(readable, relation, '*')
      else throw needsCatalog(`${place}.relations.${name} denies some columns and allows those not named`)
    }
  }
}

function qualified(name: string, schemas: readonly string[], place: string): string {
  if (name.includes('.')) return name
  const [schema, ...others] = schemas
  if (schema !== undefined && others.length === 0) return `${schema}.${name}`
  throw needsCatalog(`${place}.relations.${name} names no schema, and the search path has several`)
}

function needsCatalog(what: string): ServiceError {
  return new ServiceError(
    'database-unavailable',
    `${what}: only the server knows which are meant, and it cannot be asked`,
    {
      advice:
        'Name columns and schemas in full, or make any role that can connect first: every role can read the catalog.',
    },
  )
}
