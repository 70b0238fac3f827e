import type { Database } from './database.ts'
import { withoutLedger } from './differencing/audit.ts'
import { maskResult, withinBytes } from './mask.ts'

/**
 * The same database whose results leave masked as their statements were vetted to, and take no more rows, bytes and
 * time than that, counted as they leave: the text asks for one row more than policy allows, so that `truncated` is exact. `key` keeps hashes
 * stable.
 */
export function createMaskedDatabase(database: Database, key: Uint8Array): Database {
  return {
    source: database.source,
    kind: database.kind,
    keepsLedger: database.keepsLedger === true,
    catalog: (signal) => database.catalog(signal),
    query: async (statement, limits, signal) => {
      if (statement.audit !== undefined && database.keepsLedger !== true) {
        throw withoutLedger(database.source)
      }
      const tightened = {
        maximumRows: Math.min(limits.maximumRows, Math.max(1, statement.rowLimit - 1)),
        maximumBytes: Math.min(limits.maximumBytes, statement.maximumBytes ?? Infinity),
        timeoutMilliseconds: Math.min(limits.timeoutMilliseconds, statement.timeoutMilliseconds ?? Infinity),
      }
      const masked = maskResult(await database.query(statement, tightened, signal), statement, key)
      return statement.masks === undefined ? masked : withinBytes(masked, tightened.maximumBytes)
    },
    ...(database.estimate === undefined ? {} : { estimate: database.estimate.bind(database) }),
    prove: (signal) => database.prove(signal),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}
