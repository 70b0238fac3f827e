import { ServiceError } from '../../core/errors.ts'
import type { CallFacts, CallUsage, ReceivedCall, ScreenedAnswer, UpstreamAnswer } from '../../core/model-call.ts'
import type { ApiDescription } from '../apis/api.ts'
import { numberOf } from '../../core/price.ts'
import { dataOf, parseObject } from './event-data.ts'
import { wholeEvents } from './whole-events.ts'

export interface ScreenAnswerOptions {
  readonly api: ApiDescription
  readonly facts: CallFacts
  readonly method: ReceivedCall['method']
  /** Keeps ids of what the provider has made; resolves before the caller can read them. */
  readonly keep: (ids: readonly string[]) => Promise<void>
  readonly meter: CallMeter
}

/** What a call has cost so far: by the provider's own count, and the bytes that came where it gives none. */
export class CallMeter {
  usage: CallUsage | null = null
  bytes = 0
  /** Of those that came what came after the last count. */
  uncountedBytes = 0

  came(bytes: number): void {
    this.bytes += bytes
    this.uncountedBytes += bytes
  }

  /** Providers count up in the course of a stream: the most of each is what counts. */
  count(usage: CallUsage | null): void {
    if (usage === null) return
    const { parts, toolUses, isBegun = this.usage === null } = this.usage ?? {}
    this.uncountedBytes = 0
    this.usage = {
      inputTokens: Math.max(usage.inputTokens, this.usage?.inputTokens ?? 0),
      outputTokens: Math.max(usage.outputTokens, this.usage?.outputTokens ?? 0),
      ...(usage.parts === undefined && parts === undefined ? {} : { parts: mostOfEach(parts, usage.parts) }),
      ...(usage.toolUses === undefined && toolUses === undefined
        ? {}
        : { toolUses: mostOfEach(toolUses, usage.toolUses) }),
      ...(isBegun && usage.isBegun === true ? { isBegun } : {}),
    }
  }
}

function mostOfEach(one: Readonly<Record<string, number>> = {}, other: Readonly<Record<string, number>> = {}) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...names].map((name) => [name, Math.max(numberOf(one, name), numberOf(other, name))]))
}

const protocol = (what: string): ServiceError => new ServiceError('model-protocol', `The upstream answered ${what}.`)

/**
 * The answer as it may leave: JSON only when all of it is there and can be read, a stream event by event and never
 * without its end. Not one byte of either is changed. What is wrong with it is thrown as `model-protocol`, in the case of
 * a stream behind the last whole event.
 */
export async function screenAnswer(answer: UpstreamAnswer, options: ScreenAnswerOptions): Promise<ScreenedAnswer> {
  const { status, headers } = answer
  if (answer.kind === 'nothing') {
    if (options.method !== 'DELETE') throw protocol('nothing')
    return { status, headers, body: Buffer.alloc(0) }
  }
  if (answer.kind === 'events') {
    if (!options.facts.streamed) {
      answer.leave()
      throw protocol('a stream that was not asked for')
    }
    return { status, headers, body: screenEvents(answer.body, options) }
  }
  if (options.facts.streamed) throw protocol('no stream, which was asked for')
  await screenWhole(answer.body, options)
  return { status, headers, body: answer.body }
}

async function screenWhole(whole: Buffer, { api, facts, keep, meter }: ScreenAnswerOptions): Promise<void> {
  meter.came(whole.length)
  const data = parseObject(whole.toString('utf8'))
  if (data === null) throw protocol('JSON that cannot be read')
  meter.count(api.usageOf(data))
  const ids = api.keptIdsOf(data, facts.answerIsKept)
  if (ids.length > 0) await keep(ids)
}

const withUsage = /"usage"\s*:\s*\{/

async function* screenEvents(
  body: AsyncIterable<Buffer>,
  { api, facts, keep, meter }: ScreenAnswerOptions,
): AsyncGenerator<Buffer> {
  let hasEnded = false
  const kept = new Set<string>()
  const isEnd = api.streamEnd(facts)
  const isLast = (event: string): boolean =>
    isEnd(event, () => dataOf(event)) && (/^data: ?\[DONE\]\s*$/.test(event) || dataOf(event).next().done !== true)
  for await (const events of wholeEvents(body, isLast)) {
    meter.came(events.length)
    // What is looked for is ASCII, and this reading of bytes is the cheapest.
    const text = events.toString('latin1')
    hasEnded ||= isEnd(text, () => dataOf(text))
    const mayKeep = api.mayKeep(text, facts.answerIsKept)
    if (mayKeep || withUsage.test(text)) {
      const ids: string[] = []
      for (const data of dataOf(events.toString('utf8'))) {
        meter.count(api.usageOf(data))
        if (mayKeep) ids.push(...api.keptIdsOf(data, facts.answerIsKept).filter((id) => !kept.has(id)))
      }
      if (ids.length > 0) await keep(ids)
      for (const id of ids) kept.add(id)
    }
    yield events
  }
  if (!hasEnded) throw protocol('a stream that broke off before its end')
}
