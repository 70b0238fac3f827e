import type { JsonValue } from '../../core/json.ts'
import type { Outcome } from '../../core/result.ts'

/** The sandbox that holds the data of one source. Everything it says is checked. */
export interface DuckdbGuest extends AsyncDisposable {
  /** False once its DuckDB, and what was loaded into it, is gone. */
  readonly alive: boolean
  /** Where it runs, for people: `gVisor (runsc)`. */
  readonly sandbox: string
  /** A file beside the driver program. Rejects with `invalid-file` for one that does not fit. */
  put(name: string, content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void>
  /**
   * Has one request answered, at most `maximumBytes` long. `ended`: the work was stopped, or took the sandbox with it,
   * before there was an answer; aborting `signal` gives `cancelled`.
   */
  ask(request: JsonValue, limits: GuestLimits, signal: AbortSignal): Promise<GuestAnswer>
}

export interface GuestLimits {
  readonly timeoutMilliseconds: number
  readonly maximumBytes: number
}

export type GuestAnswer =
  | { readonly kind: 'answered'; readonly lines: readonly string[] }
  | { readonly kind: 'ended'; readonly outcome: Outcome }

/** Starts a guest whose driver program runs. Rejects with the faults of a sandbox engine. */
export type OpenGuest = (signal: AbortSignal) => Promise<DuckdbGuest>
