import type { ResponseJson } from '../wire/response-json.ts'
import type { ResponseEvent, ResponseEvents } from './response-events.ts'
import type { RunPart } from '../../../sessions/run-parts.ts'

/** What is said to whoever reads now, and to nobody who reads what was kept: it has no number. */
interface Aside {
  readonly type: `sallyport.${string}`
  readonly [name: string]: unknown
}

/** A response while its run goes on in this process: its events so far, for whoever reads them from any number on. */
export class LiveResponse {
  readonly #events: ResponseEvents
  readonly #told: (ResponseEvent | Aside)[] = []
  readonly #over = Promise.withResolvers<void>()
  #more = Promise.withResolvers<void>()
  #isOver = false
  #count = 0

  constructor(events: ResponseEvents) {
    this.#events = events
    this.#add(events.begin())
  }

  get response(): ResponseJson {
    return this.#events.response
  }

  /** How many events there are so far. */
  get count(): number {
    return this.#count
  }

  /** Resolves when the last event is there. */
  get over(): Promise<void> {
    return this.#over.promise
  }

  tell(part: RunPart): void {
    this.#add(this.#events.next(part))
    this.#wake()
  }

  /** Says what is no part of the response. */
  aside(event: Aside): void {
    this.#told.push(event)
    this.#wake()
  }

  end(): void {
    this.#isOver = true
    this.#over.resolve()
    this.#wake()
  }

  /** Events from a number on, those that are still to come included. */
  async *from(number: number): AsyncGenerator<ResponseEvent | Aside> {
    let at = this.#told.findIndex((event) => event['sequence_number'] === number - 1) + 1
    for (;;) {
      const more = this.#more.promise
      for (let event = this.#told[at]; event !== undefined; event = this.#told[at]) {
        at += 1
        yield event
      }
      if (this.#isOver) return
      await more
    }
  }

  #add(events: readonly ResponseEvent[]): void {
    // A long text has more events than a call takes arguments.
    for (const event of events) this.#told.push(event)
    this.#count += events.length
  }

  #wake(): void {
    const { resolve } = this.#more
    this.#more = Promise.withResolvers<void>()
    resolve()
  }
}
