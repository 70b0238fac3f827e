import { navigate } from '../../../shell/router.ts'
import { askApi } from '../ask-api.ts'
import { emptyDraft, isEmptyDraft, type Draft } from './draft.ts'
import { OpenConversation } from './open-conversation.ts'

/**
 * Conversations in which something runs go on while another one is looked at; the others are read anew when they are gone back to, and
 * have what was being written in them.
 */
const open = new Set<OpenConversation>()
let current: OpenConversation | null = null

/** The conversation of an address: the one that is open, one that runs, or one that is still to be loaded. */
export function conversationAt(id: string | null): {
  readonly conversation: OpenConversation
  readonly isNew: boolean
} {
  for (const each of open) {
    if (!each.isRunning && each !== current && isEmptyDraft(each.draft.value)) open.delete(each)
  }
  const found = [...open].find((each) => each.id === id)
  let draft: Draft = emptyDraft
  if (found !== undefined) {
    if (id === null || found.isRunning || found === current) {
      current = found
      return { conversation: found, isNew: found.isStale }
    }
    draft = found.draft.value
    open.delete(found)
  }
  const made = new OpenConversation(id, {
    api: askApi,
    now: () => performance.now(),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    onMade: (given) => {
      // Whoever went on to another place stays there.
      if (current === made) navigate(['ask', given], {}, { replace: true })
    },
  })
  made.draft.value = draft
  open.add(made)
  current = made
  return { conversation: made, isNew: true }
}
