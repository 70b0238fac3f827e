import { inertJson } from '../../core/json.ts'

/** A value as one line of JSON that is safe to look at. */
export function jsonLine(value: unknown): string {
  return `${inertJson(JSON.stringify(value))}\n`
}
