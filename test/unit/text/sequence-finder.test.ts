import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SequenceFinder } from '../../../src/text/sequence-finder.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const few = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 24 })
const sequences = fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 6 }), { maxLength: 8 })

function finderOf(given: readonly (readonly number[])[]): SequenceFinder<number> {
  const finder = new SequenceFinder<number>()
  for (const [index, sequence] of given.entries()) finder.add(sequence, index)
  return finder
}

/** By trying each at each place. */
function* tried(given: readonly (readonly number[])[], symbols: readonly number[], accepts: (item: number) => boolean) {
  for (let end = 1; end <= symbols.length; end += 1) {
    let item = -1
    for (const [index, sequence] of given.entries()) {
      const isThere =
        sequence.length > 0 &&
        sequence.length <= end &&
        sequence.every((symbol, at) => symbols[end - sequence.length + at] === symbol)
      // Of two that are alike the later one was added last.
      const isLast = given.findLastIndex((other) => String(other) === String(sequence)) === index
      if (isThere && isLast && accepts(index) && sequence.length > (given[item]?.length ?? 0)) item = index
    }
    if (item >= 0) yield { item, end }
  }
}

describe('sequences', () => {
  it('are found as by trying each at each place: the longest that ends there and is accepted', () => {
    fc.assert(
      fc.property(sequences, few, fc.array(fc.boolean(), { maxLength: 8 }), (given, symbols, refused) => {
        const accepts = (item: number): boolean => refused[item] !== true
        expect([...finderOf(given).find(symbols, accepts)]).toEqual([...tried(given, symbols, accepts)])
      }),
      { numRuns: propertyRuns(3_000) },
    )
  })

  it('may be added after a search', () => {
    const finder = finderOf([[1, 2]])
    expect([...finder.find([1, 2, 3])]).toEqual([{ item: 0, end: 2 }])
    finder.add([2, 3], 7)
    expect([...finder.find([1, 2, 3])]).toEqual([
      { item: 0, end: 2 },
      { item: 7, end: 3 },
    ])
  })

  it('are read once however often one is the beginning of the other', () => {
    const nested = Array.from({ length: 2_000 }, (_, index) => Array.from({ length: index + 1 }, () => 1))
    let read = 0
    const symbols = function* () {
      for (; read < 100_000; read += 1) yield 1
    }
    const found = [...finderOf(nested).find(symbols())]
    expect([found.length, found.at(-1), read]).toEqual([100_000, { item: 1_999, end: 100_000 }, 100_000])
  })
})
