import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One row of the table of errors in the documentation. */
export interface ErrorRow {
  readonly code: string
  readonly status: number
  /** `never`, `true seconds`, or the seconds where nothing more exact is known. */
  readonly after: string
  /** Names of clients, `none` for none. */
  readonly repeatedBy: string
}

/** The table of docs/errors.md. */
export function documentedErrors(): ErrorRow[] {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8')
  const rows = text.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| ([^|]+) \| ([^|]+) \|$/gm)
  return [...rows].map(([, code = '', status, after = '', repeatedBy = '']) => ({
    code,
    status: Number(status),
    after,
    repeatedBy,
  }))
}
