import type { Dispatcher } from 'undici'
import { Exchange, type Answered, type ExchangeOptions } from './exchange.ts'

/**
 * Requests to one upstream, as many at the same time as there are connections. The others wait here and not in the client
 * of HTTP, which would keep the body of a call whose caller has gone until a connection is free.
 */
export class Exchanges {
  readonly #dispatcher: Pick<Dispatcher, 'dispatch'>
  readonly #connections: number
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(dispatcher: Pick<Dispatcher, 'dispatch'>, connections: number) {
    this.#dispatcher = dispatcher
    this.#connections = connections
  }

  /** Rejects with what the connection throws, or the reason of the signal. */
  async send(request: Dispatcher.DispatchOptions, options: ExchangeOptions): Promise<Answered> {
    if (this.#running < this.#connections) this.#running += 1
    else await this.#place(options.signal)
    const exchange = new Exchange(options, () => this.#leave())
    try {
      if (!options.signal.aborted) this.#dispatcher.dispatch(request, exchange)
    } catch (thrown) {
      exchange.onResponseError(null, thrown as Error)
    }
    return exchange.answered
  }

  /** Resolves when a place is handed over; until then whoever hangs up is taken out. */
  #place(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        this.#waiting.delete(begin)
        reject(signal.reason as Error)
      }
      if (signal.aborted) return leave()
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.add(begin)
    })
  }

  #leave(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#running -= 1
    else {
      this.#waiting.delete(next)
      next()
    }
  }
}
