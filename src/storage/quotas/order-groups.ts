import type { QuotaHeld, QuotaRefused } from '../../core/quotas.ts'
import type { QuotaOrder } from './quota-book.ts'

export type QuotaReplies = readonly (QuotaHeld | QuotaRefused | null)[]

interface Waiting {
  readonly order: QuotaOrder
  readonly answer: PromiseWithResolvers<QuotaHeld | QuotaRefused | null>
}

/** More are carried out by several transactions. */
const largestGroup = 500

/**
 * Orders of one turn of the event loop, and those that come while a transaction is written, are carried out by the next one
 * together, in the order in which they came: the more are asked and the slower the store, the larger the groups.
 */
export class OrderGroups {
  readonly #carryOut: (orders: readonly QuotaOrder[]) => Promise<QuotaReplies>
  readonly #gathered: Waiting[] = []
  #isWriting = false

  constructor(carryOut: (orders: readonly QuotaOrder[]) => Promise<QuotaReplies>) {
    this.#carryOut = carryOut
  }

  run(order: QuotaOrder): Promise<QuotaHeld | QuotaRefused | null> {
    const answer = Promise.withResolvers<QuotaHeld | QuotaRefused | null>()
    this.#gathered.push({ order, answer })
    if (!this.#isWriting) {
      this.#isWriting = true
      setImmediate(() => void this.#writeAll())
    }
    return answer.promise
  }

  async #writeAll(): Promise<void> {
    while (this.#gathered.length > 0) await this.#write(this.#gathered.splice(0, largestGroup))
    this.#isWriting = false
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    try {
      const replies = await this.#carryOut(group.map(({ order }) => order))
      for (const [index, { answer }] of group.entries()) answer.resolve(replies[index] ?? null)
    } catch (thrown) {
      for (const { answer } of group) answer.reject(thrown)
    }
  }
}
