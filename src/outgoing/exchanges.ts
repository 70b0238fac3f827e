import type { Dispatcher } from 'undici'
import { AbortableDispatch } from './abortable-dispatch.ts'
import { Exchange, type Answered, type ExchangeRules } from './exchange.ts'

export interface ExchangesOptions {
  /** How many there are at the same time. */
  readonly connections: number
  /** How many may wait for one of them. */
  readonly waiting: number
  readonly rules: ExchangeRules
  /** What is said to a call for which there is no connection, nor a place to wait or time left to. */
  readonly busy: () => Error
}

/**
 * Requests to one upstream, as many at the same time as there are connections. The others wait here and not in the client
 * of HTTP: in the order in which they came, a limited number of them, and no longer than their answer may take to begin.
 */
export class Exchanges {
  readonly #dispatcher: AbortableDispatch
  readonly #options: ExchangesOptions
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(dispatcher: Pick<Dispatcher, 'dispatch'>, options: ExchangesOptions) {
    this.#dispatcher = new AbortableDispatch(dispatcher)
    this.#options = options
  }

  /** Rejects with what the connection throws, the reason of the signal, or what the rules say of it. */
  async send(request: Dispatcher.DispatchOptions, signal: AbortSignal): Promise<Answered> {
    const { connections, rules } = this.#options
    let left: number | null = null
    if (this.#running < connections) this.#running += 1
    else left = await this.#place(signal)
    const exchange = new Exchange({ rules, signal, left }, () => this.#leave())
    if (!signal.aborted) exchange.onTaken(this.#dispatcher.send(request, exchange))
    return exchange.answered
  }

  /**
   * Resolves when a place is handed over, with the milliseconds that are left; until then whoever hangs up, or has waited
   * for as long as their answer may take, is taken out.
   */
  #place(signal: AbortSignal): Promise<number> {
    const { waiting, rules, busy } = this.#options
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      if (this.#waiting.size >= waiting) return reject(busy())
      const began = performance.now()
      const leave = (reason: Error): void => {
        clearTimeout(late)
        signal.removeEventListener('abort', hangUp)
        this.#waiting.delete(begin)
        reject(reason)
      }
      const begin = (): void => {
        clearTimeout(late)
        signal.removeEventListener('abort', hangUp)
        resolve(Math.max(0, rules.timeoutMilliseconds - (performance.now() - began)))
      }
      const hangUp = (): void => leave(signal.reason as Error)
      const late = setTimeout(() => leave(busy()), rules.timeoutMilliseconds)
      signal.addEventListener('abort', hangUp)
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
