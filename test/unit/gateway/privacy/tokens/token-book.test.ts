import { createSecretKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Labels } from '../../../../../src/gateway/privacy/tokens/labels.ts'
import { canonicalOf } from '../../../../../src/gateway/privacy/tokens/canonical.ts'
import { TokenBook } from '../../../../../src/gateway/privacy/tokens/token-book.ts'
import { bookWith } from '../../../../support/privacy/private-calls.ts'
import { verifies } from '../../../../support/verifies.ts'

describe('a token', () => {
  it('is the same for the same value under the same key, and another under another', () => {
    const token = bookWith(1).tokenFor('pii/email', 'a@x.example')
    expect(token).toMatch(/^EMAIL_(?:[BCDFGHJKMNPQRSTVWXYZ]\d){5}$/)
    expect(bookWith(1).tokenFor('pii/email', 'a@x.example')).toBe(token)
    expect(bookWith(2).tokenFor('pii/email', 'a@x.example')).not.toBe(token)
    expect(bookWith(1).tokenFor('pii/person', 'a@x.example').split('_')[1]).not.toBe(token.split('_')[1])
  })

  // By HMAC-SHA-256 of another program: tokens that stand with a provider are found again by these keys for good.
  it('has its key from that of its scope, by its kind and its value', () => {
    const book = bookWith(1)
    expect(book.tokenFor('pii/email', 'a@x.example')).toBe('EMAIL_Q5S7X9G9P3')
    expect(book.tokenFor('pii/email', 'A@X.example')).toBe('EMAIL_Q5S7X9G9W0')
    const taken = bookWith(1)
    taken.add({ token: 'EMAIL_Q5S7X9G9P3', category: 'pii/email', value: 'b@x.example' })
    expect(taken.tokenFor('pii/email', 'a@x.example')).toBe('EMAIL_B8W3D7Y6H4')
  })

  it('shows that two spellings are one value, and tells them apart', () => {
    const book = bookWith(1)
    const [one, other] = [book.tokenFor('pii/email', 'a@x.example'), book.tokenFor('pii/email', 'A@X.example')]
    expect(other).not.toBe(one)
    expect(other.slice(0, -2)).toBe(one.slice(0, -2))
    expect(book.tokenFor('pii/email', 'b@x.example').slice(0, -2)).not.toBe(one.slice(0, -2))
    expect(book.size).toBe(3)
  })

  it('stands for one value only, however many spellings a value has', () => {
    const book = bookWith(1)
    const values = Array.from({ length: 1_000 }, (_, index) => `${' '.repeat(index)}Kim`)
    const tokens = values.map((value) => book.tokenFor('pii/person', value))
    expect(new Set(tokens).size).toBe(1_000)
    expect(tokens.map((token) => book.meant({ label: 'PERSON', key: token.slice(7) })?.value)).toEqual(values)
    const again = new TokenBook(createSecretKey(Buffer.alloc(32, 1)), new Labels())
    expect(values.map((value) => again.tokenFor('pii/person', value))).toEqual(tokens)
  })

  it('that was cut is the first spelling of the only value it fits', () => {
    const book = bookWith(1)
    const token = book.tokenFor('pii/email', 'a@x.example')
    book.tokenFor('pii/email', 'A@X.example')
    const key = token.slice(6)
    for (const length of [6, 7, 8, 9])
      expect(book.meant({ label: 'EMAIL', key: key.slice(0, length) })?.value).toBe('a@x.example')
    expect(book.meant({ label: 'PHONE', key: key.slice(0, 6) })).toBeNull()
    expect(book.meant({ label: 'EMAIL', key: 'B0B0B0' })).toBeNull()
    expect(book.meant({ label: 'EMAIL', key: 'B0B0B0B0B0' })).toBeNull()
    expect(
      book.meant({
        label: 'EMAIL',
        key: token.slice(6, 12).replace(/.$/, (digit) => String((Number(digit) + 1) % 10)),
      }),
    ).toBeNull()
  })

  it.each(['pii/ssn', 'pii/phone', 'pii/person', 'literal'])(
    'of %s that was cut is left where it fits two values',
    (category) => {
      const book = bookWith(1)
      const token = book.tokenFor(category, 'one')
      const cut = token.lastIndexOf('_') + 1
      const [label, key] = [token.slice(0, cut - 1), token.slice(cut)]
      const last = key.endsWith('B0') ? 'C1' : 'B0'
      book.add({ token: `${label}_${key.slice(0, 8)}${last}`, category, value: 'ONE' })
      expect(book.meant({ label, key: key.slice(0, 6) })?.value).toBe('one')
      book.add({ token: `${label}_${key.slice(0, 6)}${last}${last}`, category, value: 'two' })
      expect(book.meant({ label, key: key.slice(0, 6) })).toBeNull()
    },
  )

  it('that was cut fits what was made after it was looked up before', () => {
    const book = bookWith(1)
    const first = book.tokenFor('pii/email', 'a@x.example')
    expect(book.meant({ label: 'EMAIL', key: first.slice(6, 12) })?.value).toBe('a@x.example')
    const second = book.tokenFor('pii/email', 'b@x.example')
    expect(book.meant({ label: 'EMAIL', key: second.slice(6, 12) })?.value).toBe('b@x.example')
    book.add({ token: `EMAIL_${first.slice(6, 12)}B0B0`, category: 'pii/email', value: 'c@x.example' })
    expect(book.meant({ label: 'EMAIL', key: first.slice(6, 12) })).toBeNull()
    expect(book.meant({ label: 'EMAIL', key: `${first.slice(6, 12)}B0` })?.value).toBe('c@x.example')
  })

  it('is taken over with its value, and made no second time', () => {
    const book = bookWith(1)
    book.add({ token: 'EMAIL_B1C2D3F4G5', category: 'pii/email', value: 'a@x.example' })
    expect(book.tokenFor('pii/email', 'a@x.example')).toBe('EMAIL_B1C2D3F4G5')
    expect(book.meant({ label: 'EMAIL', key: 'B1C2D3' })?.value).toBe('a@x.example')
    expect([...book.entries()]).toHaveLength(1)
  })
})

