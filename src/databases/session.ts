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
}

export interface ReadCaps {
  /** Rows to fetch at most. */
  readonly rows: number
  /** Reading stops after the row that goes beyond this many bytes of text. */
  readonly bytes: number
}

/**
 * One connection to a PostgreSQL, in text format and by the extended protocol only: a text with two statements is an
 * error of the server, never two executions. Not for concurrent use.
 */
export interface Session {
  run(statement: string, parameters?: readonly string[]): Promise<RawResult>
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
