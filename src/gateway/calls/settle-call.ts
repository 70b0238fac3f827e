import type { AdmittedCall, CallUsage } from '../../core/model-call.ts'
import { costOf } from '../../core/price.ts'
import type { Amounts } from '../../core/quotas.ts'
import { charactersPerToken } from '../../core/tokens.ts'
import { sumOf } from '../admit/uses.ts'
import { isFree } from './admit-call.ts'
import type { CallMeter } from './call-meter.ts'

/** One attempt at a call, with what came of it. */
interface Attempt {
  readonly call: AdmittedCall
  readonly meter: Pick<CallMeter, 'usage' | 'bytes' | 'uncountedBytes' | 'hasContent'>
}

/**
 * Charges a call to its reservation, with every attempt that a provider will have charged for: by the provider's own count,
 * and where it broke off before that came, by what was sent and what came back. A caller who hangs up early has not got an
 * answer for nothing; an attempt of which nothing of an answer came costs nothing, and neither does a call about what the
 * provider keeps, which was paid when it was made.
 */
export function settleCall(attempts: readonly Attempt[], signal: AbortSignal): void {
  const [first] = attempts
  if (first === undefined || isFree(first.call)) return
  // Who leaves while an attempt is under way leaves its cost behind.
  first.call.reservation.use(spentBy(attempts, signal.aborted ? attempts.at(-1) : undefined))
}

/** What attempts have cost so far, by the same rules; `left`: one that costs something also where nothing of it came. */
export function spentBy(attempts: readonly Attempt[], left?: Attempt): Amounts {
  let total: Amounts = {}
  for (const attempt of attempts) {
    const { usage, hasContent, bytes } = attempt.meter
    // What has begun in the background goes on.
    const goesOn = attempt.call.facts.runsOn === true && bytes > 0
    if (usage === null && !hasContent && attempt !== left && !goesOn) continue
    total = sumOf(total, costOfAttempt(attempt))
  }
  return total
}

function costOfAttempt({ call, meter: { usage, bytes, uncountedBytes } }: Attempt): Amounts {
  const counted = usage?.isBegun === true ? withWritten(usage, { call, bytes: uncountedBytes }) : usage
  const amounts = counted === null ? uncountedOf(call, bytes) : amountsOf(counted, call)
  return { ...amounts, bytes: (call.body?.length ?? 0) + bytes }
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
