import { hiddenValueBytes } from '../core/hidden-values.ts'

/** A column of a result as the wire protocol describes it. Zero stands for "none" in the two origin numbers. */
export interface RawField {
  readonly name: string
  readonly typeOid: number
  readonly typeModifier: number
  readonly tableOid: number
  readonly columnNumber: number
}

/** A result in PostgreSQL's text format. */
export interface RawResult {
  readonly fields: readonly RawField[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** Set where reading ended within a row that is larger than all may be; it is not among the rows. */
  readonly isCut?: true
}

export interface ReadCaps {
  /** Rows to fetch at most. */
  readonly rows: number
  /** Reading stops after the row that goes beyond this many bytes of text, hidden values left out. */
  readonly bytes: number
  /** Columns by position whose values nobody is to see: they count for nothing, and are bounded each. */
  readonly hidden?: readonly number[]
}

/** Rows to fetch at once at most: hidden values are kept as they are until they are masked, and take memory meanwhile. */
export function rowsAtOnce(most: number, { hidden = [] }: ReadCaps): number {
  const fitting = Math.floor(hiddenBytesAtOnce / (Math.max(1, hidden.length) * hiddenValueBytes))
  return hidden.length === 0 ? most : Math.max(1, Math.min(most, fitting))
}

const hiddenBytesAtOnce = 16_777_216

/** Bytes of a row's text, as far as they count. */
export function textBytes(row: readonly (string | null)[], { hidden = [] }: Pick<ReadCaps, 'hidden'>): number {
  return row.reduce((sum, value, position) => sum + (hidden.includes(position) ? 0 : (value?.length ?? 4)), 0)
}

/**
 * One connection to a PostgreSQL, in text format and by the extended protocol only: a text with two statements is an
 * error of the server, never two executions. Not for concurrent use.
 */
export interface Session {
  run(statement: string, parameters?: readonly (string | null)[]): Promise<RawResult>
  read(statement: string, caps: ReadCaps): Promise<RawResult>
}

/** What a server says of a statement that it has parsed and analyzed, and not planned or run. */
export interface Description {
  readonly fields: readonly RawField[]
  readonly parameters: number
  readonly notices: readonly { readonly message: string | undefined; readonly detail: string | undefined }[]
}

/** What a server says when a statement fails. Its message text is left behind: it can print the values of cells. */
export class StatementError extends Error {
  readonly sqlstate: string
  /** 1-based character offset into the statement; null where the server gave none. */
  readonly position: number | null

  constructor(sqlstate: string, position: number | null) {
    super(`the statement failed with SQLSTATE ${sqlstate}`)
    this.name = 'StatementError'
    this.sqlstate = sqlstate
    this.position = position
  }
}
