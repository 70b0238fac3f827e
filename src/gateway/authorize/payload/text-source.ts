import type { JsonObject } from '../../apis/api.ts'
import type { textSources } from '../decisions.ts'

/** Who a text of a body is of. */
export type TextSource = (typeof textSources)[number]

/** The value of a table by a name of somebody else's; undefined for what JavaScript would find there beside it. */
export const named = <Value>(table: Readonly<Record<string, Value>>, name: unknown): Value | undefined =>
  typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined

/** Members at the top of a body whose content is of one source, whatever they say themselves. */
const sourceByMember: Readonly<Record<string, TextSource>> = {
  messages: 'user',
  input: 'user',
  system: 'system',
  instructions: 'system',
  tools: 'schema',
  functions: 'schema',
  response_format: 'schema',
  text: 'schema',
}

const sourceOfRole: Readonly<Record<string, TextSource>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
}

/** Types whose content is of one source, in the APIs of OpenAI and Anthropic. */
const sourceOfType: Readonly<Record<string, TextSource>> = {
  input_file: 'file',
  file: 'file',
  document: 'file',
  search_result: 'file',
  mcp_list_tools: 'schema',
  reasoning: 'assistant',
  thinking: 'assistant',
  redacted_thinking: 'assistant',
}

/** Types of what a tool gave back, in every API: `function_call_output`, `tool_result`, `web_search_tool_result`, …. */
export const toolOutput = /(?:^|_)(?:output|tool_result)$/

/** Types of what a model called, in every API: `function_call`, `mcp_call`, `tool_use`, …. */
const toolCall = /(?:^|_)(?:call|tool_use)$/
/** What a call that the provider has run keeps beside it. */
const cameBack = /^(?:outputs?|results?|error)$/

/** Data of others: whatever stands in it may call itself what it likes. */
const isOthers: Readonly<Partial<Record<TextSource, true>>> = { tool: true, schema: true, file: true }

/** Who the content of a member at the top of a body is of. */
export function sourceOfMember(name: string): TextSource {
  return named(sourceByMember, name) ?? 'other'
}

/** Who an object is of, that stands in what is of `around`. */
export function sourceOf({ role, type }: JsonObject, around: TextSource): TextSource {
  if (typeof type === 'string' && toolOutput.test(type)) return 'tool'
  if (isOthers[around] === true) return around
  if (typeof type === 'string' && toolCall.test(type)) return 'assistant'
  return named(sourceOfType, type) ?? named(sourceOfRole, role) ?? around
}

/** Who a member of an object is of. */
export function sourceWithin(object: JsonObject, member: string, around: TextSource): TextSource {
  const { type } = object
  const isCall = typeof type === 'string' && toolCall.test(type)
  return isCall && cameBack.test(member) && isOthers[around] !== true ? 'tool' : sourceOf(object, around)
}
