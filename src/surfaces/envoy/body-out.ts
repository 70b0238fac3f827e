import { valueOf } from './envoy-head.ts'
import type { BodyMutation, HeaderMutation } from './services.ts'
import type { SideStream } from './side-stream.ts'

/** How Envoy sends bodies: for as many pieces as one likes (FULL_DUPLEX_STREAMED), or each for one in its place (STREAMED). */
export type BodyForm = 'duplex' | 'in-place'

/** Bytes of one message. */
const sliceBytes = 65_536

/** What makes one list of headers (name, value, name, value) out of another. */
export function mutationOf(before: readonly string[], after: readonly string[]): HeaderMutation {
  const namesOf = (raw: readonly string[]) => [...new Set(raw.filter((_text, at) => at % 2 === 0))]
  const wanted = namesOf(after)
  return {
    setHeaders: wanted.map((key) => ({
      header: { key, rawValue: Buffer.from(valueOf(after, key) ?? '', 'latin1') },
      appendAction: 2,
    })),
    removeHeaders: namesOf(before).filter((name) => !name.startsWith(':') && !wanted.includes(name)),
  }
}

const members = {
  request: { head: 'requestHeaders', body: 'requestBody', trailers: 'requestTrailers' },
  response: { head: 'responseHeaders', body: 'responseBody', trailers: 'responseTrailers' },
} as const

/** The head and the body that Envoy is to pass on in the place of those that it has sent. */
export class BodyOut {
  readonly #stream: SideStream
  readonly #names: (typeof members)['request' | 'response']
  readonly #form: BodyForm
  /** Pieces of Envoy's that have had no answer yet, of those that want one each. */
  #owed = 0
  #waiting: Buffer[] = []
  /** Has the head been written? */
  isBegun = false

  constructor(stream: SideStream, side: keyof typeof members, form: BodyForm) {
    this.#stream = stream
    this.#names = members[side]
    this.#form = form
  }

  async head(headerMutation: HeaderMutation): Promise<void> {
    this.isBegun = true
    await this.#stream.send({ [this.#names.head]: { response: { headerMutation } } })
  }

  /** A piece of Envoy's has come. */
  came(): void {
    this.#owed += 1
  }

  /** All that came has been made use of: what was written by then stands in its place. Behind a head alone. */
  async used(): Promise<void> {
    if (this.#form === 'duplex' || !this.isBegun) return
    while (this.#owed > 0) await this.#answerOne()
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#form === 'in-place') {
      this.#waiting.push(bytes)
      return
    }
    for (let at = 0; at < bytes.length; at += sliceBytes) await this.#piece(bytes.subarray(at, at + sliceBytes), false)
  }

  /** Ends the body, in which `trailers` of these names have come; none of them passes. */
  async end(trailers: readonly string[] | null): Promise<void> {
    if (this.#form === 'duplex') {
      if (trailers === null) await this.#piece(Buffer.alloc(0), true)
    } else if (this.#owed > 0 || this.#waiting.length > 0) {
      while (this.#owed > 1) await this.#answerOne(Buffer.alloc(0))
      await this.#answerOne()
    }
    if (trailers === null) return
    await this.#stream.send({
      [this.#names.trailers]: { headerMutation: { setHeaders: [], removeHeaders: trailers } },
    })
  }

  #piece(body: Buffer, endOfStream: boolean): Promise<void> {
    return this.#body({ streamedResponse: { body, endOfStream } })
  }

  async #answerOne(body?: Buffer): Promise<void> {
    this.#owed -= 1
    if (body !== undefined) return this.#body({ body })
    const all = Buffer.concat(this.#waiting)
    this.#waiting = []
    await this.#body({ body: all })
  }

  async #body(bodyMutation: BodyMutation): Promise<void> {
    await this.#stream.send({ [this.#names.body]: { response: { bodyMutation } } })
  }
}
