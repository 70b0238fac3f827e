import { ServiceError } from '../core/errors.ts'
import type { AgentEvent, AnswerArtifact } from '../core/events.ts'
import type { Conversations, KeptItem, KeptTurn, RunWriter } from '../core/conversations.ts'
import type { Received } from '../core/request.ts'
import type { FileLimits, Files } from '../core/stored-files.ts'
import { authenticate, type Identify } from '../gateway/authenticate/authenticate.ts'
import { originsOfItems } from '../sessions/origins-of-items.ts'
import { conversationMessages } from '../sessions/conversation-messages.ts'
import { conversationTitle } from '../sessions/conversation-title.ts'
import { keepArtifact } from '../sessions/keep-artifact.ts'
import { plannedBefore } from '../sessions/planned-before.ts'
import { recordRun } from '../sessions/record-run.ts'
import { saidBefore } from '../sessions/said-before.ts'
import type { AnswerOptions } from './sallyport.ts'

/** Answers a request, in a conversation where its caller wants it kept. */
export type KeptAnswering = (
  received: Received,
  options: AnswerOptions,
  signal: AbortSignal,
) => AsyncIterable<AgentEvent>

interface KeptAnswerParts {
  readonly answer: KeptAnswering
  readonly identify: Identify
  readonly conversations: () => Promise<Conversations>
  readonly files: () => Promise<Files>
  readonly limits: FileLimits
}

/**
 * Answers in a conversation where the caller wants it kept: what was said there before goes in front of what is asked, and the screened answer is kept as
 * it comes. A run begins when its request was admitted: what is refused before leaves nothing.
 */
export function createKeptAnswer(parts: KeptAnswerParts): KeptAnswering {
  return async function* answerKept(received, options, signal) {
    const { keep } = received
    if (keep === undefined) return yield* parts.answer(received, options, signal)
    const { principal } = await authenticate(received, parts.identify)
    const vault = await parts.conversations()
    const items = await said(vault, principal.id, keep)
    const before = conversationMessages(items)
    const planned = await plannedBefore(vault, principal.id, placeOf(keep))
    const files = await parts.files()
    let writer: RunWriter | null = null
    const onAdmitted = async (): Promise<AbortSignal> => {
      const asked = received.messages.filter(({ role }) => role !== 'system')
      const begun = await vault.begin(principal.id, {
        conversation: keep.conversation,
        previous: keep.previous,
        isExclusive: keep.previous === undefined || keep.previous === null,
        model: received.dataSource === null ? received.model : `${received.model}:${received.dataSource}`,
        requestId: received.requestId,
        details: keep.details ?? {},
        words: keep.words ?? { title: conversationTitle(asked), metadata: {} },
        items: asked.map((message) => ({ type: 'message', role: message.role, content: message.content })),
      })
      writer = begun
      keep.onRun?.(begun.run)
      return begun.signal
    }
    const events = parts.answer(
      {
        ...received,
        keptIn: () => writer?.run.conversation ?? null,
        messages: [...before, ...received.messages],
        ...originsBefore(items, received),
        ...planned,
      },
      { ...options, onAdmitted },
      signal,
    )
    const keepFile = (artifact: AnswerArtifact, { run }: RunWriter) =>
      keepArtifact(artifact, { files, limits: parts.limits, run })
    yield* recordRun(events, { writer: () => writer, keepFile })
  }
}

/** What was said before, to be told to the model. Throws `not-found` for a conversation, or a run, that is not the caller's. */
async function said(vault: Conversations, principal: string, keep: KeptTurn): Promise<readonly KeptItem[]> {
  const { conversation, previous } = placeOf(keep)
  const items = await saidBefore(vault, principal, { conversation, previous })
  if (items !== null) return items
  throw previous === null ? nothing('conversation', conversation ?? '') : nothing('run', previous)
}

const placeOf = ({ conversation, previous = null }: KeptTurn) => ({ conversation, previous })

/** Nothing is said of answers that the caller brings: nobody can follow those. */
function originsBefore(items: readonly KeptItem[], { messages }: Pick<Received, 'messages'>) {
  return messages.some(({ role }) => role === 'assistant') ? {} : { saidBefore: originsOfItems(items) }
}

function nothing(what: string, id: string): ServiceError {
  return new ServiceError('not-found', `There is no ${what} "${id.slice(0, 100)}".`, {
    advice: "It was deleted, or forgotten by its age, or is somebody else's.",
  })
}
