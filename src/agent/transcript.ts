import type { ConversationMessage } from '../core/request.ts'
import type { ModelMessage } from '../models/model.ts'
import type { Fence } from '../text/untrusted.ts'
import type { CallReport } from './call-report.ts'
import { compact, type Round } from './compaction.ts'
import type { Turn } from './step.ts'

/** The conversation of one run as the model sees it. */
export interface Transcript {
  /** Everything so far; in at most `maximumTokens` where that is given, and null where it cannot be made so short. */
  messages(maximumTokens: number | null): readonly ModelMessage[] | null
  /** A turn with the reports of its calls. `note` is the program's own word and stands after the last report, outside of any fence. */
  addCalls(turn: Pick<Turn, 'text' | 'calls'>, reports: readonly CallReport[], note: string | null): void
  addNudge(text: string): void
}

interface Beginning {
  readonly system: string
  /** Ends with the question. System messages of the caller are kept as such, after the program's own. */
  readonly conversation: readonly ConversationMessage[]
  readonly fence: Fence
}

export function createTranscript({ system, conversation: said, fence }: Beginning): Transcript {
  const rounds: Round[] = []
  return {
    messages: (tokens) => compact({ system, said, rounds }, { tokens: tokens ?? Number.POSITIVE_INFINITY, fence }),
    addCalls: (turn, reports, note) => void rounds.push({ kind: 'calls', turn, reports, note }),
    addNudge: (text) => void rounds.push({ kind: 'nudge', text }),
  }
}
