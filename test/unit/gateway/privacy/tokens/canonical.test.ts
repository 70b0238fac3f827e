import { describe, expect, it } from 'vitest'
import { canonicalForms, canonicalOf, textsOf } from '../../../../../src/gateway/privacy/tokens/canonical.ts'

describe('what spellings of one value have in common', () => {
  it.each([
    ['pii/card', '4111 1111-1111.1111', '4111111111111111'],
    ['pii/card', '４１１１', '4111'],
    ['pii/phone', '+1 (415) 555-2671', '+14155552671'],
    ['pii/ssn', '536-22-8145', '536228145'],
    ['pii/iban', 'de89 3704-0044', 'DE8937040044'],
    ['pii/iban', 'ＤＥ89', 'DE89'],
    ['pii/email', ' Kim@X.example ', 'kim@x.example'],
    ['pii/person', 'Kim \n  Wexler', 'kim wexler'],
    ['pii/person', '\u212Bsa', 'åsa'],
    ['custom/badge', 'AB-12 34', 'ab-12 34'],
    ['secrets', ' A\u00a0B', 'a b'],
    ['secret', ' A  b ', ' A  b '],
    ['secret/api-key', 'Ｋey', 'Ｋey'],
    ['literal', 'EMAIL_B1C2D3F4G5 ', 'EMAIL_B1C2D3F4G5 '],
    ['own/secret', ' A ', 'a'],
  ])('is of a %s %j: %j', (category, value, common) => {
    expect(canonicalOf(category, value)).toBe(common)
  })

  it('is in all the forms that it may have, each once, where its kind is not known', () => {
    expect(canonicalForms('DE89 x')).toEqual(['89', 'DE89X', 'DE89 x', 'de89 x'])
    expect(canonicalForms('123')).toEqual(['123'])
    expect(canonicalForms('kim')).toEqual(['KIM', 'kim'])
    expect(canonicalForms('-')).toEqual(['-'])
    expect(canonicalForms('')).toEqual([])
  })
})

describe('the texts that tell a value before its kind is known', () => {
  it.each([
    ['pii/card', '4111 1111', ['4111 1111', '\x0041111111']],
    ['pii/phone', '+1 (415) 5/5.5\u20132', ['+1 (415) 5/5.5\u20132', '\x0014155552']],
    ['pii/phone', '1-2-3-4-5-6', ['1-2-3-4-5-6', '\x00123456']],
    ['pii/phone', '1-2-3-4-5', ['1-2-3-4-5', '\x001-2-3-4-5']],
    ['pii/phone', 'x123456', ['x123456', '\x00x123456']],
    ['pii/phone', '123456x', ['123456x', '\x00123456x']],
    ['pii/person', ' Kim \t Wexler ', [' Kim \t Wexler ', '\0kim wexler']],
    ['pii/person', 'Ｋim', ['Ｋim', '\0kim']],
    ['secret', ' Ab 123456', [' Ab 123456']],
    ['secret/api-key', 'Ab', ['Ab']],
    ['secrets', 'Ab', ['Ab', '\0ab']],
    ['own/secret', 'Ab', ['Ab', '\0ab']],
  ])('are of a %s %j: %j', (category, value, texts) => {
    expect(textsOf(category, value)).toEqual(texts)
  })
})
