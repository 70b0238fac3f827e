import { GatheredBytes } from '../../core/gathered-bytes.ts'
import type { ScreenedAnswer } from '../../core/model-call.ts'
import { isObject } from '../apis/api.ts'
import { dataOf, parseObject } from '../calls/event-data.ts'
import { protocol } from '../calls/stream-faults.ts'

/** A kept answer with the instructions that it says it was given. */
export interface KeptAnswer {
  readonly instructions: readonly string[]
  readonly body: ScreenedAnswer['body']
}

/** Bytes of events that are held until one says the instructions. */
const mostHeld = 16_777_216

/**
 * The instructions that a kept answer says it was given: whoever looks at it sends none. What stood in its input as a message of
 * the system is not in it. Events are held until one of them says them: the first one, and where events are asked for
 * from a later one on the last. Rejects as the events do, and with `model-protocol` where too many do not say them.
 */
export async function readKept(body: ScreenedAnswer['body']): Promise<KeptAnswer> {
  if (Buffer.isBuffer(body)) return { instructions: instructionsOf(parseObject(body.toString('utf8'))), body }
  const events = body[Symbol.asyncIterator]()
  const held = new GatheredBytes()
  for (;;) {
    const next = await events.next()
    if (next.done === true) return { instructions: [], body: onceMore(held, null) }
    held.add(next.value)
    const told = [...dataOf(next.value.toString('utf8'))].find(({ response }) => isObject(response))
    if (told !== undefined) return { instructions: instructionsOf(told['response']), body: onceMore(held, events) }
    if (held.length <= mostHeld) continue
    await events.return?.()
    throw protocol(`more than ${mostHeld} bytes of a kept answer that do not say its instructions`)
  }
}

async function* onceMore(held: GatheredBytes, events: AsyncIterator<Buffer> | null): AsyncGenerator<Buffer> {
  try {
    if (held.length > 0) yield held.together()
    for (let next = await events?.next(); next?.done === false; next = await events?.next()) yield next.value
  } finally {
    await events?.return?.()
  }
}

const instructionsOf = (response: unknown): readonly string[] =>
  isObject(response) ? stringsIn(response['instructions']) : []

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}
