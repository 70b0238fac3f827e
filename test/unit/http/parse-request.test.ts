import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseRequest } from '../../../src/http/parse-request.ts'

const schema = z.strictObject({
  statement: z.string(),
  places: z.array(z.strictObject({ name: z.string() })).optional(),
  size: z.int().max(9).optional(),
})

function fault(body: unknown): unknown {
  try {
    return parseRequest(schema, body)
  } catch (thrown) {
    return thrown
  }
}

describe('a request that is not as it should be', () => {
  it.each<[string, unknown, { readonly message: string; readonly parameter?: string }]>([
    ['lacks a member', {}, { message: 'statement: is missing.', parameter: 'statement' }],
    [
      'has another name for it',
      { sql: 'SELECT 1' },
      { message: 'statement: is missing; "sql" is not known here.', parameter: 'statement' },
    ],
    [
      'has a name from elsewhere beside a member that lacks within a list',
      { sql: 'x', statement: 'y', places: [{ nam: 'z' }] },
      { message: 'places[0].name: is missing; "nam" is not known here.', parameter: 'places[0].name' },
    ],
    ['has a member too much', { statement: 'x', sql: 'y' }, { message: 'sql: is not known here.', parameter: 'sql' }],
    [
      'has null where a text belongs',
      { statement: null },
      { message: 'statement: Invalid input: expected string, received null.', parameter: 'statement' },
    ],
    [
      'has a number that is too large',
      { statement: 'x', size: 10 },
      { message: 'size: Too big: expected number to be <=9.', parameter: 'size' },
    ],
    ['is no object', null, { message: 'The body: Invalid input: expected object, received null.' }],
  ])('and %s is told so by the name of the member', (_what, body, expected) => {
    expect(fault(body)).toMatchObject({ code: 'invalid-request', ...expected })
  })

  it('repeats no more than the beginning of a name that is not known', () => {
    const { message } = fault({ ['x'.repeat(5_000)]: 1 }) as Error
    expect(message).toBe(`statement: is missing; "${'x'.repeat(100)}" is not known here.`)
  })
})

it('a request that is as it should be is what the schema reads', () => {
  expect(fault({ statement: 'SELECT 1' })).toEqual({ statement: 'SELECT 1' })
})
