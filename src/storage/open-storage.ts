import type { Kysely } from 'kysely'
import { ServiceError } from '../core/errors.ts'
import { ChangeMark } from './embedded/change-mark.ts'
import { openEmbeddedDatabase } from './embedded/embedded-database.ts'
import { StorageHealth } from './health.ts'
import { migrate } from './migrate.ts'
import type { StorageConfig } from './options.ts'
import { storagePath } from './paths.ts'
import { openPostgresDatabase, placeOfUrl, schemaName } from './postgres/postgres-database.ts'
import { errorOfPostgres } from './postgres/postgres-failures.ts'
import { ApiKeys } from './repositories/api-keys.ts'
import { createOwnedIds } from './repositories/owned-ids.ts'
import type { Storage } from './storage.ts'
import type { Tables } from './tables.ts'
import { embeddedTextList, postgresTextList, type TextList } from './text-list.ts'

interface OpenOptions {
  /** A service reads while it writes; a single command has one thing to do. */
  readonly for: 'service' | 'command'
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Milliseconds since any fixed moment. */
  readonly elapsed?: () => number
}

interface Opened {
  readonly db: Kysely<Tables>
  readonly schema: string | null
  readonly place: string
  readonly health: StorageHealth
  readonly mark: ChangeMark | null
  readonly textList: TextList
}

/**
 * Opens the storage and brings its tables up to this program. Rejects with `storage-unavailable` where it cannot be had,
 * and with `invalid-config` where it is newer than this program.
 */
export async function openStorage(config: StorageConfig, options: OpenOptions): Promise<Storage> {
  const { now = Date.now, elapsed = () => performance.now() } = options
  const { db, schema, place, health, mark, textList } = openKind(config, options)
  try {
    await health.writes(() => migrate({ db, schema, place }))
  } catch (thrown) {
    await db.destroy()
    mark?.[Symbol.dispose]()
    throw thrown
  }
  return {
    place,
    keys: new ApiKeys({ db, health, mark, now, elapsed }),
    ownedIds: createOwnedIds({ db, health, textList, now }),
    async probe() {
      await health
        .writes(() =>
          db
            .updateTable('storage_facts')
            .set((set) => ({ probes: set('probes', '+', 1) }))
            .execute(),
        )
        .catch(() => undefined)
      return health.state
    },
    async [Symbol.asyncDispose]() {
      await db.destroy()
      mark?.[Symbol.dispose]()
    },
  }
}

function openKind(config: StorageConfig, options: OpenOptions): Opened {
  const { kind, url, connections, timeout_ms: timeoutMilliseconds } = config.storage
  if (kind === 'postgresql') {
    if (url === null) throw new ServiceError('invalid-config', 'storage.url is needed for the kind postgresql.')
    const place = placeOfUrl(url)
    const db = openPostgresDatabase({ url, connections, timeoutMilliseconds })
    const health = new StorageHealth(place, errorOfPostgres)
    return { db, schema: schemaName, place, health, mark: null, textList: postgresTextList }
  }
  const path = storagePath(config)
  const readsBesideWrites = options.for === 'service'
  const db = openEmbeddedDatabase({ path, timeoutMilliseconds, readsBesideWrites })
  const health = new StorageHealth(path, (thrown) => thrown)
  const mark = new ChangeMark(`${path}.changed`)
  return { db, schema: null, place: path, health, mark, textList: embeddedTextList }
}
