import { Duplex, type Readable, type Writable } from 'node:stream'

/**
 * The two ends of a child's stdio as one stream, which ends with its readable end.
 *
 * `Duplex.from({ readable, writable })` of Node 24 is not enough: after the child has closed its stdin, or its stdout
 * alone, that stream stays open and reports nothing, so that a sandbox that can no longer be spoken to would count as
 * alive until a deadline. Here either of them closes the stream at once. It also reports a `destroy()` of our own as an
 * error.
 */
export class JoinedStream extends Duplex {
  readonly #readable: Readable
  readonly #writable: Writable

  constructor(readable: Readable, writable: Writable) {
    super({ allowHalfOpen: true })
    this.#readable = readable
    this.#writable = writable
    readable.on('data', (piece: Buffer) => {
      if (!this.push(piece)) readable.pause()
    })
    readable.on('end', () => this.push(null))
    readable.on('close', () => this.destroy())
    readable.on('error', (error) => this.destroy(error))
    writable.on('error', (error) => this.destroy(error))
  }

  override _read(): void {
    this.#readable.resume()
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#writable.write(piece, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#writable.end(() => done())
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#readable.destroy()
    this.#writable.destroy()
    done(error)
  }
}
