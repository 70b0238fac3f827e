import { describe, expect, it } from 'vitest'
import { readUrlEncoded } from '../../../../src/endpoints/form/read-url-encoded.ts'

const read = (text: string | Buffer, parts = 3) =>
  readUrlEncoded(Buffer.from(text as string), { parts }).map(({ name, type, bytes }) => [name, type, bytes.toString()])

describe('a form in the form of an address', () => {
  it.each([
    ['', []],
    ['a=1', [['a', null, '1']]],
    [
      'a=1&b=2&c=3',
      [
        ['a', null, '1'],
        ['b', null, '2'],
        ['c', null, '3'],
      ],
    ],
    ['a', [['a', null, '']]],
    ['=1', [['', null, '1']]],
    ['a=b=c', [['a', null, 'b=c']]],
    ['a+b%20c=%2B+%c3%a4', [['a b c', null, '+ ä']]],
    [
      'a&&b',
      [
        ['a', null, ''],
        ['', null, ''],
        ['b', null, ''],
      ],
    ],
    ['a=%26', [['a', null, '&']]],
    ['\ufeffa=1', [['\ufeffa', null, '1']]],
  ])('is read: %j', (text, parts) => {
    expect(read(text)).toEqual(parts)
  })

  it.each([
    [Buffer.from('a=\xff', 'latin1'), 'The form is no UTF-8.'],
    ['a=%ff', 'The form has an escape that is no UTF-8.'],
    ['%=1', 'The form has an escape that is no UTF-8.'],
    ['a=1&b=2&c=3&d=4', 'The form has more than 3 parts.'],
    ['&&&', 'The form has more than 3 parts.'],
  ])('is refused: %s', (text, message) => {
    expect(() => read(text)).toThrow(message)
  })
})
