import type { ConversationItem } from '../core/conversations.ts'
import type { Taint } from '../core/provenance.ts'

/** Where items came from, all of them together. What their owner wrote is theirs; what else was kept without a word of it, `unknown`. */
export function originsOfItems(items: readonly { readonly item: ConversationItem }[]): readonly Taint[] {
  return [...new Set(items.flatMap(({ item }) => ownOrigins(item)))].toSorted()
}

function ownOrigins(item: ConversationItem): readonly Taint[] {
  // A plan is told to nobody again.
  if (item.type === 'plan') return []
  if (item.type === 'message' && item.role !== 'assistant') return ['user']
  return item.origins ?? ['unknown']
}
