import { Pool, type Dispatcher } from 'undici'
import type { Traffic } from './traffic.ts'

/** Where calls go. */
export interface Target {
  readonly origin: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Does it write answers anew? They are then another number of bytes than the upstream gave. */
  readonly rewrites?: boolean
}

/** One call, in milliseconds from its beginning. */
export interface Taken {
  readonly firstByte: number
  readonly whole: number
}

export interface LoadOptions {
  readonly traffic: Traffic
  readonly requests: number
  /** Callers, each of whom asks again when it was answered. */
  readonly concurrency: number
}

export interface Load {
  readonly taken: readonly Taken[]
  readonly perSecond: number
}

/** Callers of one target, whose connections stay open from one load to the next. */
export class Callers implements AsyncDisposable {
  readonly #target: Target
  readonly #pool: Pool

  constructor(target: Target, connections: number) {
    this.#target = target
    this.#pool = new Pool(target.origin, { connections, pipelining: 1, bodyTimeout: 60_000 })
  }

  /** Rejects with the first answer that is not as the upstream gave it. */
  async load({ traffic, requests, concurrency }: LoadOptions): Promise<Load> {
    const taken: Taken[] = []
    let left = requests
    const started = performance.now()
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (left > 0) {
          left -= 1
          taken.push(await this.#call(traffic))
        }
      }),
    )
    return { taken, perSecond: (requests * 1_000) / (performance.now() - started) }
  }

  #call({ body, next, answer }: Traffic): Promise<Taken> {
    const { path, headers, rewrites = false } = this.#target
    const given = answer.reduce((sum, { length }) => sum + length, 0)
    const expected = rewrites ? given / 2 : given
    return new Promise((resolve, reject) => {
      const started = performance.now()
      let [firstByte, status, length] = [0, 0, 0]
      let head = ''
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart: () => {},
        onResponseStart: (_controller, code) => {
          status = code
        },
        onResponseData: (_controller, chunk) => {
          if (length === 0) firstByte = performance.now() - started
          if (status !== 200) head += chunk.toString('utf8', 0, 300)
          length += chunk.length
        },
        onResponseEnd: () => {
          const isWhole = status === 200 && length >= expected
          if (isWhole) resolve({ firstByte, whole: performance.now() - started })
          else reject(new Error(`${this.#target.origin} answered ${status} with ${length} bytes: ${head}`))
        },
        onResponseError: (_controller, error) => reject(error),
      }
      this.#pool.dispatch(
        { path, method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: next?.() ?? body },
        handler,
      )
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.destroy()
  }
}
