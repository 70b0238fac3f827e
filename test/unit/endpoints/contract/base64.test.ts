import { describe, expect, it } from 'vitest'
import { base64Fault, readDataUrl } from '../../../../src/endpoints/contract/base64.ts'

describe('base64', () => {
  it.each(['', 'YQ==', 'YWI=', 'YWJj', '+/+/'])('is taken in its one spelling: %j', (text) => {
    expect(base64Fault(text)).toBeNull()
  })

  it.each([
    ['YW Jj', 'must be base64 without white space'],
    ['YWJj\n', 'must be base64 without white space'],
    ['-_-_', 'must be base64 of the alphabet with + and /, not of the one with - and _'],
    ['YW-j', 'must be base64 of the alphabet with + and /, not of the one with - and _'],
    ['YW,j', 'must be base64, which has letters, digits, +, / and = alone'],
    ['YWJä', 'must be base64, which has letters, digits, +, / and = alone'],
    ['YQ==YQ==', 'must be base64 that ends with its padding'],
    ['=YQ=', 'must be base64 that ends with its padding'],
    ['Y===', 'must be base64 that ends with its padding'],
    ['YQ', 'must be base64 that is padded with = to a multiple of four characters'],
    ['YWI', 'must be base64 that is padded with = to a multiple of four characters'],
    ['YR==', 'must be base64 whose last character leaves no bits over'],
    ['YWJ=', 'must be base64 whose last character leaves no bits over'],
  ])('is refused in any other, and is told why: %j', (text, fault) => {
    expect(base64Fault(text)).toBe(fault)
  })
})

describe('a data: URL', () => {
  it.each([
    ['data:image/png;base64,YQ==', { type: 'image/png', base64: 'YQ==' }],
    ['data:image/x.y-z+w_1;base64,', { type: 'image/x.y-z+w_1', base64: '' }],
    [`data:a/${'b'.repeat(100)};base64,c`, { type: `a/${'b'.repeat(100)}`, base64: 'c' }],
    [`data:image/png;base64,${'A'.repeat(400)}`, { type: 'image/png', base64: 'A'.repeat(400) }],
  ])('is read in its one spelling: %s', (text, parts) => {
    expect(readDataUrl(text)).toEqual(parts)
  })

  it.each([
    'data:image/png,YQ==',
    'data:image/png;charset=utf-8;base64,YQ==',
    'DATA:image/png;base64,YQ==',
    'data:Image/png;base64,YQ==',
    'data:image/png;base64YQ==',
    'data:image/;base64,YQ==',
    ' data:image/png;base64,YQ==',
    `data:a/${'b'.repeat(101)};base64,c`,
    '',
  ])('is none in any other: %s', (text) => {
    expect(readDataUrl(text)).toBeNull()
  })
})
