import type { Dispatcher } from 'undici'
import { Exchange, type Answered, type ExchangeOptions } from './exchange.ts'

export interface ExchangesOptions {
  readonly connections: number
  /** How many may wait for a connection at the same time. */
  readonly waiting: number
  /** How long an answer may take to begin, the wait for a connection included, in milliseconds. */
  readonly milliseconds: number
  /** What whoever cannot wait, or has waited for too long, is told. */
  readonly turnedAway: (reason: 'full' | 'late') => Error
}

/**
 * Requests to one upstream, as many at the same time as there are connections. The others wait here, the first to come
 * being the first to go, and not in the client of HTTP, which would keep the body of a call whose caller has gone until a
 * connection is free. A place is given back when that client has let the request go: no more bodies than there are
 * connections are kept for callers who left while a connection was being made.
 */
export class Exchanges {
  readonly #dispatcher: Pick<Dispatcher, 'dispatch'>
  readonly #options: ExchangesOptions
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(dispatcher: Pick<Dispatcher, 'dispatch'>, options: ExchangesOptions) {
    this.#dispatcher = dispatcher
    this.#options = options
  }

  /** Rejects with what the connection throws, what those who wait in vain are told, or the reason of the signal. */
  async send(request: Dispatcher.DispatchOptions, options: ExchangeOptions): Promise<Answered> {
    let timely = request
    if (this.#running < this.#options.connections) this.#running += 1
    else {
      const begun = performance.now()
      await this.#place(options.signal)
      const left = this.#options.milliseconds - (performance.now() - begun)
      timely = { ...request, headersTimeout: Math.max(1, Math.ceil(left)) }
    }
    const exchange = new Exchange(options, () => this.#leave())
    try {
      if (!options.signal.aborted) {
        exchange.willStart()
        this.#dispatcher.dispatch(timely, exchange)
      }
    } catch (thrown) {
      exchange.onResponseError(null, thrown as Error)
    }
    return exchange.answered
  }

  /** Resolves when a place is handed over; until then whoever hangs up is taken out. */
  #place(signal: AbortSignal): Promise<void> {
    const { waiting, milliseconds, turnedAway } = this.#options
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(late)
        this.#waiting.delete(begin)
        signal.removeEventListener('abort', leave)
      }
      const begin = (): void => {
        end()
        resolve()
      }
      const leave = (): void => {
        end()
        reject(signal.reason as Error)
      }
      const late = setTimeout(() => {
        end()
        reject(turnedAway('late'))
      }, milliseconds)
      if (signal.aborted) return leave()
      if (this.#waiting.size >= waiting) {
        end()
        return reject(turnedAway('full'))
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.add(begin)
    })
  }

  #leave(): void {
    const [next] = this.#waiting
    if (next === undefined) this.#running -= 1
    else next()
  }
}
