import type { CallFacts, CallUsage } from '../../core/model-call.ts'
import {
  countOf,
  failureFrom,
  holdsSomething,
  isEmptyPiece,
  isObject,
  type ApiDescription,
  type JsonObject,
  type StreamEnd,
} from './api.ts'
import { hostedTools, neededFor } from './hosted-tools.ts'
import { tiersOf } from './tiers.ts'
import { mostTokens, optionalFlag, reachOf, requiredElements, requiredText } from './members.ts'

/** Tools that the client runs, with the dates that Anthropic puts behind their names. */
const clientRun = /^(?:custom|(?:bash|text_editor|computer|memory)_\d{8})$/

/** Why a message ends comes before its end. */
const endOf: StreamEnd = (data) => {
  if (data === null) return null
  const { type, delta } = data
  if (type === 'message_stop') return 'end'
  if (type !== 'message_delta' || !isObject(delta)) return null
  return typeof delta['stop_reason'] === 'string' && delta['stop_reason'] !== '' ? 'reason' : null
}

/** A thread is held under the id of each of its answers, and what an answer's prompt was is compared with by its id. */
const keepsAnswer = (body: JsonObject): boolean => isObject(body['thread']) || isObject(body['diagnostics'])

function factsOf(body: JsonObject): CallFacts {
  const { ids, itemIds, addresses, definitions } = reachOf(body)
  const tools = [...requiredElements(body['tools'], 'tools'), ...definitions]
  return {
    model: requiredText(body, 'model'),
    streamed: optionalFlag(body, 'stream'),
    outputTokens: mostTokens(body, ['max_tokens']),
    hostedTools: [
      ...hostedTools(tools, clientRun),
      ...neededFor(body, 'mcp_servers', 'mcp'),
      ...neededFor(body, 'fallbacks', 'fallbacks'),
      ...addresses,
    ],
    ids,
    itemIds,
    ...(keepsAnswer(body) ? { answerIsKept: true } : {}),
    ...tiersOf(body, ['service_tier', 'speed', 'inference_geo']),
  }
}

/** Anthropic counts what went through a cache apart from the rest. */
function usageOf(data: JsonObject): CallUsage | null {
  const message = isObject(data['message']) ? data['message'] : data
  const usage = message['usage']
  if (!isObject(usage)) return null
  const [written = 0, read = 0] = ['cache_creation_input_tokens', 'cache_read_input_tokens'].map(
    (name) => countOf(usage[name]) ?? 0,
  )
  const outputTokens = countOf(usage['output_tokens'])
  if (outputTokens === null) return null
  const inputTokens = (countOf(usage['input_tokens']) ?? 0) + written + read
  const parts = {
    ...(written === 0 ? {} : { cache_write: written }),
    ...(read === 0 ? {} : { cached_input: read }),
  }
  const hasParts = Object.keys(parts).length > 0
  const told = { inputTokens, outputTokens, ...(hasParts ? { parts } : {}), ...toolUsesOf(usage['server_tool_use']) }
  return data['type'] === 'message_start' ? { ...told, isBegun: true } : told
}

/** `{ web_search_requests: 2 }` is two uses of web_search. */
function toolUsesOf(counts: unknown): Pick<CallUsage, 'toolUses'> {
  if (!isObject(counts)) return {}
  const uses = Object.entries(counts).flatMap(([name, value]) => {
    const count = countOf(value) ?? 0
    return count > 0 && name.endsWith('_requests') ? [[name.slice(0, -'_requests'.length), count] as const] : []
  })
  return uses.length === 0 ? {} : { toolUses: Object.fromEntries(uses) }
}

/** Of a block that begins everything counts but a text, which follows at once: a model that thinks is silent for long. */
function hasContent({ type, content_block: block, delta }: JsonObject): boolean {
  if (type === 'content_block_start' && isObject(block) && block['type'] === 'text')
    return holdsSomething(block['text'])
  if (type === 'content_block_delta') return !isEmptyPiece(delta)
  // Whatever else comes keeps the connection open.
  return type !== 'message_start' && typeof type === 'string' && /^(?:message|content_block)_/.test(type)
}

/** Anthropic Messages. */
export const messages: ApiDescription = {
  name: 'messages',
  kind: 'anthropic',
  // Their client asks so for every beta.
  parameters: ['beta'],
  factsOf,
  usageOf,
  keptIdsOf(data, answerIsKept = false) {
    const message = isObject(data['message']) ? data['message'] : isObject(data['delta']) ? data['delta'] : data
    const container = message['container']
    const ids = [answerIsKept ? message['id'] : null, isObject(container) ? container['id'] : null]
    return ids.filter((id): id is string => typeof id === 'string')
  },
  streamEnd: () => endOf,
  endMark: 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  isAnswer: ({ content, stop_reason: reason }) => Array.isArray(content) && reason !== null && reason !== '',
  hasContent,
  failureOf: ({ type, error }) =>
    type === 'error' ? { type: null, code: null, ...failureFrom(error) } : failureFrom(error),
  mayKeep: (events, answerIsKept = false) => answerIsKept || events.includes('"container"'),
}

/** Anthropic's count of the tokens of a request that is not sent. */
export const tokenCounts: ApiDescription = {
  ...messages,
  name: 'token-counts',
  factsOf: (body) => ({ ...factsOf(body), streamed: false, outputTokens: 0 }),
  // Counting is free of charge.
  usageOf: () => ({ inputTokens: 0, outputTokens: 0 }),
  isAnswer: ({ input_tokens: tokens }) => countOf(tokens) !== null,
}
