import type { AnswerGrounding } from './answer-grounding.ts'
import type { Taint } from './provenance.ts'
import type { ConversationMessage } from './request.ts'

/** A message of a conversation as it is kept. */
export interface SaidMessage extends ConversationMessage {
  readonly type: 'message'
  /** Where it came from; absent where nobody has followed it. */
  readonly origins?: readonly Taint[]
  /** What of it the results of its run bear out; of a run's last message alone. */
  readonly grounding?: AnswerGrounding
}
