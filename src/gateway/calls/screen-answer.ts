import { ServiceError } from '../../core/errors.ts'
import type { CallUsage, ScreenedAnswer, UpstreamAnswer } from '../../core/model-call.ts'
import { isObject, type ApiDescription, type JsonObject } from '../apis/api.ts'
import { wholeEvents } from './whole-events.ts'

export interface ScreenAnswerOptions {
  readonly api: ApiDescription
  readonly streamed: boolean
  /** Is the answer kept under its id because the call asked for it? */
  readonly answerIsKept?: boolean
  /** Keeps ids of what the provider has made; resolves before the caller can read them. */
  readonly keep: (ids: readonly string[]) => Promise<void>
  readonly meter: CallMeter
}

/** What a call has cost so far: by the provider's own count, and the bytes that came where it gives none. */
export class CallMeter {
  usage: CallUsage | null = null
  bytes = 0

  /** Providers count up in the course of a stream: the most of each is what counts. */
  count(usage: CallUsage | null): void {
    if (usage === null) return
    this.usage = {
      inputTokens: Math.max(usage.inputTokens, this.usage?.inputTokens ?? 0),
      outputTokens: Math.max(usage.outputTokens, this.usage?.outputTokens ?? 0),
    }
  }
}

const protocol = (what: string): ServiceError => new ServiceError('model-protocol', `The upstream answered ${what}.`)

/**
 * The answer as it may leave: JSON only when all of it is there and can be read, a stream event by event and never
 * without its end. Not one byte of either is changed. What is wrong with it is thrown as `model-protocol`, in the case of
 * a stream behind the last whole event.
 */
export async function screenAnswer(answer: UpstreamAnswer, options: ScreenAnswerOptions): Promise<ScreenedAnswer> {
  const { status, headers } = answer
  if (answer.kind === 'events') {
    if (!options.streamed) {
      answer.leave()
      throw protocol('a stream that was not asked for')
    }
    return { status, headers, body: screenEvents(answer.body, options) }
  }
  if (options.streamed) throw protocol('no stream, which was asked for')
  await screenWhole(answer.body, options)
  return { status, headers, body: answer.body }
}

async function screenWhole(whole: Buffer, { api, answerIsKept, keep, meter }: ScreenAnswerOptions): Promise<void> {
  meter.bytes = whole.length
  const data = parseObject(whole.toString('utf8'))
  if (data === null) throw protocol('JSON that cannot be read')
  meter.count(api.usageOf(data))
  const ids = api.keptIdsOf(data, answerIsKept)
  if (ids.length > 0) await keep(ids)
}

const withUsage = /"usage"\s*:\s*\{/

async function* screenEvents(
  body: AsyncIterable<Buffer>,
  { api, answerIsKept, keep, meter }: ScreenAnswerOptions,
): AsyncGenerator<Buffer> {
  let hasEnded = false
  const isLast = (event: string): boolean =>
    api.endsStream(event) && (/^data: ?\[DONE\]\s*$/.test(event) || dataOf(event).next().done !== true)
  for await (const events of wholeEvents(body, isLast)) {
    meter.bytes += events.length
    // What is looked for is ASCII, and this reading of bytes is the cheapest.
    const text = events.toString('latin1')
    hasEnded ||= api.endsStream(text)
    const mayKeep = api.mayKeep(text, answerIsKept)
    if (mayKeep || withUsage.test(text)) {
      const ids: string[] = []
      for (const data of dataOf(events.toString('utf8'))) {
        meter.count(api.usageOf(data))
        if (mayKeep) ids.push(...api.keptIdsOf(data, answerIsKept))
      }
      if (ids.length > 0) await keep(ids)
    }
    yield events
  }
  if (!hasEnded) throw protocol('a stream that broke off before its end')
}

/** The objects that the events of a text carry; an event with anything else carries none. */
function* dataOf(events: string): Generator<JsonObject> {
  for (const event of events.split(/\r\n\r\n|\n\n|\r\r/)) {
    const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'))
    const data = lines.length === 0 ? null : parseObject(lines.map((line) => line.slice(5)).join('\n'))
    if (data !== null) yield data
  }
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}
