import { describe, expect, it } from 'vitest'
import { isNumberOf } from '../../../../src/filters/identifiers/check-digits.ts'
import { passesVinCheck } from '../../../../src/filters/identifiers/devices.ts'
import { passesNhsCheck } from '../../../../src/filters/identifiers/european-numbers.ts'
import { passesBase58Check } from '../../../../src/filters/identifiers/wallets.ts'
import { passesNricCheck } from '../../../../src/filters/identifiers/world-numbers.ts'

describe('the check digit of an NHS number', () => {
  it.each(['9434765919', '943 476 5919', '943-476-5919', '4010232137'])('%s passes', (value) => {
    expect(passesNhsCheck(value)).toBe(true)
  })

  it('is 0 where the weighted sum is a multiple of eleven, and never 10', () => {
    // 10 + 1 = 11 from the first and the last of nine; 10 = 11 - 1 from a sum of 12.
    expect(passesNhsCheck('1000000000')).toBe(false)
    expect(passesNhsCheck('0000000400')).toBe(false)
    expect(passesNhsCheck('0000001020')).toBe(false)
    const checks = Array.from({ length: 10 }, (_, check) => passesNhsCheck(`100000004${check}`))
    expect(checks.filter(Boolean)).toHaveLength(1)
  })

  it.each(['9434765918', '943476591', '94347659190', '0000000000', '', '1111111111'])('%s does not', (value) => {
    expect(passesNhsCheck(value)).toBe(false)
  })
})

describe('the check digit of a vehicle', () => {
  const values: Readonly<Record<string, number>> = {
    A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8, J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9,
    S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9, 1: 1, 9: 9,
  } // prettier-ignore
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]

  it.each(Object.entries(values))('counts %s as %i, in every place by its weight', (character, value) => {
    for (const [at, weight] of weights.entries()) {
      if (at === 8) continue
      const rest = (value * weight) % 11
      const check = rest === 10 ? 'X' : String(rest)
      const number = Array.from({ length: 17 }, (_, place) =>
        place === at ? character : place === 8 ? check : '0',
      ).join('')
      expect([number, passesVinCheck(number)]).toEqual([number, true])
      const wrong = number.slice(0, 8) + (check === '5' ? '6' : '5') + number.slice(9)
      expect([wrong, passesVinCheck(wrong)]).toEqual([wrong, false])
    }
  })

  it.each(['1HGCM82633A004352', '1M8GDM9AXKP042788', '11111111111111111'])('%s passes', (value) => {
    expect(passesVinCheck(value)).toBe(true)
  })

  it.each(['1HGCM82643A004352', '1M8GDM9A0KP042788', '', '1HGCM8263'])('%s does not', (value) => {
    expect(passesVinCheck(value)).toBe(false)
  })
})

describe('the check of an address of Bitcoin', () => {
  it.each([
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy',
    '1111111111111111111114oLvT2',
    '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2',
  ])('%s passes', (value) => {
    expect(passesBase58Check(value)).toBe(true)
  })

  it.each([
    '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb',
    '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz',
    '0A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    'OA1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    'lA1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa',
    'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz',
    '1',
    '',
  ])('%j does not', (value) => {
    expect(passesBase58Check(value)).toBe(false)
  })
})

describe('the letter of a card of Singapore', () => {
  // The letters in their order, by the remainder of the weighted sum of the digits.
  const letters = { S: 'JZIHGFEDCBA', T: 'GFEDCBAJZIH', F: 'XWUTRQPNMLK', G: 'RQPNMLKXWUT', M: 'TRQPNJLKXWU' } as const

  it.each(Object.entries(letters))('%s is told by the remainder: %s', (first, order) => {
    const seen = Array.from({ length: 11 }, (_, rest) => {
      // The second digit counts seven times, the last twice.
      const digits = Array.from({ length: 100 }, (_empty, pair) => ({
        seventh: Math.floor(pair / 10),
        last: pair % 10,
      }))
      const { seventh = 0, last = 0 } = digits.find((pair) => (7 * pair.seventh + 2 * pair.last) % 11 === rest) ?? {}
      const number = `${first}0${seventh}0000${last}`
      return Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
        .filter((letter) => passesNricCheck(number + letter))
        .join('')
    })
    expect(seen.join('')).toBe(order)
  })

  it.each(['S1234567D', 'T1234567J', 'F1234567N', 'G1234567X', 'M1234567K'])('%s passes', (value) => {
    expect(passesNricCheck(value)).toBe(true)
  })
})

describe('a number of a country', () => {
  it('is asked for by its country and its name, again and again', () => {
    for (const _time of [1, 2]) {
      expect(isNumberOf('de/idnr')('36574261809')).toBe(true)
      expect(isNumberOf('de/idnr')('36574261808')).toBe(false)
      expect(isNumberOf('pl/pesel')('44051401359')).toBe(true)
    }
  })
})
