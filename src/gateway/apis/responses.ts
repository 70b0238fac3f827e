import type { CallFacts, CallUsage, NamedInBody } from '../../core/model-call.ts'
import {
  failureFrom,
  isEmptyPiece,
  isObject,
  usageFrom,
  type ApiDescription,
  type JsonObject,
  type StreamEnd,
  type StreamFailure,
} from './api.ts'
import { hostedTools, neededForExtensions } from './hosted-tools.ts'
import { tiersOf } from './tiers.ts'
import { elementsOf, mostTokens, optionalFlag, reachOf, requiredElements, requiredText } from './members.ts'

/** Tools that the client runs: the model only asks for them. */
const clientRun = /^(?:function|custom|local_shell|apply_patch|namespace)$/

const ends: ReadonlySet<unknown> = new Set(['response.completed', 'response.failed', 'response.incomplete'])
const endOf: StreamEnd = (data) => (data !== null && ends.has(data['type']) ? 'reason and end' : null)

/** Events that come before anything of an answer. */
const empty: ReadonlySet<string> = new Set([
  'response.content_part.added',
  'response.created',
  'response.in_progress',
  'response.queued',
])

/** Of an item that begins everything counts but a message, whose texts follow at once: a model that thinks is silent for long. */
function hasContent({ type, item, delta }: JsonObject): boolean {
  // Whatever else comes keeps the connection open.
  if (typeof type !== 'string' || !/^response\.(?!ping$|keep-?alive$|heartbeat$)/.test(type)) return false
  if (type === 'response.output_item.added') return !isObject(item) || item['type'] !== 'message'
  return type.endsWith('.delta') ? !isEmptyPiece(delta) : !empty.has(type)
}

function failureOf(data: JsonObject): StreamFailure | null {
  if (data['type'] === 'error') return failureFrom(data['error'] ?? data) ?? { type: null, code: null }
  // A response has a member of the name, with null in it.
  if (typeof data['type'] !== 'string' && data['object'] !== 'response') return failureFrom(data['error'])
  const response = responseIn(data)
  if (data['type'] !== 'response.failed' && response['status'] !== 'failed') return null
  const { error } = response
  return { type: null, code: null, ...failureFrom(error), isShown: true }
}

/** What a response is until it is over. */
const unfinished: ReadonlySet<unknown> = new Set(['queued', 'in_progress'])

const kept = /"type"\s*:\s*"response\.(?:created|completed|failed|incomplete)"/
/** An item is kept before its response is whole, and stays when the stream is cut. */
const keptItem = /"type"\s*:\s*"response\.output_item\.(?:added|done)"/

/** Items that stand for what the provider has kept, by nothing but their id. */
const referring: ReadonlySet<unknown> = new Set(['item_reference', 'reasoning', 'compaction', 'image_generation_call'])

/** OpenAI Responses. */
export const responses: ApiDescription = {
  name: 'responses',
  kind: 'openai',
  // Their client asks so for what is not settled yet.
  parameters: ['beta'],
  factsOf(body) {
    const { ids, itemIds, addresses, definitions } = reachOf(body)
    const { input } = body
    const items = Array.isArray(input) ? input.filter((item) => typeof item !== 'string') : input
    if (typeof items !== 'string') requiredElements(items, 'input')
    const { references, whole } = idsOfItems(input)
    const tools = [...requiredElements(body['tools'], 'tools'), ...definitions]
    return {
      model: requiredText(body, 'model'),
      streamed: optionalFlag(body, 'stream'),
      outputTokens: mostTokens(body, ['max_output_tokens']),
      hostedTools: [...hostedTools(tools, clientRun), ...neededForExtensions(body), ...addresses],
      ids: [...ids, ...references],
      itemIds: [...itemIds, ...whole],
      ...(body['store'] === false ? {} : { answerIsKept: true }),
      ...(optionalFlag(body, 'background') ? { runsOn: true } : {}),
      ...tiersOf(body, ['service_tier']),
    }
  },
  usageOf(data) {
    const response = responseIn(data)
    const usage = usageFrom(response['usage'], 'input_tokens', 'output_tokens')
    return usage === null ? null : { ...usage, ...toolUsesOf(response['output']) }
  },
  keptIdsOf(data) {
    const response = responseIn(data)
    if (response['store'] === false) return []
    // An event of one item has it beside its type; the event itself has no id.
    const output = isObject(data['item']) ? [data['item']] : response['output']
    const items = elementsOf(output, 'output').flatMap(([item]) => [item['id'], item['container_id']])
    return [response['id'], ...items].filter((id): id is string => typeof id === 'string' && id !== '')
  },
  streamEnd: () => endOf,
  isAnswer: ({ output, status }, { runsOn }) => Array.isArray(output) && (runsOn === true || !unfinished.has(status)),
  hasContent,
  failureOf,
  mayKeep: (events, answerIsKept = false) => kept.test(events) || (answerIsKept && keptItem.test(events)),
}

/** Items of an answer that are a use of a tool which the provider runs. */
const hostedCall = /^(web_search|file_search|code_interpreter|image_generation|mcp)_call$/

function toolUsesOf(output: unknown): Pick<CallUsage, 'toolUses'> {
  const toolUses: Record<string, number> = {}
  for (const [{ type }] of elementsOf(output, 'output')) {
    const [, name] = hostedCall.exec(String(type)) ?? []
    if (name !== undefined) toolUses[name] = (toolUses[name] ?? 0) + 1
  }
  return Object.keys(toolUses).length === 0 ? {} : { toolUses }
}

/** The response itself: the whole body, or a member of an event. */
const responseIn = (data: JsonObject): JsonObject => (isObject(data['response']) ? data['response'] : data)

/** Does the item bring what it stands for? A reference never does, whatever else is in it. */
const carriesItsContent = (item: JsonObject): boolean =>
  (item['type'] ?? 'item_reference') !== 'item_reference' &&
  (isText(item['encrypted_content']) || (item['type'] === 'image_generation_call' && isText(item['result'])))

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''

/**
 * Ids of the items of a request. An item that is there in full may carry an id that its client made up; one that refers
 * to what the provider has kept is read from there.
 */
function idsOfItems(input: unknown) {
  const references: NamedInBody[] = []
  const whole: NamedInBody[] = []
  for (const [item, path] of elementsOf(input, 'input')) {
    const id = item['id']
    if (typeof id !== 'string') continue
    const isWhole = !referring.has(item['type'] ?? 'item_reference') || carriesItsContent(item)
    const isMessage = item['type'] === undefined && item['role'] !== undefined
    ;(isWhole || isMessage ? whole : references).push({ name: id, parameter: `${path}.id` })
  }
  return { references, whole }
}

/** A call about a response that the provider has kept; its list of items may begin behind one of them. */
export function keptResponseFacts(id: string, parameters: URLSearchParams): CallFacts {
  const cursors = ['after', 'before'].flatMap((parameter) =>
    parameters.getAll(parameter).map((name) => ({ name, parameter })),
  )
  return {
    model: null,
    streamed: parameters.get('stream') === 'true',
    outputTokens: 0,
    hostedTools: [],
    ids: [{ name: id, parameter: 'response_id' }],
    itemIds: cursors,
    answerIsKept: true,
  }
}
