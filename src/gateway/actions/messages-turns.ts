import type { Turn } from '../../provenance/conversation.ts'
import { isObject, type JsonObject } from '../apis/api.ts'
import { answeredBy, argumentsOf, textOf, writtenBy } from './chat-turns.ts'

const isText = (type: string): boolean => type === 'text'

function ofBlock(block: unknown, role: unknown): readonly Turn[] {
  if (typeof block === 'string') return ofBlock({ type: 'text', text: block }, role)
  if (!isObject(block)) return [{ by: 'unknown' }]
  const { type, text, id, name, input } = block
  if (role === 'assistant') {
    if (type === 'text') return [{ by: 'model', text: textOf(text), calls: [] }]
    if (type !== 'tool_use') return [{ by: 'unknown' }]
    return [{ by: 'model', text: '', calls: [{ id: textOf(id), tool: textOf(name), arguments: argumentsOf(input) }] }]
  }
  if (type === 'tool_result') return answeredBy(textOf(block['tool_use_id']), block['content'], isText)
  if (type === 'text' && role === 'user') return [{ by: 'person', text: textOf(text) }]
  return type === 'text' && role === 'system' ? [{ by: 'operator', text: textOf(text) }] : [{ by: 'unknown' }]
}

/** Who has written what of a request of Anthropic's Messages. Results of tools stand in messages of the person there. */
export function messagesTurns({ system, messages }: JsonObject): readonly Turn[] {
  const instructions = system === undefined || system === null ? [] : writtenBy('operator', system, isText)
  if (!Array.isArray(messages)) return [...instructions, { by: 'unknown' }]
  return [
    ...instructions,
    ...(messages as readonly unknown[]).flatMap((message): readonly Turn[] => {
      if (!isObject(message)) return [{ by: 'unknown' }]
      const { role, content } = message
      const blocks = Array.isArray(content) ? (content as readonly unknown[]) : [content]
      return blocks.flatMap((block) => ofBlock(block, role))
    }),
  ]
}
