import { ServiceError } from '../../core/errors.ts'
import { FairQueue } from '../../concurrency/fair-queue.ts'
import { untilAborted } from '../../concurrency/until-aborted.ts'
import { Decoder, type DecodeOutcome, type DecoderOptions } from './decoder.ts'
import type { DecodeRequest } from './messages.ts'

export interface DecodersOptions extends DecoderOptions {
  /** Processes, each of which decodes one picture at a time. */
  readonly processes: number
  /** Pictures that may wait for one; further ones are refused, those first of whoever has most of them waiting. */
  readonly waiting: number
  /** Pictures after which a process is worn and gives way to a new one. */
  readonly picturesPerProcess: number
}

/**
 * A few decoders and a bounded queue before them, in which senders take turns. A process starts with the first picture, or
 * at `warm`; one that is worn is replaced before its next picture.
 */
export class Decoders implements AsyncDisposable {
  readonly #options: DecodersOptions
  readonly #queue: FairQueue
  readonly #all = new Set<Decoder>()
  readonly #idle: Decoder[] = []

  constructor(options: DecodersOptions) {
    const { processes, waiting, deadlineMilliseconds } = options
    this.#options = options
    this.#queue = new FairQueue({
      running: processes,
      waiting,
      waitingPerCaller: waiting,
      waitMilliseconds: deadlineMilliseconds,
      busy: () =>
        new ServiceError('sandbox-busy', 'Too many pictures wait to be decoded.', { advice: 'Try again shortly.' }),
    })
    for (let count = 0; count < processes; count += 1) this.#idle.push(this.#create())
  }

  /** Starts the processes; rejects where this machine gives them no wall. */
  async warm(signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#all].map((decoder) => decoder.warm(signal)))
  }

  /**
   * Rejects with `sandbox-busy` where too many wait, and where a picture has waited for as long as it may take itself. A decoding
   * goes on to its end though its sender has gone.
   */
  async decode(
    request: DecodeRequest,
    { sender, signal }: { readonly sender: string; readonly signal: AbortSignal },
  ): Promise<DecodeOutcome> {
    const turn = await this.#queue.enter(sender, signal)
    const decoder = this.#idle.pop() ?? this.#create()
    const work = decoder.decode(request).finally(() => {
      this.#giveBack(decoder)
      turn[Symbol.dispose]()
    })
    return untilAborted(work, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((decoder) => decoder[Symbol.asyncDispose]()))
  }

  #giveBack(decoder: Decoder): void {
    if (decoder.pictures < this.#options.picturesPerProcess) {
      this.#idle.push(decoder)
      return
    }
    this.#all.delete(decoder)
    void decoder[Symbol.asyncDispose]()
  }

  #create(): Decoder {
    const decoder = new Decoder(this.#options)
    this.#all.add(decoder)
    return decoder
  }
}
