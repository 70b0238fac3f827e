import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import { jsonOf } from '../../http/json-body.ts'
import { ownShape } from '../../http/json-shape.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { toHttpError } from '../../http/problem.ts'
import { kernelMessage, type KernelMessage } from '../wire/jupyter.ts'

type Content = Readonly<Record<string, JsonValue>>

/** What a kernel says about one request. */
export interface Telling {
  /** Its place among the requests of its connection. */
  readonly place: number
  /** The place of the last one that has come. */
  readonly latest: () => number
  /** Resolves when the connection has taken it, or is gone. */
  readonly tell: (channel: 'shell' | 'control' | 'iopub', type: string, content: Content) => Promise<void>
}

/** Answers a request, its status around it aside. Must not reject. */
export type AnswerMessage = (message: KernelMessage, telling: Telling) => Promise<void>

export interface KernelConnectionOptions {
  readonly socket: WebSocket
  readonly answer: AnswerMessage
  /** Is its kernel there still? */
  readonly isThere: () => Promise<boolean>
  readonly heartbeatMilliseconds: number
  /** How long a reader may take none of what waits for it. */
  readonly stallMilliseconds: number
  readonly bodyLimitBytes: number
}

/** Requests that may wait for those before them, and how many of the longest ones in bytes: what waits is in memory. */
const [mostWaiting, mostWaitingOfMostBytes] = [100, 4] as const

/** Reasons for which a connection is closed (RFC 6455, 7.4.1). */
const closed = { goingAway: 1001, unsupported: 1003, invalid: 1007, policy: 1008 } as const

/**
 * A connection to a kernel, in the default protocol of Jupyter's clients: messages of JSON, without a protocol of their own chosen. Requests on `shell` are
 * answered one after the other, those on `control` at once; around each stand `busy` and `idle`, and `busy` comes again while it takes long, so that a
 * client which waits for the next message goes on waiting.
 */
export class KernelConnection {
  readonly #options: KernelConnectionOptions
  readonly #session = randomUUID()
  readonly #timer: NodeJS.Timeout
  #shell: Promise<void> = Promise.resolve()
  #waiting = 0
  #waitingBytes = 0
  #taken = 0
  #lastHeard = performance.now()
  #isEnding = false

  constructor(options: KernelConnectionOptions) {
    this.#options = options
    const { socket, heartbeatMilliseconds } = options
    this.#timer = setInterval(() => void this.#beat(), heartbeatMilliseconds)
    socket.on('message', (data, isBinary) => this.#take(data as Buffer, isBinary))
    socket.on('pong', () => {
      this.#lastHeard = performance.now()
    })
    // Whatever is wrong with a frame closes the connection, which is all that there is to say.
    socket.on('error', () => undefined)
    socket.on('close', () => clearInterval(this.#timer))
  }

  /** Ends when what was asked is answered. */
  endSoon(): void {
    this.#isEnding = true
    if (this.#waiting === 0) this.#close(closed.goingAway, 'The service takes no more work.')
  }

  #close(code: number, reason: string): void {
    // A reason has 123 bytes at most.
    this.#options.socket.close(code, reason.replace(/[^ -~]/g, ' ').slice(0, 120))
  }

  async #beat(): Promise<void> {
    const { socket, isThere, heartbeatMilliseconds, stallMilliseconds } = this.#options
    const silent = performance.now() - this.#lastHeard
    if (silent > 2 * heartbeatMilliseconds + stallMilliseconds) return socket.terminate()
    socket.ping()
    if (this.#waiting > 0) return
    const found = await isThere().catch(() => false)
    if (!found && this.#waiting === 0) this.#close(closed.goingAway, 'The kernel has ended.')
  }

  #take(data: Buffer, isBinary: boolean): void {
    if (isBinary) return this.#close(closed.unsupported, 'Messages are JSON here.')
    let message: KernelMessage
    try {
      message = parseRequest(kernelMessage, jsonOf(data, { limitBytes: this.#options.bodyLimitBytes, shape: ownShape }))
    } catch (thrown) {
      return this.#close(closed.invalid, toHttpError(thrown).message)
    }
    if (this.#isEnding) return
    const bytes = this.#waitingBytes + data.length
    const isTooMuch = bytes > mostWaitingOfMostBytes * this.#options.bodyLimitBytes
    if (isTooMuch || this.#waiting >= mostWaiting) return this.#close(closed.policy, 'Too many requests wait.')
    this.#waiting += 1
    this.#waitingBytes = bytes
    this.#taken += 1
    const place = this.#taken
    const answer = () => this.#answer(message, place, data.length)
    if (message.channel === 'control') void answer()
    else this.#shell = this.#shell.then(answer)
  }

  async #answer(message: KernelMessage, place: number, bytes: number): Promise<void> {
    const latest = (): number => this.#taken
    const tell: Telling['tell'] = (channel, type, content) => this.#tell(message, { channel, type, content })
    const status = (state: 'busy' | 'idle') => tell('iopub', 'status', { execution_state: state })
    const { socket, heartbeatMilliseconds } = this.#options
    // Whoever has not taken what was said before needs not be told that it goes on.
    const beat = setInterval(() => {
      if (socket.bufferedAmount === 0) void status('busy')
    }, heartbeatMilliseconds)
    try {
      await status('busy')
      if (socket.readyState === socket.OPEN) await this.#options.answer(message, { tell, place, latest })
      clearInterval(beat)
      await status('idle')
    } finally {
      clearInterval(beat)
      this.#waiting -= 1
      this.#waitingBytes -= bytes
      if (this.#isEnding && this.#waiting === 0) this.endSoon()
    }
  }

  async #tell(
    parent: KernelMessage,
    { channel, type, content }: { readonly channel: string; readonly type: string; readonly content: Content },
  ): Promise<void> {
    const { socket, stallMilliseconds } = this.#options
    if (socket.readyState !== socket.OPEN) return
    const header = {
      msg_id: randomUUID(),
      msg_type: type,
      username: parent.header.username,
      session: this.#session,
      date: new Date().toISOString(),
      version: '5.3',
    }
    const ids = { msg_id: header.msg_id, msg_type: type }
    const message = { header, ...ids, parent_header: parent.header, metadata: {}, content, buffers: [], channel }
    const sent = new Promise<void>((resolve) => {
      socket.send(JSON.stringify(message), () => resolve())
    })
    const late = new AbortController()
    const stalled = sleep(stallMilliseconds, 'stalled', { signal: late.signal }).catch(() => 'sent')
    if ((await Promise.race([sent.then(() => 'sent'), stalled])) === 'stalled') socket.terminate()
    late.abort()
  }
}

/** A connection that is not one to a kernel. */
export function noWebSocket(): ServiceError {
  return new ServiceError('invalid-request', 'The channels of a kernel are a WebSocket.', {
    advice: 'Connect to the address as a WebSocket; a proxy in front has to pass upgrades on.',
  })
}
