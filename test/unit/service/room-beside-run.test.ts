import { describe, expect, it } from 'vitest'
import type { ModelPrice } from '../../../src/core/price.ts'
import type { Admitted } from '../../../src/core/request.ts'
import { whyNoRoom } from '../../../src/service/room-beside-run.ts'
import { verifies } from '../../support/verifies.ts'

const price: ModelPrice = { input: 1_000_000, output: 2_000_000, parts: {}, request: 0, tools: {} }
const most = { inputTokens: 600, outputTokens: 100 }
const spent = { inputTokens: 200, outputTokens: 100 }

function why(limits: { tokens?: number; cost?: number; output?: number }, priced: ModelPrice | null = price) {
  const { tokens = 10_000, cost, output } = limits
  const budget = { maximumTokens: tokens, ...(cost === undefined ? {} : { maximumCost: cost }) }
  const caps = output === undefined ? {} : { caps: { outputTokens: output } }
  return whyNoRoom(most, { request: { grant: { budget }, ...caps } as Admitted, price: priced, spent })
}

describe('the room that is left beside the turns of a run', () => {
  it('is what the limits of the answer leave, to the last token and the last part of a cost', () => {
    verifies('extract.budget')
    expect([why({}), why({ tokens: 1_000 }), why({ output: 200 }), why({ cost: 1_200 })]).toEqual([
      null,
      null,
      null,
      null,
    ])
    expect(why({ tokens: 999 })).toBe('What is left of the tokens of this answer is too little to read it.')
    expect(why({ output: 199 })).toBe('What is left of the output tokens of this answer is too little to read it.')
    expect(why({ cost: 1_199 })).toBe('What is left of what this answer may cost is too little to read it.')
  })

  it('is none where a cost is limited that nobody knows', () => {
    expect(why({ cost: 1_000_000 }, null)).toBe('What is left of what this answer may cost is too little to read it.')
    expect(why({}, null)).toBeNull()
  })
})
