import { describe, expect, it } from 'vitest'
import { atOnce } from '../../../../src/grounding/steps.ts'
import { sortNumbers } from '../../../../src/grounding/tables/sort-numbers.ts'
import { createRandom } from '../../../support/random.ts'

const random = createRandom(4)
const special = [0, -0, Infinity, -Infinity, 5e-324, -5e-324, 1, -1]

describe('numbers of a column', () => {
  it.each([
    ['prices', () => Math.round(random() * 9000) / 100],
    ['counts', () => Math.floor(random() * 50)],
    ['numbers of every size and sign', () => (random() - 0.5) * 10 ** (random() * 600 - 300)],
    ['both zeros, infinities and the smallest', () => special[Math.floor(random() * special.length)] ?? 0],
    ['one number', () => 7.25],
  ])('are put in order as the engine does it: %s', (_, make) => {
    for (const length of [0, 1, 100, 16_383, 16_384, 40_000]) {
      const numbers = Float64Array.from({ length }, make)
      const before = numbers.slice()

      expect(atOnce(sortNumbers(numbers))).toEqual(before.toSorted())
      expect(numbers).toEqual(before)
    }
  })

  it('are put in order where they are a part of a longer list', () => {
    const numbers = Float64Array.from({ length: 20_002 }, () => random())

    expect(atOnce(sortNumbers(numbers.subarray(1, 20_001)))).toEqual(numbers.slice(1, 20_001).toSorted())
  })

  it('are put in order in more steps the more they are', () => {
    const stepsOf = (length: number) => [...sortNumbers(Float64Array.from({ length }, () => random()))].length

    expect(stepsOf(300_000)).toBeGreaterThan(stepsOf(100_000))
  })
})
