import { mostCost, type ModelPrice } from '../../core/price.ts'
import type { Admitted, Authorized } from '../../core/request.ts'
import type { Quota } from './quota.ts'

/** Of its messages; how many bytes an answer will be is not known, and one has to be left. */
export function bytesOf({ messages }: Pick<Authorized, 'messages'>): number {
  return messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0)
}

/** The share of its budget with which a run begins where no more is left to its caller: with less it would hardly come to an answer. */
export const enough = 0.1

/**
 * Holds as many tokens as the grant's budget lets the run spend, and what they cost at most, or what is left of them; the run spends
 * no more than what is held.
 */
export async function admit(
  request: Authorized,
  quota: Pick<Quota, 'reserve'>,
  price: ModelPrice | null,
): Promise<Admitted> {
  const { budget } = request.grant
  const most = budget.maximumTokens
  const dearest = (tokens: number): number =>
    price === null
      ? 0
      : Math.max(
          ...[[tokens, 0] as const, [0, tokens] as const].map(([inputTokens, outputTokens]) =>
            mostCost({ inputTokens, outputTokens }, price),
          ),
        )
  const bounds = {
    tokens: most,
    input_tokens: most,
    output_tokens: most,
    money: dearest(most),
    sandbox_ms: budget.wallMilliseconds,
    // How many it will show is not known: it is counted afterwards, and one has to be left.
    rows: 1,
    bytes: bytesOf(request) + 1,
  }
  const guessed = ['tokens', 'input_tokens', 'output_tokens', 'money', 'sandbox_ms'] as const
  const reservation = await quota.reserve(request.principal, bounds, { guessed, enough, price })
  const { tokens: held = most, input_tokens: input = most, output_tokens: output = most, money = 0 } = reservation.held
  const sandbox = reservation.held.sandbox_ms ?? budget.wallMilliseconds
  const affordable = bounds.money <= money ? most : Math.floor((most * money) / bounds.money)
  const maximumTokens = Math.min(held, affordable)
  const left = {
    ...budget,
    maximumTokens,
    ...(input < maximumTokens ? { maximumInputTokens: input } : {}),
    ...(output < maximumTokens ? { maximumOutputTokens: output } : {}),
    ...(sandbox < budget.wallMilliseconds ? { maximumSandboxMilliseconds: sandbox } : {}),
  }
  return { ...request, grant: { ...request.grant, budget: left }, reservation }
}
