import { ServiceError } from '../../core/errors.ts'
import { abortFault, untilAborted } from '../abort.ts'
import type { PostgresConnection } from './connection.ts'

export interface ConnectionPoolOptions {
  readonly maximum: number
  open(): Promise<PostgresConnection>
}

/** Up to `maximum` connections, lent one at a time, opened when needed, kept while they work. */
export class ConnectionPool implements AsyncDisposable {
  readonly #options: ConnectionPoolOptions
  readonly #idle: PostgresConnection[] = []
  readonly #lent = new Set<PostgresConnection>()
  readonly #waiting: (() => void)[] = []
  #opened = 0
  #disposed = false

  constructor(options: ConnectionPoolOptions) {
    this.#options = options
  }

  /** Lends a connection for the length of `use`; one that cannot be cleaned afterwards is thrown away. */
  async with<T>(signal: AbortSignal, use: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    const connection = await this.#lend(signal)
    this.#lent.add(connection)
    try {
      return await use(connection)
    } finally {
      this.#lent.delete(connection)
      await this.#giveBack(connection)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    for (const waiting of this.#waiting.splice(0)) waiting()
    await Promise.all([...this.#lent].map((connection) => connection.cancel()))
    await Promise.all(this.#idle.splice(0).map((connection) => connection[Symbol.asyncDispose]()))
  }

  async #lend(signal: AbortSignal): Promise<PostgresConnection> {
    const taking = this.#take(signal)
    try {
      return await untilAborted(taking, signal)
    } catch (error) {
      // Whoever gave up waiting must not keep a connection that was still on its way.
      taking.then((connection) => this.#giveBack(connection)).catch(() => {})
      throw error
    }
  }

  async #take(signal: AbortSignal): Promise<PostgresConnection> {
    for (;;) {
      if (signal.aborted) throw abortFault(signal)
      if (this.#disposed) throw new ServiceError('shutting-down', 'The database is being closed.')
      const idle = this.#idle.pop()
      if (idle?.reusable) return idle
      if (idle !== undefined) this.#opened -= 1
      else if (this.#opened < this.#options.maximum) return this.#open()
      else await this.#turn(signal)
    }
  }

  async #open(): Promise<PostgresConnection> {
    this.#opened += 1
    try {
      return await this.#options.open()
    } catch (error) {
      this.#opened -= 1
      this.#waiting.shift()?.()
      throw error
    }
  }

  async #giveBack(connection: PostgresConnection): Promise<void> {
    const clean = connection.reusable && !this.#disposed && (await cleaned(connection))
    if (clean) this.#idle.push(connection)
    else {
      this.#opened -= 1
      await connection[Symbol.asyncDispose]()
    }
    this.#waiting.shift()?.()
  }

  #turn(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = (): void => resolve()
    this.#waiting.push(wake)
    signal.addEventListener('abort', wake, { once: true })
    return promise.finally(() => {
      signal.removeEventListener('abort', wake)
      const place = this.#waiting.indexOf(wake)
      if (place !== -1) this.#waiting.splice(place, 1)
    })
  }
}

const cleaningMilliseconds = 5000

/** Nothing a statement did to its session reaches the next one. */
async function cleaned(connection: PostgresConnection): Promise<boolean> {
  const silence = setTimeout(() => connection.cut(), cleaningMilliseconds)
  try {
    await connection.run('ROLLBACK')
    await connection.run('DISCARD ALL')
    return true
  } catch {
    return false
  } finally {
    clearTimeout(silence)
  }
}
