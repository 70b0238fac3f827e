import type { Principal } from '../../../core/principal.ts'
import { isObject, type JsonObject } from '../../apis/api.ts'

/**
 * What is the same in every call of one conversation of one caller: who asks, and what it begins with, up to and with the
 * first turn of the user. Marks of a cache move from turn to turn and are none of it.
 */
export function conversationOf(body: JsonObject, { id, endUser }: Principal): string {
  const { messages, input, system, instructions } = body
  const begins = [system, instructions, beginningOf(messages), beginningOf(input)]
  return JSON.stringify([id, endUser ?? null, ...begins], (name, value: unknown) =>
    name === 'cache_control' ? undefined : value,
  )
}

function beginningOf(turns: unknown): unknown {
  if (!Array.isArray(turns)) return turns
  const first = turns.findIndex((turn) => isObject(turn) && turn['role'] === 'user')
  return first < 0 ? turns : turns.slice(0, first + 1)
}
