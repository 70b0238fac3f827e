import { eventsOf } from '../../privacy/restore/restore-answer.ts'
import { Regenerate, type EventModerator } from './moderate-events.ts'

interface StreamContext {
  readonly moderator: EventModerator
  /** Lets the upstream go. */
  readonly leave: () => void
  /** Resolves when what was decided is on the audit trail; called once. */
  readonly tell: () => Promise<void>
}

/**
 * The events of a stream as they may leave. The upstream is let go as soon as a block is certain. Throws `Regenerate` where the
 * model is to be asked once more. What is decided leaves before a failure of the upstream is thrown.
 */
export async function* moderateStream(
  body: AsyncIterable<Buffer>,
  { moderator, leave, tell }: StreamContext,
): AsyncGenerator<Buffer> {
  let isTold = false
  const toldOnce = async (): Promise<void> => {
    if (isTold) return
    isTold = true
    await tell()
  }
  try {
    try {
      for await (const events of body) {
        const leaving = await pushed(events, moderator)
        if (moderator.told !== null) leave()
        if (moderator.told !== null) await toldOnce()
        if (leaving !== '') yield Buffer.from(leaving)
        if (moderator.told !== null) return
      }
    } catch (thrown) {
      // What cannot be told is not sent.
      if (isTold) throw thrown
      const rest = thrown instanceof Regenerate ? '' : await moderator.end()
      if (moderator.told !== null) await toldOnce()
      if (rest !== '') yield Buffer.from(rest)
      // A block is the end of the answer, whatever became of the rest of it.
      if (moderator.told !== null) return
      throw thrown
    }
    const rest = await moderator.end()
    if (moderator.told !== null) await toldOnce()
    if (rest !== '') yield Buffer.from(rest)
  } finally {
    await toldOnce()
  }
}

async function pushed(events: Buffer, moderator: EventModerator): Promise<string> {
  let leaving = ''
  for (const event of eventsOf(events.toString('utf8'))) {
    leaving += await moderator.push(event)
    if (moderator.told !== null) break
  }
  return leaving
}
