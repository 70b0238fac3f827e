import type { SourcesConfig } from './options.ts'
import { sqlPolicyOptions, type SqlPolicyOptions } from '../validators/sql/options.ts'

const searchedByDefault = JSON.stringify(sqlPolicyOptions.parse({}).search_path)

/**
 * The policies of a source by group, as written, but for one thing: names without a schema mean, where nothing else is said,
 * the database in the address of a MySQL server, which has no schema `public`.
 */
export function policiesOf(config: SourcesConfig, source: string): Readonly<Record<string, SqlPolicyOptions>> {
  const { policies = {}, database } = config.sources[source] ?? {}
  if (database?.kind !== 'mysql') return policies
  const own = mysqlDatabaseOf(database.url.reveal())
  return Object.fromEntries(
    Object.entries(policies).map(([group, policy]) => {
      const isDefault = JSON.stringify(policy.search_path) === searchedByDefault
      return [group, own !== null && isDefault ? { ...policy, search_path: [own] } : policy]
    }),
  )
}

function mysqlDatabaseOf(url: string): string | null {
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  return name === '' ? null : name
}
