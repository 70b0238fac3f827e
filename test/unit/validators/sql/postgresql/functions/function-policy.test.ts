import { describe, expect, it } from 'vitest'
import { foreignFunctions } from '../../../../../../src/validators/sql/postgresql/functions/foreign-functions.ts'
import {
  checkFunctionNames,
  createFunctionPolicy,
  functionNotAllowed,
} from '../../../../../../src/validators/sql/postgresql/functions/function-policy.ts'
import { visitsOf } from '../../../../../support/sql/visits.ts'

const additions = {
  functions: ['shop.vat(numeric,text)', 'shop.lower(text)'],
  overloadedFunctions: ['lower'],
}
const policy = createFunctionPolicy(18, additions)

describe('the functions of a policy', () => {
  it.each([
    ['pg_catalog.upper(text)', true],
    ['pg_catalog.upper(anyrange)', true],
    ['pg_catalog.upper(integer)', false],
    ['public.upper(text)', false],
    ['pg_catalog.pg_read_file(text)', false],
    ['pg_catalog.in_range(date, date, interval, boolean, boolean)', true],
    ['pg_catalog.in_range(smallint, smallint, bigint, boolean, boolean)', true],
    ['pg_catalog.in_range(date, date, date, boolean, boolean)', false],
    ['pg_catalog.bernoulli(internal)', true],
    ['pg_catalog.int4in(cstring)', true],
    ['pg_catalog.regclassin(cstring)', false],
    ['pg_catalog.json_strip_nulls(json, boolean)', true],
    ['pg_catalog.jsonb_strip_nulls(jsonb, boolean)', true],
    ['pg_catalog.jsonb_strip_nulls(json, boolean)', false],
    ['shop.vat(numeric, text)', true],
    ['shop.vat(numeric)', false],
    ['pg_catalog.vat(numeric, text)', false],
  ])('hold %s: %s', (signature, isAllowed) => {
    expect(policy.allowsSignature(signature)).toBe(isAllowed)
  })

  it('hold the same of every version whose functions were reviewed, and none of another', () => {
    const allows = (major: number, signature: string): boolean =>
      createFunctionPolicy(major, { functions: [], overloadedFunctions: [] }).allowsSignature(signature)
    for (const major of [14, 15, 16, 17, 18]) expect(allows(major, 'pg_catalog.upper(text)')).toBe(true)
    for (const major of [13, 19]) expect(allows(major, 'pg_catalog.upper(text)')).toBe(false)
    for (const major of [14, 15]) expect(allows(major, 'pg_catalog.any_value(anyelement)')).toBe(false)
    for (const major of [16, 17, 18]) expect(allows(major, 'pg_catalog.any_value(anyelement)')).toBe(true)
    expect(allows(14, 'pg_catalog.close_lb(line, box)')).toBe(true)
    expect(allows(15, 'pg_catalog.close_lb(line, box)')).toBe(false)
    for (const major of [14, 18]) expect(allows(major, 'pg_catalog.jsonb_strip_nulls(jsonb, boolean)')).toBe(true)
  })

  it('hold no name of which a version has no function', () => {
    const names = (major: number) => createFunctionPolicy(major, { functions: [], overloadedFunctions: [] })
    expect(names(15).allowsName(null, 'any_value')).toBe(false)
    expect(names(15).names).not.toContain('any_value')
    expect(names(16).allowsName(null, 'any_value')).toBe(true)
    expect(names(16).names).toContain('any_value')
  })

  it.each([
    ['smallint', 'smallint'],
    ['smallint', 'integer'],
    ['smallint', 'bigint'],
    ['integer', 'smallint'],
    ['integer', 'integer'],
    ['integer', 'bigint'],
    ['bigint', 'bigint'],
    ['real', 'double precision'],
    ['double precision', 'double precision'],
    ['numeric', 'numeric'],
    ['date', 'interval'],
    ['interval', 'interval'],
    ['time without time zone', 'interval'],
    ['time with time zone', 'interval'],
    ['timestamp without time zone', 'interval'],
    ['timestamp with time zone', 'interval'],
  ])('hold the comparison of a window whose frame is of %s, by a distance of %s', (order, distance) => {
    const signature = `pg_catalog.in_range(${order}, ${order}, ${distance}, boolean, boolean)`
    expect(policy.allowsSignature(signature)).toBe(true)
  })

  it.each([
    [null, 'upper', true, 'pg_catalog'],
    ['pg_catalog', 'upper', true, 'pg_catalog'],
    ['shop', 'upper', false, 'pg_catalog'],
    [null, 'vat', true, 'shop'],
    ['shop', 'vat', true, 'shop'],
    ['pg_catalog', 'vat', false, 'shop'],
    [null, 'lower', true, null],
    ['shop', 'lower', true, null],
    [null, 'pg_read_file', false, 'pg_catalog'],
  ])('by name: %s.%s is among them: %s, and alone it is of %s', (schema, name, isAllowed, own) => {
    expect(policy.allowsName(schema, name)).toBe(isAllowed)
    expect(policy.schemaOf(name)).toBe(own)
  })
})

