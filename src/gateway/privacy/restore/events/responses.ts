import { isObject, type JsonObject } from '../../../apis/api.ts'
import { keyFrom, type EventReader } from './event-texts.ts'

/** What a piece is of: words, JSON that a tool is called with, or a text that one is called with. */
type PieceKind = 'words' | 'arguments' | 'tool-text'

const deltas: Readonly<Record<string, PieceKind>> = {
  'response.output_text.delta': 'words',
  'response.refusal.delta': 'words',
  'response.reasoning_text.delta': 'words',
  'response.reasoning_summary_text.delta': 'words',
  'response.function_call_arguments.delta': 'arguments',
  'response.mcp_call_arguments.delta': 'arguments',
  'response.custom_tool_call_input.delta': 'tool-text',
  'response.code_interpreter_call_code.delta': 'tool-text',
}

const ended = /^(?:response\.(?:completed|failed|incomplete|cancelled)|error)$/

/** Events of a response: each text is told by its item, the part of it, and what kind of text it is. */
export function createResponsesReader(): EventReader {
  const tools = new Map<string, string>()
  return (data) => {
    const type = String(data['type'])
    noteTool(data, tools)
    const kind = Object.hasOwn(deltas, type) ? deltas[type] : undefined
    const text = data['delta']
    const item = itemOf(data)
    const called = tools.get(item)
    if (kind === undefined || typeof text !== 'string')
      return { pieces: [], closes: closerOf(data, type), tool: called, repeats: repeatedBy(data, type) }
    const tool = kind === 'words' ? null : (called ?? '')
    const channel = `${item} ${partOf(data)} ${type.replace(/\.delta$/, '')}`
    const form = kind === 'arguments' ? 'json' : 'prose'
    const joined = type === 'response.output_text.delta' ? 'output_text' : null
    return { pieces: [{ path: ['delta'], text, channel, form, tool, joined }], closes: () => false }
  }
}

const itemOf = (data: JsonObject): string => keyFrom(data['item_id'] ?? data['output_index'])
const partOf = (data: JsonObject): string => keyFrom(data['content_index'] ?? data['summary_index'])

/** The words that an event at the end of a part or an item says again. */
function repeatedBy(data: JsonObject, type: string): string | undefined {
  const { item } = data
  if (type === 'response.output_item.done' && isObject(item)) {
    return `${keyFrom(item['id'] ?? data['output_index'])} 0 response.output_text`
  }
  const isPart = type === 'response.output_text.done' || type === 'response.content_part.done'
  return isPart ? `${itemOf(data)} ${partOf(data)} response.output_text` : undefined
}

/** A call says its tool when it begins. */
function noteTool({ item, output_index: index }: JsonObject, tools: Map<string, string>): void {
  if (!isObject(item) || typeof item['name'] !== 'string') return
  for (const key of [item['id'], index]) if (key !== undefined) tools.set(keyFrom(key), item['name'])
}

function closerOf(data: JsonObject, type: string): (channel: string) => boolean {
  if (ended.test(type)) return () => true
  const { item } = data
  if (type === 'response.output_item.done' && isObject(item)) {
    return (channel) => channel.startsWith(`${keyFrom(item['id'] ?? data['output_index'])} `)
  }
  if (!type.endsWith('.done')) return () => false
  const text = `${itemOf(data)} ${partOf(data)} ${type.replace(/\.done$/, '')}`
  const isPart = /^response\.(?:content|reasoning_summary)_part\.done$/.test(type)
  return (channel) => channel === text || (isPart && channel.startsWith(`${itemOf(data)} ${partOf(data)} `))
}
