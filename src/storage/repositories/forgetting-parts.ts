import type { Kysely } from 'kysely'
import type { ForgottenIds } from '../forgotten-ids.ts'
import type { StorageHealth } from '../health.ts'
import type { Tables } from '../tables.ts'

/** What a repository works with whose rows are forgotten for good: a copy of the storage that is put back has none of them. */
export interface ForgettingParts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  /** What has been forgotten by this machine, whatever the storage says. */
  readonly forgotten: ForgottenIds
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Rows of one statement, within what both kinds of storage take. */
export const pieceLength = 500
