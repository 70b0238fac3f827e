import { addUsage } from '../agent/add-usage.ts'
import { limitsOf } from '../agent/stop.ts'
import type { TokenUsage } from '../core/events.ts'
import { mostCost, type ModelPrice } from '../core/price.ts'
import type { Admitted } from '../core/request.ts'

interface Room {
  readonly request: Pick<Admitted, 'grant' | 'caps'>
  /** Null where nobody said what the model costs. */
  readonly price: ModelPrice | null
  /** By the run until now. */
  readonly spent: TokenUsage
}

/** Why no model may be asked so much beside the turns of the run; null where it may. Limits hold for all of a run together. */
export function whyNoRoom(most: TokenUsage, { request, price, spent }: Room): string | null {
  const { budget } = request.grant
  const { maximumCost } = budget
  const all = addUsage(spent, most)
  const reached = limitsOf(all, budget).find((limit) => limit.used > limit.most)
  if (reached !== undefined) return `What is left of the ${reached.what} of this answer is too little to read it.`
  if (all.outputTokens > (request.caps?.outputTokens ?? Number.POSITIVE_INFINITY)) {
    return 'What is left of the output tokens of this answer is too little to read it.'
  }
  if (maximumCost === undefined) return null
  return price !== null && mostCost(all, price) <= maximumCost
    ? null
    : 'What is left of what this answer may cost is too little to read it.'
}
