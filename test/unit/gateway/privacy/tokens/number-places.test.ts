import { describe, expect, it } from 'vitest'
import { findNumbers } from '../../../../../src/gateway/privacy/tokens/number-places.ts'
import { bookWith } from '../../../../support/privacy/private-calls.ts'

function bookOf(...numbers: readonly string[]) {
  const book = bookWith(1)
  for (const token of numbers) book.add({ token, category: 'pii/phone', value: `of ${token}` })
  return book
}

describe('numbers that stand for others', () => {
  const book = bookOf('1234567', '7654321')
  const found = (text: string, options: { from?: number; isWhole?: boolean } = {}) => {
    const { places, undecided } = findNumbers(text, { book, ...options })
    return [places.map(({ start, end, value }) => `${text.slice(start, end)} at ${start}: ${value}`), undecided]
  }

  it('are found where they stand by themselves, in their order', () => {
    expect(found('a 1234567, x7654321y 12345678 01234567 123456 7')).toEqual([
      ['1234567 at 2: of 1234567', '7654321 at 12: of 7654321'],
      47,
    ])
  })

  it('are found from a place on, whole', () => {
    expect(found('1234567 7654321', { from: 8 })).toEqual([['7654321 at 8: of 7654321'], 15])
    expect(found('1234567 7654321', { from: 9 })).toEqual([[], 15])
    expect(found('1234567', { from: 1 })).toEqual([[], 7])
  })

  it('are undecided at the end of a text that goes on, where they may still be one', () => {
    expect(found('1234567 7654321', { isWhole: false })).toEqual([['1234567 at 0: of 1234567'], 8])
    expect(found('a 12345', { isWhole: false })).toEqual([[], 2])
    expect(found('a 12346', { isWhole: false })).toEqual([[], 7])
    expect(found('a 12345678', { isWhole: false })).toEqual([[], 10])
    expect(found('a 1234567 ', { isWhole: false })).toEqual([['1234567 at 2: of 1234567'], 10])
    expect(found('a 12345')).toEqual([[], 7])
  })

  it('are none where there is none', () => {
    expect(findNumbers('1234567', { book: bookOf() })).toEqual({ places: [], undecided: 7 })
    expect(findNumbers('1234567', { book: bookOf(), isWhole: false })).toEqual({ places: [], undecided: 7 })
  })
})
