import type { ScreenedStream } from '../screen-answer.ts'
import type { ScreenedEvents } from '../screen-events.ts'
import { silent } from '../stream-faults.ts'

export interface BeginOptions {
  /** Milliseconds until the first content, and between any two, of those that the upstream is waited for. */
  readonly contentMilliseconds: number
  /** Those that have gone by until the answer began. */
  readonly spentMilliseconds: number
  /** How many bytes are held until the answer is whole; null where they leave with the first content. */
  readonly holdBytes: number | null
}

/**
 * Resolves when something of the answer has come, or all of it where it is held, with all of its bytes from the first one
 * on; rejects with what was wrong before. So whoever asked has read nothing yet of what is asked for anew.
 */
export async function beginStream(stream: ScreenedStream, options: BeginOptions): Promise<AsyncIterable<Buffer>> {
  const events = withContent(stream, options)
  const held: Buffer[] = []
  let length = 0
  for (;;) {
    const next = await events.next()
    if (next.done === true) return allOf(held)
    held.push(next.value.bytes)
    length += next.value.bytes.length
    const isEnough = options.holdBytes === null ? next.value.hasContent : length > options.holdBytes
    if (isEnough) return goingOn(held, events)
  }
}

async function* allOf(held: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* held
}

async function* goingOn(held: readonly Buffer[], events: AsyncIterable<ScreenedEvents>): AsyncGenerator<Buffer> {
  yield held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held)
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
