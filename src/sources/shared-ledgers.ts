import type { SourcesConfig } from './options.ts'
import type { Catalog } from '../core/catalog.ts'
import { ServiceError } from '../core/errors.ts'
import type { DatabaseOptions } from '../databases/options.ts'
import { ledgerScopes, type SqlPolicy } from '../validators/sql/policy.ts'
import { bindWritten } from './bind-written.ts'
import { policiesOf } from './policies.ts'

interface Given {
  readonly config: SourcesConfig
  readonly catalog: Catalog
  readonly policy: SqlPolicy
  /** The names of the source that the policy is for and of the group of callers. */
  readonly name: string
  readonly group: string
  /** What the servers of each source said they hold, as far as they were asked. */
  readonly identities: ReadonlyMap<string, readonly string[]>
}

/**
 * Throws `invalid-config` where the same callers are given the same aggregate-only columns by two sources over one
 * database. A ledger is of one source: the total by one of them and the total of all but one person by the other would
 * be two first answers. Two sources are one database where an address is the same as written, or where their servers
 * say that they hold the same one: by two names, through a proxy, as primary and standby.
 */
export function refuseSharedLedgers({ config, catalog, policy, name, group, identities }: Given): void {
  const own = guardedRelations(policy)
  if (own.size === 0) return
  for (const other of sourcesOfSameDatabase(config, name, identities)) {
    const policies = policiesOf(config, other)
    const written = Object.hasOwn(policies, group) ? policies[group] : policies['default']
    if (written === undefined) continue
    const theirs = guardedRelations(bindWritten(written, { catalog }, `sources.${other}.policies`))
    const shared = sharedRelation(own, theirs, catalog)
    if (shared === null) continue
    const message = `sources.${name} and sources.${other} are the same database, and both give the group "${group}" aggregate-only columns of "${shared}": they keep two ledgers, and answers of the two together could tell about one person.`
    const advice = 'Leave these columns out of the policy of one of the two sources.'
    throw new ServiceError('invalid-config', message, { advice })
  }
}

/** Relations whose rows are in a ledger of the policy. */
function guardedRelations({ relations, watchesDifferences }: SqlPolicy): ReadonlySet<string> {
  if (!watchesDifferences) return new Set()
  const guarded = [...relations.values()].filter(({ columns }) =>
    [...columns.values()].some(({ kind }) => kind === 'aggregate-only'),
  )
  return new Set(guarded.flatMap((relation) => ledgerScopes(relation).flatMap((scope) => scope.relations)))
}

/** A view may have the values of any table, so it shares them with whatever the other source guards. */
function sharedRelation(own: ReadonlySet<string>, theirs: ReadonlySet<string>, catalog: Catalog): string | null {
  const isView = (name: string): boolean =>
    catalog.relations.some(
      (item) => `${item.schema}.${item.name}` === name && (item.kind === 'view' || item.kind === 'materialized-view'),
    )
  if (theirs.size === 0) return null
  return [...own].find((name) => theirs.has(name) || isView(name)) ?? [...theirs].find(isView) ?? null
}

function sourcesOfSameDatabase(
  { sources }: SourcesConfig,
  name: string,
  identities: Given['identities'],
): readonly string[] {
  const marksOf = (source: string) => [
    ...addressesOf(sources[source]?.database),
    ...(identities.get(source) ?? []).map((identity) => `identity ${identity}`),
  ]
  const own = new Set(marksOf(name))
  return Object.keys(sources).filter((other) => other !== name && marksOf(other).some((mark) => own.has(mark)))
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** `host:port/database` of a PostgreSQL source and its replicas; other kinds keep no ledger of real people. */
function addressesOf(database: DatabaseOptions | undefined): string[] {
  if (database?.kind !== 'postgresql') return []
  return [database.url, ...database.further_urls].map((url) => {
    const text = url.reveal()
    if (!URL.canParse(text)) return text
    const { hostname, port, pathname, username, searchParams } = new URL(text)
    const host = (searchParams.get('host') ?? hostname).toLowerCase()
    const path = pathname.slice(1) === '' ? username : pathname.slice(1)
    return `${loopback.has(host) ? 'localhost' : host}:${port === '' ? '5432' : port}/${decodeURIComponent(path)}`
  })
}
