import { describe, expect, it } from 'vitest'
import { countOf, isEmptyPiece, isObject, usageFrom } from '../../../../src/gateway/apis/api.ts'

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
    [1_000_000_000, 1_000_000_000],
    [1_000_000_001, null],
    [Number.MAX_SAFE_INTEGER, null],
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
    expect(usageFrom({ in: 3, out: 0 }, 'in', 'out')).toEqual({ inputTokens: 3, outputTokens: 0 })
    expect(usageFrom({ in: 0, out: 4 }, 'in', 'out')).toEqual({ inputTokens: 0, outputTokens: 4 })
  })

  it('has no output where the API writes nothing', () => {
    expect(usageFrom({ in: 3, out: 4 }, 'in', null)).toEqual({ inputTokens: 3, outputTokens: 0 })
    expect(usageFrom({ in: 3 }, 'in', null)).toEqual({ inputTokens: 3, outputTokens: 0 })
    expect(usageFrom({ out: 3 }, 'in', null)).toBeNull()
  })

  it.each([
    [{ in: 3 }],
    [{ out: 4 }],
    [{ in: 0, out: 0 }],
    [{ in: -3, out: 4 }],
    [{ in: 3, out: '4' }],
    [null],
    [undefined],
    [[3, 4]],
    [7],
  ])('is unknown where one is missing or no count: %j', (usage) => {
    expect(usageFrom(usage, 'in', 'out')).toBeNull()
  })
})

describe('the parts of a usage', () => {
  const partsOf = (usage: object) => usageFrom({ in: 9, out: 9, ...usage }, 'in', 'out')?.parts

  it.each(['prompt_tokens_details', 'input_tokens_details'])('are read from %s for what is sent', (details) => {
    const counts = { cached_tokens: 2, audio_tokens: 3, image_tokens: 4, reasoning_tokens: 5, text_tokens: 6 }
    expect(partsOf({ [details]: counts })).toEqual({ cached_input: 2, audio_input: 3, image_input: 4 })
  })

  it.each(['completion_tokens_details', 'output_tokens_details'])(
    'are read from %s for what is answered',
    (details) => {
      const counts = { cached_tokens: 2, audio_tokens: 3, image_tokens: 4, reasoning_tokens: 5, text_tokens: 6 }
      expect(partsOf({ [details]: counts })).toEqual({ audio_output: 3, image_output: 4, reasoning: 5 })
    },
  )

  it('are those of both sides', () => {
    const usage = { prompt_tokens_details: { cached_tokens: 1 }, completion_tokens_details: { reasoning_tokens: 1 } }
    expect(partsOf(usage)).toEqual({ cached_input: 1, reasoning: 1 })
  })

  it.each([
    [{}],
    [{ prompt_tokens_details: null }],
    [{ prompt_tokens_details: [1] }],
    [{ prompt_tokens_details: 'cached_tokens' }],
    [{ prompt_tokens_details: { cached_tokens: 0 } }],
    [{ prompt_tokens_details: { cached_tokens: -1 } }],
    [{ prompt_tokens_details: { cached_tokens: '2' } }],
    [{ prompt_tokens_details: { reasoning_tokens: 2 } }],
    [{ later_tokens_details: { cached_tokens: 2 } }],
  ])('are not there in %j', (usage) => {
    expect(usageFrom({ in: 1, out: 1, ...usage }, 'in', 'out')).toStrictEqual({ inputTokens: 1, outputTokens: 1 })
  })
})

describe('a piece of an answer', () => {
  it.each([
    ['', true],
    [undefined, true],
    [{}, true],
    [{ type: 'text_delta', text: '' }, true],
    [{ type: 'input_json_delta', partial_json: '' }, true],
    ['a', false],
    [{ type: 'text_delta', text: 'a' }, false],
    [{ type: 'citations_delta', citation: {} }, false],
  ])('brings something unless all of it is empty: %j', (piece, expected) => {
    expect(isEmptyPiece(piece)).toBe(expected)
  })
})
