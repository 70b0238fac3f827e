import { isUtf8 } from 'node:buffer'
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

/** Longest line that is read, in bytes: more than any source the validators take. */
const maximumLineBytes = 8 * 1024 * 1024

/**
 * Lines of JSON, each checked by itself: one bad line does not end the others. Empty lines are skipped. A line above
 * `maximumBytes` is malformed and never held whole.
 */
export async function* readJsonLines<T>(
  stream: Readable,
  schema: z.ZodType<T>,
  maximumBytes = maximumLineBytes,
): AsyncIterable<Line<T>> {
  let number = 0
  for await (const bytes of readLines(stream, maximumBytes)) {
    number += 1
    const text = bytes === null ? null : decode(bytes, number === 1)
    if (bytes === null) {
      const reason = `line ${number} is longer than ${maximumBytes.toLocaleString('en')} bytes, the most that is read of one`
      yield { kind: 'malformed', number, reason, id: null }
    } else if (text === null) {
      // Replacement characters would make it another statement than the one that was sent.
      yield { kind: 'malformed', number, reason: `line ${number} is not UTF-8`, id: null }
    } else if (text.trim() !== '') yield parseLine(text, number, schema)
  }
}

/** Null for bytes that are not UTF-8. A byte order mark before the first line, which some editors write, is skipped. */
function decode(bytes: Buffer, isFirst: boolean): string | null {
  if (!isUtf8(bytes)) return null
  const text = bytes.toString('utf8')
  return isFirst && text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** Bytes between line feeds, as JSON Lines has it (other separators may stand inside a string); null for one too long. */
async function* readLines(stream: Readable, maximumBytes: number): AsyncIterable<Buffer | null> {
  let parts: Buffer[] = []
  let bytes = 0
  const keep = (part: Buffer): void => {
    bytes += part.length
    if (bytes > maximumBytes) parts = []
    else parts.push(part)
  }
  const finish = (): Buffer | null => {
    const line = bytes > maximumBytes ? null : Buffer.concat(parts)
    parts = []
    bytes = 0
    return line
  }
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    let rest = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      keep(rest.subarray(0, end))
      yield finish()
      rest = rest.subarray(end + 1)
    }
    keep(rest)
  }
  if (bytes > 0) yield finish()
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

/**
 * Works on items as they come, at most `concurrency` at a time. A task that throws ends the whole. After an abort no
 * further item is waited for: who sends them may keep the pipe open for ever.
 */
export async function forEachConcurrently<T>(
  items: AsyncIterable<T>,
  { concurrency, signal }: { readonly concurrency: number; readonly signal: AbortSignal },
  task: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []
  for await (const item of whileWanted(items, signal)) {
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

async function* whileWanted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
  const unwanted = Promise.withResolvers<null>()
  const onAbort = (): void => unwanted.resolve(null)
  signal.addEventListener('abort', onAbort, { once: true })
  const iterator = items[Symbol.asyncIterator]()
  try {
    while (!signal.aborted) {
      const next = await Promise.race([iterator.next(), unwanted.promise])
      if (next === null || next.done === true) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
