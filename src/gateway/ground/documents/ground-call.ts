import type { ScreenedAnswer } from '../../../core/model-call.ts'
import type { AskAgain, CallGroundingOptions } from './call-grounding.ts'

/** An answer held against the documents of its request. Nothing of it is loaded where nobody brings any. */
export async function ground(
  answer: ScreenedAnswer,
  of: CallGroundingOptions,
  askOnceMore: AskAgain,
): Promise<ScreenedAnswer> {
  const { CallGrounding } = await import('./call-grounding.ts')
  return new CallGrounding(of).answer(answer, askOnceMore)
}
