import { parseObject } from '../calls/event-data.ts'

/**
 * The instructions that a kept answer says it was given: whoever looks at it sends none. What stood in its input as a message of
 * the system is not in it.
 */
export function keptInstructions(answer: Buffer): readonly string[] {
  return stringsIn(parseObject(answer.toString('utf8'))?.['instructions'])
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}
