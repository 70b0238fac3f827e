import type { QuotaLedger } from '../core/quotas.ts'
import { openEmbeddedQuotas } from './embedded/embedded-quotas.ts'
import { StorageHealth } from './health.ts'
import type { StorageDatabase } from './open-database.ts'
import type { StorageConfig } from './options.ts'
import { storagePath } from './paths.ts'
import type { StorageState } from './storage-failure.ts'

interface QuotaParts {
  readonly config: StorageConfig
  readonly database: StorageDatabase
  /** Milliseconds since 1970; null is the store's own clock. */
  readonly now: (() => number) | null
}

/** A ledger with what it is in. */
interface OpenedQuotas extends AsyncDisposable {
  readonly ledger: QuotaLedger
  /** Settles what has expired, and says how that went. Never rejects. */
  state(): Promise<StorageState>
}

/** The quotas of a storage: an embedded one has them in a file beside it. Opens with the first order. */
export async function openQuotas({ config, database, now }: QuotaParts): Promise<OpenedQuotas> {
  if (database.kind !== 'embedded') {
    const { db, health } = database
    const { createPostgresQuotas } = await import('./postgres/postgres-quotas.ts')
    const ledger = createPostgresQuotas({ db, health, now })
    return { ledger, state: async () => health.state, [Symbol.asyncDispose]: async () => undefined }
  }
  const path = `${storagePath(config)}.quotas`
  const health = new StorageHealth(path, (thrown) => thrown)
  const ledger = openEmbeddedQuotas({
    path,
    timeoutMilliseconds: config.storage.timeout_ms,
    health,
    now: now ?? Date.now,
  })
  return {
    ledger,
    state: async () => {
      await ledger.recover().catch(() => undefined)
      return health.state
    },
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  }
}
