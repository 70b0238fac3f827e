import { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { ClusterClient } from './cluster-client.ts'
import { refusalOf } from './cluster-client.ts'
import { unavailable } from './cluster-faults.ts'

/** Channels of the protocol `v5.channel.k8s.io`: the first byte of each message says which (Kubernetes 1.30 and newer). */
const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const
const protocol = 'v5.channel.k8s.io'
const handshakeMilliseconds = 15_000
const pingMilliseconds = 15_000
const messageBytes = 16 * 1024 * 1024
/** As much of a program's output is kept that only says a word. */
const outputBytes = 64 * 1024
const noBytes = Buffer.alloc(0)

const statusShape = z.object({
  status: z.string().nullish(),
  message: z.string().nullish(),
})

interface ExecOptions {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly command: readonly string[]
  readonly hasInput: boolean
  /** Hears what the program writes to its standard error, and what the cluster says of its end. */
  readonly onDiagnostics: (piece: Buffer) => void
}

/**
 * A program in a container as a stream: what is written goes to its standard input, what is read is its standard output.
 * A reader that pauses pauses the connection, so that a sandbox cannot fill the memory of who reads it. Ends when the
 * program does; ending or destroying it ends the program's input.
 */
export class ExecStream extends Duplex {
  readonly #socket: WebSocket
  readonly #onDiagnostics: ExecOptions['onDiagnostics']
  readonly #pings: NodeJS.Timeout
  #wasHeard = true
  #isOver = false
  #didSucceed = false

  constructor(socket: WebSocket, onDiagnostics: ExecOptions['onDiagnostics']) {
    super({ allowHalfOpen: true })
    this.#socket = socket
    this.#onDiagnostics = onDiagnostics
    socket.on('message', (data: Buffer) => this.#take(data))
    socket.on('pong', () => (this.#wasHeard = true))
    socket.on('close', () => this.#end())
    socket.on('error', (error) => this.destroy(error))
    // What stands between closes connections on which nothing moves, and one that is cut says nothing by itself.
    this.#pings = setInterval(() => this.#ping(), pingMilliseconds)
    this.#pings.unref()
  }

  /** Did its node say that the program ended by itself, with status 0? */
  get didSucceed(): boolean {
    return this.#didSucceed
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(channels.stdin, piece, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#send(channels.close, Buffer.of(channels.stdin), () => done())
    else done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.#pings)
    this.#socket.terminate()
    done(error)
  }

  #send(channel: number, bytes: Buffer, done: (error?: Error | null) => void): void {
    const message = Buffer.allocUnsafe(bytes.length + 1)
    message[0] = channel
    bytes.copy(message, 1)
    this.#socket.send(message, (error) => done(error ?? null))
  }

  #take(data: Buffer): void {
    this.#wasHeard = true
    // After its end it says nothing that anybody hears.
    if (this.destroyed || this.#isOver) return
    const [channel, rest] = [data[0], data.subarray(1)]
    if (channel === channels.stdout && rest.length > 0) {
      if (!this.push(rest)) this.#socket.pause()
    } else if (channel === channels.stderr) this.#onDiagnostics(rest)
    else if (channel === channels.status) this.#hearEnd(rest)
  }

  /** The last that is said: how the program ended, or why it could not begin. */
  #hearEnd(said: Buffer): void {
    const { status, message } = parseStatus(said)
    this.#didSucceed = status === 'Success'
    if (status !== 'Success') this.#onDiagnostics(Buffer.from(`${message}\n`))
    this.#end()
  }

  #end(): void {
    clearInterval(this.#pings)
    if (this.#isOver || this.destroyed) return
    this.#isOver = true
    this.push(null)
    // Nobody hears what would still be written.
    this.end()
  }

  #ping(): void {
    // One that is paused hears no pong, and the pause is ours.
    if (!this.#wasHeard && !this.#socket.isPaused)
      this.destroy(new Error('The API server of the cluster says nothing any more'))
    this.#wasHeard = false
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping(noBytes, undefined, () => {})
  }
}

interface ExecStatus {
  readonly status: string
  readonly message: string
}

function parseStatus(said: Buffer): ExecStatus {
  try {
    const { status, message } = statusShape.parse(JSON.parse(said.toString('utf8')))
    return { status: status ?? '', message: message ?? '' }
  } catch {
    return { status: '', message: said.toString('utf8').slice(0, 300) }
  }
}

/** Starts a program in a container that runs. That the stream is open does not prove that it began: what it says does. */
export async function openExec(client: ClusterClient, options: ExecOptions, signal: AbortSignal): Promise<ExecStream> {
  signal.throwIfAborted()
  const { namespace, pod, container, command, hasInput } = options
  const query = new URLSearchParams({ container, stdin: String(hasInput), stdout: 'true', stderr: 'true' })
  for (const word of command) query.append('command', word)
  const address = client.address(`/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query.toString()}`)
  address.protocol = address.protocol.replace('http', 'ws')
  const socket = new WebSocket(address, [protocol], {
    ...client.access.tls,
    headers: await client.headers(),
    handshakeTimeout: handshakeMilliseconds,
    perMessageDeflate: false,
    maxPayload: messageBytes,
  })
  const stream = new ExecStream(socket, options.onDiagnostics)
  // Whoever uses it hears of its end; one that never opened is told by the rejection.
  stream.on('error', () => {})
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const abort = () => reject(signal.reason)
  socket.once('open', resolve)
  socket.once('error', (thrown) => reject(/subprotocol/i.test(thrown.message) ? tooOld() : thrown))
  socket.once('unexpected-response', (_request, response) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (piece: string) => {
      if (body.length < 65_536) body += piece
    })
    response.once('close', () => reject(refusalOf(response.statusCode ?? 0, body)))
  })
  signal.addEventListener('abort', abort, { once: true })
  try {
    await promise
    return stream
  } catch (thrown) {
    stream.destroy()
    throw thrown
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function tooOld(): Error {
  return unavailable('The API server does not speak v5.channel.k8s.io', {
    advice: 'Kubernetes 1.30 or newer does; what stands before the API server has to let WebSockets pass.',
  })
}

/** What a program writes, where its node says that it ended by itself with status 0; null where it ended otherwise. */
export async function runExec(
  client: ClusterClient,
  options: Omit<ExecOptions, 'hasInput' | 'onDiagnostics'>,
  signal: AbortSignal,
): Promise<string | null> {
  const stream = await openExec(client, { ...options, hasInput: false, onDiagnostics: () => {} }, signal)
  const { promise, resolve } = Promise.withResolvers<void>()
  let written = ''
  stream.on('data', (piece: Buffer) => {
    if (written.length < outputBytes) written += piece.toString('latin1')
  })
  stream.once('close', resolve)
  stream.once('end', resolve)
  signal.addEventListener('abort', () => resolve(), { once: true })
  await promise
  stream.destroy()
  return stream.didSucceed ? written : null
}
