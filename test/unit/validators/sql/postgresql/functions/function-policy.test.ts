import { describe, expect, it } from 'vitest'
import { foreignFunctions } from '../../../../../../src/validators/sql/postgresql/functions/foreign-functions.ts'
import {
  createFunctionPolicy,
  functionNotAllowed,
} from '../../../../../../src/validators/sql/postgresql/functions/function-policy.ts'

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
    for (const major of [14, 18]) expect(allows(major, 'pg_catalog.jsonb_strip_nulls(jsonb, boolean)')).toBe(true)
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
