import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileOperations } from '../../../../src/endpoints/contract/operations.ts'
import type { Parameter } from '../../../../src/endpoints/contract/parameter.ts'
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
      'a value with a comma',
      { in: 'query', explode: false, schema: { type: 'array', maxItems: 1, items: { type: 'string' } } },
      'a%2Cb',
      'a%2Cb',
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
        expect(spelled.split(',').map(decodeURIComponent)).toEqual(list)
      }),
    )
  })
})
