import { ServiceError } from '../../core/errors.ts'
import { abortFault, untilAborted } from '../abort.ts'

/** What the pool and the supervision of a statement need of a connection to a server. */
export interface ServerConnection extends AsyncDisposable {
  /** False once the connection must not be used any more. */
  readonly reusable: boolean
  /**
   * Tells the server, over another connection, to end what it does for this one, which is not used again. True where the server
   * answers that it has no such connection any more, and so does nothing for it.
   */
  cancel(): Promise<boolean>
  /** Ends the connection from this side, whatever the server is doing. */
  cut(): void
  /** Leaves nothing of what a statement did to its session. */
  clean(): Promise<void>
}

export interface ConnectionPoolOptions<Connection extends ServerConnection> {
  readonly maximum: number
  open(): Promise<Connection>
}

/** Up to `maximum` connections, lent one at a time, opened when needed, kept while they work. */
export class ConnectionPool<Connection extends ServerConnection> implements AsyncDisposable {
  readonly #options: ConnectionPoolOptions<Connection>
  readonly #idle: Connection[] = []
  readonly #lent = new Set<Connection>()
  readonly #waiting: (() => void)[] = []
  #opened = 0
  #disposed = false

  constructor(options: ConnectionPoolOptions<Connection>) {
    this.#options = options
  }

  /** Lends a connection for the length of `use`; one that cannot be cleaned afterwards is thrown away. */
  async with<T>(signal: AbortSignal, use: (connection: Connection) => Promise<T>): Promise<T> {
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

  async #lend(signal: AbortSignal): Promise<Connection> {
    const taking = this.#take(signal)
    try {
      return await untilAborted(taking, signal)
    } catch (error) {
      // Whoever gave up waiting must not keep a connection that was still on its way.
      taking.then((connection) => this.#giveBack(connection)).catch(() => {})
      throw error
    }
  }

  async #take(signal: AbortSignal): Promise<Connection> {
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

  async #open(): Promise<Connection> {
    this.#opened += 1
    try {
      return await this.#options.open()
    } catch (error) {
      this.#opened -= 1
      this.#waiting.shift()?.()
      throw error
    }
  }

  async #giveBack(connection: Connection): Promise<void> {
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
async function cleaned(connection: ServerConnection): Promise<boolean> {
  const silence = setTimeout(() => connection.cut(), cleaningMilliseconds)
  try {
    await connection.clean()
    return true
  } catch {
    return false
  } finally {
    clearTimeout(silence)
  }
}