describe('what a statement calls without a list of arguments', () => {
  const rulesOf = (sql: string) =>
    checkFunctionNames(visitsOf(sql), policy).map(({ offset, message }) => [offset, message])

  it.each([
    'CURRENT_DATE',
    'CURRENT_TIME',
    'CURRENT_TIME(2)',
    'CURRENT_TIMESTAMP',
    'CURRENT_TIMESTAMP(2)',
    'LOCALTIME',
    'LOCALTIME(2)',
    'LOCALTIMESTAMP',
    'LOCALTIMESTAMP(2)',
  ])('may be the clock: %s', (value) => {
    expect(rulesOf(`SELECT ${value}`)).toEqual([])
  })

  it.each(['CURRENT_ROLE', 'CURRENT_USER', 'USER', 'SESSION_USER', 'CURRENT_CATALOG', 'CURRENT_SCHEMA'])(
    'may tell nothing of the server: %s',
    (value) => {
      const message = `${value} tells about the server and is not allowed. CURRENT_DATE and CURRENT_TIMESTAMP are.`
      expect(rulesOf(`SELECT ${value}`)).toEqual([[7, message]])
    },
  )

  it.each([
    ['SELECT 1 FROM t TABLESAMPLE system (1)', []],
    ['SELECT 1 FROM t TABLESAMPLE bernoulli (1)', []],
    [
      'SELECT 1 FROM t TABLESAMPLE shop.rows (1)',
      [[28, 'The sampling method "shop.rows" is not allowed. Use SYSTEM or BERNOULLI.']],
    ],
    ['SELECT a + b, a OPERATOR(pg_catalog.+) b FROM t', []],
    [
      'SELECT a OPERATOR(shop.+) b FROM t',
      [[9, 'The operator "shop.+" is not one you may use. Use the built-in operators.']],
    ],
    ['SELECT a = ANY (SELECT b FROM u) FROM t', []],
    [
      'SELECT a OPERATOR(shop.=) ANY (SELECT b FROM u) FROM t',
      [[9, 'The operator "shop.=" is not one you may use. Use the built-in operators.']],
    ],
    ["SELECT pg_table_size('orders')", []],
    [
      'SELECT pg_table_size(a) FROM t',
      [[7, "pg_table_size takes the name of a table as a literal: pg_table_size('table')."]],
    ],
    [
      "SELECT pg_relation_size('orders', 'main')",
      [[7, "pg_relation_size takes the name of a table as a literal: pg_relation_size('table')."]],
    ],
    [
      'SELECT pg_total_relation_size(5)',
      [[7, "pg_total_relation_size takes the name of a table as a literal: pg_total_relation_size('table')."]],
    ],
    ["SELECT pg_indexes_size('orders')", []],
    [
      'SELECT o.name.upper() FROM orders o',
      [
        [
          7,
          'What stands before a function is its schema, and "o.name" has no function you may use. Write upper(o.name).',
        ],
      ],
    ],
  ])('is a sampling method, an operator or a size that may be asked for: %s', (sql, found) => {
    expect(rulesOf(sql)).toEqual(found)
  })
})

describe('a function that may not be called', () => {
  it.each(Object.entries(foreignFunctions))('is %s of another database, for which there is %s', (name, instead) => {
    const { message } = functionNotAllowed(name, 7, policy)
    expect(message).toContain(` In PostgreSQL write ${instead}. `)
    const called = /^([a-z_]+)\(/.exec(instead)?.[1]
    const isSyntax = /^(?:extract\(|coalesce\(|CAST\(|CASE |LIMIT$|current_date$|localtime$|the |value|date \+)/
    expect(isSyntax.test(instead) || policy.allowsName(null, called ?? '')).toBe(true)
  })

  it('is guessed at where its name is nearly that of another, and not where it is the same', () => {
    const tail = 'Aggregates, and functions on numbers, text, dates, arrays and JSON are allowed.'
    expect(functionNotAllowed('uper', 7, policy)).toEqual({
      rule: 'sql/function-not-allowed',
      offset: 7,
      message: `The function "uper" is not one you may use. Did you mean "upper"? ${tail}`,
    })
    expect(functionNotAllowed('upper', 0, policy).message).toBe(`The function "upper" is not one you may use. ${tail}`)
    expect(functionNotAllowed('vatt', 0, policy).message).toContain('Did you mean "vat"?')
  })
})
