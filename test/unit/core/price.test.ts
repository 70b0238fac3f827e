import { describe, expect, it } from 'vitest'
import { costOf, inputParts, mostCost, outputParts, priceAt, type ModelPrice } from '../../../src/core/price.ts'
import { priceOptions } from '../../../src/models/price-options.ts'
import { createRandom } from '../../support/random.ts'

const priceOf = (given: object): ModelPrice => priceOptions.parse({ input: 0, output: 0, ...given })

describe('a price', () => {
  it.each([
    [{ input: 1_000_000 }, { inputTokens: 1, outputTokens: 0 }, 1],
    [{ input: 1 }, { inputTokens: 1, outputTokens: 0 }, 1],
    [{ input: 1, output: 1 }, { inputTokens: 500_000, outputTokens: 500_000 }, 1],
    [{ input: 1, output: 1 }, { inputTokens: 500_000, outputTokens: 500_001 }, 2],
    [{ input: 3_000_000, request: 5 }, { inputTokens: 0, outputTokens: 0 }, 5],
    [{ input: 3_000_000 }, { inputTokens: 10, outputTokens: 0, parts: { cached_input: 10 } }, 30],
    [{ input: 3_000_000, cached_input: 0 }, { inputTokens: 10, outputTokens: 0, parts: { cached_input: 10 } }, 0],
    [{ input: 1_000_000_000_000 }, { inputTokens: 9_000_000, outputTokens: 0 }, 9_000_000_000_000],
    [{ tools: { web_search: 7 } }, { inputTokens: 0, outputTokens: 0, toolUses: { web_search: 3, other: 9 } }, 21],
    [{ tools: { web_search: 7 } }, { inputTokens: 0, outputTokens: 0, toolUses: { web_search: 1, constructor: 2 } }, 7],
  ])('%j of %j is %i millionths, rounded up once', (price, usage, cost) => {
    expect(costOf(usage, priceOf(price))).toBe(cost)
  })

  it.each([
    [{ flex: 50 }, ['flex'], { input: 5, output: 51, request: 1 }],
    [{ flex: 50, us: 110 }, ['flex', 'us'], { input: 6, output: 56, request: 1 }],
    [{ flex: 50 }, ['other', 'constructor'], { input: 10, output: 101, request: 1 }],
    [{ free: 0 }, ['free'], { input: 0, output: 0, request: 0 }],
    [undefined, ['flex'], { input: 10, output: 101, request: 1 }],
  ])('with the tiers %j is at %j %j, rounded up', (tiers, asked, expected) => {
    const price = priceOf({ input: 10, output: 101, reasoning: 200, request: 1, ...(tiers && { tiers }) })
    expect(priceAt(price, asked)).toMatchObject(expected)
  })

  it('is never more than the most, whatever parts the tokens have', () => {
    const random = createRandom(7)
    const upTo = (most: number): number => Math.floor(random() * (most + 1))
    for (let round = 0; round < 2_000; round += 1) {
      const parts = [...inputParts, ...outputParts]
      const price = priceOf({
        input: upTo(9_000_000),
        output: upTo(9_000_000),
        request: upTo(9),
        ...Object.fromEntries(parts.filter(() => random() < 0.5).map((name) => [name, upTo(90_000_000)])),
      })
      const [inputTokens, outputTokens] = [upTo(5_000), upTo(5_000)]
      const split = (total: number, names: readonly string[]) => {
        let left = total
        return names.map((name) => {
          const some = upTo(left)
          left -= some
          return [name, some] as const
        })
      }
      const used = Object.fromEntries([...split(inputTokens, inputParts), ...split(outputTokens, outputParts)])
      const cost = costOf({ inputTokens, outputTokens, parts: used }, price)
      expect(cost).toBeLessThanOrEqual(mostCost({ inputTokens, outputTokens }, price))
    }
  })

  it.each([
    { input: 1.5, output: 0 },
    { input: -1, output: 0 },
    { input: 1 },
    { input: 1, output: 1, tools: { A: 1 } },
    { input: 1, output: 1, tiers: { flex: 0.5 } },
    { input: 1, output: 1, tiers: { flex: -1 } },
  ])('is refused as %j', (given) => expect(priceOptions.safeParse(given).success).toBe(false))
})
