import { ServiceError } from '../core/errors.ts'
import type { AgentBudget } from '../core/grant.ts'
import { mostCost, type ModelPrice } from '../core/price.ts'
import type { ModelRequest } from '../models/model.ts'
import { tokensOf } from './compaction.ts'

/** Before a provider has counted, an estimate of the input may be so much too low without a limit of cost being passed. */
const spareOfCost = 1.3
/** With fewer a model neither answers nor calls a tool. */
const fewestOutputTokens = 256

interface MoneyLeft {
  /** Null or absent where nobody said what the model costs. */
  readonly price: ModelPrice | null | undefined
  readonly budget: Pick<AgentBudget, 'maximumCost'>
  /** Of the turns so far, in millionths of the currency of the price. */
  readonly spent: number
  /** How many tokens the provider counts for one that is estimated, by its last count. */
  readonly countedPerEstimated: number
}

/**
 * How many tokens the model may write, of those it is asked for, so that the limit of cost holds; null where these would be too few. Throws
 * `invalid-request` where there is a limit and no price.
 */
export function affordable(
  { messages, tools, maximumOutputTokens: most }: ModelRequest,
  { price, budget: { maximumCost }, spent, countedPerEstimated }: MoneyLeft,
): number | null {
  if (maximumCost === undefined) return most
  if (!price) {
    throw new ServiceError(
      'invalid-request',
      'What the model costs is not known here, so no limit of cost can be kept.',
      {
        advice: 'Leave the limit out, or have an operator set model.price.',
      },
    )
  }
  const inputTokens = Math.ceil(tokensOf(messages, tools) * Math.max(countedPerEstimated, spareOfCost))
  const fits = (outputTokens: number): boolean => spent + mostCost({ inputTokens, outputTokens }, price) <= maximumCost
  if (fits(most)) return most
  let least = Math.min(most, fewestOutputTokens)
  if (!fits(least)) return null
  for (let above = most; above - least > 1;) {
    const middle = Math.floor((least + above) / 2)
    if (fits(middle)) least = middle
    else above = middle
  }
  return least
}
