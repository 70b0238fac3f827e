import { describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { maskValue, protectRows } from '../../../../src/validators/sql/protect-result.ts'
import { vet } from '../../../../src/validators/vet.ts'

const key = new Secret('test key')
const email = { relation: 'public.people', column: 'email' }
const vetted = vet('sql', 'SELECT email FROM public.people', {
  source: 'shop',
  relations: ['public.people'],
  columns: ['public.people.email'],
  functions: [],
  rowLimit: 11,
  masks: [{ position: 0, ...email, how: 'partial' }],
})

describe('rows that leave', () => {
  it('are masked by position and by where the value comes from', () => {
    const result = {
      columns: [
        { name: 'a', origin: null },
        { name: 'b', origin: email },
        { name: 'c', origin: null },
      ],
      rows: [['anna@example.com', 'berta@example.com', 'kept']],
    }
    expect(protectRows(result, vetted, key)).toEqual([['a***@example.com', 'b***@example.com', 'kept']])
  })

  it('are withheld when a column comes from where nothing was resolved', () => {
    const columns = [{ name: 'a', origin: { relation: 'public.people', column: 'ssn' } }]
    expect(() => protectRows({ columns, rows: [] }, vetted, key)).toThrow(/not resolved/)
  })
})

describe('masks', () => {
  it.each([
    ['null', 'anything', null],
    ['partial', '4111111111111111', '***1111'],
    ['partial', 'short', '***'],
    ['bucket', 4711, '4000–5000'],
    ['bucket', '-0.25', '-0.3–-0.2'],
    ['year', '1987-03-04T00:00:00Z', '1987'],
    ['month', '1987-03-04', '1987-03'],
    ['unheard-of', 'anything', null],
  ])('%s of %s', (how, value, masked) => {
    expect(maskValue(value, how, key)).toBe(masked)
  })

  it('hashes depend on the key', () => {
    const hash = maskValue('a', 'hash', key)
    expect(hash).toMatch(/^[0-9a-f]{16}$/)
    expect(maskValue('a', 'hash', new Secret('another'))).not.toBe(hash)
  })
})
