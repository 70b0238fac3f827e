import { describe, expect, it } from 'vitest'
import { hasCountry, passesRoutingCheck } from '../../../../src/filters/identifiers/banking.ts'

/** The number with these digits whose last one makes the weighted sum a multiple of ten. */
function routingNumber(first: string): string {
  const digits = Array.from(first.padEnd(8, '1'), Number)
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = digits
  const sum = 3 * (a + d + g) + 7 * (b + e + h) + (c + f)
  return `${digits.join('')}${(10 - (sum % 10)) % 10}`
}

describe('a routing number', () => {
  it('begins with a district of the Federal Reserve, a thrift, an electronic one, or traveller’s cheques', () => {
    const districts = Array.from({ length: 100 }, (_, district) => String(district).padStart(2, '0'))
    const good = districts.filter((district) => passesRoutingCheck(routingNumber(district)))
    const range = (from: number, to: number) => districts.slice(from, to + 1)
    expect(good).toEqual([...range(0, 12), ...range(21, 32), ...range(61, 72), '80'])
  })

  it.each(['021000021', '011401533', '122000661'])('%s is one', (value) => {
    expect(passesRoutingCheck(value)).toBe(true)
  })

  it.each(['021000020', '201000021', '000000000', '02100002', '0210000210', ' 021000021', '02100002x', ''])(
    '%j is none',
    (value) => {
      expect(passesRoutingCheck(value)).toBe(false)
    },
  )
})

describe('the code of a bank', () => {
  it.each([
    ['DEUTDEFF', true],
    ['BNPAFRPPXXX', true],
    ['PAYMENTS', false],
    ['DEUTXXFF', false],
  ])('%s has a country: %s', (value, has) => {
    expect(hasCountry(value)).toBe(has)
  })
})
