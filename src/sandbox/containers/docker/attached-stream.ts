import { Duplex } from 'node:stream'

const headerBytes = 8
const stderrKind = 2

/**
 * Docker's attached connection as the supervisor's protocol stream: what is written goes to its standard input, what is
 * read is its standard output. Docker prefixes each piece with eight bytes (kind, three zeros, length as a big-endian
 * u32; "Attach to a container" in the Engine API); pieces of standard error go to `onDiagnostics`.
 */
export class AttachedStream extends Duplex {
  readonly #connection: Duplex
  readonly #onDiagnostics: (piece: Buffer) => void
  #header = Buffer.alloc(0)
  #remaining = 0
  #kind = 0

  constructor(connection: Duplex, onDiagnostics: (piece: Buffer) => void) {
    super({ allowHalfOpen: true })
    this.#connection = connection
    this.#onDiagnostics = onDiagnostics
    connection.on('data', (piece: Buffer) => this.#take(piece))
    connection.on('end', () => this.push(null))
    connection.on('close', () => this.destroy())
    connection.on('error', (error) => this.destroy(error))
  }

  override _read(): void {
    this.#connection.resume()
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#connection.write(piece, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#connection.end(() => done())
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#connection.destroy()
    done(error)
  }

  #take(piece: Buffer): void {
    let rest = piece
    while (rest.length > 0) {
      if (this.#remaining === 0) {
        const missing = headerBytes - this.#header.length
        this.#header = Buffer.concat([this.#header, rest.subarray(0, missing)])
        rest = rest.subarray(missing)
        if (this.#header.length < headerBytes) return
        this.#kind = this.#header[0] ?? 0
        this.#remaining = this.#header.readUInt32BE(4)
        this.#header = Buffer.alloc(0)
        continue
      }
      const body = rest.subarray(0, this.#remaining)
      rest = rest.subarray(body.length)
      this.#remaining -= body.length
      if (this.#kind === stderrKind) this.#onDiagnostics(body)
      else if (!this.push(body)) this.#connection.pause()
    }
  }
}
