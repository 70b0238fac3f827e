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
 * Orders that come while a transaction is written are carried out by the next one together, in the order in which they came:
 * the slower the store, the larger the groups. What a request has used, which nobody waits for, may wait a moment for an order
 * that somebody does wait for, and is carried out before it in the same transaction.
 */
export class OrderGroups {
  readonly #carryOut: (orders: readonly QuotaOrder[]) => Promise<QuotaReplies>
  readonly #settleMilliseconds: number
  readonly #gathered: Waiting[] = []
  #isWriting = false
  #later: NodeJS.Timeout | null = null

  /** `settleMilliseconds`: how long a settlement may wait for another order. */
  constructor(
    carryOut: (orders: readonly QuotaOrder[]) => Promise<QuotaReplies>,
    { settleMilliseconds = 0 }: { readonly settleMilliseconds?: number } = {},
  ) {
    this.#carryOut = carryOut
    this.#settleMilliseconds = settleMilliseconds
  }

  run(order: QuotaOrder): Promise<QuotaHeld | QuotaRefused | null> {
    const answer = Promise.withResolvers<QuotaHeld | QuotaRefused | null>()
    this.#gathered.push({ order, answer })
    if (!this.#isWriting) this.#begin(order)
    return answer.promise
  }

  #begin({ kind }: QuotaOrder): void {
    if (kind === 'settle' && this.#settleMilliseconds > 0) {
      this.#later ??= setTimeout(() => void this.#writeAll(), this.#settleMilliseconds)
      return
    }
    void this.#writeAll()
  }

  async #writeAll(): Promise<void> {
    if (this.#later !== null) clearTimeout(this.#later)
    this.#later = null
    this.#isWriting = true
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
