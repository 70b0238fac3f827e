import { charactersPerToken } from '../core/tokens.ts'
import type { ConversationMessage } from '../core/request.ts'
import type { ModelMessage } from '../models/model.ts'
import type { CallReport } from './calls.ts'
import type { Turn } from './step.ts'

/** The conversation of one run as the model sees it. */
export interface Transcript {
  /** Everything so far, shortened to fit `maximumTokens` where that is given. */
  messages(maximumTokens: number | null): readonly ModelMessage[]
  addTurn(turn: Turn): void
  /** `note` is the program's own word and stands after the last report, outside of any fence. */
  addReports(reports: readonly CallReport[], note: string | null): void
  addNudge(text: string): void
}

const leftOut = '[An earlier result, left out because the conversation is long. Run the tool again if you need it.]'

/** System messages of the caller are kept as such, after the program's own. */
export function createTranscript(systemPrompt: string, conversation: readonly ConversationMessage[]): Transcript {
  const messages: ModelMessage[] = [
    { role: 'system', content: systemPrompt },
    ...conversation.map(({ role, content }): ModelMessage =>
      role === 'assistant' ? { role, content, toolCalls: [] } : { role, content },
    ),
  ]
  return {
    messages: (maximumTokens) => (maximumTokens === null ? [...messages] : fit(messages, maximumTokens)),
    addTurn: (turn) => void messages.push({ role: 'assistant', content: turn.text, toolCalls: turn.calls }),
    addReports(reports, note) {
      for (const [position, report] of reports.entries()) {
        const last = position === reports.length - 1
        const content = last && note !== null ? `${report.content}\n${note}` : report.content
        messages.push({ role: 'tool', callId: report.callId, content })
      }
    },
    addNudge: (text) => void messages.push({ role: 'user', content: text }),
  }
}

/** Leaves out the content of the oldest tool results until the rest fits; the last round of results always stays. */
function fit(messages: readonly ModelMessage[], maximumTokens: number): ModelMessage[] {
  let excess = messages.reduce((sum, message) => sum + sizeOf(message), 0) - maximumTokens * charactersPerToken
  const lastTurn = messages.findLastIndex((message) => message.role === 'assistant')
  return messages.map((message, position) => {
    if (excess <= 0 || message.role !== 'tool' || position > lastTurn || message.content.length <= leftOut.length)
      return message
    excess -= message.content.length - leftOut.length
    return { ...message, content: leftOut }
  })
}

function sizeOf(message: ModelMessage): number {
  const calls = message.role === 'assistant' ? message.toolCalls : []
  return calls.reduce((sum, call) => sum + call.argumentsText.length + call.name.length, message.content.length)
}
