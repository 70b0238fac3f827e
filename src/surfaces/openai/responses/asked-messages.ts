import type { Conversations, KeptItem } from '../../../core/conversations.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { Principal } from '../../../core/principal.ts'
import type { ConversationMessage, Received } from '../../../core/request.ts'
import { originsOfItems } from '../../../sessions/origins-of-items.ts'
import { plannedBefore } from '../../../sessions/planned-before.ts'
import { saidBefore } from '../../../sessions/said-before.ts'
import { conversationIdOf, type InputItem, type ResponseRequest } from '../wire/response-request.ts'
import { noResponse, type OwnResponses } from './own-responses.ts'

export interface AskedMessages {
  /** All that the model is told, the question last, with where the answers among it came from that are kept here. */
  readonly told: Pick<Received, 'messages' | 'saidBefore' | 'plannedBefore'>
  /** What this request adds to its conversation. */
  readonly added: readonly (ConversationMessage & { readonly type: 'message' })[]
  /** The run that it goes on with; null for none. */
  readonly previous: string | null
  readonly conversation: string | null
  /** The conversation that it goes on in, named or that of the run before it; null for a new one. */
  readonly goesOnIn: string | null
}

interface Known {
  readonly principal: Principal
  readonly responses: OwnResponses
  readonly conversations: Conversations
}

/**
 * What a request says, with what it goes on with before it. Rejects with `not-found` for a response, a conversation or an item that is not the caller's,
 * and with `conflict` where the response before it is not over.
 */
export async function askedMessages(body: ResponseRequest, known: Known): Promise<AskedMessages> {
  const { added, referred } = await inputOf(body, known)
  const conversation = conversationIdOf(body)
  const {
    run: previous,
    goesOnIn,
    items,
  } = body.previous_response_id == null
    ? { run: null, goesOnIn: conversation, items: conversation === null ? [] : await itemsOf(conversation, known) }
    : await before(body.previous_response_id, known)
  const { instructions } = body
  const system = instructions == null || instructions === '' ? [] : [{ role: 'system', content: instructions } as const]
  const earlier = items.flatMap(({ item }) => (item.type === 'message' ? [toMessage(item)] : []))
  const asked = [...referred, ...added].filter(({ role }) => role === 'user')
  if (!asked.some(({ content }) => content.trim() !== '')) {
    throw new ServiceError('invalid-request', 'input: must hold a message of the user that asks something.', {
      parameter: 'input',
    })
  }
  const isCallers = [...referred, ...added].some(({ role }) => role === 'assistant')
  return {
    told: {
      messages: [...system, ...earlier, ...referred, ...added.map(toMessage)],
      ...(await plannedBefore(known.conversations, known.principal.id, { conversation, previous })),
      ...(isCallers ? {} : { saidBefore: originsOfItems(items.filter(({ item }) => item.type === 'message')) }),
    },
    added,
    previous,
    conversation,
    goesOnIn,
  }
}

const toMessage = ({ role, content }: ConversationMessage): ConversationMessage => ({ role, content })

type Message = Extract<InputItem, { readonly role: string }>

const isMessage = (item: InputItem): item is Message => 'role' in item

const toItem = ({ role, content }: Message) => ({
  type: 'message' as const,
  role: role === 'developer' ? ('system' as const) : role,
  content: typeof content === 'string' ? content : content.map(({ text }) => text).join('\n'),
})

/** Items that are named by their ids stand before those that are said: what was answered before what is asked now. */
async function inputOf({ input }: ResponseRequest, { principal, responses }: Known) {
  if (typeof input === 'string')
    return { added: [{ type: 'message', role: 'user', content: input } as const], referred: [] }
  const referred: ConversationMessage[] = []
  const added: ReturnType<typeof toItem>[] = []
  for (const [at, item] of input.entries()) {
    if (isMessage(item)) added.push(toItem(item))
    else if (item.type === 'item_reference') {
      const found = typeof item['id'] === 'string' ? await responses.item(principal, item['id']) : null
      if (found === null) {
        throw new ServiceError('not-found', 'There is no such item.', { parameter: `input[${at}].id` })
      }
      const message = messageIn(found)
      if (message !== null) added.push({ type: 'message', ...message })
    }
  }
  return { added, referred }
}

function messageIn(item: NonNullable<Awaited<ReturnType<OwnResponses['item']>>>): ConversationMessage | null {
  if ('item' in item) return item.item.type === 'message' ? toMessage(item.item) : null
  return item.type === 'message' ? { role: 'assistant', content: item.content.map(({ text }) => text).join('') } : null
}

async function before(id: string, { principal, responses, conversations }: Known) {
  const kept = await responses.find(principal, id)
  if (kept === null) throw noSuch('previous_response_id', noResponse().message)
  if (kept.run.state === 'running') {
    throw new ServiceError('conflict', 'The response before this one is not over.', {
      parameter: 'previous_response_id',
      advice: 'Wait until it is, or cancel it.',
    })
  }
  const { id: previous, conversation: goesOnIn } = kept.run
  return {
    run: previous,
    goesOnIn,
    items: (await saidBefore(conversations, principal.id, { conversation: null, previous })) ?? [],
  }
}

async function itemsOf(id: string, { principal, conversations }: Known): Promise<readonly KeptItem[]> {
  const place = { conversation: id, previous: null }
  const items = principal.kind === 'anonymous' ? null : await saidBefore(conversations, principal.id, place)
  if (items === null) throw noSuch('conversation', 'There is no such conversation.')
  return items
}

const noSuch = (parameter: string, message: string): ServiceError =>
  new ServiceError('not-found', message, { parameter })
