import type { CallUsage } from './model-call.ts'

/** Tokens with a price of their own. Each provider counts them among its input or its output tokens. */
export const inputParts = ['cached_input', 'cache_write', 'audio_input', 'image_input'] as const
export const outputParts = ['reasoning', 'audio_output', 'image_output'] as const

export type UsagePart = (typeof inputParts)[number] | (typeof outputParts)[number]

/** What a model costs, in millionths of the currency: each for a million tokens, but for `request` and `tools`. */
export interface ModelPrice {
  readonly input: number
  readonly output: number
  /** A part without a price has that of the input or output it is of. */
  readonly parts: Partial<Readonly<Record<UsagePart, number>>>
  /** For each request that is answered. */
  readonly request: number
  /** For each use of a tool that the provider runs, by its name. */
  readonly tools: Readonly<Record<string, number>>
  /** What a tier of service costs, in percent of these prices of tokens and requests, by its name; absent where it has none. */
  readonly tiers?: Readonly<Record<string, number>>
}

/** The price at these tiers of service, one on top of another, rounded up; those that it does not know leave it as it is. */
export function priceAt(price: ModelPrice, tiers: readonly string[]): ModelPrice {
  const known = price.tiers ?? {}
  const percents = tiers.filter((name) => Object.hasOwn(known, name)).map((name) => BigInt(numberOf(known, name)))
  const whole = 100n ** BigInt(percents.length)
  const part = percents.reduce((product, percent) => product * percent, 1n)
  const at = (base: number): number => Number((BigInt(base) * part + whole - 1n) / whole)
  const parts = Object.fromEntries(Object.entries(price.parts).map(([name, base]) => [name, at(base)]))
  return { ...price, input: at(price.input), output: at(price.output), request: at(price.request), parts }
}

const million = 1_000_000n

/** Millionths of the currency, rounded up once for all of a call. */
export function costOf(usage: CallUsage, price: ModelPrice): number {
  const { inputTokens, outputTokens, parts = {}, toolUses = {} } = usage
  const side = (total: number, base: number, names: readonly UsagePart[]): bigint => {
    let plain = total
    let sum = 0n
    for (const name of names) {
      const count = parts[name] ?? 0
      plain -= count
      sum += BigInt(count) * BigInt(price.parts[name] ?? base)
    }
    return sum + BigInt(Math.max(0, plain)) * BigInt(base)
  }
  const tokens = side(inputTokens, price.input, inputParts) + side(outputTokens, price.output, outputParts)
  const tools = Object.entries(toolUses).reduce((sum, [name, uses]) => sum + uses * numberOf(price.tools, name), 0)
  return Number((tokens + million - 1n) / million) + price.request + tools
}

/** What stands under a name that a provider may have chosen, and nothing that every object has by itself; 0 where nothing does. */
export function numberOf(numbers: Readonly<Record<string, number>>, name: string): number {
  return Object.hasOwn(numbers, name) ? (numbers[name] ?? 0) : 0
}

/** The most that so many tokens cost, whatever parts they have. What tools cost is not known before. */
export function mostCost(tokens: Pick<CallUsage, 'inputTokens' | 'outputTokens'>, price: ModelPrice): number {
  let most = mostPrices.get(price)
  if (most === undefined) {
    most = mostPriceOf(price)
    mostPrices.set(price, most)
  }
  return costOf(tokens, most)
}

/** Of each price of the configuration, worked out once: every call is held at those of all models that it may come to. */
const mostPrices = new WeakMap<ModelPrice, ModelPrice>()

/** The price at which every token costs what the dearest of its side does. */
function mostPriceOf(price: ModelPrice): ModelPrice {
  const dearest = (base: number, names: readonly UsagePart[]): number =>
    Math.max(base, ...names.map((name) => price.parts[name] ?? base))
  const input = dearest(price.input, inputParts)
  const output = dearest(price.output, outputParts)
  return { ...price, input, output, parts: {} }
}
