import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../src/core/json.ts'
import type { Vetted } from '../../../src/core/vetted.ts'
import type { QueryResult } from '../../../src/databases/database.ts'
import { maskResult } from '../../../src/databases/mask.ts'
import { vet } from '../../../src/validators/vet.ts'
import { verifies } from '../../support/verifies.ts'

const key = Buffer.alloc(32, 7)

function statement(...masks: NonNullable<Vetted<'sql'>['masks']>): Vetted<'sql'> {
  return vet('sql', 'SELECT', {
    source: 's',
    relations: [],
    columns: ['public.c.v'],
    functions: [],
    rowLimit: 10,
    masks,
  })
}

function result(value: JsonValue, origin: QueryResult['columns'][number]['origin'] = null): QueryResult {
  return {
    columns: [{ name: 'v', type: 'numeric', origin }],
    rows: [[value]],
    truncated: null,
    asOf: new Date(0),
    lagMilliseconds: null,
    milliseconds: 1,
  }
}

const masked = (how: string, value: JsonValue): JsonValue | undefined =>
  maskResult(result(value), statement({ position: 0, relation: 'public.c', column: 'v', how }), key).rows[0]?.[0]

describe('masks by column', () => {
  it.each([
    ['null', 'anything', null],
    ['partial', 'DE89370400440532013000', '•••3000'],
    ['partial', 'short', '•••'],
    ['partial', 4111111111111111, '•••1111'],
    ['partial', { a: 1 }, null],
    ['bucket', '1234.56', '1000 to below 2000'],
    ['bucket', -42, '-50 to below -40'],
    ['bucket', 7, '0 to below 10'],
    ['bucket', 'not a number', null],
    ['year', '2024-03-05', '2024'],
    ['year', '2024-03-05T10:00:00.000Z', '2024'],
    ['month', '2024-03-05', '2024-03'],
    ['year', 'infinity', null],
    ['month', 20240305, null],
    ['hash', null, null],
  ])('%s of %j leaves as %j', (how, value, expected) => {
    expect(masked(how, value)).toEqual(expected)
  })

  it('hashes equal values alike, others differently, and not without the key', () => {
    expect(masked('hash', 'a@b.c')).toBe(masked('hash', 'a@b.c'))
    expect(masked('hash', 'a@b.c')).not.toBe(masked('hash', 'a@b.d'))
    const other = maskResult(
      result('a@b.c'),
      statement({ position: 0, relation: 'public.c', column: 'v', how: 'hash' }),
      Buffer.alloc(32, 8),
    )
    expect(other.rows[0]?.[0]).not.toBe(masked('hash', 'a@b.c'))
  })

  it('masks a column by where the database says it comes from, wherever it stands', () => {
    verifies('security.masks-by-lineage')
    const two: QueryResult = {
      ...result('x'),
      columns: [
        { name: 'other', type: 'text', origin: null },
        { name: 'alias', type: 'text', origin: { relation: 'public.c', column: 'v' } },
      ],
      rows: [['fine', 'DE89370400440532013000']],
    }
    const mask = { position: 0, relation: 'public.c', column: 'v', how: 'null' }
    expect(maskResult(two, statement(mask), key).rows).toEqual([[null, null]])
  })

  it('fails rather than showing a value when the plan does not fit the result', () => {
    const mask = { position: 3, relation: 'public.c', column: 'v', how: 'null' }
    expect(() => maskResult(result('x'), statement(mask), key)).toThrow('not among those')
    expect(() => masked('rot13', 'x')).toThrow('there is no mask')
  })

  it('leaves a result without masks as it is', () => {
    const plain = result('x')
    expect(maskResult(plain, statement(), key)).toBe(plain)
  })

  it('withholds a result with a column from where nothing was resolved', () => {
    const stranger = result('a', { relation: 'public.c', column: 'other' })
    expect(() => maskResult(stranger, statement(), key)).toThrow(/not resolved; the result is withheld/)
  })
})
