import type { WrappedRow, WrappedRows } from './wrapped-rows.ts'

/** A value of a conversation that a provider keeps, as it is stored: sealed, under its token. */
export interface SealedValue {
  readonly token: string
  /** What only the key of the conversation opens. */
  readonly sealed: string
}

/**
 * Values that were hidden from a model in conversations which the provider keeps: later calls name an answer of it, and
 * their own bodies do not have the earlier turns. Each conversation is its principal's own.
 */
export interface MaskedConversations extends WrappedRows {
  /** The conversation that an answer belongs to, with its values; null for one that is not known, or somebody else's. */
  find(answer: {
    readonly principal: string
    readonly upstream: string
    readonly id: string
  }): Promise<{ readonly conversation: WrappedRow; readonly values: readonly SealedValue[] } | null>
  /** Resolves when the conversation and its values are kept for good; its wrapped key and the values that are there are left. */
  keep(conversation: WrappedRow & { readonly principal: string }, values: readonly SealedValue[]): Promise<void>
  /** Later calls that name these ids go on with the conversation: that of an answer, and behind it those of its items. */
  answered(conversation: string, upstream: string, ids: readonly string[]): Promise<void>
  /** An answer that its maker deletes, and with it its items. With the last one of a conversation its key and all its values are gone for good. */
  forgetAnswer(upstream: string, id: string): Promise<void>
  /** Forgets all conversations of a principal; returns how many there were. */
  forgetAll(principal: string): Promise<number>
}
