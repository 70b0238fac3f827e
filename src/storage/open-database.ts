import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { ServiceError } from '../core/errors.ts'
import { ChangeMark } from './embedded/change-mark.ts'
import { openEmbeddedDatabase } from './embedded/embedded-database.ts'
import { StorageHealth } from './health.ts'
import type { StorageConfig } from './options.ts'
import { storagePath } from './paths.ts'
import type { Tables } from './tables.ts'
import {
  embeddedRows,
  embeddedTextList,
  postgresRows,
  postgresTextList,
  type JsonRows,
  type TextList,
} from './text-list.ts'

/** The database of a storage, whatever its tables are. */
export interface StorageDatabase extends AsyncDisposable {
  readonly db: Kysely<Tables>
  readonly kind: 'embedded' | 'postgresql'
  /** The schema the tables are in; null where the database has none. */
  readonly schema: string | null
  /** Where it is, for people: a path, or an address without a password. */
  readonly place: string
  /** The file with what this machine remembers of it. */
  readonly markPath: string
  readonly health: StorageHealth
  /** Tells other processes of this machine of a change; null where nothing does. */
  readonly changes: ChangeMark | null
  readonly textList: TextList
  readonly jsonRows: JsonRows
  /**
   * Takes what was deleted out of the log of writes beside an embedded file, whose own pages hold zeros in its place. A server looks after its own
   * files. Never rejects: what could not be taken out now is later.
   */
  readonly scrub: () => Promise<void>
}

/** `service` reads while it writes; a `command` has one thing to do; `look` changes nothing, and makes nothing. */
export type StorageUse = 'service' | 'command' | 'look'

/** Milliseconds. */
const longestLook = 3_600_000

/** Opens with the first query. What the kind is not made of is not loaded. */
export async function openDatabase(config: StorageConfig, use: StorageUse): Promise<StorageDatabase> {
  return config.storage.kind === 'postgresql' ? openServer(config) : openFile(config, use)
}

async function openServer(config: StorageConfig): Promise<StorageDatabase> {
  const { url, connections, timeout_ms: timeoutMilliseconds } = config.storage
  if (url === null) throw new ServiceError('invalid-config', 'storage.url is needed for the kind postgresql.')
  const { openPostgresDatabase, placeOfUrl, schemaName } = await import('./postgres/postgres-database.ts')
  const { errorOfPostgres } = await import('./postgres/postgres-failures.ts')
  const place = placeOfUrl(url)
  const db = openPostgresDatabase({ url, connections, timeoutMilliseconds })
  return {
    db,
    kind: 'postgresql',
    schema: schemaName,
    place,
    markPath: join(config.state_directory, 'storage.mark'),
    health: new StorageHealth(place, errorOfPostgres),
    changes: null,
    textList: postgresTextList,
    jsonRows: postgresRows,
    scrub: async () => {},
    [Symbol.asyncDispose]: () => db.destroy(),
  }
}

function openFile(config: StorageConfig, use: StorageUse): StorageDatabase {
  const path = storagePath(config)
  // Looking through all of a file may take long, and stands in nobody's way.
  const timeoutMilliseconds = use === 'look' ? longestLook : config.storage.timeout_ms
  const { db, scrub } = openEmbeddedDatabase({ path, timeoutMilliseconds, use })
  const changes = use === 'look' ? null : new ChangeMark(`${path}.changed`)
  return {
    db,
    kind: 'embedded',
    schema: null,
    place: path,
    markPath: `${path}.mark`,
    health: new StorageHealth(path, (thrown) => thrown),
    changes,
    textList: embeddedTextList,
    jsonRows: embeddedRows,
    scrub,
    [Symbol.asyncDispose]: async () => {
      await db.destroy()
      changes?.[Symbol.dispose]()
    },
  }
}
