import type { Conversations, KeptItem, Run } from '../core/conversations.ts'
import { ServiceError } from '../core/errors.ts'
import { authenticate, type Identify } from '../gateway/authenticate/authenticate.ts'
import { conversationMessages } from '../sessions/conversation-messages.ts'
import { replayedCalls } from '../sessions/replayed-calls.ts'
import { saidBefore } from '../sessions/said-before.ts'
import type { KeptAnswering } from './kept-answer.ts'

interface ReplayedAnswerParts {
  readonly answer: KeptAnswering
  readonly identify: Identify
  readonly conversations: () => Promise<Conversations>
}

const pageSize = 100
/** More calls than this nobody waits for. */
const mostCalls = 500

/**
 * Runs again what ran in a conversation, for whoever asks with `replays`: what is said of it is an answer like every other, and nothing of it is kept, since
 * all of it stands in the conversation already. Rejects with `not-found` for a conversation that is not the caller's, and with `conflict` while a run goes on in it.
 */
export function createReplayedAnswer(parts: ReplayedAnswerParts): KeptAnswering {
  return async function* answerReplayed(received, options, signal) {
    const { replays: id = '', keep: _nothing, ...asked } = received
    const { principal } = await authenticate(received, parts.identify)
    const vault = await parts.conversations()
    const runs = await allRuns(vault, principal.id, id)
    if (runs.some(({ state }) => state === 'running')) {
      throw new ServiceError('conflict', 'A run goes on in this conversation.', {
        advice: 'Wait for its end, or cancel it; what has run by then can be run again.',
      })
    }
    const calls = replayedCalls(await allItems(vault, principal.id, id), runs)
    if (calls.length === 0) {
      throw new ServiceError('not-found', 'Nothing has run in this conversation that could be run again.', {
        parameter: 'id',
        advice: 'Ask what is to be run.',
      })
    }
    if (calls.length > mostCalls) {
      throw new ServiceError('payload-too-large', `More than ${mostCalls} programs have run in this conversation.`, {
        advice: 'Ask for what is needed of them.',
      })
    }
    const before = (await saidBefore(vault, principal.id, { conversation: id, previous: null })) ?? []
    const messages = [...conversationMessages(before), ...received.messages.slice(-1)]
    yield* parts.answer({ ...asked, messages, replay: calls }, options, signal)
  }
}

async function allRuns(vault: Conversations, principal: string, id: string): Promise<readonly Run[]> {
  const runs: Run[] = []
  for (;;) {
    const page = await vault.runs(principal, id, { after: runs.at(-1)?.id, most: pageSize })
    if (page === null) throw noConversation(id)
    runs.push(...page)
    if (page.length < pageSize) return runs
  }
}

/** Of a long conversation, those of calls alone are held. */
async function allItems(vault: Conversations, principal: string, id: string): Promise<readonly KeptItem[]> {
  const items: KeptItem[] = []
  for (let after: string | undefined; ;) {
    const page = await vault.items(principal, id, { after, most: pageSize, order: 'asc' })
    if (page === null) throw noConversation(id)
    items.push(...page.filter(({ item }) => item.type === 'tool-use'))
    if (page.length < pageSize) return items
    after = page.at(-1)?.id
  }
}

function noConversation(id: string): ServiceError {
  return new ServiceError('not-found', `There is no conversation "${id.slice(0, 100)}".`, {
    parameter: 'id',
    advice: "It was deleted, or forgotten by its age, or is somebody else's.",
  })
}
