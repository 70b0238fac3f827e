import { ServiceError } from '../../core/errors.ts'
import { untilAborted } from '../../concurrency/until-aborted.ts'
import { Decoder, type DecodeOutcome, type DecoderOptions } from './decoder.ts'
import type { DecodeRequest } from './messages.ts'

export interface DecodersOptions extends DecoderOptions {
  /** Processes, each of which decodes one picture at a time. */
  readonly processes: number
  /** Pictures that may wait for one; further ones are refused. */
  readonly waiting: number
  /** Pictures after which a process is worn and gives way to a new one. */
  readonly picturesPerProcess: number
}

type Waiting = (decoder: Decoder) => void

/**
 * A few decoders and a bounded queue before them, first come first served. A process starts with the first picture, or
 * at `warm`; one that is worn is replaced before its next picture.
 */
export class Decoders implements AsyncDisposable {
  readonly #options: DecodersOptions
  readonly #all = new Set<Decoder>()
  readonly #idle: Decoder[] = []
  readonly #waiting: Waiting[] = []

  constructor(options: DecodersOptions) {
    this.#options = options
    for (let count = 0; count < options.processes; count += 1) this.#idle.push(this.#create())
  }

  /** Starts the processes; rejects where this machine gives them no wall. */
  async warm(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#all].map((decoder) => decoder.warm(signal)))
  }

  /** Rejects with `sandbox-busy` where too many wait. A decoding goes on to its end though its caller has gone. */
  async decode(request: DecodeRequest, signal: AbortSignal): Promise<DecodeOutcome> {
    const decoder = await this.#take(signal)
    const work = decoder.decode(request).finally(() => this.#giveBack(decoder))
    return untilAborted(work, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((decoder) => decoder[Symbol.asyncDispose]()))
  }

  async #take(signal: AbortSignal): Promise<Decoder> {
    signal.throwIfAborted()
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle
    if (this.#waiting.length >= this.#options.waiting)
      throw new ServiceError('sandbox-busy', 'Too many pictures wait to be decoded.', { advice: 'Try again shortly.' })
    const { promise, resolve } = Promise.withResolvers<Decoder>()
    this.#waiting.push(resolve)
    try {
      return await untilAborted(promise, signal)
    } catch (thrown) {
      const place = this.#waiting.indexOf(resolve)
      if (place === -1) void promise.then((decoder) => this.#hand(decoder))
      else this.#waiting.splice(place, 1)
      throw thrown
    }
  }

  #giveBack(decoder: Decoder): void {
    if (decoder.pictures < this.#options.picturesPerProcess) return this.#hand(decoder)
    this.#all.delete(decoder)
    void decoder[Symbol.asyncDispose]()
    this.#hand(this.#create())
  }

  #hand(decoder: Decoder): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#idle.push(decoder)
    else next(decoder)
  }

  #create(): Decoder {
    const decoder = new Decoder(this.#options)
    this.#all.add(decoder)
    return decoder
  }
}