describe('a number that stands for a number', () => {
  it('has as many digits, begins with no zero, and is not in the body', () => {
    const book = bookWith(1)
    const token = book.numberFor('pii/card', '4111111111111111', () => false)
    expect(token).toMatch(/^[1-9]\d{15}$/)
    expect(book.numberFor('pii/card', '4111111111111111', () => false)).toBe(token)
    const other = bookWith(1).numberFor('pii/card', '4111111111111111', (digits) => digits === token)
    expect(other).toMatch(/^[1-9]\d{15}$/)
    expect(other).not.toBe(token)
    expect(bookWith(1).numberFor('pii/card', '1'.repeat(100), () => false)).toHaveLength(100)
    expect(book.numbers.get(token)).toEqual({ token, category: 'pii/card', value: '4111111111111111' })
  })

  // By HMAC-SHA-256 of another program, too.
  it('has its digits from the key of its scope, and others where those stand in the body or are taken', () => {
    const number = '4111111111111111'
    expect(bookWith(1).numberFor('pii/card', number, () => false)).toBe('3359762788810485')
    expect(bookWith(1).numberFor('pii/card', number, (digits) => digits === '3359762788810485')).toBe(
      '5106624572967937',
    )
    expect(bookWith(1).numberFor('pii/phone', '12345678901234567890', () => false)).toBe('82744847589276556581')
    const taken = bookWith(1)
    taken.add({ token: '3359762788810485', category: 'pii/card', value: '5555555555554444' })
    expect(taken.numberFor('pii/card', number, () => false)).toBe('5106624572967937')
    expect([taken.size, [...taken.entries()].map(({ value }) => value)]).toEqual([2, ['5555555555554444', number]])
  })

  it('is taken over like any token', () => {
    const book = bookWith(1)
    book.add({ token: '9876543210', category: 'pii/phone', value: '1234567890' })
    expect(book.numberFor('pii/phone', '1234567890', () => false)).toBe('9876543210')
    expect(book.size).toBe(1)
  })
})

