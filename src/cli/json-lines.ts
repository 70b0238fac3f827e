import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { z } from 'zod'

export type Line<T> =
  | { readonly kind: 'value'; readonly number: number; readonly value: T }
  | {
      readonly kind: 'malformed'
      readonly number: number
      readonly reason: string
      readonly id: string | number | null
    }

/** Lines of JSON, each checked by itself: one bad line does not end the others. Empty lines are skipped. */
export async function* readJsonLines<T>(stream: Readable, schema: z.ZodType<T>): AsyncIterable<Line<T>> {
  let number = 0
  for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
    number += 1
    if (text.trim() === '') continue
    yield parseLine(text, number, schema)
  }
}

function parseLine<T>(text: string, number: number, schema: z.ZodType<T>): Line<T> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return {
      kind: 'malformed',
      number,
      reason: `line ${number} is not JSON: ${error instanceof Error ? error.message : ''}`,
      id: null,
    }
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { kind: 'value', number, value: parsed.data }
  const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'line'}: ${issue.message}`)
  return { kind: 'malformed', number, reason: `line ${number}: ${reasons.join('; ')}`, id: idOf(value) }
}

/** The line's own id where it has one, so that its sender finds the answer. */
function idOf(value: unknown): string | number | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null
  return typeof value.id === 'string' || typeof value.id === 'number' ? value.id : null
}

/** Works on items as they come, at most `concurrency` at a time. A task that throws ends the whole. */
export async function forEachConcurrently<T>(
  items: AsyncIterable<T>,
  concurrency: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []
  for await (const item of items) {
    const promise: Promise<void> = task(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(promise))
    running.add(promise)
    if (running.size >= concurrency) await Promise.race(running)
    if (failures.length > 0) break
  }
  await Promise.all(running)
  if (failures.length > 0) throw failures[0]
}
