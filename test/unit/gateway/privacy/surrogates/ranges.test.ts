import { isIPv4, isIPv6 } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passesLuhn } from '../../../../../src/filters/pii/card.ts'
import { surrogateKinds } from '../../../../../src/gateway/privacy/surrogates/options.ts'
import { surrogateRanges } from '../../../../../src/gateway/privacy/surrogates/ranges.ts'

/** The first, the last and some of the surrogates for a value. */
function surrogatesFor(kind: string, value: string): string[] {
  const choice = surrogateRanges.get(kind)?.forValue(value)
  if (choice === null || choice === undefined) return []
  const { size, at } = choice
  const some = fc.sample(fc.nat(size - 1), { numRuns: 200, seed: 1 })
  return [...new Set([0, size - 1, ...some])].map(at)
}

const forms: readonly (readonly [kind: string, value: string, form: RegExp])[] = [
  ['pii/card', '4539 1488 0343 6467', /^4\d{3} \d{4} \d{4} \d{4}$/],
  ['pii/card', '4539148803436467', /^4\d{15}$/],
  ['pii/card', '5425-2334-3010-9903', /^[25]\d{3}-\d{4}-\d{4}-\d{4}$/],
  ['pii/card', '3714 496353 98431', /^3[47]\d\d \d{6} \d{5}$/],
  ['pii/card', '6011000990139424', /^6011\d{12}$/],
  ['pii/phone', '+1 (415) 555-2671', /^\+1 \(\d{3}\) 555-01\d\d$/],
  ['pii/phone', '415.867.5309', /^\d{3}\.555\.01\d\d$/],
  ['pii/phone', '07911 123456', /^0(?:7700 900\d{3}|2079 460\d{3}|\d{4} \d{6})$/],
  ['pii/phone', '+49 30 1234567', /^\+49 (?:30 23125|40 66969|69 90009|89 99998|221 4710)\d{3}$|^\+49 (?:171 39200|176 040690)\d\d$/],
  ['pii/phone', '01 42 68 53 00', /^0\d(?: \d\d){4}$/],
  ['pii/phone', '+61 412 345 678', /^\+61 \d55 50\d \d{3}$|^\+61 [2378]55 50\d \d{3}$/],
  ['pii/email', 'kim.wexler@hamlin.example', /^[a-z]+\.[a-z]+\d\d@example\.(?:com|net|org)$/],
  ['pii/iban', 'DE89 3704 0044 0532 0130 00', /^DE\d\d 9\d{3} \d{4} \d{4} \d{4} \d\d$/],
  ['pii/iban', 'fr1420041010050500013m02606', /^de\d\d9\d{17}$/],
  ['pii/ssn', '536-22-8145', /^987-[0-4]\d-\d{4}$/],
  ['pii/ip-address', '10.1.2.3', /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/],
  ['pii/ip-address', '2a00:1450:4001::8', /^2001:db8:/],
  ['pii/mac-address', '3c:22:fb:00:11:aa', /^00:00:5e:00:53:[\da-f]{2}$/],
  ['pii/mac-address', '3C22.FB00.11AA', /^0000\.5E00\.53[\dA-F]{2}$/],
  ['pii/person', 'Kim Wexler', /^\p{Script=Latin}+ \p{Script=Latin}+$/u],
  ['pii/person', 'KIM WEXLER', /^[A-Z]+ [A-Z]+$/],
  ['pii/person', 'Иван Петров', /^\p{Script=Cyrillic}+ \p{Script=Cyrillic}+$/u],
  ['pii/person', '山田', /^\p{Script=Han}{2}$/u],
  ['pii/date-of-birth', '1984-03-12', /^190[0-8]-(?:0\d|1[0-2])-(?:0\d|1[0-2])$/],
  ['pii/date-of-birth', '3/12/1984', /^[1-9]\/(?:0\d|1[0-2])\/190[0-8]$/],
] // prettier-ignore

describe('the surrogates of a value', () => {
  it.each(forms)('%s %s have its form', (kind, value, form) => {
    const surrogates = surrogatesFor(kind, value)
    expect(surrogates.length).toBeGreaterThan(1)
    for (const surrogate of surrogates) expect(surrogate).toMatch(form)
  })

  it('are as many as are said, each another one', () => {
    for (const [kind, value] of forms) {
      const surrogates = surrogatesFor(kind, value)
      expect(new Set(surrogates).size).toBe(surrogates.length)
    }
  })

  it('are of the range, however they are written', () => {
    for (const [kind, value] of forms) {
      const range = surrogateRanges.get(kind)
      for (const surrogate of surrogatesFor(kind, value)) expect(surrogate.match(range?.form ?? /^$/)).toHaveLength(1)
    }
  })

  it('pass the checks of their kinds', () => {
    for (const card of surrogatesFor('pii/card', '4539148803436467')) expect(passesLuhn(card)).toBe(true)
    for (const card of surrogatesFor('pii/card', '5425233430109903')) expect(passesLuhn(card)).toBe(true)
    for (const address of surrogatesFor('pii/ip-address', '10.1.2.3')) expect(isIPv4(address)).toBe(true)
    for (const address of surrogatesFor('pii/ip-address', 'fd00::1')) expect(isIPv6(address)).toBe(true)
    for (const iban of surrogatesFor('pii/iban', 'DE89370400440532013000')) expect(remainder(iban)).toBe(1n)
  })

  it.each([
    ['pii/card', '4222222222222999999'],
    ['pii/phone', '555-2671'],
    ['pii/phone', '+999 1234567'],
    ['pii/phone', '415 867 5309 ext. 4'],
    ['pii/person', 'Kim'],
    ['pii/person', 'Kim Петров'],
    ['pii/date-of-birth', '12 March 1984'],
    ['pii/date-of-birth', '12.3.84'],
    ['pii/ssn', '536-22-814'],
    ['pii/ip-address', '10.1.2'],
  ])('%s %s are none', (kind, value) => {
    expect(surrogatesFor(kind, value)).toEqual([])
  })

  it('are known for the kinds that a profile can name', () => {
    expect([...surrogateRanges.keys()].sort()).toEqual([...surrogateKinds].sort())
  })
})

describe('the pattern of a range', () => {
  // A pattern that looks at a stretch again from each of its places would take minutes: more than the time of any test.
  it.each(['a', 'a.', '4', '4 ', '0', '0:', 'an', '1.', '-'])(
    'looks at each place of a long text once: %j',
    (piece) => {
      const text = piece.repeat(500_000)
      for (const { form } of surrogateRanges.values()) expect(text.match(form)).toBeNull()
    },
  )
})

describe('the samples of a range', () => {
  it('are of the range', () => {
    for (const { form, samples } of surrogateRanges.values())
      for (const sample of samples) expect(sample.match(form)).toHaveLength(1)
  })

  it('pass the checks of their kinds', () => {
    for (const card of surrogateRanges.get('pii/card')?.samples ?? [])
      expect(passesLuhn(card.replace(/\D/g, ''))).toBe(true)
    for (const iban of surrogateRanges.get('pii/iban')?.samples ?? []) expect(remainder(iban)).toBe(1n)
  })
})

/** Of an IBAN, by ISO 7064: 1 with the right check digits. */
function remainder(iban: string): bigint {
  const plain = iban.replaceAll(' ', '')
  return BigInt(`${plain.slice(4)}1314${plain.slice(2, 4)}`) % 97n
}