describe('what spellings of a value have in common', () => {
  it.each([
    ['pii/email', 'Kim@X.Example', 'kim@x.example'],
    ['pii/card', '4111-1111 1111.1111', '4111111111111111'],
    ['pii/phone', '+1 (415) 555-2671', '+14155552671'],
    ['pii/ssn', '536-22-8145', '536228145'],
    ['pii/iban', 'de89 3704-0044', 'DE8937040044'],
    ['pii/person', '  Kim\u00a0 WEXLER ', 'kim wexler'],
    ['pii/person', 'Ｋｉｍ', 'kim'],
    ['custom/code-name', 'Blue\n  HERON', 'blue heron'],
    ['secret/key', ' AbC ', ' AbC '],
    ['secret', 'AbC', 'AbC'],
    ['literal', 'EMAIL_B1C2D3', 'EMAIL_B1C2D3'],
  ])('%s %j is %j', (category, value, canonical) => {
    expect(canonicalOf(category, value)).toBe(canonical)
  })
})

describe('digits that come in pieces', () => {
  it('are held back while they begin a number that stands for another, whatever the order those were made in', () => {
    const book = bookWith(1)
    const values = Array.from({ length: 40 }, (_, index) => `${100_000_000 + ((index * 7) % 40)}`)
    const made = values.map((digits) => book.numberFor('pii/account', digits, () => false))
    for (const number of made) {
      expect(book.beginsNumber(number.slice(0, 4))).toBe(true)
      expect(book.beginsNumber(number)).toBe(true)
      expect(book.beginsNumber(`${number}0`)).toBe(false)
    }
    const late = book.numberFor('pii/account', '300000001', () => false)
    expect(book.beginsNumber(late.slice(0, 5))).toBe(true)
    expect(book.beginsNumber('0')).toBe(false)
  })
})

describe('a value that is found as two kinds', () => {
  it.each([
    ['pii/phone', '030 12345678', 'pii/bank-account', '03012345678', 'PHONE'],
    ['pii/bank-account', '12345678', 'pii/phone', '1234-5678', 'ACCOUNT'],
    ['pii/person', 'Hamlin', 'pii/organization', 'HAMLIN', 'PERSON'],
    ['pii/email', 'kim@x.example', 'secret/password', 'kim@x.example', 'EMAIL'],
    ['secret/password', 'Kim Wexler', 'pii/person', 'Kim Wexler', 'SECRET'],
  ])('keeps the first one: %s %j, later %s %j', (first, one, second, other, label) => {
    verifies('pii.same-token')
    const book = bookWith(1)
    const token = book.tokenFor(first, one)
    expect(token.startsWith(`${label}_`)).toBe(true)
    const again = book.tokenFor(second, other)
    expect(again.startsWith(`${label}_`)).toBe(true)
    expect(again === token).toBe(one === other)
    // As a conversation that is kept has it.
    const kept = bookWith(1)
    for (const entry of book.entries()) kept.add(entry)
    expect(kept.tokenFor(second, one)).toBe(token)
  })

  it('is two values where they are no spellings of each other, where letters of a secret differ, and for texts in the form of a token', () => {
    const book = bookWith(1)
    book.tokenFor('pii/phone', '030 12345678')
    book.tokenFor('pii/person', 'Hamlin')
    expect(book.tokenFor('pii/bank-account', '03012345679')).toMatch(/^ACCOUNT_/)
    expect(book.tokenFor('secret/password', 'HAMLIN')).toMatch(/^SECRET_/)
    expect(book.tokenFor('literal', 'Hamlin')).toMatch(/^LITERAL_/)
    expect(book.tokenFor('pii/organization', '12-34')).toMatch(/^COMPANY_/)
    expect(book.tokenFor('pii/location', '1234')).toMatch(/^PLACE_/)
  })
})
