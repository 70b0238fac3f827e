import { join } from 'node:path'
import type { LedgerPlace } from '../core/answer-ledger.ts'
import type { StorageConfig } from './options.ts'

/** The path beside which a machine keeps the mark of ledgers in a server. */
export function serverLedgerPath({ state_directory: folder }: StorageConfig): string {
  return join(folder, 'ledger-postgresql')
}

/** The server of a storage as the place of ledgers: one for all its processes. Null where a file is the storage. */
export function serverLedger(config: StorageConfig): LedgerPlace | null {
  const { url, timeout_ms: timeoutMilliseconds } = config.storage
  if (config.storage.kind !== 'postgresql' || url === null) return null
  return {
    kind: 'server',
    markedPath: serverLedgerPath(config),
    advice: {
      lost: 'Have the operator put back the last storage, or remove ledger-postgresql.mark of each machine to go on knowingly with what this one has.',
      held: 'Have the operator see that the storage has all that was answered, and run "sallyport storage accept ledger".',
    },
    exists: async () => true,
    async open() {
      // Most commands never ask about such a column.
      const { openDatabase } = await import('./open-database.ts')
      const { migrate } = await import('./migrate.ts')
      const { openPostgresLedger } = await import('./postgres/postgres-ledger.ts')
      await using database = await openDatabase(config, 'command')
      await database.health.writes(() => migrate(database))
      return openPostgresLedger({ url, timeoutMilliseconds, health: database.health })
    },
  }
}
