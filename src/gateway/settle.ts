import type { AgentEvent } from '../core/events.ts'
import { wordsOfPlan } from '../core/plan.ts'
import type { Admitted } from '../core/request.ts'
import { charactersPerToken } from '../core/tokens.ts'
import { bytesOf } from './admit/admit.ts'

/**
 * Charges the run to its reservation: the provider's count from the `end` event, and where the caller or a fault ended it
 * sooner what the run itself said it has used, at least an estimate from what went in and came out. A disconnected stream
 * is not free. The rows that it showed are counted as they come; the time of its programs in sandboxes the run itself says.
 */
export async function* settle(request: Admitted, events: AsyncIterable<AgentEvent>): AsyncGenerator<AgentEvent> {
  let characters = request.messages.reduce((sum, message) => sum + message.content.length, 0)
  let bytes = bytesOf(request)
  let counted = false
  let rows = 0
  try {
    for await (const event of events) {
      if (event.type === 'text-delta') {
        characters += event.text.length
        bytes += Buffer.byteLength(event.text)
      }
      if (event.type === 'plan') {
        const words = wordsOfPlan(event.steps)
        characters += words.length
        bytes += Buffer.byteLength(words)
      }
      if (event.type === 'tool-call') characters += event.source?.text.length ?? 0
      if (event.type === 'tool-result') {
        rows += event.table?.rows.length ?? 0
        if (rows > 0) request.reservation.use({ rows })
      }
      if (event.type === 'end') {
        counted = true
        const { inputTokens, outputTokens } = event.usage
        request.reservation.use({ input_tokens: inputTokens, output_tokens: outputTokens })
      }
      yield event
    }
  } finally {
    request.reservation.use({ bytes })
    if (!counted) request.reservation.use({ tokens: Math.ceil(characters / charactersPerToken) })
  }
}
