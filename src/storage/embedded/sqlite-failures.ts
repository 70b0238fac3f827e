import { StorageFailure, type StorageState } from '../storage-failure.ts'
import type { SqliteFailure } from './sqlite-orders.ts'

/** By the lower byte of SQLite's result codes (sqlite.org/rescode.html). */
const states: Readonly<Record<number, Exclude<StorageState, 'ready'>>> = {
  5: 'locked',
  6: 'locked',
  8: 'read-only',
  10: 'unreachable',
  11: 'damaged',
  13: 'disk-full',
  14: 'unreachable',
  26: 'damaged',
}

/** The file ends before a page that it should have: SQLITE_IOERR_SHORT_READ, whose lower byte is that of any failed reading. */
const shortRead = 522

/** What SQLite says of a file that has lost what every open storage has: it was overwritten. */
const lost = /^no such (?:table|column)\b/

/** The fault that a failure of the file is; anything else is a mistake in a statement. */
export function errorOfSqlite({ code, message }: SqliteFailure): Error {
  const isDamaged = lost.test(message) || code === shortRead
  const state = isDamaged ? 'damaged' : code === null ? undefined : states[code & 0xff]
  return state === undefined ? new Error(message) : new StorageFailure(state, message)
}
