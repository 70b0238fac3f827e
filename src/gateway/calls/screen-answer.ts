import type { UpstreamAnswer } from '../../core/model-call.ts'
import { parseObject } from './event-data.ts'
import { screenEvents, type ScreenAnswerOptions, type ScreenedEvents } from './screen-events.ts'
import { protocol, toldFault } from './stream-faults.ts'

/** An answer that is whole, or comes in events. */
export interface ScreenedHead {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: Buffer | ScreenedStream
}

export interface ScreenedStream {
  readonly events: AsyncIterable<ScreenedEvents>
  /** Milliseconds that its first content may take, and each that follows. */
  readonly contentMilliseconds: number
  /** Lets the upstream go, also while something is waited for. */
  readonly leave: () => void
}

/** Where nobody has said how long one may take. */
const longestSilence = 3_600_000

/**
 * The answer as it may leave: JSON only when all of it is there and can be read, a stream event by event and never
 * without its end. Not one byte of either is changed, but that an end is added where only the mark of it is missing. What
 * is wrong with it is thrown as an `UpstreamFault`, in the case of a stream behind the last whole event that can be read.
 */
export async function screenAnswer(answer: UpstreamAnswer, options: ScreenAnswerOptions): Promise<ScreenedHead> {
  const { status, headers } = answer
  if (answer.kind === 'nothing') {
    if (options.method !== 'DELETE') throw protocol('nothing')
    return { status, headers, body: Buffer.alloc(0) }
  }
  if (answer.kind === 'events') {
    const { body, leave, contentMilliseconds = longestSilence } = answer
    if (!options.facts.streamed) {
      leave()
      throw protocol('a stream that was not asked for')
    }
    return { status, headers, body: { events: screenEvents(body, leave, options), contentMilliseconds, leave } }
  }
  if (options.facts.streamed) {
    // A refusal is one also where it does not come as the stream that was asked for.
    const failure = options.api.failureOf(parseObject(answer.body.toString('utf8')) ?? {})
    throw failure === null ? protocol('no stream, which was asked for') : toldFault(failure)
  }
  await screenWhole(answer.body, options)
  return { status, headers, body: answer.body }
}

async function screenWhole(whole: Buffer, { api, facts, keep, meter }: ScreenAnswerOptions): Promise<void> {
  meter.came(whole.length)
  meter.hasContent = whole.length > 0
  const data = parseObject(whole.toString('utf8'))
  if (data === null) throw protocol('JSON that cannot be read')
  meter.count(api.usageOf(data))
  const failure = api.failureOf(data)
  // How something does that the provider keeps is an answer, also where it has failed.
  const isState = facts.model === null || facts.runsOn === true
  if (failure !== null && !(isState && failure.isShown === true)) {
    meter.hasContent = false
    throw toldFault(failure)
  }
  if (facts.model !== null && !api.isAnswer(data, facts)) throw protocol('JSON that is no whole answer')
  const ids = api.keptIdsOf(data, facts.answerIsKept)
  if (ids.length > 0) await keep(ids)
}
