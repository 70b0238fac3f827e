/** The tables as they are after the last migration. Times are ISO 8601 in UTC, days are counted from 1970-01-01. */
export interface Tables {
  readonly storage_facts: StorageFactsTable
  readonly api_keys: ApiKeysTable
  readonly owned_ids: OwnedIdsTable
  readonly taken_over_files: TakenOverFilesTable
}

/** One row. */
interface StorageFactsTable {
  readonly one: 1
  /** Made with the storage. */
  readonly id: string
  /** Grows with every change of a key. */
  readonly keys_revision: number
  /** Grows with every proof that the storage can be written. */
  readonly probes: number
}

interface ApiKeysTable {
  readonly id: string
  readonly name: string
  readonly key_group: string
  /** Of the whole key, hexadecimal. */
  readonly sha256: string
  readonly created: string
  readonly state: 'active' | 'held' | 'revoked'
  readonly revoked: string | null
}

interface OwnedIdsTable {
  readonly upstream: string
  readonly id: string
  readonly principal: string
  readonly made_day: number
}

/** Files of earlier versions whose content was put into the storage. */
interface TakenOverFilesTable {
  readonly name: string
  readonly taken: string
}
