import { describe, expect, it } from 'vitest'
import { selectFunctions } from '../../../../../../src/validators/sql/postgresql/functions/function-families.ts'

const of = (name: string, types: string, implicit = false) => ({ name, arguments: types, implicit })

describe('the functions of a server that statements may call', () => {
  it('are every variant of a reviewed name, sorted by name and by types', () => {
    const server = [of('lower', 'text'), of('abs', 'numeric'), of('lower', 'anyrange'), of('abs', 'bigint')]
    const listed = selectFunctions(server)
    expect(Object.entries(listed)).toEqual([
      ['abs', ['bigint', 'numeric']],
      ['lower', ['anyrange', 'text']],
    ])
  })

  it('are also what stands behind an operator or a cast, but for the inside of the server', () => {
    const server = [
      of('int4pl', 'integer, integer', true),
      of('pg_own', 'integer', true),
      of('int4pl_named', 'integer, integer'),
      of('xideq', 'xid, xid', true),
      of('oid', 'bigint', true),
    ]
    expect(selectFunctions(server)).toEqual({ int4pl: ['integer, integer'] })
  })

  it.each(['internal', 'cstring', 'regclass', 'oid', 'text, oid', 'xml', 'refcursor', 'trigger'])(
    'are none with a type of the inside of the server: %s',
    (types) => {
      expect(selectFunctions([of('lower', types)])).toEqual({})
      expect(selectFunctions([of('lower', `${types}ish`)])).toEqual({ lower: [`${types}ish`] })
    },
  )

  it('tell the size of a relation by its name and in no other way', () => {
    const sizes = ['pg_relation_size', 'pg_table_size', 'pg_indexes_size', 'pg_total_relation_size']
    const server = sizes.flatMap((name) => [
      of(name, 'regclass'),
      of(name, 'oid'),
      of(name, 'text'),
      of(name, 'text', true),
    ])
    expect(selectFunctions(server)).toEqual(Object.fromEntries(sizes.map((name) => [name, ['regclass']])))
    expect(selectFunctions([of('pg_database_size', 'regclass'), of('pg_relation_size', 'regclass, text')])).toEqual({})
  })

  it('take no SQL as text', () => {
    const server = [of('ts_rewrite', 'text, text'), of('ts_rewrite', 'tsquery, text', true), of('query_to_xml', 'text')]
    expect(selectFunctions(server)).toEqual({})
  })
})
