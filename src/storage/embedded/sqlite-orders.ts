import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'

/** One statement with its values, as the thread of the file runs it. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly SQLInputValue[]
}

/**
 * What a statement gave. Rows are lists of values, which are made, and cross from a thread, in a third of the time that
 * objects take.
 */
export interface Rows {
  /** Names, in the order of the values. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SQLOutputValue[])[]
  readonly changes: number
}

/** What a statement failed with. */
export interface SqliteFailure {
  readonly message: string
  /** SQLite's extended result code; null where SQLite did not say it. */
  readonly code: number | null
}

export type Outcome =
  | { readonly kind: 'done'; readonly rows: Rows }
  | { readonly kind: 'failed'; readonly failure: SqliteFailure }

/**
 * `group`: statements that know nothing of one another, written by one transaction and so by one turn of the disk; each has
 * an outcome of its own. `single`: one statement as it is, such as a part of a longer transaction.
 */
export type Work =
  | { readonly kind: 'group'; readonly statements: readonly Statement[] }
  | { readonly kind: 'single'; readonly statement: Statement }
  | { readonly kind: 'close' }

export interface Order {
  readonly number: number
  readonly work: Work
}

/** An outcome for each statement of the order. */
export interface Answer {
  readonly number: number
  readonly outcomes: readonly Outcome[]
}

/** What the thread says: first that its code is loaded, then an answer to each order. */
export type Said = 'loaded' | Answer

export interface SqliteThreadData {
  readonly path: string
  readonly readOnly: boolean
  /** Longest wait for other processes that write, milliseconds. */
  readonly patienceMilliseconds: number
  /** What was committed outlives a killed process in any case, and where it is `power-loss` one of the machine too. */
  readonly outlives: 'power-loss' | 'kill'
  /** Does somebody else carry over what was written, so that no transaction waits for the disk to do so? */
  readonly leavesCheckpoints?: true
}
