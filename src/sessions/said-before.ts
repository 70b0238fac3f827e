import type { Conversations, KeptItem } from '../core/conversations.ts'

/** What is told of what was said before: more than any model reads, and little enough for each of many requests to hold. The last item is there whatever its size. */
const most = { items: 400, characters: 4_000_000 }
/** Items that are read at a time. */
const pageSize = 50

/** Where a run goes on. */
export interface Place {
  readonly conversation: string | null
  /** The run that is gone on with, in the place of the last one of the conversation; null for none. */
  readonly previous: string | null
}

/**
 * What was said before, oldest first; null for a conversation, or a run, that is not the caller's. However long a conversation is, no more of it is held than
 * the bounds and a page.
 */
export async function saidBefore(
  conversations: Pick<Conversations, 'history' | 'items'>,
  principal: string,
  { conversation, previous }: Place,
): Promise<readonly KeptItem[] | null> {
  if (previous !== null) {
    const items = await conversations.history(principal, previous, most)
    return items === null ? null : fitting(items.toReversed()).toReversed()
  }
  if (conversation === null) return []
  const found: KeptItem[] = []
  for (;;) {
    const after = found.at(-1)?.id
    const page = await conversations.items(principal, conversation, { after, most: pageSize, order: 'desc' })
    if (page === null) return null
    found.push(...page)
    const kept = fitting(found)
    if (page.length < pageSize || kept.length < found.length) return kept.toReversed()
  }
}

/** As many of the first ones as fit. */
function fitting(items: readonly KeptItem[]): readonly KeptItem[] {
  let characters = 0
  const end = items.findIndex(({ item }, at) => {
    characters += JSON.stringify(item).length
    return at > 0 && (at >= most.items || characters > most.characters)
  })
  return end < 0 ? items : items.slice(0, end)
}
