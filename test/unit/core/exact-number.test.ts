import { describe, expect, it } from 'vitest'
import { exactNumber, parseExactJson } from '../../../src/core/exact-number.ts'
import { createRandom } from '../../support/random.ts'
import { verifies } from '../../support/verifies.ts'

describe('D7, D9: a number for JSON', () => {
  it.each([
    ['4503599627370497.75', '4503599627370497.75'],
    ['1.123456789012345678', '1.123456789012345678'],
    ['3.3333333333333333', '3.3333333333333333'],
    ['0.1', 0.1],
    ['1.10', 1.1],
    ['1234567890.99', 1_234_567_890.99],
    ['0.00', 0],
    ['-0.50', -0.5],
    ['.5', 0.5],
    ['1e+300', 1e300],
    ['1E5', 100_000],
    ['1e400', '1e400'],
    ['1e-400', '1e-400'],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', '9007199254740992'],
    ['9007199254740993', '9007199254740993'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['12345678901234567890.10', '12345678901234567890.10'],
    ['100000000000000000.0', 1e17],
    ['100000000000000001.0', '100000000000000001.0'],
    ['NaN', 'NaN'],
    ['nan', 'NaN'],
    ['inf', 'Infinity'],
    ['-inf', '-Infinity'],
    ['Infinity', 'Infinity'],
    ['-Infinity', '-Infinity'],
  ])('keeps every digit of %s', (written, expected) => {
    verifies('values.exact')
    expect(exactNumber(written)).toBe(expected)
  })

  it('never has other digits than the text it comes from', () => {
    const random = createRandom(7)
    const digits = (length: number) => Array.from({ length }, () => Math.floor(random() * 10)).join('')
    for (let round = 0; round < 5_000; round += 1) {
      const text = `${1 + Math.floor(random() * 9)}${digits(Math.floor(random() * 18))}.${digits(1 + Math.floor(random() * 18))}`
      const value = exactNumber(text)
      const plain = text.replace(/\.?0*$/, '')
      if (typeof value === 'number') expect(String(value)).toBe(plain)
      else expect(value).toBe(text)
    }
  })

  it('is so in JSON at every depth, and leaves everything else as it is', () => {
    const text =
      '{"a": 1.123456789012345678, "b": [1e400, 1.50, {"c": 12345678901234567890}], "d": "1.123456789012345678"}'
    expect(parseExactJson(text)).toEqual({
      a: '1.123456789012345678',
      b: ['1e400', 1.5, { c: '12345678901234567890' }],
      d: '1.123456789012345678',
    })
    expect(parseExactJson('{"__proto__": 1.1234567890123456789}')).toHaveProperty('__proto__', '1.1234567890123456789')
    expect(() => parseExactJson('{"a": 1.1234567890123456789')).toThrow(SyntaxError)
  })
})
