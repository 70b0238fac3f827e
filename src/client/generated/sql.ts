// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import type { CallOptions, Transport } from '../transport.ts'
import type { Finding, JsonValue } from './shared.ts'

export interface RowsColumnsItem {
  readonly name: string
  readonly type: string
  /** Are its values others than those of the data? By a rule of the policy, or where a filter replaced some. */
  readonly masked?: 'policy' | 'filter' | null | undefined
}

export interface Rows {
  readonly source: string
  readonly columns: readonly RowsColumnsItem[]
  readonly rows: readonly (readonly JsonValue[])[]
  /** What cut the rows; null where nothing did. */
  readonly truncated: string | null
  /** When they were read. */
  readonly as_of: string
  /** How far behind the server was. */
  readonly lag_ms: number | null
  readonly lag_estimated: boolean
  readonly time_zone?: string | undefined
  /** Null where dates as text are in no order of its own. */
  readonly date_order?: string | null | undefined
  readonly duration_ms: number
  /** What a filter replaced or cut. */
  readonly findings: readonly Finding[]
  /** What ran, where the group may see it. */
  readonly canonical?: string | undefined
}

export interface SqlRunRequest {
  readonly statement: string
  /** Data source; the first one of the group without it. */
  readonly source?: string | null | undefined
  /** Rows at most; policy and configuration may allow fewer. */
  readonly max_rows?: number | null | undefined
}

export interface SqlVerdictMasksItem {
  readonly position: number
  readonly relation: string
  readonly column: string
  readonly how: string
}

export interface SqlVerdict {
  readonly verdict: 'allow' | 'refuse'
  readonly findings: readonly Finding[]
  readonly relations?: readonly string[] | undefined
  readonly columns?: readonly string[] | undefined
  readonly functions?: readonly string[] | undefined
  readonly canonical?: string | null | undefined
  readonly masks?: readonly SqlVerdictMasksItem[] | undefined
  readonly row_limit?: number | undefined
}

export interface SqlCheckRequest {
  readonly statement: string
  readonly source?: string | null | undefined
}

/** Of the operations `sql.*`. */
export class Sql {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Runs one SELECT of the caller’s own on a data source, through the gate. Wants a key with the scope sql. */
  run(body: SqlRunRequest, options: CallOptions = {}): Promise<Rows> {
    return this.#transport.json({ method: 'POST', path: '/v1/sql', body, isIdempotent: true }, options)
  }

  /** The verdict of the gate on a statement; nothing runs. Wants a key with the scope sql. */
  check(body: SqlCheckRequest, options: CallOptions = {}): Promise<SqlVerdict> {
    return this.#transport.json({ method: 'POST', path: '/v1/sql/check', body }, options)
  }
}
