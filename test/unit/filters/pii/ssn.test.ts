import { describe, expect, it } from 'vitest'
import { findSocialSecurityNumbers } from '../../../../src/filters/pii/ssn.ts'

type Context = Parameters<typeof findSocialSecurityNumbers>[1]

const numbers = (text: string, column: Context['column'] = null) =>
  findSocialSecurityNumbers(text, { column, isWanted: () => true }).map(({ start, end, score, category }) => {
    expect(category).toBe('pii/ssn')
    return [text.slice(start, end), score]
  })

const tail = ' and what follows is of no account here'.repeat(20)

describe('social security numbers', () => {
  it.each([
    ['with dashes', `it is 536-90-4399${tail}`, [['536-90-4399', 0.85]]],
    ['with dashes, called one', `SSN 536-90-4399${tail}`, [['536-90-4399', 0.98]]],
    ['with blanks, as a table has them', `it is 536 90 4399${tail}`, [['536 90 4399', 0.4]]],
    ['with blanks, called one', `social security: 536 90 4399${tail}`, [['536 90 4399', 0.98]]],
    ['bare, called one', `social-security no. 536904399${tail}`, [['536904399', 0.9]]],
    ['bare', `it is 536904399${tail}`, []],
    ['bare, called a card', `card 536904399${tail}`, []],
    ['with two different marks, called one', `SSN 536-90 4399${tail}`, [['536-90 4399', 0.9]]],
    ['with two different marks', `it is 536-90 4399${tail}`, []],
    ['with points', `it is 536.90.4399${tail}`, [['536.90.4399', 0.6]]],
    ['with points, called one', `my SSN is 536.90.4399.${tail}`, [['536.90.4399', 0.98]]],
    ['with slashes, called one', `SSN 536/90/4399${tail}`, [['536/90/4399', 0.9]]],
    ['with slashes', `it is 536/90/4399${tail}`, []],
    ['with blanks around dashes, called one', `SSN: 536 - 90 - 4399${tail}`, [['536 - 90 - 4399', 0.9]]],
    ['in two groups, called one', `SSN 536 904399${tail}`, [['536 904399', 0.9]]],
    ['with too much between them', `SSN 536 --- 90 --- 4399${tail}`, []],
    ['in two lines', `SSN 536-90\n4399${tail}`, []],
    ['points, a part of a version', '1.536.90.4399', []],
    ['points that go on', '536.90.4399.7', []],
    ['at the end of a sentence', 'It is 536-90-4399.', [['536-90-4399', 0.85]]],
    ['two of them', '536-90-4399, 219-09-9999', [['536-90-4399', 0.85], ['219-09-9999', 0.85]]],
    ['a part of a longer row', '1-536-90-4399', []],
    ['one that goes on', '536-90-4399-1', []],
    ['one that goes on with a point', '536-90-4399.1', []],
    ['letters beside it', 'a536-90-4399', []],
    ['letters behind it', '536-90-4399a', []],
  ])('are found %s', (_what, text, expected) => {
    expect(numbers(text)).toEqual(expected)
  }) // prettier-ignore

  it.each(['000-12-3456', '666-12-3456', '900-12-3456', '999-12-3456', '123-00-4567', '123-45-0000'])(
    'are none that is never issued, even where it is called one: %s',
    (number) => {
      expect(numbers(`SSN ${number}`)).toEqual([])
      expect(numbers(`SSN ${number.replaceAll('-', '')}`)).toEqual([])
    },
  )

  it('are recognized by their column', () => {
    expect(numbers('536904399', 'ssn')).toEqual([['536904399', 0.9]])
    expect(numbers('536-90-4399', 'ssn')).toEqual([['536-90-4399', 0.98]])
    expect(numbers('536904399', 'phone')).toEqual([])
  })

  it('are recognized where a column with a missing value is printed as floats', () => {
    expect(numbers('536904399.0', 'ssn')).toEqual([['536904399', 0.9]])
    expect(numbers('536904399.05', 'ssn')).toEqual([])
    expect(numbers('536904399.5', 'ssn')).toEqual([])
  })

  it('are looked at only where that is wanted', () => {
    const isWanted = (start: number) => start > 10
    const text = 'SSN 536-90-4399 536904398 219-09-9999 219099998'
    const found = findSocialSecurityNumbers(text, { column: 'ssn', isWanted })
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(['219-09-9999', '536904398', '219099998'])
  })
})
