import type { AdmittedCall } from '../../core/model-call.ts'
import { charactersPerToken } from '../../core/tokens.ts'
import type { CallMeter } from './screen-answer.ts'

/**
 * Charges a call to its reservation: by the provider's own count, and where it broke off before that came, by what was
 * sent and what came back. A caller who hangs up early has not got an answer for nothing; a call that the upstream failed
 * costs nothing.
 */
export function settleCall(
  { reservation, body, grant }: AdmittedCall,
  { usage, bytes }: CallMeter,
  signal: AbortSignal,
): void {
  if (usage === null && bytes === 0 && !signal.aborted) return
  // A picture in a body has far more bytes than it costs tokens; no more is charged than was held.
  const estimate = Math.min(grant.budget.maximumTokens, Math.ceil(((body?.length ?? 0) + bytes) / charactersPerToken))
  reservation.use(
    usage === null ? { tokens: estimate } : { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens },
  )
}
