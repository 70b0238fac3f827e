import { GatheredBytes } from '../../../core/gathered-bytes.ts'
import type { ScreenedStream } from '../screen-answer.ts'
import type { ScreenedEvents } from '../screen-events.ts'
import { protocol, silent } from '../stream-faults.ts'
import { longestEvent } from '../whole-events.ts'

export interface BeginOptions {
  /** Milliseconds until the first content, and between any two, of those that the upstream is waited for. */
  readonly contentMilliseconds: number
  /** Those that have gone by until the answer began. */
  readonly spentMilliseconds: number
  /** How long the events are held. */
  readonly until: 'first bytes' | 'first content' | 'whole'
  /** How many bytes are held at the most: a longer answer leaves as it comes from there on. */
  readonly mostBytes: number
}

/** Bytes that may come before an answer: what announces it says its question back, once or twice. */
const mostAnnouncing = 2 * longestEvent

/**
 * Resolves when something of the answer has come, or all of it where it is held, with all of its bytes from the first one
 * on; rejects with what was wrong before. So whoever asked has read nothing yet of what is asked for anew. Events that bring
 * nothing of an answer are a fault when there are more of them than may be held.
 */
export async function beginStream(stream: ScreenedStream, options: BeginOptions): Promise<AsyncIterable<Buffer>> {
  const { until, mostBytes } = options
  const mostOfNothing = Math.max(mostBytes, mostAnnouncing)
  const events = withContent(stream, options)
  const held = new GatheredBytes()
  let hasBegun = until === 'first bytes'
  for (;;) {
    const next = await events.next()
    if (next.done === true) return allOf(held)
    const { bytes, hasContent } = next.value
    hasBegun ||= hasContent
    held.add(bytes)
    if (hasBegun && (until !== 'whole' || held.length > mostBytes)) return goingOn(held, events)
    if (!hasBegun && held.length > mostOfNothing) {
      await events.return(undefined)
      throw protocol(`more than ${mostOfNothing} bytes with nothing of an answer in them`)
    }
  }
}

async function* allOf(held: GatheredBytes): AsyncGenerator<Buffer> {
  if (held.length > 0) yield held.together()
}

async function* goingOn(held: GatheredBytes, events: AsyncIterable<ScreenedEvents>): AsyncGenerator<Buffer> {
  yield held.together()
  for await (const { bytes } of events) yield bytes
}

/** The events, as long as there is content among them in time. Who reads slowly is not taken for a silent upstream. */
async function* withContent(
  { events, leave }: ScreenedStream,
  { contentMilliseconds, spentMilliseconds }: BeginOptions,
): AsyncGenerator<ScreenedEvents> {
  const incoming = events[Symbol.asyncIterator]()
  let left = contentMilliseconds - spentMilliseconds
  let isLate = false
  let hasBegun = false
  // Nothing more is expected then; how long it may take is known to whom reads it.
  let isOver = false
  const give = (): void => {
    isLate = true
    leave()
  }
  try {
    for (;;) {
      const began = performance.now()
      const timer = isOver ? undefined : setTimeout(give, Math.max(0, left))
      let next: IteratorResult<ScreenedEvents>
      try {
        next = await incoming.next()
      } finally {
        clearTimeout(timer)
      }
      if (isLate) break
      if (next.done === true) return
      hasBegun ||= next.value.hasContent
      isOver = next.value.isOver
      left = next.value.hasContent ? contentMilliseconds : left - (performance.now() - began)
      yield next.value
    }
  } catch (thrown) {
    if (!isLate) throw thrown
  } finally {
    if (!isLate) await incoming.return?.()
  }
  throw silent(hasBegun ? 'said no more in the middle of its answer' : 'said nothing in time')
}
