import { describe, expect, it } from 'vitest'
import { createPiiFilter } from '../../../../src/filters/pii/pii-filter.ts'
import { passesIbanCheck } from '../../../../src/filters/pii/iban.ts'
import { passesLuhn } from '../../../../src/filters/pii/card.ts'
import { found } from '../../../support/filters/filter-fixtures.ts'
import { hardNegatives } from '../../../support/filters/hard-negatives.ts'
import { verifies } from '../../../support/verifies.ts'

const filter = createPiiFilter()

const positives: readonly (readonly [claim: string, text: string, expected: string])[] = [
  ['an e-mail address', 'Write to anna.berg+shop@example.co.uk.', 'pii/email: anna.berg+shop@example.co.uk'],
  ['an address in angle brackets', 'Anna <anna@example.com>', 'pii/email: anna@example.com'],
  ['an address in Markdown code', 'it is `anna@example.com`', 'pii/email: anna@example.com'],
  ['an address spelled with brackets', 'anna [at] example [dot] com', 'pii/email: anna [at] example [dot] com'],
  ['an address spelled with words', 'reach anna at example dot com', 'pii/email: anna at example dot com'],
  ['an international telephone number', 'call +49 30 901820 today', 'pii/phone: +49 30 901820'],
  ['one with a year after it', '+1 202-555-0143 2024', 'pii/phone: +1 202-555-0143'],
  ['a North American number', 'at (202) 555-0143 or', 'pii/phone: (202) 555-0143'],
  ['a number after a date', '2024-01-05 202-555-0143', 'pii/phone: 202-555-0143'],
  ['a national number that its country knows', 'unter 030 901820 55 zu', 'pii/phone: 030 901820 55'],
  ['bare digits where the text says telephone', 'phone: 2025550143', 'pii/phone: 2025550143'],
  ['a Visa number', 'card 4111 1111 1111 1111.', 'pii/card: 4111 1111 1111 1111'],
  ['an American Express number', '3782-822463-10005', 'pii/card: 3782-822463-10005'],
  ['a Mastercard number of the second series', 'paid with 2223003122003222', 'pii/card: 2223003122003222'],
  [
    'a card with each digit apart, called one',
    'card 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
    'pii/card: 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1',
  ],
  ['a card with its expiry date and code', '4111 1111 1111 1111 12/27 123', 'pii/card: 4111 1111 1111 1111'],
  ['a card in a row of values', 'Anna,202-555-0143,4111111111111111,12.50', 'pii/card: 4111111111111111'],
  ['a telephone number in a row of values', '17,202-555-0143,4111111111111111', 'pii/phone: 202-555-0143'],
  ['a card behind another number', 'row 12 4111 1111 1111 1111', 'pii/card: 4111 1111 1111 1111'],
  ['a social security number', 'SSN 536-90-4399', 'pii/ssn: 536-90-4399'],
  ['an undashed one where the text says so', 'social security number 536904399', 'pii/ssn: 536904399'],
  ['an IBAN', 'to DE89 3704 0044 0532 0130 00 please', 'pii/iban: DE89 3704 0044 0532 0130 00'],
  ['a lower-case IBAN', 'gb82west12345698765432', 'pii/iban: gb82west12345698765432'],
]

describe('structured personal data', () => {
  it.each(positives)('finds %s', async (_claim, text, expected) => {
    verifies('filters.pii')
    expect(await found(filter, text)).toContain(expected)
  })

  it.each(hardNegatives)('leaves alone: %s', async (text) => {
    expect(await found(filter, text)).toEqual([])
  })

  it('takes the name of a column as context', async () => {
    expect(await found(filter, '4673395', { label: 'phone_number' })).toEqual(['pii/phone: 4673395'])
    expect(await found(filter, '4673395', { label: 'order_id' })).toEqual([])
    expect(await found(filter, '536904399', { label: 'ssn' })).toEqual(['pii/ssn: 536904399'])
    expect(await found(filter, '+4930901820', { label: 'order_id' })).toEqual(['pii/phone: +4930901820'])
  })

  it.each([
    ['a wrong check digit', '4111 1111 1111 1112'],
    ['no network with such a prefix', '9111 1111 1111 1113'],
    ['a number of the wrong length', '411111111111111'],
  ])('does not take a card number with %s', async (_claim, text) => {
    expect((await found(filter, text)).filter((finding) => finding.startsWith('pii/card'))).toEqual([])
  })

  it.each(['000-12-3456', '666-12-3456', '900-12-3456', '123-00-4567', '123-45-0000'])(
    'does not take %s for a social security number: it is never issued',
    async (text) => {
      expect((await found(filter, text)).filter((finding) => finding.startsWith('pii/ssn'))).toEqual([])
    },
  )

  it('does not take an IBAN whose check digits are wrong', async () => {
    expect(await found(filter, 'DE88 3704 0044 0532 0130 00')).toEqual([])
    expect(passesIbanCheck('GB82WEST12345698765432')).toBe(true)
    expect(passesLuhn('4111111111111111')).toBe(true)
    expect(passesLuhn('0000000000000000')).toBe(false)
  })
})

describe('disguises', () => {
  const card = '4111111111111111'
  it.each([
    ['full-width digits', '４１１１ １１１１ １１１１ １１１１'],
    ['Arabic-Indic digits', '٤١١١١١١١١١١١١١١١'],
    ['zero-width spaces', card.split('').join('\u200b')],
    ['bidi controls', `\u202e${card.slice(0, 8)}\u202c${card.slice(8)}`],
    ['non-breaking spaces and en dashes', '4111\u00a01111\u20131111\u00a01111'],
    ['base64', `see ${Buffer.from(`card ${card}`).toString('base64')} there`],
    ['base64 twice', Buffer.from(Buffer.from(`card ${card}`).toString('base64')).toString('base64')],
    ['hexadecimal', Buffer.from(`card ${card}`).toString('hex')],
    [
      'percent encoding',
      card
        .split('')
        .map((digit) => `%3${digit}`)
        .join(''),
    ],
    [
      'HTML entities',
      card
        .split('')
        .map((digit) => `&#${digit.charCodeAt(0)};`)
        .join(''),
    ],
    [
      'backslash escapes',
      card
        .split('')
        .map((digit) => `\\u003${digit}`)
        .join(''),
    ],
  ])('does not hide a card in %s', async (_claim, text) => {
    const findings = await found(filter, text)
    expect(findings.some((finding) => finding.startsWith('pii/card'))).toBe(true)
  })

  it('sees through lookalike letters of an address', async () => {
    expect(await found(filter, 'аnnа＠exаmple.cоm')).toEqual(['pii/email: аnnа＠exаmple.cоm'])
  })
})
