import { withDeadline } from '../../concurrency/with-deadline.ts'
import type { CarriedAnswer, CarriedRequest } from '../../core/carried.ts'
import { ServiceError } from '../../core/errors.ts'
import type { ScreenedAnswer } from '../../core/model-call.ts'
import { headersWithOwn } from '../../http/own-headers.ts'
import { ofStreams } from '../calls/pass-call.ts'
import { BodyOut, mutationOf, type BodyForm } from './body-out.ts'
import { headerPairs, valueOf } from './envoy-head.ts'
import type { EnvoyHeader } from './services.ts'
import type { SideStream } from './side-stream.ts'

export interface CarriedExchangeOptions {
  readonly form: BodyForm
  /** The head of the request, name, value, name, value, with those that begin with a colon. */
  readonly pairs: readonly string[]
  /** Does a body follow the head of the request, though it may be empty? */
  readonly hasBody: boolean
  readonly requestId: string
  /** How long the upstream may say nothing behind the end of its answer, in milliseconds. */
  readonly stallMilliseconds: number
}

const namesOf = (headers: readonly EnvoyHeader[]): readonly string[] => [...new Set(headers.map(({ key }) => key))]

/** Whoever has read a part of it and lets go does not end it. */
const onlyRead = (pieces: AsyncGenerator<Buffer>): AsyncIterable<Buffer> => ({
  [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }),
})

/** One call whose upstream Envoy talks to: a request there, and an answer back to the caller. */
export class CarriedExchange {
  readonly #stream: SideStream
  readonly #options: CarriedExchangeOptions
  readonly #request: BodyOut
  readonly #response: BodyOut
  #requestTrailers: readonly string[] | null = null
  #responseTrailers: readonly string[] | null = null
  /** Of the upstream's answer, as `pairs` is of the request. */
  #answered: readonly string[] = []
  #hasBody = true
  /** What comes of the upstream's answer. Goes on where whoever has read it lets go. */
  #reading: AsyncGenerator<Buffer> | null = null
  /** Has a stream of events begun? */
  #isStream = false
  /** Of what the caller gets; 0 before it has begun. */
  status = 0

  constructor(stream: SideStream, options: CarriedExchangeOptions) {
    this.#stream = stream
    this.#options = options
    this.#request = new BodyOut(stream, 'request', options.form)
    this.#response = new BodyOut(stream, 'response', options.form)
  }

  /** Has the caller's answer begun? */
  get isBegun(): boolean {
    return this.#response.isBegun
  }

  /** A piece of the request's body has come. */
  requestPiece(): void {
    this.#request.came()
  }

  /** The request ends with these. */
  requestTrailers(trailers: readonly EnvoyHeader[]): void {
    this.#requestTrailers = namesOf(trailers)
  }

  /** Lets Envoy send the request, nothing of which has gone before, and resolves with the head of the answer. */
  async carry({ path, headers, body }: CarriedRequest, signal: AbortSignal): Promise<CarriedAnswer> {
    await this.#request.head(mutationOf(this.#options.pairs, [':path', path, ...headers]))
    if (body !== null) await this.#request.write(body)
    if (this.#options.hasBody) await this.#request.end(this.#requestTrailers)
    const message = await this.#stream.next(signal)
    if (message.request !== 'responseHeaders') {
      throw new ServiceError('internal', `Envoy has sent ${message.request} in the place of an answer.`)
    }
    const { headers: list, endOfStream } = message.responseHeaders
    this.#answered = headerPairs(list?.headers ?? [])
    this.#hasBody = !endOfStream
    const raw = this.#answered.flatMap((name, at, all) =>
      at % 2 === 0 && !name.startsWith(':') ? [name, all[at + 1] ?? ''] : [],
    )
    const reading = this.#pieces()
    this.#reading = reading
    return { status: Number(valueOf(this.#answered, ':status')), raw, body: onlyRead(reading) }
  }

  async *#pieces(): AsyncGenerator<Buffer> {
    for (let isOver = !this.#hasBody; !isOver;) {
      await this.#response.used()
      const message = await this.#stream.next()
      if (message.request === 'responseTrailers') {
        this.#responseTrailers = namesOf(message.responseTrailers.trailers?.headers ?? [])
        return
      }
      if (message.request !== 'responseBody') {
        throw new ServiceError('internal', `Envoy has sent ${message.request} in an answer.`)
      }
      const { body, endOfStream } = message.responseBody
      this.#response.came()
      isOver = endOfStream
      if (body.length > 0) yield body
    }
  }

  /** Lets Envoy answer the caller. Status and headers go out with the first bytes: until then a failure can have a status of its own. */
  async deliver({ status, headers, body }: ScreenedAnswer): Promise<void> {
    if (Buffer.isBuffer(body)) {
      await this.#begin(status, headers)
      await this.#response.write(body)
    } else {
      for await (const events of body) {
        if (!this.#isStream) await this.#begin(status, [...headers, ...ofStreams])
        this.#isStream = true
        await this.#response.write(events)
      }
      if (!this.#isStream) await this.#begin(status, headers)
    }
    if (!this.#hasBody) return
    if (this.#options.form === 'in-place') await this.#leaveOut()
    await this.#response.end(this.#responseTrailers)
  }

  /**
   * The rest of what the upstream says behind the end of its answer, a block for one: where pieces stand for each other, nothing
   * stands for each. Envoy would pass on what it is told nothing of.
   */
  async #leaveOut(): Promise<void> {
    const reading = this.#reading
    if (reading === null) return
    for (let isOver = false; !isOver;) {
      const next = await withDeadline(this.#options.stallMilliseconds, () => reading.next())
      isOver = next.done === true
    }
  }

  /** Ends an answer that has begun with a fault: a stream of events with `event`, anything else by breaking it off. */
  async breakOff(event: string): Promise<void> {
    // A piece can be changed where pieces stand for each other, but the end is the upstream's.
    if (!this.#isStream || this.#options.form === 'in-place') return this.#stream.fail('the answer has broken off')
    await this.#response.write(Buffer.from(event))
    await this.#response.end(null)
    this.#stream.end()
  }

  async #begin(status: number, headers: readonly string[]): Promise<void> {
    this.status = status
    const own = [':status', String(status), ...headersWithOwn(this.#options.requestId, headers)]
    await this.#response.head(mutationOf(this.#answered, own))
  }
}
