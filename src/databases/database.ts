import type { PlanEstimate } from '../core/statement.ts'
import type { Catalog, DateSettings } from '../core/catalog.ts'
import type { JsonValue } from '../core/json.ts'
import type { Vetted } from '../core/vetted.ts'

export interface QueryLimits {
  /** Rows returned at most; one more is fetched so that `truncated` is exact. */
  readonly maximumRows: number
  /** Bytes of the rows as JSON. A value that is to be masked counts as null until it is. */
  readonly maximumBytes: number
  readonly timeoutMilliseconds: number
}

export interface ResultColumn {
  readonly name: string
  /** The type as the database prints it. */
  readonly type: string
  /** Table and column the value comes straight from, as the database reports it; null when it is computed. */
  readonly origin: { readonly relation: string; readonly column: string } | null
}

export interface QueryResult {
  readonly columns: readonly ResultColumn[]
  /** Numbers as `exactNumber` has them, timestamps as ISO 8601, bytea as base64, arrays, composites and json as JSON. */
  readonly rows: readonly (readonly JsonValue[])[]
  readonly truncated: null | 'rows' | 'bytes'
  /** State of the data: when it was read, and how far behind its primary it was (null where that is unknown). */
  readonly asOf: Date
  readonly lagMilliseconds: number | null
  readonly milliseconds: number
  /** The sandbox it ran in, for people: `gVisor (runsc)`; absent where it ran in none. */
  readonly sandbox?: string
  /** The date settings under which the statement ran; absent where the source has none of its own. */
  readonly dates?: DateSettings
}

/** What the connected role can do that it should not; empty when the role is proven least-privilege. */
export interface RoleProof {
  readonly role: string
  readonly inRecovery: boolean
  /** Sentences: "can write to public.orders", "may SET ROLE postgres". */
  readonly excess: readonly string[]
  /**
   * Which databases the servers hold, whatever they are called: the same for a primary, its standbys and every name of
   * one of them. Absent where a server does not tell.
   */
  readonly identities?: readonly string[]
}

/**
 * A data source that can only be read. Runs vetted statements of its own name only. Faults: `database-unavailable`,
 * `query-failed` (a fixed sentence by SQLSTATE, never the database's own text, which can print cell values),
 * `deadline-exceeded`, `cancelled`. After any of them the next query works.
 */
export interface Database extends AsyncDisposable {
  readonly source: string
  /** `pglite`, `postgresql`, … as shown to people. */
  readonly kind: string
  /** Has a ledger admit what a statement's `audit` names before it runs; without it such a statement is not given. */
  readonly keepsLedger?: boolean
  catalog(signal: AbortSignal): Promise<Catalog>
  /** Throws `refused` where the ledger does not admit the statement. */
  query(statement: Vetted<'sql'>, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult>
  prove(signal: AbortSignal): Promise<RoleProof>
  /** How old what would be read now is. Absent where the source does not tell. */
  state?(signal: AbortSignal): Promise<Pick<QueryResult, 'asOf' | 'lagMilliseconds'>>
  /** EXPLAIN of a vetted statement, which is not run. Absent where the source cannot tell. */
  estimate?(statement: Vetted<'sql'>, signal: AbortSignal): Promise<PlanEstimate>
}
