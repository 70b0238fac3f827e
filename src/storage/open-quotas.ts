import type { QuotaLedger } from '../core/quotas.ts'
import type { Secret } from '../core/secret.ts'
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
  if (config.storage.quotas_url !== null) return openRedis(config.storage.quotas_url, { config, now })
  const { url, timeout_ms: timeoutMilliseconds } = config.storage
  if (url !== null) {
    const { health } = database
    const { openPostgresQuotas } = await import('./postgres/postgres-quotas.ts')
    const ledger = openPostgresQuotas({ url, timeoutMilliseconds, health, now })
    return { ledger, state: async () => health.state, [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose]() }
  }
  const path = `${storagePath(config)}.quotas`
  const health = new StorageHealth(path, (thrown) => thrown)
  return opened(openEmbeddedQuotas({ path, timeoutMilliseconds, health, now: now ?? Date.now }), health)
}

async function openRedis(url: Secret, { config, now }: Pick<QuotaParts, 'config' | 'now'>): Promise<OpenedQuotas> {
  const { openRedisQuotas } = await import('./redis/redis-quotas.ts')
  const { protocol, host } = new URL(url.reveal())
  const health = new StorageHealth(`${protocol}//${host}`, (thrown) => thrown)
  return opened(openRedisQuotas({ url, timeoutMilliseconds: config.storage.timeout_ms, health, now }), health)
}

function opened(ledger: QuotaLedger & AsyncDisposable, health: StorageHealth): OpenedQuotas {
  return {
    ledger,
    state: async () => {
      await ledger.recover().catch(() => undefined)
      return health.state
    },
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  }
}
