import { describe, expect, it } from 'vitest'
import type { QuotaFact } from '../../../support/storage/quota-process.ts'
import { wrongFactsOf } from '../../../support/storage/wrong-facts.ts'

const held = (id: string, bound: number, [from, at]: readonly [number, number]): QuotaFact => {
  return { fact: 'held', id, bound, standings: [], from, at }
}
const settled = (id: string, used: number, [from, at]: readonly [number, number]): QuotaFact => {
  return { fact: 'settled', id, used, from, at }
}
const standing = {
  limit: { account: 'a', unit: 'tokens', window: 'day', most: 0 },
  used: 0,
  held: 0,
  now: 0,
  nextAt: null,
} as const
const refused = (id: string, asked: number, [from, at]: readonly [number, number]): QuotaFact => {
  return { fact: 'refused', id, asked, from, at, ...standing }
}

/** The ids of what cannot be true, of a limit of 100. */
function wrong(...facts: readonly QuotaFact[]) {
  const { overdrawn, refusedWrongly } = wrongFactsOf(facts, 100)
  return [overdrawn.map(({ id }) => id), refusedWrongly.map(({ id }) => id)]
}

describe('what is recomputed of a race', () => {
  it('finds an admission that had no room', () => {
    expect(wrong(held('a', 60, [0, 1]), held('b', 41, [2, 3]))).toEqual([['b'], []])
    expect(wrong(held('a', 60, [0, 1]), settled('a', 50, [2, 3]), held('b', 51, [4, 5]))).toEqual([['b'], []])
  })

  it('lets an admission be that may have come before another, or after a settlement', () => {
    expect(wrong(held('a', 60, [0, 3]), held('b', 40, [1, 2]))).toEqual([[], []])
    expect(wrong(held('a', 60, [0, 3]), held('b', 41, [1, 2]))).toEqual([[], []])
    expect(wrong(held('a', 60, [0, 1]), settled('a', 50, [2, 6]), held('b', 50, [3, 4]))).toEqual([[], []])
  })

  it('finds a refusal for which there was room', () => {
    expect(wrong(refused('a', 100, [0, 1]))).toEqual([[], ['a']])
    expect(wrong(held('a', 60, [0, 1]), refused('b', 40, [2, 3]))).toEqual([[], ['b']])
    expect(wrong(held('a', 60, [0, 1]), settled('a', 10, [2, 3]), refused('b', 90, [4, 5]))).toEqual([[], ['b']])
    expect(wrong(refused('b', 90, [0, 1]), held('a', 60, [2, 3]))).toEqual([[], ['b']])
  })

  it('lets a refusal be for which there may have been none', () => {
    expect(wrong(held('a', 60, [0, 1]), refused('b', 41, [2, 3]))).toEqual([[], []])
    expect(wrong(refused('b', 41, [0, 2]), held('a', 60, [1, 3]))).toEqual([[], []])
    expect(wrong(held('a', 60, [0, 1]), settled('a', 10, [2, 4]), refused('b', 90, [3, 5]))).toEqual([[], []])
  })
})
