import { isObject, type JsonObject } from '../../../apis/api.ts'
import { keyFrom, type EventReader, type TextPiece } from './event-texts.ts'

/** Where a call holds what its tool is called with: a function JSON, a tool of its own kind any text. */
const called = [
  { member: 'function', name: 'arguments', form: 'json' },
  { member: 'custom', name: 'input', form: 'prose' },
] as const

const words = ['content', 'refusal', 'reasoning_content', 'reasoning'] as const

/** Chunks of a chat completion: each choice is told by its number, each of its calls by another. */
export function createChatCompletionsReader(): EventReader {
  const tools = new Map<string, string>()
  return (data) => {
    const pieces: TextPiece[] = []
    const finished = new Set<string>()
    for (const [at, choice] of listOf(data['choices']).entries()) {
      if (!isObject(choice)) continue
      const key = keyFrom(choice['index'] ?? at)
      if (isObject(choice['delta'])) pieces.push(...piecesOf(choice['delta'], { at, key, tools }))
      if (choice['finish_reason'] !== null && choice['finish_reason'] !== undefined) finished.add(key)
    }
    return { pieces, closes: (channel) => finished.has(channel.split(' ')[0] ?? '') }
  }
}

interface Place {
  readonly at: number
  readonly key: string
  readonly tools: Map<string, string>
}

function* piecesOf(delta: JsonObject, { at, key, tools }: Place): Generator<TextPiece> {
  const path = ['choices', at, 'delta']
  for (const name of words) {
    const text = delta[name]
    if (typeof text === 'string')
      yield { path: [...path, name], text, channel: `${key} ${name}`, form: 'prose', tool: null }
  }
  const calls = listOf(delta['tool_calls']).map((call, index) => ({
    call,
    path: [...path, 'tool_calls', index],
    channel: `${key} call ${isObject(call) ? keyFrom(call['index'] ?? index) : index}`,
  }))
  const single = {
    call: { function: delta['function_call'] },
    path: [...path, 'function_call'],
    channel: `${key} call`,
  }
  for (const { call, path: callPath, channel } of [...calls, single]) {
    if (!isObject(call)) continue
    for (const { member, name, form } of called) {
      const given = call[member]
      if (!isObject(given)) continue
      if (typeof given['name'] === 'string') tools.set(channel, given['name'])
      const text = given[name]
      const inner = callPath === single.path ? [...callPath, name] : [...callPath, member, name]
      if (typeof text === 'string') yield { path: inner, text, channel, form, tool: tools.get(channel) ?? '' }
    }
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
