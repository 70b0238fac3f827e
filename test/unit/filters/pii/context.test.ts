import { describe, expect, it } from 'vitest'
import { isNamedOtherwise, subjectAt, subjectOf } from '../../../../src/filters/pii/context.ts'

describe('what a number is about', () => {
  it.each([
    ['phone', 'phone'],
    ['Telephone', 'phone'],
    ['customer_phone', 'phone'],
    ['tel', 'phone'],
    ['WhatsApp', 'phone'],
    ['card_number', 'card'],
    ['CC no', 'card'],
    ['cards', 'card'],
    ['ssn', 'ssn'],
    ['social_security', 'ssn'],
    ['Social Security Number', 'ssn'],
    ['order_id', 'other'],
    ['TOTAL', 'other'],
    ['price in €', 'other'],
    ['£', 'other'],
    ['hotel', null],
    ['discard', null],
    ['recall', null],
    ['name', null],
    ['12 34', null],
    ['', null],
    ['phone and card', 'card'],
    ['card or phone', 'phone'],
    ['order of the card of a phone', 'phone'],
    ['phone, phone, order, phone', 'phone'],
    ['phone, order, order', 'other'],
  ])('is said by the last word of %j', (text, subject) => {
    expect(subjectOf(text)).toBe(subject)
  })

  it('is said by the words before it, by those of the last few dozen characters alone', () => {
    const text = 'my phone is 1234567, and my order is 7654321 and so on, for a long while, with no word about it'
    expect(subjectAt(text, 12, null)).toBe('phone')
    expect(subjectAt(text, 37, null)).toBe('other')
    expect(subjectAt(text, 0, 'card')).toBe('card')
    expect(subjectAt(`phone ${'.'.repeat(49)}1`, 55, null)).toBe('phone')
    expect(subjectAt(`phone ${'.'.repeat(60)}1`, 66, null)).toBeNull()
    expect(subjectAt(`phone ${'.'.repeat(60)}1`, 66, 'ssn')).toBe('ssn')
  })

  it('is not said by another line, unless a colon ends it', () => {
    expect(subjectAt('phone\n1234567', 6, null)).toBeNull()
    expect(subjectAt('phone:\n1234567', 7, null)).toBe('phone')
    expect(subjectAt('phone: \n1234567', 8, null)).toBe('phone')
    expect(subjectAt('phone: x\n1234567', 9, null)).toBeNull()
    expect(subjectAt('card:\nphone 1234567', 12, null)).toBe('phone')
  })
})

describe('a number that is named otherwise', () => {
  const tail = ', and so on for a while'.repeat(4)
  it.each([
    ['order: 1', true],
    ['order = 1', true],
    ['order #1', true],
    ['"order_id": 1', true],
    ["'order' : '1", true],
    ['the order 1', false],
    ['order:   1', false],
    ['phone: 1', false],
    ['#1', false],
    ['name: 1', false],
    [': 1', false],
  ])('by the word right before it: %s', (text, isNamed) => {
    expect(isNamedOtherwise(`${text}${tail}`, text.indexOf('1'), null)).toBe(isNamed)
    expect(isNamedOtherwise(`${'so '.repeat(30)}${text}`, text.indexOf('1') + 90, null)).toBe(isNamed)
  })

  it('by its column', () => {
    expect(isNamedOtherwise('1', 0, 'other')).toBe(true)
    expect(isNamedOtherwise('1', 0, 'phone')).toBe(false)
  })
})
