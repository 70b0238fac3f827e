// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import type { CallOptions, Transport } from '../transport.ts'
import type { Finding, JsonValue, Problem } from './shared.ts'

export interface TableColumnsItem {
  readonly name: string
  readonly type: string
}

export interface Table {
  readonly columns: readonly TableColumnsItem[]
  readonly rows: readonly (readonly JsonValue[])[]
  /** Of the whole table; rows may hold fewer. */
  readonly total_rows: number
}

export interface Displayed {
  /** Is it the value of the last expression? */
  readonly is_main: boolean
  readonly text?: string | undefined
  readonly html?: string | undefined
  readonly markdown?: string | undefined
  readonly svg?: string | undefined
  readonly latex?: string | undefined
  /** Base64; where links are delivered there is an address in its place. */
  readonly png?: string | undefined
  /** Where it can be had for some minutes, without a key. */
  readonly png_url?: string | undefined
  /** Base64; where links are delivered there is an address in its place. */
  readonly jpeg?: string | undefined
  /** Where it can be had for some minutes, without a key. */
  readonly jpeg_url?: string | undefined
  readonly json?: JsonValue | undefined
  /** A figure as data. */
  readonly chart?: JsonValue | undefined
  readonly data?: Table | undefined
}

export interface ExecutionError {
  readonly name: string
  readonly value: string
  readonly traceback: string
}

export interface ExecutionArtifactsItem {
  readonly path: string
  readonly bytes: number
}

export interface ExecutionTimings {
  readonly queue_ms: number
  readonly run_ms: number
}

export interface MadeFile {
  /** Below /mnt/data. */
  readonly path: string
  readonly media_type: string
  /** Base64; where links are delivered there is an address in its place. */
  readonly content?: string | undefined
  /** Where it can be had for some minutes, without a key. */
  readonly url?: string | undefined
  /** Did a filter change it? */
  readonly masked: boolean
}

export interface Execution {
  readonly outcome: 'ok' | 'user-error' | 'timeout' | 'out-of-memory' | 'too-many-processes' | 'disk-full' | 'output-limit' | 'cancelled' | 'rejected' | 'sandbox-lost' | 'unavailable'
  readonly stdout: string
  readonly stderr: string
  readonly results: readonly Displayed[]
  readonly error: ExecutionError | null
  /** Files that it made or changed. */
  readonly artifacts: readonly ExecutionArtifactsItem[]
  readonly timings: ExecutionTimings
  readonly peak_memory_bytes: number | null
  /** Names of the caps that cut something. */
  readonly truncated: readonly string[]
  /** Do its variables still exist? */
  readonly session_alive: boolean
  readonly notice: string | null
  /** What a filter replaced or cut. */
  readonly findings: readonly Finding[]
  readonly files: readonly MadeFile[]
  /** A sentence for each file or picture that is not there. */
  readonly missing: readonly string[]
  readonly ran_in: string
  /** What was lost of the session before it began. */
  readonly renewed: string | null
  readonly session: string | null
}

export interface Execute {
  readonly language?: 'python' | 'javascript' | 'typescript' | 'shell' | undefined
  readonly code: string
  /** The session of POST /v1/sessions, or the container of POST /v1/containers, whose variables and files it finds; without one it has a sandbox of its own, which ends with it. */
  readonly session?: string | null | undefined
  /** Wall time of the program; at most what the group may ask for. */
  readonly timeout_ms?: number | null | undefined
  /** Bring the files that it makes. */
  readonly files?: boolean | undefined
  /** How pictures and files come: as links that are good for minutes and need no key, or in base64. */
  readonly deliver?: 'links' | 'base64' | undefined
}

export interface ExecutionEventOutput {
  readonly type: 'output'
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

export interface ExecutionEventResult {
  readonly type: 'result'
  readonly result: Execution
}

export interface ExecutionEventError {
  readonly type: 'error'
  readonly problem: Problem
  readonly findings?: readonly Finding[] | undefined
}

export type ExecutionEvent = ExecutionEventOutput | ExecutionEventResult | ExecutionEventError

/** Of the operations `programs.*`. */
export class Programs {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Runs a program of the caller’s own in a sandbox; however it ends, its outcome is in the answer. Wants a key with the scope execute. */
  execute(body: Execute, options: CallOptions = {}): Promise<Execution> {
    return this.#transport.json({ method: 'POST', path: '/v1/execute', body, isIdempotent: true }, options)
  }

  /** Runs a program of the caller’s own in a sandbox; however it ends, its outcome is in the answer. Wants a key with the scope execute. Its events as they come; leaving the loop ends it. */
  executeStream(body: Execute, options: CallOptions = {}): AsyncGenerator<ExecutionEvent> {
    return this.#transport.events({ method: 'POST', path: '/v1/execute', body: { ...body, stream: true }, isIdempotent: true, last: 'result' }, options)
  }
}
