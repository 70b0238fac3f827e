import type { ScreenedAnswer } from '../../../core/model-call.ts'
import type { AskJudgeParts } from './ask-judge.ts'
import type { AskAgain, CallGroundingOptions } from './call-grounding.ts'

/** An answer held against the documents of its request. Nothing of it is loaded where nobody brings any. */
export async function ground(
  answer: ScreenedAnswer,
  { judging, ...of }: Omit<CallGroundingOptions, 'judge'> & { readonly judging: AskJudgeParts | null },
  askOnceMore: AskAgain,
): Promise<ScreenedAnswer> {
  const { CallGrounding } = await import('./call-grounding.ts')
  const judge = judging === null ? null : (await import('./ask-judge.ts')).judgeFor(judging)
  return new CallGrounding({ ...of, judge }).answer(answer, askOnceMore)
}
