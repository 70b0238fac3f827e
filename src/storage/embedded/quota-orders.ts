import type { QuotaReplies } from '../quotas/order-groups.ts'
import type { QuotaOrder } from '../quotas/quota-book.ts'
import type { SqliteFailure } from './sqlite-orders.ts'

/** What the thread of the quotas is sent: orders for one transaction, or one to settle what has expired. */
export type QuotaWork =
  | { readonly kind: 'orders'; readonly orders: readonly QuotaOrder[] }
  | { readonly kind: 'recover' }
  | { readonly kind: 'close' }

export interface QuotaMessage {
  readonly number: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly work: QuotaWork
}

/** An answer to each order, the number of leases that were recovered, or how the transaction failed. */
export type QuotaReply = { readonly number: number } & (
  | {
      readonly kind: 'done'
      readonly answers: QuotaReplies
      readonly recovered: number
    }
  | { readonly kind: 'failed'; readonly failure: SqliteFailure }
)
