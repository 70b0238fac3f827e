import type { JsonValue } from './json.ts'
import type { Finding } from './verdict.ts'

/**
 * How a run ended. Each is decided from evidence (the host's timer, cgroup events, a wait status, the supervisor),
 * never from the text of a message, and a run that still has a process alive is never `ok`.
 */
export const outcomes = [
  'ok',
  'user-error',
  'timeout',
  'out-of-memory',
  'too-many-processes',
  'disk-full',
  'output-limit',
  'cancelled',
  'rejected',
  'sandbox-lost',
  'unavailable',
] as const

export type Outcome = (typeof outcomes)[number]

/** A text stream of a run, cut at its cap, as a terminal shows it: no control characters but tabs and line feeds. */
export interface CapturedText {
  readonly text: string
  readonly truncated: boolean
}

/** A table as data: what a DataFrame or a query's rows become. */
export interface TableData {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly JsonValue[])[]
  /** Rows of the whole table; `rows` may hold fewer. */
  readonly totalRows: number
  /** Places of the columns in which a filter has replaced something, from 0; absent where in none. */
  readonly replaced?: readonly number[]
}

/** How the rows of a table were read of a database. */
export interface TableReading {
  /** The state of the data in ISO 8601: when it was read, less how far it was behind its primary. */
  readonly asOf: string
  /** Places of the columns that policy masks, from 0. */
  readonly masked: readonly number[]
  /** What cut the rows; null where nothing did. */
  readonly truncated: null | 'rows' | 'bytes'
}

/** One displayed value in the shape analysts know (Jupyter, E2B): several representations of the same thing. */
export interface DisplayItem {
  /** True for the value of the cell's last expression, false for what was displayed on the way. */
  readonly isMain: boolean
  readonly text?: string
  readonly html?: string
  readonly markdown?: string
  readonly svg?: string
  /** Base64. */
  readonly png?: string
  /** Base64. */
  readonly jpeg?: string
  /** Base64. */
  readonly pdf?: string
  readonly latex?: string
  readonly json?: JsonValue
  readonly data?: TableData
  /** A figure as data: `{type, title, x_label, y_label, elements}`. */
  readonly chart?: JsonValue
  /** Files below `/mnt/data` that hold this figure as it was shown. */
  readonly files?: readonly string[]
}

/** A file below `/mnt/data` that a run made or changed. */
export interface Artifact {
  /** Relative to `/mnt/data`, forward slashes. */
  readonly path: string
  readonly bytes: number
}

export interface CellError {
  readonly name: string
  readonly value: string
  readonly traceback: string
}

/** Everything a run has to say. */
export interface CellResult {
  readonly outcome: Outcome
  readonly stdout: CapturedText
  readonly stderr: CapturedText
  readonly results: readonly DisplayItem[]
  readonly error: CellError | null
  readonly artifacts: readonly Artifact[]
  /**
   * Entries beside them that a run made and that cannot be asked for: links, pipes, devices, and files whose names hold
   * control or direction-changing characters. Absent where there are none.
   */
  readonly unlistedFiles?: number
  /** `queueMs`: waiting for a sandbox. `runMs`: from hand-over to the last frame, on the host's clock. */
  readonly timings: { readonly queueMs: number; readonly runMs: number }
  /** Bytes, null where nothing measured it. */
  readonly peakMemoryBytes: number | null
  /** Names of the caps that cut something: `stdout`, `results`, `rows`, … */
  readonly truncated: readonly string[]
  /** Do the session's variables still exist after this run? */
  readonly sessionAlive: boolean
  /** A sentence for people where the outcome needs one: which limit, what was lost. */
  readonly notice: string | null
  /** What a filter replaced or cut, once the result was screened. */
  readonly findings?: readonly Finding[]
}
