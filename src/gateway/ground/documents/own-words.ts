import type { ModelApi } from '../../../core/model-call.ts'
import { isObject, type JsonObject } from '../../apis/api.ts'

/** Members under which a turn has its words. */
const holding = ['content', 'text', 'output', 'summary'] as const

/** What a request says beside its documents, but for what models have written in it: nothing of that is a source. */
export function ownWordsOf(api: ModelApi, body: JsonObject): readonly string[] {
  if (api === 'chat-completions') return turnsOf(body['messages'])
  const { instructions, input } = body
  return [...textsIn(instructions), ...(typeof input === 'string' ? [input] : turnsOf(input))]
}

function turnsOf(turns: unknown): readonly string[] {
  if (!Array.isArray(turns)) return []
  return (turns as readonly unknown[]).flatMap((turn) => {
    if (typeof turn === 'string') return [turn]
    if (!isObject(turn) || turn['role'] === 'assistant') return []
    // An item without a role is what a tool has given, or what a model has done.
    if (turn['role'] === undefined && !String(turn['type']).endsWith('_output')) return []
    return holding.flatMap((name) => textsIn(turn[name]))
  })
}

function textsIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string') return [value]
  if (depth > 8) return []
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap((each) => textsIn(each, depth + 1))
  return isObject(value) ? holding.flatMap((name) => textsIn(value[name], depth + 1)) : []
}
