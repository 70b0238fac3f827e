import type { PastCall, Turn } from '../../provenance/conversation.ts'
import { isObject, type JsonObject } from '../apis/api.ts'
import { answeredBy, argumentsOf, textOf, textsOf, writtenBy } from './chat-turns.ts'

const isText = (type: string): boolean => /^(?:input_text|output_text|text|refusal)$/.test(type)

/** Members by which the provider goes on with what it has kept, which is not in the request. */
const kept = ['previous_response_id', 'conversation', 'prompt'] as const

/** Items of an answer that the provider has done itself, or that do nothing. */
const isNoCall =
  /^(?:message|reasoning|compaction|item_reference|(?:web_search|file_search|code_interpreter|image_generation|mcp|tool_search)_call|mcp_list_tools|.*_output)$/

/**
 * The call that an item of Responses is; null for one that is none. What the client runs by itself without a name of its own (a shell,
 * a computer) is called by its type.
 */
export function responseCall(item: unknown): PastCall | null {
  if (!isObject(item)) return null
  const type = textOf(item['type'])
  if (isNoCall.test(type)) return null
  const id = textOf(item['call_id'] ?? item['id'])
  if (type === 'function_call') return { id, tool: textOf(item['name']), arguments: argumentsOf(item['arguments']) }
  if (type === 'custom_tool_call')
    return { id, tool: textOf(item['name']), arguments: { input: textOf(item['input']) } }
  return { id, tool: type, arguments: argumentsOf(item['action'] ?? item['operation'] ?? null) }
}

function ofItem(item: unknown): readonly Turn[] {
  if (!isObject(item)) return [{ by: 'unknown' }]
  const { type, role, content } = item
  if (type === undefined || type === 'message') {
    if (role === 'user') return writtenBy('person', content, isText)
    if (role === 'system' || role === 'developer') return writtenBy('operator', content, isText)
    const { texts, hasOthers } = textsOf(content, isText)
    return [{ by: 'model', text: texts.join('\n'), calls: [] }, ...(hasOthers ? [{ by: 'unknown' } as const] : [])]
  }
  if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    return answeredBy(textOf(item['call_id']), item['output'], isText)
  }
  const isKnown = type === 'function_call' || type === 'custom_tool_call'
  const call = isKnown ? responseCall(item) : null
  return call === null ? [{ by: 'unknown' }] : [{ by: 'model', text: '', calls: [call] }]
}

/** Who has written what of a request of Responses. */
export function responsesTurns(body: JsonObject): readonly Turn[] {
  const { instructions, input } = body
  const items = Array.isArray(input) ? (input as readonly unknown[]) : []
  const isKept = kept.some((name) => body[name] !== undefined && body[name] !== null)
  return [
    ...(isKept ? [{ by: 'unknown' } as const] : []),
    ...(typeof instructions === 'string' ? [{ by: 'operator', text: instructions } as const] : []),
    ...(typeof input === 'string' ? [{ by: 'person', text: input } as const] : []),
    ...items.flatMap(ofItem),
  ]
}
