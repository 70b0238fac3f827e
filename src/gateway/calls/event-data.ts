import { isObject, type JsonObject } from '../apis/api.ts'

/** The objects that the events of a text carry; an event with anything else carries none. */
export function* dataOf(events: string): Generator<JsonObject> {
  for (const event of events.split(/\r\n\r\n|\n\n|\r\r/)) {
    const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'))
    const data = lines.length === 0 ? null : parseObject(lines.map((line) => line.slice(5)).join('\n'))
    if (data !== null) yield data
  }
}

/** The object of a text of JSON; null for anything else. */
export function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}
