import type { Json } from '../../provenance/read-ledger.ts'
import type { ProposedCall } from '../../provenance/decide-action.ts'
import type { PastCall, Turn } from '../../provenance/conversation.ts'
import { isObject, type JsonObject } from '../apis/api.ts'
import { parseObject } from '../calls/event-data.ts'

type Arguments = Readonly<Record<string, Json>>

/** What a tool is called with, as an object or a text of JSON; null where it is no object. */
export function argumentsOf(given: unknown): Arguments | null {
  if (isObject(given)) return given as Arguments
  if (given === undefined || given === null || given === '') return {}
  return typeof given === 'string' ? (parseObject(given) as Arguments | null) : null
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A content that is a text, or parts of which some are; what is none of these is unknown. */
export function textsOf(
  content: unknown,
  isText: (type: string) => boolean,
): { readonly texts: readonly string[]; readonly hasOthers: boolean } {
  if (typeof content === 'string') return { texts: [content], hasOthers: false }
  if (!Array.isArray(content)) return { texts: [], hasOthers: content !== undefined && content !== null }
  const parts = content as readonly unknown[]
  const texts = parts.flatMap((part) => {
    if (typeof part === 'string') return [part]
    const isOne = isObject(part) && isText(String(part['type'])) && typeof part['text'] === 'string'
    return isOne ? [part['text'] as string] : []
  })
  return { texts, hasOthers: texts.length < parts.length }
}

const unknown = (is: boolean): readonly Turn[] => (is ? [{ by: 'unknown' }] : [])

/** The turns of what somebody writes who is trusted. */
export function writtenBy(by: 'operator' | 'person', content: unknown, isText: (type: string) => boolean): Turn[] {
  const { texts, hasOthers } = textsOf(content, isText)
  return [...texts.map((text): Turn => ({ by, text })), ...unknown(hasOthers)]
}

/** The turns of what a tool has answered. */
export function answeredBy(call: string, content: unknown, isText: (type: string) => boolean): Turn[] {
  const { texts, hasOthers } = textsOf(content, isText)
  return [{ by: 'tool', call, texts }, ...unknown(hasOthers)]
}

const isChatText = (type: string): boolean => type === 'text' || type === 'refusal'

/** A call as a client hands it on: a member of `tool_calls`, or a name with arguments. */
export function proposedCall(given: unknown): ProposedCall {
  const called = chatCall(given) ?? chatCall({ function: given })
  return { tool: called?.tool ?? '', arguments: called?.arguments ?? null }
}

/** A call of a choice of Chat Completions, whichever way it is written. */
export function chatCall(given: unknown): PastCall | null {
  if (!isObject(given)) return null
  const { id, custom, function: named } = given
  const called = isObject(named) ? named : isObject(custom) ? custom : null
  if (called === null || typeof called['name'] !== 'string' || called['name'] === '') return null
  const input: Arguments | null = isObject(custom) && !isObject(named) ? { input: textOf(custom['input']) } : null
  return { id: textOf(id), tool: called['name'], arguments: input ?? argumentsOf(called['arguments']) }
}

/** How a call without an id, in the form before tools, is found again. */
const byName = (name: unknown): string => `function ${textOf(name)}`

function ofModel(message: JsonObject): Turn[] {
  const { texts } = textsOf(message['content'], isChatText)
  const calls = (Array.isArray(message['tool_calls']) ? (message['tool_calls'] as readonly unknown[]) : []).map(
    chatCall,
  )
  const before = isObject(message['function_call']) ? chatCall({ function: message['function_call'] }) : null
  const whole = [...calls, before === null ? null : { ...before, id: byName(before.tool) }]
  const { refusal, audio } = message
  return [
    { by: 'model', text: [...texts, textOf(refusal)].join('\n'), calls: whole.filter((call) => call !== null) },
    ...unknown(isObject(audio)),
  ]
}

/** Who has written what of the messages of Chat Completions. */
export function chatTurns(messages: unknown): readonly Turn[] {
  if (!Array.isArray(messages)) return [{ by: 'unknown' }]
  return (messages as readonly unknown[]).flatMap((message): readonly Turn[] => {
    if (!isObject(message)) return [{ by: 'unknown' }]
    const { role, content } = message
    switch (role) {
      case 'system':
      case 'developer':
        return writtenBy('operator', content, isChatText)
      case 'user':
        return writtenBy('person', content, isChatText)
      case 'assistant':
        return ofModel(message)
      case 'tool':
        return answeredBy(textOf(message['tool_call_id']), content, isChatText)
      case 'function':
        return answeredBy(byName(message['name']), content, isChatText)
      default:
        return [{ by: 'unknown' }]
    }
  })
}
