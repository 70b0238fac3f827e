import { describe, expect, it } from 'vitest'
import { quotaUnits } from '../../../../src/core/quotas.ts'
import { allUses, mostOf } from '../../../../src/gateway/admit/uses.ts'

describe('what was used', () => {
  it('is the most of both, unit by unit', () => {
    const one = Object.fromEntries(quotaUnits.map((unit, at) => [unit, 10 + at]))
    const other = Object.fromEntries(quotaUnits.map((unit, at) => [unit, 17 - at]))
    const most = Object.fromEntries(quotaUnits.map((unit, at) => [unit, Math.max(10 + at, 17 - at)]))
    expect(mostOf(one, other)).toEqual(most)
    expect(mostOf(one, {})).toEqual(one)
    expect(mostOf({}, other)).toEqual(other)
    expect(mostOf({ rows: 0, tokens: 1 }, { rows: 0 })).toStrictEqual({ tokens: 1 })
    expect(mostOf({ tokens: 5 }, { tokens: -50 })).toStrictEqual({ tokens: 5 })
  })

  it.each([
    [
      { input_tokens: 3, output_tokens: 4 },
      { input_tokens: 3, output_tokens: 4, tokens: 7 },
    ],
    [{ input_tokens: 3 }, { input_tokens: 3, tokens: 3 }],
    [{ output_tokens: 4 }, { output_tokens: 4, tokens: 4 }],
    [
      { tokens: 9, input_tokens: 3, output_tokens: 4 },
      { tokens: 9, input_tokens: 3, output_tokens: 4 },
    ],
    [
      { tokens: 6, input_tokens: 3, output_tokens: 4 },
      { tokens: 7, input_tokens: 3, output_tokens: 4 },
    ],
    [{ rows: 5 }, { rows: 5 }],
    [{}, {}],
  ])('of tokens in both directions is both together: %j', (uses, all) => {
    expect(allUses(uses)).toStrictEqual(all)
  })
})
