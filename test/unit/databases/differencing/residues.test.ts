import { describe, expect, it } from 'vitest'
import { inverse, randomPrime, subtractMultiple } from '../../../../src/databases/differencing/residues.ts'
import { createRandom } from '../../../support/random.ts'

/** The smallest and the largest prime between 2^25 and 2^26, and one whose reciprocal is rounded so that quotients fall short. */
const primes = [33_554_467, 45_915_041, 67_108_859]

function subtracted(target: number[], row: number[], given: { factor: number; prime: number }): number[] {
  const changed = Int32Array.from(target)
  subtractMultiple(changed, Int32Array.from(row), given)
  return [...changed]
}

/** Calculated without rounding. */
function exact(target: number, coefficient: number, { factor, prime }: { factor: number; prime: number }): number {
  const modulus = BigInt(prime)
  const value = (BigInt(target) - BigInt(factor) * BigInt(coefficient)) % modulus
  return Number((value + modulus) % modulus)
}

describe('a multiple of a row', () => {
  it('is taken from each place, modulo the prime', () => {
    expect(subtracted([5, 0, 3, 9], [1, 1, 0, 2], { factor: 2, prime: 11 })).toEqual([3, 9, 3, 5])
  })

  it('leaves what lies behind a shorter row', () => {
    expect(subtracted([5, 5, 5], [1], { factor: 1, prime: 11 })).toEqual([4, 5, 5])
  })

  it.each(primes)('is exact up to the largest products of the prime %d, and always a residue', (prime) => {
    const wrong: unknown[] = []
    const random = createRandom(prime)
    const residue = () => Math.floor(random() * prime)
    for (let round = 0; round < 5_000; round += 1) {
      const [factor, coefficient] = [prime - 1 - (residue() % 999), prime - 1 - residue()]
      const product = exact(0, prime - factor, { factor: coefficient, prime })
      // What is left is 0, the largest residue, the smallest that is not 0, or anything.
      const targets = [product, product - 1, product + 1, residue()].map((target) => (target + prime) % prime)
      const left = targets.map((target) => subtracted([target], [coefficient], { factor, prime })[0])
      const right = targets.map((target) => exact(target, coefficient, { factor, prime }))
      if (left.some((value, index) => value !== right[index])) wrong.push({ targets, coefficient, factor })
    }
    expect(wrong).toEqual([])
  })
})

describe('the inverse of a residue', () => {
  it.each(primes)('gives 1 with it, modulo %d', (prime) => {
    for (const value of [1, 2, 3, 12_345_678, prime - 2, prime - 1]) {
      expect(Number((BigInt(value) * BigInt(inverse(value, prime))) % BigInt(prime))).toBe(1)
    }
    expect(inverse(1, prime)).toBe(1)
    expect(inverse(2, prime)).toBe((prime + 1) / 2)
  })
})

describe('a random prime', () => {
  /** Whoever asks for more than is offered fails, and does not search for ever. */
  function next(offers: number[]): number {
    const offer = offers.shift()
    if (offer === undefined) throw new Error('nothing more is offered')
    return offer
  }

  it('is the first among the odd numbers that are drawn, between 2^25 and 2^26', () => {
    const asked: number[] = []
    // 2^25 + 1 = 3 × 11 × 251 × 4051, 2^25 + 3 = 5 × …; 2^25 + 35 is the first prime of the range.
    const offers = [0, 1, 17]
    const prime = randomPrime((below) => {
      asked.push(below)
      return next(offers)
    })
    expect(prime).toBe(33_554_467)
    expect(asked).toEqual([2 ** 24, 2 ** 24, 2 ** 24])
  })

  it('is no square of a prime', () => {
    // 5807² = 33 721 249 lies in the range; what is drawn after it is taken.
    const offers = [(5807 ** 2 - 2 ** 25 - 1) / 2, 17]
    expect(randomPrime(() => next(offers))).toBe(33_554_467)
  })

  it('is below 2^26 also where the largest number is drawn', () => {
    // 2^26 - 5 is prime; 2^26 - 1 and 2^26 - 3 are not.
    const offers = [2 ** 24 - 1, 2 ** 24 - 2, 2 ** 24 - 3]
    expect(randomPrime(() => next(offers))).toBe(67_108_859)
  })
})
