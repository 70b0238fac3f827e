import type { KeptItem } from '../../core/conversations.ts'

/** A conversation on its way out, as its owner may have it: every item has passed the output filters when it was made. */
export interface ExportedConversation {
  readonly id: string
  /** For people; null for none. */
  readonly title: string | null
  readonly made: Date
  /** Oldest first. */
  readonly items: readonly KeptItem[]
}
