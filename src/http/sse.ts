import type { ServerResponse } from 'node:http'
import { writeToReader } from './send-body.ts'

export interface EventStreamOptions {
  readonly heartbeatMilliseconds: number
  /** Milliseconds a reader may take none of what waits for it. */
  readonly stallMilliseconds: number
}

/**
 * Server-sent events with a comment whenever the stream was silent for long, so that proxies keep it open. The headers
 * go out with the first event or comment: until then a failure can still have a status of its own.
 */
export class EventStream implements Disposable {
  readonly #response: ServerResponse
  readonly #stallMilliseconds: number
  readonly #timer: NodeJS.Timeout
  /** Resolves when the event that is on its way has left: nothing may come between its slices. */
  #sending: Promise<unknown> | null = null

  constructor(response: ServerResponse, options: EventStreamOptions) {
    this.#response = response
    this.#stallMilliseconds = options.stallMilliseconds
    this.#timer = setInterval(() => this.#beat(), options.heartbeatMilliseconds)
  }

  get opened(): boolean {
    return this.#response.headersSent
  }

  /** Sends one event, under a name where it has one. Rejects with `cancelled` when the reader is gone or takes nothing. */
  async send(data: unknown, name: string | null = null): Promise<void> {
    this.#timer.refresh()
    const named = name === null ? '' : `event: ${name}\n`
    await this.#write(`${named}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`)
  }

  end(): void {
    clearInterval(this.#timer)
    this.#response.end()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  /** Sends the headers where nothing was sent yet. */
  open(): void {
    if (this.#response.headersSent) return
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
  }

  #beat(): void {
    if (this.#sending !== null || this.#response.writableEnded || this.#response.destroyed) return
    this.open()
    if (!this.#response.writableNeedDrain) this.#response.write(': hb\n\n')
  }

  async #write(text: string): Promise<void> {
    while (this.#sending !== null) await this.#sending
    if (!this.#response.destroyed) this.open()
    const sent = writeToReader(this.#response, text, this.#stallMilliseconds)
    this.#sending = sent.catch(() => undefined)
    try {
      await sent
    } finally {
      this.#sending = null
    }
  }
}
