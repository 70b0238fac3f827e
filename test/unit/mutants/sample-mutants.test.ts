import { describe, expect, it } from 'vitest'
import { makeMutants } from '../../mutants/make-mutants.ts'
import type { Mutant } from '../../mutants/mutant.ts'
import { sampleMutants } from '../../mutants/sample-mutants.ts'
import { verifies } from '../../support/verifies.ts'

const text = `f(a < b, ${Array.from({ length: 50 }, (_, index) => index).join(', ')})`
const all = makeMutants('a.ts', text)
const draw = (seed: number, count: number) => sampleMutants(all, { seed, count, textOf: () => text })

describe('a sample of mutants', () => {
  it('is decided by its seed', () => {
    verifies('mutants.sample')
    expect(draw(1, 10)).toEqual(draw(1, 10))
    expect(draw(1, 10)).not.toEqual(draw(2, 10))
  })

  it('has no mutant twice, and no more than there are', () => {
    const drawn = draw(1, 1000)
    expect(drawn).toHaveLength(52)
    expect(new Set(drawn).size).toBe(52)
    expect(draw(1, 7)).toHaveLength(7)
  })

  it('has each sort in turn, however many literals there are', () => {
    verifies('mutants.sample')
    const kinds = Map.groupBy(draw(1, 6), ({ kind }) => kind)
    expect([...kinds].map(([kind, { length }]) => [kind, length])).toEqual([
      ['boundary', 1],
      ['literal', 4],
      ['statement', 1],
    ])
  })

  it('holds only mutants that still compile', () => {
    const broken: Mutant = { file: 'a.ts', kind: 'logic', start: 0, end: 1, line: 1, before: 'f', after: '(' }
    expect(sampleMutants([broken], { seed: 1, count: 5, textOf: () => text })).toEqual([])
  })
})
