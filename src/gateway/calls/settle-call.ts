import type { AdmittedCall, CallUsage } from '../../core/model-call.ts'
import { costOf } from '../../core/price.ts'
import type { Amounts } from '../../core/quotas.ts'
import { charactersPerToken } from '../../core/tokens.ts'
import { isFree } from './admit-call.ts'
import type { CallMeter } from './screen-answer.ts'

/**
 * Charges a call to its reservation: by the provider's own count, and where it broke off before that came, by what was
 * sent and what came back. A caller who hangs up early has not got an answer for nothing; a call that the upstream failed
 * costs nothing, and neither does one about what the provider keeps, which was paid when it was made.
 */
export function settleCall(
  call: AdmittedCall,
  { usage, bytes, uncountedBytes }: Pick<CallMeter, 'usage' | 'bytes' | 'uncountedBytes'>,
  signal: AbortSignal,
): void {
  if (isFree(call) || (usage === null && bytes === 0 && !signal.aborted)) return
  const counted = usage?.isBegun === true ? withWritten(usage, { call, bytes: uncountedBytes }) : usage
  const amounts = counted === null ? uncountedOf(call, bytes) : amountsOf(counted, call)
  call.reservation.use({ ...amounts, bytes: (call.body?.length ?? 0) + bytes })
}

/**
 * What a call costs whose count never came. What goes on at the provider costs all that was held for it: looking at it later is
 * free, and nobody else will say what it was.
 */
function uncountedOf(call: AdmittedCall, bytes: number): Amounts {
  const { input_tokens: input, output_tokens: output, money } = call.reservation.held
  if (call.facts.runsOn !== true || input === undefined || output === undefined) return estimateOf(call, bytes)
  return { input_tokens: input, output_tokens: output, ...(money === undefined ? {} : { money }) }
}

/**
 * The count that a stream began with, and what came after it by its bytes: who leaves before the last count has not got an
 * answer for its first token. No more is charged as written than was held.
 */
function withWritten(
  usage: CallUsage,
  { call, bytes }: { readonly call: AdmittedCall; readonly bytes: number },
): CallUsage {
  const held = call.reservation.held.output_tokens ?? call.grant.budget.maximumTokens
  const written = Math.min(held, usage.outputTokens + Math.ceil(bytes / charactersPerToken))
  return { ...usage, outputTokens: Math.max(usage.outputTokens, written) }
}

function amountsOf(usage: CallUsage, { target: { price } }: AdmittedCall): Amounts {
  const { inputTokens, outputTokens } = usage
  const money = price === undefined ? {} : { money: costOf(usage, price) }
  return { input_tokens: inputTokens, output_tokens: outputTokens, ...money }
}

/** A picture in a body has far more bytes than it costs tokens; no more is charged than was held. */
function estimateOf(call: AdmittedCall, bytes: number): Amounts {
  const { maximumTokens } = call.grant.budget
  const sent = call.body?.length ?? 0
  const tokens = Math.min(maximumTokens, Math.ceil((sent + bytes) / charactersPerToken))
  const inputTokens = Math.min(tokens, Math.ceil(sent / charactersPerToken))
  return amountsOf({ inputTokens, outputTokens: tokens - inputTokens }, call)
}
