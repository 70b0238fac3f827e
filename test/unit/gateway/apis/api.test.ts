import { describe, expect, it } from 'vitest'
import { countOf, isObject, usageFrom } from '../../../../src/gateway/apis/api.ts'

describe('a JSON object', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    [undefined, false],
    ['{}', false],
    [1, false],
    [true, false],
  ])('is told from other values: %j', (value, expected) => {
    expect(isObject(value)).toBe(expected)
  })
})

describe('a count of tokens', () => {
  it.each([
    [0, 0],
    [1, 1],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER + 1, null],
    [-1, null],
    [0.5, null],
    [Number.NaN, null],
    [Number.POSITIVE_INFINITY, null],
    ['7', null],
    [null, null],
    [undefined, null],
  ])('is a whole number that is not negative: %j', (value, expected) => {
    expect(countOf(value)).toBe(expected)
  })
})

describe('the usage of an object', () => {
  it('is read from the two members that the API names', () => {
    expect(usageFrom({ in: 3, out: 4 }, 'in', 'out')).toEqual({ inputTokens: 3, outputTokens: 4 })
    expect(usageFrom({ in: 0, out: 0 }, 'in', 'out')).toEqual({ inputTokens: 0, outputTokens: 0 })
  })

  it('has no output where the API writes nothing', () => {
    expect(usageFrom({ in: 3, out: 4 }, 'in', null)).toEqual({ inputTokens: 3, outputTokens: 0 })
    expect(usageFrom({ in: 3 }, 'in', null)).toEqual({ inputTokens: 3, outputTokens: 0 })
    expect(usageFrom({ out: 3 }, 'in', null)).toBeNull()
  })

  it.each([[{ in: 3 }], [{ out: 4 }], [{ in: -3, out: 4 }], [{ in: 3, out: '4' }], [null], [undefined], [[3, 4]], [7]])(
    'is unknown where one is missing or no count: %j',
    (usage) => {
      expect(usageFrom(usage, 'in', 'out')).toBeNull()
    },
  )
})
