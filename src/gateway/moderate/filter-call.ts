import type { ScreenedAnswer } from '../../core/model-call.ts'
import type { BegunCall } from '../calls/admit-call.ts'
import type { AttemptedAnswer } from '../calls/attempts/attempt-call.ts'
import type { CallModeration } from './moderation.ts'

/** A call whose content its filter profile lets pass; what is blocked has cost nothing. */
export async function filterInput(call: BegunCall, moderated: CallModeration, signal: AbortSignal): Promise<BegunCall> {
  try {
    return { ...call, body: await moderated.input(signal) }
  } catch (thrown) {
    call.reservation.waive()
    throw thrown
  }
}

interface OutputContext {
  readonly restore: (answer: AttemptedAnswer) => Promise<ScreenedAnswer>
  /** Asks once more, where nothing of the first answer has left. */
  readonly again: () => Promise<AttemptedAnswer>
  readonly mayRegenerate: boolean
  readonly signal: AbortSignal
}

/** The answer as its caller may have it; one that may be written otherwise is asked for once more. */
export async function filterOutput(
  answer: AttemptedAnswer,
  moderated: CallModeration | null,
  { restore, again, mayRegenerate, signal }: OutputContext,
): Promise<{ readonly answer: AttemptedAnswer; readonly screened: ScreenedAnswer }> {
  const restored = await restore(answer)
  if (moderated === null) return { answer, screened: restored }
  const screened = await moderated.answer(restored, { leave: answer.leave, mayRegenerate, signal })
  if (screened !== 'regenerate') return { answer, screened }
  return filterOutput(await again(), moderated, { restore, again, mayRegenerate: false, signal })
}
