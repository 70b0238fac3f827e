import { describe, expect, it } from 'vitest'
import { toJsonValue, type ValueType } from '../../../src/databases/values.ts'

const scalar = (name: string): ValueType => ({ name, element: null, delimiter: ',' })
const array = (name: string, delimiter = ','): ValueType => ({ name: `_${name}`, element: scalar(name), delimiter })

describe('a value in text format', () => {
  it.each([
    ['NULL is null', null, scalar('int4'), null],
    ['a boolean', 't', scalar('bool'), true],
    ['false', 'f', scalar('bool'), false],
    ['an integer', '-42', scalar('int4'), -42],
    ['the largest safe int8 is a number', '9007199254740991', scalar('int8'), 9_007_199_254_740_991],
    ['an int8 beyond it is a string', '9007199254740993', scalar('int8'), '9007199254740993'],
    ['a negative one too', '-9007199254740993', scalar('int8'), '-9007199254740993'],
    ['a numeric', '151.25', scalar('numeric'), 151.25],
    ['a numeric of zeros', '0.00', scalar('numeric'), 0],
    [
      'a large numeric is a string, digit for digit',
      '12345678901234567890.10',
      scalar('numeric'),
      '12345678901234567890.10',
    ],
    ['numeric NaN is a string', 'NaN', scalar('numeric'), 'NaN'],
    ['infinity is a string', '-Infinity', scalar('float8'), '-Infinity'],
    ['a large double stays a number', '1e+300', scalar('float8'), 1e300],
    ['text is itself', ' a\t', scalar('text'), ' a\t'],
    [
      'a time with zone is ISO 8601 in UTC',
      '2024-02-29 12:00:00.123456+00',
      scalar('timestamptz'),
      '2024-02-29T12:00:00.123456Z',
    ],
    ['a time without zone has none', '2024-02-29 12:00:00', scalar('timestamp'), '2024-02-29T12:00:00'],
    ['an infinite time is text', 'infinity', scalar('timestamptz'), 'infinity'],
    ['a date', '2024-02-29', scalar('date'), '2024-02-29'],
    ['bytea is base64', '\\x01ff', scalar('bytea'), 'Af8='],
    ['json is itself', '{"a": [1, null, "x"]}', scalar('jsonb'), { a: [1, null, 'x'] }],
    [
      'a large integer in json is a string',
      '{"a": 12345678901234567890}',
      scalar('json'),
      { a: '12345678901234567890' },
    ],
    ['a range is text', '[1,3)', scalar('int4range'), '[1,3)'],
    ['an interval is text', '1 day 02:00:00', scalar('interval'), '1 day 02:00:00'],
    ['an empty array', '{}', array('int4'), []],
    ['an array with NULL', '{1,NULL,3}', array('int4'), [1, null, 3]],
    ['a text that says NULL is quoted and stays text', '{"NULL",NULL}', array('text'), ['NULL', null]],
    [
      'quotes, backslashes and commas in an array',
      String.raw`{"a,b","c\"d","e\\f",g}`,
      array('text'),
      ['a,b', 'c"d', String.raw`e\f`, 'g'],
    ],
    ['an empty text in an array', '{"",x}', array('text'), ['', 'x']],
    [
      'an array of arrays',
      '{{1,2},{3,4}}',
      array('int4'),
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['an array with bounds', '[0:1]={5,6}', array('int4'), [5, 6]],
    [
      'boxes are separated by semicolons',
      '{(1,1),(0,0);(3,3),(2,2)}',
      array('box', ';'),
      ['(1,1),(0,0)', '(3,3),(2,2)'],
    ],
    ['times in an array', '{"2024-02-29 12:00:00+00"}', array('timestamptz'), ['2024-02-29T12:00:00Z']],
  ] as const)('%s', (_claim, text, type, expected) => {
    expect(toJsonValue(text, type)).toEqual(expected)
  })

  it('refuses an array that does not end', () => {
    expect(() => toJsonValue('{1,2', array('int4'))).toThrow(SyntaxError)
  })
})
