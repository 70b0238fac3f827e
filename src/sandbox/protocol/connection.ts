import type { Duplex } from 'node:stream'
import { ServiceError } from '../../core/errors.ts'
import { encodeChunk, encodeControl, FrameDecoder, protocolFault } from './frames.ts'
import { parseMessage, type SupervisorMessage } from './messages.ts'

/** Who takes the answers to one request. Each is called in the order of the frames; none may throw anything but a protocol fault. */
export interface Channel {
  onMessage(message: SupervisorMessage): void
  onChunk?(bytes: Buffer, stream: number): void
  /** The connection is gone; nothing follows. */
  onLost(reason: ServiceError): void
}

/** Messages that answer no request. */
export type UnaskedMessage = Extract<
  SupervisorMessage,
  { type: 'need-keeper' | 'ready' | 'fatal' | 'worker-lost' | 'keeper-lost' }
>

/**
 * The host's end of one sandbox's protocol stream. Every frame is taken as hostile: the first one that is too large,
 * unknown, unasked for or wrongly signed ends the connection, and with it the sandbox.
 */
export class ProtocolConnection {
  readonly #stream: Duplex
  readonly #decoder: FrameDecoder
  readonly #channels = new Map<number, Channel>()
  readonly #onUnasked: (message: UnaskedMessage) => void
  #nonce: Buffer
  #lastId = 0
  #loss: ServiceError | null = null
  readonly #lost = Promise.withResolvers<ServiceError>()

  /** `nonce` is the one in force: zeros for a sandbox that was never spoken to. */
  constructor(stream: Duplex, nonce: Buffer, onUnasked: (message: UnaskedMessage) => void) {
    this.#stream = stream
    this.#nonce = nonce
    this.#onUnasked = onUnasked
    this.#decoder = new FrameDecoder(this.#nonce)
    stream.on('data', (piece: Buffer) => this.#take(piece))
    stream.on('end', () => this.lose(new ServiceError('sandbox-lost', 'The sandbox ended')))
    stream.on('close', () => this.lose(new ServiceError('sandbox-lost', 'The connection to the sandbox closed')))
    stream.on('error', (cause) => this.lose(new ServiceError('sandbox-lost', 'The connection broke', { cause })))
  }

  /** Null while it stands. */
  get loss(): ServiceError | null {
    return this.#loss
  }

  /** Resolves when it is gone, whatever the reason. */
  get lost(): Promise<ServiceError> {
    return this.#lost.promise
  }

  /** Says hello under the nonce in force; every frame from then on, both ways, carries the new one. */
  hello(message: object, nonce: Buffer): void {
    const greeting = encodeControl(this.#nonce, { type: 'hello', version: 1, nonce: nonce.toString('hex'), ...message })
    this.#nonce = nonce
    this.#decoder.expect(this.#nonce)
    if (this.#loss === null) this.#stream.write(greeting)
  }

  /** A new request: its id is used once. `close` it when its last answer is in. */
  open(channel: Channel): number {
    this.#lastId += 1
    this.#channels.set(this.#lastId, channel)
    if (this.#loss !== null) queueMicrotask(() => channel.onLost(this.#loss ?? protocolFault('lost')))
    return this.#lastId
  }

  /** Chunks of a stream the supervisor opened go to this channel until it is closed. */
  adopt(stream: number, channel: Channel): void {
    if (this.#channels.has(stream)) throw protocolFault('a stream that is open already')
    this.#channels.set(stream, channel)
  }

  close(id: number): void {
    this.#channels.delete(id)
  }

  send(message: object): void {
    if (this.#loss === null) this.#stream.write(encodeControl(this.#nonce, message))
  }

  /** Resolves when the stream takes more, so that no file has to fit in memory. */
  async sendChunk(stream: number, bytes: Uint8Array): Promise<void> {
    if (this.#loss !== null) throw this.#loss
    if (this.#stream.write(encodeChunk(this.#nonce, stream, bytes))) return
    const drained = Promise.withResolvers<void>()
    this.#stream.once('drain', drained.resolve)
    await Promise.race([drained.promise, this.lost])
    this.#stream.off('drain', drained.resolve)
  }

  lose(reason: ServiceError): void {
    if (this.#loss !== null) return
    this.#loss = reason
    this.#stream.destroy()
    for (const channel of this.#channels.values()) channel.onLost(reason)
    this.#channels.clear()
    this.#lost.resolve(reason)
  }

  #take(piece: Buffer): void {
    if (this.#loss !== null) return
    try {
      for (const frame of this.#decoder.push(piece)) {
        if (frame.kind === 'control') this.#dispatch(parseMessage(frame.payload))
        else this.#channelOf(frame.stream)?.onChunk?.(frame.bytes, frame.stream)
      }
    } catch (thrown) {
      this.lose(thrown instanceof ServiceError ? thrown : protocolFault(String(thrown)))
    }
  }

  #dispatch(message: SupervisorMessage): void {
    if ('id' in message) this.#channelOf(message.id)?.onMessage(message)
    else if (message.type === 'end') this.#channelOf(message.stream)?.onMessage(message)
    else this.#onUnasked(message)
  }

  /** Late answers to a request that was closed are dropped; an id that was never given out breaks the protocol. */
  #channelOf(id: number): Channel | undefined {
    const channel = this.#channels.get(id)
    if (channel === undefined && id > this.#lastId && id <= 2_147_483_647) throw protocolFault('an answer to nothing')
    return channel
  }
}
