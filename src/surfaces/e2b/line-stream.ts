import type { ServerResponse } from 'node:http'
import { writeToReader } from '../../http/send-body.ts'

interface LineStreamOptions {
  readonly contentType: string
  readonly stallMilliseconds: number
}

/**
 * An answer that is written while something runs, in order. Its head goes out with the first piece, or when `begin` is called: from
 * then on, whatever goes wrong has to be said in a piece. A reader who takes nothing is let go, which closes the connection.
 */
export class LineStream {
  readonly #response: ServerResponse
  readonly #options: LineStreamOptions
  #written: Promise<void> = Promise.resolve()
  #hasBegun = false

  constructor(response: ServerResponse, options: LineStreamOptions) {
    this.#response = response
    this.#options = options
  }

  get hasBegun(): boolean {
    return this.#hasBegun
  }

  begin(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    if (this.#response.destroyed) return
    this.#response.writeHead(200, { 'content-type': this.#options.contentType, 'cache-control': 'no-store' })
    this.#response.flushHeaders()
  }

  write(piece: string | Uint8Array): void {
    this.begin()
    this.#written = this.#written
      .then(() => writeToReader(this.#response, piece, this.#options.stallMilliseconds))
      // The connection is closed then, which ends what runs.
      .catch(() => undefined)
  }

  async end(): Promise<void> {
    await this.#written
    if (!this.#response.destroyed) this.#response.end()
  }
}
