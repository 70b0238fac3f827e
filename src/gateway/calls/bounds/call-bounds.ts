import type { AuthorizedCall, CallTarget, PromptCounting } from '../../../core/model-call.ts'
import { mostCost } from '../../../core/price.ts'
import type { Amounts, QuotaUnit } from '../../../core/quotas.ts'
import type { CallSize } from '../../../models/routing/plan.ts'
import { mostOf } from '../../admit/uses.ts'
import { objectOfBody } from '../object-of-body.ts'
import { promptBoundOf, type PromptBound } from './prompt-bound.ts'
import { countBytes, textCounter } from './text-counter.ts'

/** What a call may use at most. */
interface CallBounds {
  readonly bounds: Amounts
  /** Units of which nobody can say: no more than their smallest limit is held. */
  readonly guessed: readonly QuotaUnit[]
}

/** What a call uses at least that is held for, wherever it is answered: a prompt is never nothing. */
export function leastBoundsOf(call: AuthorizedCall): Amounts {
  const least = { input: 1, output: call.facts.outputTokens === null ? 1 : writtenBy(call) }
  return { ...call.candidates.map((target) => amountsOf(call.body, target, least)).reduce(leastOf), bytes: 1 }
}

/** The most that a call may use at any of its candidates, one of which may step in for another. */
export async function callBoundsOf(call: AuthorizedCall): Promise<CallBounds> {
  const [first, ...others] = call.candidates
  const prompts = promptsOf(call)
  let most = await boundsAt(call, first, prompts)
  for (const target of others) {
    const { bounds, guessed } = await boundsAt(call, target, prompts)
    most = { bounds: mostOf(most.bounds, bounds), guessed: [...new Set([...most.guessed, ...guessed])] }
  }
  return most
}

/** How large a call is at each of its candidates, by their names. */
export async function sizesOf(call: AuthorizedCall): Promise<ReadonlyMap<string, CallSize>> {
  const prompts = promptsOf(call)
  const { outputTokens } = call.facts
  const sizes = new Map<string, CallSize>()
  for (const target of call.candidates) {
    const { tokens: inputTokens } = await prompts.at(target)
    const { money = null } = (await boundsAt(call, target, prompts)).bounds
    sizes.set(target.name ?? '', { inputTokens, outputTokens: outputTokens === null ? null : writtenBy(call), money })
  }
  return sizes
}

/**
 * The most that a call may use at one of them, as its body is: its input by the texts in it, and as much as it lets the model write in each
 * of its answers. Of a call that does not say how much that is, or that brings what is not in its body, the budget of its
 * group is asked.
 */
function boundsAt(call: AuthorizedCall, target: CallTarget, prompts: Prompts): Promise<CallBounds> {
  const { facts, grant } = call
  return prompts.once({ target, facts, budget: grant.budget }, () => boundsFor(call, target, prompts))
}

async function boundsFor(call: AuthorizedCall, target: CallTarget, prompts: Prompts): Promise<CallBounds> {
  const { facts, grant } = call
  const prompt = await prompts.at(target)
  const reaches = facts.ids.length > 0 || facts.hostedTools.some(({ name }) => name !== 'image_urls')
  const isOpen = prompt.isOpen || reaches
  const context = target.counting?.contextTokens ?? null
  const most = isOpen ? Math.max(prompt.tokens, context ?? grant.budget.maximumTokens) : prompt.tokens
  const input = context === null ? most : Math.min(most, context)
  const bounds = amountsOf(call.body, target, { input, output: writtenBy(call) })
  const [inputUnknown, outputUnknown] = [isOpen && context === null, facts.outputTokens === null]
  const guessed: QuotaUnit[] = []
  if (inputUnknown) guessed.push('input_tokens')
  if (outputUnknown) guessed.push('output_tokens')
  if (inputUnknown || outputUnknown) guessed.push('tokens')
  // How often a tool of the provider will be used is not known.
  if (inputUnknown || outputUnknown || facts.hostedTools.length > 0) guessed.push('money')
  return { bounds, guessed }
}

const writtenBy = ({ facts: { outputTokens, choices = 1 }, grant }: AuthorizedCall): number =>
  (outputTokens ?? grant.budget.maximumTokens) * choices

function amountsOf(
  body: Buffer | null,
  { price }: CallTarget,
  { input, output }: { input: number; output: number },
): Amounts {
  const money = price === undefined ? {} : { money: mostCost({ inputTokens: input, outputTokens: output }, price) }
  // How many an answer is shows when it comes: one has to be left.
  const bytes = body?.length ?? 0
  return { tokens: input + output, input_tokens: input, output_tokens: output, bytes: bytes + 1, ...money }
}

const promptsOfBodies = new WeakMap<Buffer, Prompts>()

/** A body that goes on as it is is counted once, however often it is asked for. */
function promptsOf(call: AuthorizedCall): Prompts {
  if (call.body === null) return new Prompts(call)
  const prompts = promptsOfBodies.get(call.body) ?? new Prompts(call)
  promptsOfBodies.set(call.body, prompts)
  return prompts
}

/** Of what else than its body the bounds of a call depend. */
type BoundBy = Pick<AuthorizedCall, 'target' | 'facts'> & Pick<AuthorizedCall['grant'], 'budget'>

/** The prompt of one call, counted once for each way of counting, and what the call may use at each of its candidates. */
class Prompts {
  readonly #call: AuthorizedCall
  readonly #counted = new Map<string, Promise<PromptBound>>()
  readonly #bounds: { readonly by: BoundBy; readonly bounds: Promise<CallBounds> }[] = []

  constructor(call: AuthorizedCall) {
    this.#call = call
  }

  at({ counting }: CallTarget): Promise<PromptBound> {
    const { pictureTokens = 1, tokenizer = null } = counting ?? {}
    const way = `${tokenizer} ${pictureTokens}`
    const counted = this.#counted.get(way) ?? promptOf(this.#call, { pictureTokens, tokenizer })
    this.#counted.set(way, counted)
    return counted
  }

  /** What was said for the same target, facts and budget before. */
  once(by: BoundBy, bound: () => Promise<CallBounds>): Promise<CallBounds> {
    const { target, facts, budget } = by
    const known = this.#bounds.find(
      ({ by: before }) => before.target === target && before.facts === facts && before.budget === budget,
    )
    if (known !== undefined) return known.bounds
    const bounds = bound()
    this.#bounds.push({ by, bounds })
    return bounds
  }
}

async function promptOf(
  { body, api }: AuthorizedCall,
  { pictureTokens, tokenizer }: Pick<PromptCounting, 'pictureTokens' | 'tokenizer'>,
): Promise<PromptBound> {
  if (body === null) return { tokens: 0, isOpen: false }
  const countText = tokenizer === null ? countBytes : await textCounter(tokenizer)
  const counter = { pictureTokens, countText, numbersAreTokens: api === 'embeddings' }
  const parsed = objectOfBody(body)
  return parsed === null ? { tokens: body.length, isOpen: false } : promptBoundOf(parsed, counter)
}

/** The least of both, unit by unit. */
const leastOf = (one: Amounts, other: Amounts): Amounts =>
  Object.fromEntries(
    Object.entries(one).map(([unit, amount]) => [unit, Math.min(amount, other[unit as QuotaUnit] ?? 0)]),
  )
