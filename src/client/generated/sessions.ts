// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import { segment } from '../call.ts'
import type { CallOptions, Transport } from '../transport.ts'

export interface Session {
  readonly id: string
  readonly object: 'session'
  readonly opened_at: string
  readonly in_use: boolean
  readonly expires_at: string | null
  readonly sandbox: { readonly [name: string]: number }
}

export interface SessionElsewhere {
  readonly id: string
  readonly opened_at: string
  readonly replica: string
}

export interface SessionsListAnswer {
  readonly object: 'list'
  readonly data: readonly Session[]
  readonly first_id: string | null
  readonly last_id: string | null
  readonly has_more: boolean
  /** On the first page, where several replicas serve: sessions of the caller that are open at other ones. */
  readonly elsewhere?: readonly SessionElsewhere[] | undefined
}

export interface SessionsOpenRequestSandbox {
  /** Wall time of a run, milliseconds. */
  readonly wall_ms?: number | undefined
  /** Processors. */
  readonly cpus?: number | undefined
  /** Memory of one program, MiB. */
  readonly memory_mb?: number | undefined
  /** Processes and threads. */
  readonly processes?: number | undefined
  /** Open files per process. */
  readonly open_files?: number | undefined
  /** Size of one file, MiB. */
  readonly file_mb?: number | undefined
  /** Size of /mnt/data, MiB. */
  readonly data_mb?: number | undefined
  /** Size of /tmp, MiB. */
  readonly temporary_mb?: number | undefined
  /** Text kept of each of stdout and stderr, KiB. */
  readonly output_kb?: number | undefined
}

export interface SessionsOpenRequest {
  /** Limits of its sandbox; what is not named has its default. */
  readonly sandbox?: SessionsOpenRequestSandbox | null | undefined
}

export interface SessionsListQuery {
  /** Of one page at most. */
  readonly limit?: number | undefined
  readonly order?: 'asc' | 'desc' | undefined
  /** The id of the last one of the page before. */
  readonly after?: string | undefined
}

/** Of the operations `sessions.*`. */
export class Sessions {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** The caller’s open sessions, oldest first, and which of them other replicas have. Wants a key with the scope sessions. */
  list(query: SessionsListQuery = {}, options: CallOptions = {}): Promise<SessionsListAnswer> {
    return this.#transport.json({ method: 'GET', path: '/v1/sessions', query }, options)
  }

  /** Opens a session, which keeps a sandbox with its variables and files from request to request. Wants a key with the scope sessions. */
  open(body: SessionsOpenRequest, options: CallOptions = {}): Promise<Session> {
    return this.#transport.json({ method: 'POST', path: '/v1/sessions', body }, options)
  }

  /** Closes a session; what runs in it is cancelled. Wants a key with the scope sessions. */
  close(id: string, options: CallOptions = {}): Promise<void> {
    return this.#transport.nothing({ method: 'DELETE', path: `/v1/sessions/${segment(id)}` }, options)
  }
}
