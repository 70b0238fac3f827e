import { describe, expect, it } from 'vitest'
import { parseAllowed } from '../../../src/cli/allowed-relations.ts'

describe('--allow', () => {
  it('takes relations with all or some columns, quoted or not', () => {
    expect(parseAllowed(['Orders(*)', 'public.customers(id, "Full Name"), x.y(*)'])).toEqual([
      { relation: 'orders', columns: '*' },
      { relation: 'public.customers', columns: ['id', 'Full Name'] },
      { relation: 'x.y', columns: '*' },
    ])
  })

  it.each(['orders', 'orders(', 'orders()', 'orders(a b)', '*', 'a.b.c(*)'])('refuses %s', (text) => {
    expect(() => parseAllowed([text])).toThrow('is not a relation with its columns')
  })
})
