import { navigate } from '../../shell/router.ts'
import { askApi } from './ask-api.ts'
import { OpenConversation } from './open-conversation.ts'

/** Conversations in which something runs go on while another one is looked at; the others are read anew when they are gone back to. */
const open = new Set<OpenConversation>()
let current: OpenConversation | null = null

/** The conversation of an address: the one that is open, one that runs, or one that is still to be loaded. */
export function conversationAt(id: string | null): {
  readonly conversation: OpenConversation
  readonly isNew: boolean
} {
  for (const each of open) if (!each.isRunning && each !== current) open.delete(each)
  const found = id === null ? undefined : [...open].find((each) => each.id === id)
  if (found !== undefined) {
    current = found
    return { conversation: found, isNew: false }
  }
  const made = new OpenConversation(id, {
    api: askApi,
    now: () => performance.now(),
    onMade: (given) => {
      // Whoever went on to another place stays there.
      if (current === made) navigate(['ask', given], {}, { replace: true })
    },
  })
  open.add(made)
  current = made
  return { conversation: made, isNew: true }
}
