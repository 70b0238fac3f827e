import { beforeEach, describe, expect, it } from 'vitest'
import { Leverage } from '../../../../src/databases/differencing/leverage.ts'

let leverage: Leverage

beforeEach(() => {
  leverage = new Leverage()
})

/** Adds an answer about these atoms; `sizes` are their rows, one each unless they are given. */
function add(answer: number[], sizes = answer.map(() => 1), several: number[][] = []): boolean {
  return leverage.add(Int32Array.from(answer), { sizes: Float64Array.from(sizes), several })
}

describe('the leverage of answers', () => {
  it('is one for a single row, and half for each of two: as much as is allowed', () => {
    expect(add([1])).toBe(false)
    leverage.goBack(0)
    expect(add([1, 1])).toBe(true)
    expect(leverage.rank).toBe(1)
  })

  it('is shared by all rows of an atom', () => {
    expect(add([1], [2])).toBe(true)
    expect(add([0, 1], [2, 1])).toBe(false)
  })

  it('adds up over answers: two that halve a group of four are harmless, a third is not', () => {
    expect(add([1, 1, 1, 1])).toBe(true)
    expect(add([1, 1, 0, 0])).toBe(true)
    // Each row: 1/4 + 1/4 + 1/4.
    expect(add([1, 0, 1, 0])).toBe(false)
  })

  it('is one for what the difference of two answers tells', () => {
    expect(add([1, 1, 1])).toBe(true)
    expect(add([1, 1, 0])).toBe(false)
  })

  it('is large for a value that an answer weighs far more than the rest', () => {
    // 16 of 22 parts of the first row's variance are gone; then 4 of 10.
    expect(add([4, 1, -1, 1, -1, 1, -1])).toBe(false)
    leverage.goBack(0)
    expect(add([2, 1, -1, 1, -1, 1, -1])).toBe(true)
  })

  it('is that of a whole entity where it has rows in several atoms', () => {
    expect(add([1, 1, 0, 0])).toBe(true)
    leverage.goBack(0)
    // The answer is the sum of all that the entity has.
    expect(add([1, 1, 0, 0], [1, 1, 1, 1], [[0, 1]])).toBe(false)
    leverage.goBack(0)
    expect(add([1, 1, 1, 1], [1, 1, 1, 1], [[0, 1]])).toBe(true)
  })

  it('counts an atom as often as it holds rows of the entity', () => {
    expect(add([1, 0], [2, 2], [[0, 0]])).toBe(false)
    leverage.goBack(0)
    expect(add([1, 0], [4, 2], [[0, 0]])).toBe(true)
  })

  it('is half for an entity of three rows in an answer over six, and more in one over five', () => {
    expect(add([1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1], [[0, 1, 2]])).toBe(true)
    leverage.goBack(0)
    expect(add([1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [[0, 1, 2]])).toBe(false)
  })

  it('is that of the entity that is known best', () => {
    const sizes = [1, 1, 1, 1, 1, 1]
    expect(
      add([1, 1, 1, 1, 0, 0], sizes, [
        [0, 1],
        [2, 3],
      ]),
    ).toBe(true)
    leverage.goBack(0)
    expect(
      add([0, 0, 0, 0, 1, 1], sizes, [
        [0, 1],
        [2, 3],
        [4, 5],
      ]),
    ).toBe(false)
    leverage.goBack(0)
    expect(
      add([0, 0, 0, 0, 1, 1], sizes, [
        [4, 5],
        [0, 1],
        [2, 3],
      ]),
    ).toBe(false)
  })

  it('refuses an answer that is new by a rounding error only', () => {
    expect(add([1, 1, 1, 1])).toBe(true)
    expect(add([1, 1, 1, 1])).toBe(false)
    expect(leverage.rank).toBe(1)
    // One row in a thousand million: below what the arithmetic can follow.
    leverage.goBack(0)
    expect(add([1, 1], [4e9, 2])).toBe(true)
    expect(add([1, 0], [4e9, 2])).toBe(false)
    expect(leverage.rank).toBe(1)
  })
})

describe('atoms that split', () => {
  it('keep the coefficients they had, so that the same group in two is known as before', () => {
    expect(add([1], [4])).toBe(true)
    leverage.extend([0])
    expect(add([1, 1], [2, 2])).toBe(false)
    expect(leverage.rank).toBe(1)
    expect(add([1, 0], [2, 2])).toBe(true)
    // Two rows of four: half of each is known, and nothing more may be.
    leverage.extend([0, 1])
    expect(add([1, 0, 0, 1], [1, 1, 1, 1])).toBe(false)
  })

  it('that were never seen begin at nothing', () => {
    expect(add([1], [4])).toBe(true)
    leverage.extend([-1])
    expect(add([0, 1], [4, 2])).toBe(true)
    expect(leverage.rank).toBe(2)
  })

  it('are distinguished by the atom they came from', () => {
    expect(add([1, 0], [4, 4])).toBe(true)
    leverage.extend([1, 0])
    // The third came out of the second, of which nothing is known; the fourth out of the first.
    expect(add([0, 0, 1, 0], [2, 2, 2, 2])).toBe(true)
    expect(add([1, 0, 0, 1], [2, 2, 2, 2])).toBe(false)
  })
})

it('going back forgets the answers since, and no others', () => {
  expect(add([1, 1, 1, 1])).toBe(true)
  expect(add([1, 1, 0, 0])).toBe(true)
  leverage.goBack(1)
  expect(leverage.rank).toBe(1)
  expect(add([1, 0, 1, 0])).toBe(true)
  expect(add([1, 1, 1, 1])).toBe(false)
})
