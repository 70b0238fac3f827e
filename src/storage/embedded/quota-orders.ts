import type { QuotaReplies } from '../quotas/order-groups.ts'
import type { QuotaOrder } from '../quotas/quota-book.ts'
import type { SqliteFailure } from './sqlite-orders.ts'

/** What the file of the quotas is for: orders for one transaction, one to settle what has expired, and keeping it short. */
export type QuotaWork =
  | { readonly kind: 'orders'; readonly orders: readonly QuotaOrder[] }
  | { readonly kind: 'recover' }
  | { readonly kind: 'checkpoint' }
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
