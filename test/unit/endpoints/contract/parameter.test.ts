import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileOperations } from '../../../../src/endpoints/contract/operations.ts'
import { placeOf, type Parameter } from '../../../../src/endpoints/contract/parameter.ts'
import { coerced, scalarOf, splitScalars, unescaped } from '../../../../src/endpoints/contract/parameter-text.ts'
import { documentWith } from '../../../support/endpoints/document.ts'
import { verifies } from '../../../support/verifies.ts'

function parameterOf(given: object): Parameter {
  const isInPath = 'in' in given && given.in === 'path'
  const parameters = [{ name: 'p', required: isInPath, ...given }]
  const path = isInPath ? '/predict/{p}' : '/predict'
  const root = documentWith({ parameters, path }) as Record<string, unknown>
  const parameter = compileOperations({ version: '3.1', root })[0]?.parameters[0]
  if (parameter === undefined) throw new Error('There is no parameter.')
  return parameter
}

const integer = { type: 'integer', minimum: 1 }
const integers = { type: 'array', items: integer }

describe('a parameter', () => {
  it.each([
    ['a number', { in: 'query', schema: integer }, '7', '7'],
    ['a text with escapes', { in: 'query', schema: { type: 'string' } }, 'a+b%20c%26', 'a%20b%20c%26'],
    ['a text of a path', { in: 'path', schema: { type: 'string' } }, 'a+b%c3%a4', 'a%2Bb%C3%A4'],
    ['a flag', { in: 'header', schema: { type: 'boolean' } }, 'true', 'true'],
    ['a number that may be a text', { in: 'query', schema: { type: ['integer', 'string'] } }, '0x10', '0x10'],
    ['values one by one', { in: 'query', schema: integers }, ['1', '2'], ['1', '2']],
    ['values with commas', { in: 'query', explode: false, schema: integers }, '1,2', '1,2'],
    [
      'values with commas that are escaped, as most clients write them',
      { in: 'query', explode: false, schema: integers },
      '1%2C2%2c3,4',
      '1,2,3,4',
    ],
    ['a text with a comma', { in: 'query', schema: { type: 'string' } }, 'a,b', 'a%2Cb'],
    [
      'a list or nothing, as FastAPI writes it',
      { in: 'query', schema: { anyOf: [integers, { type: 'null' }] } },
      ['1', '2'],
      ['1', '2'],
    ],
    [
      'a list that is combined of schemas',
      { in: 'header', schema: { allOf: [{ type: 'array' }, integers] } },
      '1',
      '1',
    ],
    [
      'members of combined schemas',
      {
        in: 'query',
        style: 'deepObject',
        schema: {
          type: 'object',
          allOf: [{ properties: { a: integer } }, { additionalProperties: { type: ['boolean', 'integer'] } }],
        },
      },
      { a: '1', b: 'true', constructor: '2' },
      { a: '1', b: 'true', constructor: '2' },
    ],
    ['values with spaces', { in: 'query', style: 'spaceDelimited', schema: integers }, '1+2%203', '1%202%203'],
    [
      'values with pipes',
      { in: 'query', style: 'pipeDelimited', explode: false, schema: integers },
      '1|2%7C3',
      '1|2|3',
    ],
    ['values of a header', { in: 'header', schema: integers }, '1, 2', '1,2'],
    ['values of a path', { in: 'path', schema: integers }, '1,2', '1,2'],
    [
      'members',
      { in: 'query', style: 'deepObject', explode: true, schema: { type: 'object', properties: { a: integer } } },
      { a: '1' },
      { a: '1' },
    ],
    [
      'numbers of JSON that no double has',
      { in: 'query', content: { 'application/json': { schema: {} } } },
      '[9007199254740993,1.10,1e999]',
      '%5B9007199254740993%2C1.10%2C1e999%5D',
    ],
    ['JSON', { in: 'query', content: { 'application/json': { schema: integers } } }, '%5B1,%202%5D', '%5B1%2C2%5D'],
  ] as const)('that is %s goes on in one spelling', (_what, given, written, spelled) => {
    verifies('endpoints.parameters')
    expect(parameterOf(given).read(written)).toEqual(spelled)
  })

  it.each([
    ['too small', { in: 'query', schema: integer }, '0', 'query.p must be >= 1.'],
    ['a number of another language', { in: 'query', schema: integer }, '0x10', 'query.p must be integer.'],
    ['a number with space', { in: 'query', schema: integer }, '+1', 'query.p must be integer.'],
    ['nothing', { in: 'query', schema: integer }, '', 'query.p must be integer.'],
    ['no flag', { in: 'query', schema: { type: 'boolean' } }, 'TRUE', 'query.p must be boolean.'],
    ['no UTF-8', { in: 'query', schema: { type: 'string' } }, '%ff', 'query.p has an escape that is no UTF-8.'],
    ['half an escape', { in: 'path', schema: { type: 'string' } }, '%4', 'path.p has an escape that is no UTF-8.'],
    ['no ASCII', { in: 'header', schema: { type: 'string' } }, 'ä', 'header.p holds characters that are no ASCII.'],
    [
      'more values than are taken, whose commas are escaped',
      { in: 'query', explode: false, schema: { ...integers, maxItems: 2, items: { type: 'string' } } },
      'a%2Cb%2Cc',
      'query.p must NOT have more than 2 items.',
    ],
    ['one of several wrong', { in: 'query', schema: integers }, ['1', 'x'], 'query.p[1] must be integer.'],
    [
      'a member that there is not',
      { in: 'query', style: 'deepObject', schema: { type: 'object', additionalProperties: false } },
      { b: '1' },
      'query.p must NOT have additional properties: "b".',
    ],
    ['no JSON', { in: 'query', content: { 'application/json': { schema: {} } } }, '%7B', 'query.p is not JSON.'],
  ] as const)('that is %s is refused by its place', (_what, given, written, message) => {
    verifies('endpoints.parameters')
    const parameter = parameterOf(given)
    expect(() => parameter.read(written)).toThrow(message)
  })

  it('means the same to whoever reads what goes on as it meant here', () => {
    const texts = parameterOf({
      in: 'query',
      explode: false,
      schema: { type: 'array', items: { type: 'string' } },
    })
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1 }), (list) => {
        const written = list.map((text) => encodeURIComponent(text)).join(',')
        const spelled = texts.read(written) as string
        const meant = list.flatMap((text) => text.split(','))
        // To who cuts first as the document says, and to who reads escapes first.
        expect(spelled.split(',').map(decodeURIComponent)).toEqual(meant)
        expect(decodeURIComponent(spelled).split(',')).toEqual(meant)
      }),
    )
  })

  it.each([
    ['1.0', 'integer', 1, '1'],
    ['1e2', 'integer', 100, '100'],
    ['-0', 'integer', -0, '0'],
    ['9007199254740993', 'integer', 9_007_199_254_740_992, '9007199254740993'],
    ['1.10', 'number', 1.1, '1.10'],
    ['1E+2', 'number', 100, '1E+2'],
    ['-1.5e-3', 'number', -0.0015, '-1.5e-3'],
    ['true', 'boolean', true, 'true'],
    ['false', 'boolean', false, 'false'],
    ['01', 'number', '01', '01'],
    ['1.', 'number', '1.', '1.'],
    ['.5', 'number', '.5', '.5'],
    ['1e', 'number', '1e', '1e'],
    ['Infinity', 'number', 'Infinity', 'Infinity'],
    ['0x10', 'integer', '0x10', '0x10'],
    [' 1', 'integer', ' 1', ' 1'],
    ['1', 'string', '1', '1'],
    ['true', 'string', 'true', 'true'],
    ['1', 'boolean', '1', '1'],
    ['', 'integer', '', ''],
  ])('of the text %j is, as %s, %j', (text, kind, value, spelled) => {
    expect(coerced(text, new Set([kind]))).toEqual({ value, spelled })
  })

  it.each([
    ['1 , 2\t', 'header', ',', ['1', '2']],
    ['', 'query', ',', []],
    ['', 'header', ',', []],
    ['a,,b', 'query', ',', ['a', '', 'b']],
    ['a%2Cb,c', 'path', ',', ['a', 'b', 'c']],
    ['a+b%20c', 'query', '%20', ['a', 'b', 'c']],
    ['a|b%7Cc%7cd', 'query', '|', ['a', 'b', 'c', 'd']],
    ['a%7cb,c+d', 'query', ',', ['a%7cb', 'c+d']],
  ] as const)('of several values %j in a %s is cut at %j', (written, where, separator, pieces) => {
    expect(splitScalars(written, separator, { name: 'p', in: where })).toEqual(pieces)
  })

  it.each([
    ['query', 'a+b%2B', 'a b+'],
    ['path', 'a+b%2B', 'a+b+'],
  ] as const)('of a %s has its escapes read: %s', (where, written, text) => {
    expect(unescaped(written, { name: 'p', in: where })).toBe(text)
  })

  it.each(['\tA b~ ', ' A b~'])('of a header is without the space around it', (written) => {
    expect(scalarOf(written, { name: 'p', in: 'header' }, new Set())).toEqual({ value: 'A b~', spelled: 'A b~' })
  })

  it.each(['a\x1fb', 'a\x7f', 'é'])('of a header has printable ASCII alone: %j', (written) => {
    expect(() => scalarOf(written, { name: 'p', in: 'header' }, new Set())).toThrow(
      expect.objectContaining({ parameter: 'header.p', code: 'invalid-request' }),
    )
  })

  it.each(
    [
      'connection',
      'content-length',
      'content-encoding',
      'cookie',
      'expect',
      'forwarded',
      'Host',
      'keep-alive',
      'proxy-authorization',
      'te',
      'trailer',
      'transfer-encoding',
      'upgrade',
      'X-Api-Key',
      'x-forwarded-for',
      'x-request-id',
    ].map((name) => [name]),
  )('is never the header %s', (name) => {
    expect(() => parameterOf({ name, in: 'header', schema: {} })).toThrow(
      `/name is the header ${name}, which is never passed on`,
    )
  })

  it.each(['connections', 'x-te', 'x-cookie', 'hosts', 'x-forwarded', 'proxy', 'te2'])(
    'may be the header %s',
    (name) => {
      expect(parameterOf({ name, in: 'header', schema: {} }).name).toBe(name)
    },
  )

  it.each([
    [{ in: 'cookie', schema: {} }, '/in is cookie: cookies are never passed on'],
    [{ in: 'body', schema: {} }, '/in is unknown'],
    [{ name: 7, in: 'query', schema: {} }, '/name is no text'],
    [{ in: 'query', style: 'deep', schema: {} }, 'has the style deep, which is not read'],
    [{ in: 'path', style: 'matrix', schema: {} }, 'has the style matrix, which is not read'],
    [
      { in: 'query', style: 'deepObject', schema: { type: 'array' } },
      'is a list of the style deepObject, which is not read',
    ],
    [
      { in: 'query', schema: { type: 'object' } },
      'is an object of the style form, which is not read: in a query deepObject is',
    ],
    [{ in: 'header', style: 'deepObject', schema: { type: 'object' } }, 'is an object of the style deepObject'],
    [
      { in: 'query', schema: { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png' } },
      'says of a picture, which a body alone takes',
    ],
    [{ in: 'query', content: { 'text/plain': {} } }, '/content is not read: application/json is, in a path or a query'],
    [{ in: 'header', content: { 'application/json': { schema: {} } } }, '/content is not read'],
    [{ in: 'query', content: { 'application/json': { schema: {} }, 'text/plain': {} } }, '/content is not read'],
    [{ in: 'query', content: {} }, '/content is not read'],
    [
      { in: 'query', content: { 'application/json': {} } },
      '/parameters/0/content/application~1json/schema is no schema',
    ],
  ])('that is %j is refused with its document', (given, message) => {
    expect(() => parameterOf(given)).toThrow(message)
  })

  it.each([
    [{ in: 'query', schema: {} }, false, 'once'],
    [{ in: 'query', required: true, schema: {} }, true, 'once'],
    [{ in: 'path', schema: {} }, true, 'once'],
    [{ in: 'query', schema: { type: 'array' } }, false, 'repeated'],
    [{ in: 'query', explode: true, schema: { type: 'array' } }, false, 'repeated'],
    [{ in: 'query', explode: false, schema: { type: 'array' } }, false, 'once'],
    [{ in: 'query', style: 'deepObject', schema: { type: 'object' } }, false, 'members'],
  ])('that is %j has to be there: %s, and is written %s', (given, required, written) => {
    expect(parameterOf(given)).toMatchObject({ required, written })
  })

  it('of JSON is refused where its schema does not take it', () => {
    const parameter = parameterOf({ in: 'query', content: { 'application/json': { schema: integers } } })
    expect(() => parameter.read('[0]')).toThrow('query.p[0] must be >= 1.')
  })

  it('with a long name is told in short', () => {
    expect(placeOf({ name: 'x'.repeat(200), in: 'query' })).toBe(`query.${'x'.repeat(100)}`)
    expect(() => unescaped('%', { name: 'x'.repeat(200), in: 'query' })).toThrow(new RegExp(`^query\\.x{100} has`))
  })
})
