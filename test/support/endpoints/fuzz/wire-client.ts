import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** A connection of HTTP that sends whatever bytes it is given and reads one answer after the other, strictly. */
export class WireClient implements Disposable {
  readonly #socket: Socket
  #bytes: Buffer = Buffer.alloc(0)
  #isClosed = false
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (piece: Buffer) => {
      this.#bytes = this.#bytes.length === 0 ? piece : Buffer.concat([this.#bytes, piece])
      this.#wake()
    })
    socket.on('error', () => undefined)
    for (const event of ['end', 'close'] as const) {
      socket.on(event, () => {
        this.#isClosed = true
        this.#wake()
      })
    }
  }

  static async to(port: number): Promise<WireClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    await once(socket, 'connect')
    return new WireClient(socket)
  }

  /** Has the other side closed it, and is nothing left to read? */
  get isOver(): boolean {
    return this.#isClosed && this.#bytes.length === 0
  }

  /** What came and was not read yet. */
  get unread(): string {
    return this.#bytes.toString('latin1')
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** Says that nothing more is sent; what is answered can still be read. */
  end(): void {
    this.#socket.end()
  }

  /**
   * The next answer but for interim ones (1xx); `closed` where there is none. Rejects after `patience` milliseconds, and for
   * what is no answer of HTTP.
   */
  async answer({ method = 'POST', patience = 20_000 } = {}): Promise<WireAnswer | 'closed'> {
    const deadline = performance.now() + patience
    for (;;) {
      const read = readAnswer(this.#bytes, method, this.#isClosed)
      if (read !== null) {
        this.#bytes = this.#bytes.subarray(read.length)
        if (read.answer.status >= 200) return read.answer
        continue
      }
      if (this.#isClosed) {
        if (this.#bytes.length === 0) return 'closed'
        throw new Error(`no whole answer: ${this.unread.slice(0, 300)}`)
      }
      const left = deadline - performance.now()
      if (left <= 0) throw new Error(`no answer in ${patience} ms; so far: ${this.unread.slice(0, 300)}`)
      await this.#more(left)
    }
  }

  #more(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }
}

function readAnswer(bytes: Buffer, method: string, isClosed: boolean): { answer: WireAnswer; length: number } | null {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const [first = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1])
  if (Number.isNaN(status)) throw new Error(`no answer of HTTP: ${first.slice(0, 300)}`)
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const at = line.indexOf(':')
    const name = line.slice(0, at).toLowerCase()
    if (name in headers && name !== 'vary') throw new Error(`an answer with two ${name} headers`)
    headers[name] = line.slice(at + 1).trim()
  }
  const begin = headEnd + 4
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') {
    return { answer: { status, headers, body: Buffer.alloc(0) }, length: begin }
  }
  if (headers['transfer-encoding'] === 'chunked') {
    const chunks = readChunks(bytes, begin)
    return chunks === null ? null : { answer: { status, headers, body: chunks.body }, length: chunks.end }
  }
  const said = headers['content-length']
  if (said === undefined && !isClosed) return null
  const length = said === undefined ? bytes.length - begin : Number(said)
  if (bytes.length < begin + length) return null
  return {
    answer: { status, headers, body: Buffer.from(bytes.subarray(begin, begin + length)) },
    length: begin + length,
  }
}

function readChunks(bytes: Buffer, begin: number): { readonly body: Buffer; readonly end: number } | null {
  const pieces: Buffer[] = []
  for (let at = begin; ;) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    const from = line + 2
    if (bytes.length < from + size + 2) return null
    if (size === 0) return { body: Buffer.concat(pieces), end: from + 2 }
    pieces.push(bytes.subarray(from, from + size))
    at = from + size + 2
  }
}
