import { describe, expect, it } from 'vitest'
import { passesLuhn } from '../../../../../src/filters/pii/card.ts'
import { surrogateRanges } from '../../../../../src/gateway/privacy/surrogates/ranges.ts'

function allFor(kind: string, value: string): readonly string[] {
  const choice = surrogateRanges.get(kind)?.forValue(value)
  if (choice === null || choice === undefined) return []
  return Array.from({ length: choice.size }, (_, index) => choice.at(index))
}

describe('all surrogates of a value', () => {
  it.each([
    ['pii/card', '4539148803436467', 30, /^4\d{15}$/],
    ['pii/card', '4222222222223', 1, /^4\d{12}$/],
    ['pii/card', '5425233430109903', 17, /^(?:5[1-5]|2[2-7])\d{14}$/],
    ['pii/card', '371449635398432', 4, /^3[47]\d{13}$/],
    ['pii/card', '6011000990139425', 4, /^6(?:011|4[4-9]|5)\d+$/],
    ['pii/card', '3056930009020005', 1, /^30\d{14}$/],
    ['pii/card', '36227206271668', 3, /^3[0689]\d{12}$/],
    ['pii/card', '3530111333300001', 2, /^35\d{14}$/],
    ['pii/card', '6200000000000006', 2, /^62\d{14}$/],
    ['pii/card', '6205500000000000005', 1, /^62\d{17}$/],
    ['pii/phone', '415 867 5309', 2_000, /^\d{3} 555 01\d\d$/],
    ['pii/phone', '1 415 867 5309', 2_000, /^1 \d{3} 555 01\d\d$/],
    ['pii/phone', '+44 7911 123456', 7_000, /^\+44 [127]\d{3} \d{6}$|^\+44 \d{2,4} ?\d+$/],
    ['pii/phone', '07911 123456', 7_000, /^0\d{2,4} ?\d+$/],
    ['pii/phone', '0049 30 1234567', 5_200, /^0049 \d+ \d+$/],
    ['pii/phone', '030 1234567 89', 5_200, /^0\d+ \d+(?: \d+)?$/],
    ['pii/phone', '+33 1 42 68 53 00', 60_000, /^\+33 \d \d\d \d\d \d\d \d\d$/],
    ['pii/phone', '+61 412 345 678', 40_000, /^\+61 [2378]55 50\d \d{3}$/],
    ['pii/phone', '+46 70 123 45 67', 400, /^\+46 [\d ]+$/],
    [
      'pii/ip-address',
      '10.1.2.3',
      762,
      /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.(?:[1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$/,
    ],
    ['pii/mac-address', '3C-22-FB-00-11-AA', 256, /^00-00-5E-00-53-[\dA-F]{2}$/],
    ['pii/person', 'Иван Петров', 64, /^\p{Script=Cyrillic}+ \p{Script=Cyrillic}+$/u],
    ['pii/person', 'Γιάννης Παπάς', 64, /^\p{Script=Greek}+ \p{Script=Greek}+$/u],
    ['pii/person', 'משה לוין', 64, /^\p{Script=Hebrew}+ \p{Script=Hebrew}+$/u],
    ['pii/person', 'محمد حسن', 64, /^\p{Script=Arabic}+ \p{Script=Arabic}+$/u],
    ['pii/person', 'राम वर्मा', 64, /^[\p{Script=Devanagari}]+ [\p{Script=Devanagari}]+$/u],
    ['pii/person', '王小明', 64, /^\p{Script=Han}{2}$/u],
    ['pii/person', '홍길동', 64, /^\p{Script=Hangul}{3}$/u],
    ['pii/date-of-birth', '1984-03-12', 1_296, /^190[0-8]-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-2])$/],
    ['pii/date-of-birth', '3.4.1984', 729, /^[1-9]\.[1-9]\.190[0-8]$/],
    ['pii/date-of-birth', '03/4/1984', 972, /^(?:0[1-9]|1[0-2])\/[1-9]\/190[0-8]$/],
  ])('of %s %s are %i, each another one and of the form', (kind, value, size, form) => {
    const all = allFor(kind, value)
    expect([all.length, new Set(all).size]).toEqual([size, size])
    expect(all.filter((surrogate) => !form.test(surrogate))).toEqual([])
    const range = surrogateRanges.get(kind)
    expect(all.filter((surrogate) => surrogate.match(range?.form ?? /^$/)?.length !== 1)).toEqual([])
    if (kind === 'pii/card') expect(all.filter((number) => !passesLuhn(number))).toEqual([])
  })

  it.each([
    ['pii/person', 'Kim Wexler'],
    ['pii/email', 'kim@hamlin.example'],
    ['pii/ssn', '536-22-8145'],
    ['pii/iban', 'DE89370400440532013000'],
    ['pii/ip-address', 'fd00::1'],
  ])('of %s %s are more', (kind, value) => {
    const names = 18 * 20
    const sizes = {
      'pii/person': names,
      'pii/email': names * 270,
      'pii/ssn': 489_951,
      'pii/iban': 1e10,
      'pii/ip-address': 65_536 ** 2,
    }
    expect(surrogateRanges.get(kind)?.forValue(value)?.size).toBe(sizes[kind as keyof typeof sizes])
  })

  it('of formats of JSON Schema are known by them', () => {
    const formats = [...surrogateRanges].flatMap(([kind, range]) => range.formats.map((format) => `${kind} ${format}`))
    expect(formats.toSorted((one, other) => one.localeCompare(other))).toEqual([
      'pii/date-of-birth date',
      'pii/email email',
      'pii/email idn-email',
      'pii/ip-address ipv4',
      'pii/ip-address ipv6',
      'pii/phone phone',
    ])
  })
})
