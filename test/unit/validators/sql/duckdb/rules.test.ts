import { describe, expect, it } from 'vitest'
import {
  checkFunction,
  checkLiteral,
  checkSessionName,
  checkType,
  tooComplex,
} from '../../../../../src/validators/sql/duckdb/rules.ts'
import { sqlGateOptions } from '../../../../../src/validators/sql/options.ts'
import { call } from '../../../../support/sql/duckdb-trees.ts'

describe('the budgets of a statement over files', () => {
  it.each([
    ['levels of nesting', 'maximum_depth'],
    ['parts', 'maximum_nodes'],
    ['tables, subqueries and functions in FROM', 'maximum_relations'],
    ['set operations', 'maximum_set_operations'],
  ] as const)('allow as many %s as %s says', (what, option) => {
    const options = sqlGateOptions.parse({ [option]: 60 })
    expect(tooComplex(what, 60, options)).toBeNull()
    expect(tooComplex(what, 61, options)).toEqual({
      rule: 'sql/too-complex',
      offset: 0,
      message: `The statement has more than 60 ${what}. Split it or ask for less.`,
    })
  })

  it('allow a literal of as many bytes as maximum_literal_kb says', () => {
    const options = sqlGateOptions.parse({ maximum_literal_kb: 1 })
    const literal = (text: string) => checkLiteral({ literal: { kind: 'VARCHAR', text } }, 7, options)
    expect(literal('ä'.repeat(512))).toBeNull()
    expect(literal('ä'.repeat(513))).toEqual({
      rule: 'sql/value-too-large',
      offset: 7,
      message: 'A literal is longer than 1024 bytes.',
    })
    expect(checkLiteral({ literal: null }, 7, options)).toBeNull()
  })
})

describe('a name in a statement over files', () => {
  it.each([
    'current_catalog',
    'current_database',
    'current_role',
    'current_schema',
    'current_user',
    'session_user',
    'user',
    'USER',
  ])('is refused where it tells about the session: %s', (name) => {
    expect(checkSessionName(name, 7)).toEqual({
      rule: 'sql/function-not-allowed',
      offset: 7,
      message: `${name} tells about the session and is not allowed. current_date and current_timestamp are.`,
    })
  })

  it('is a column or a clock elsewhere', () => {
    for (const name of ['id', 'current_date', 'users']) expect(checkSessionName(name, 7)).toBeNull()
  })

  it.each([
    ['INTEGER', ['INTEGER'], true],
    ['integer', ['integer'], true],
    ['INTEGER', ['main', 'INTEGER'], false],
    ['INTEGER', ['VARCHAR'], false],
    ['INTEGER', null, false],
    ['mood', ['mood'], false],
  ])('is a type of the list, by its name alone: %s as %j', (name, path, isAllowed) => {
    const finding = checkType({ type_name: name, qualified_name: path === null ? null : { path } }, 7)
    const message = `The type "${name}" is not allowed.`
    expect(finding).toEqual(isAllowed ? null : { rule: 'sql/type-not-allowed', offset: 7, message })
  })

  it('is no longer than 100 letters in what is said of it', () => {
    const long = 'x'.repeat(200)
    expect(checkType({ type_name: long }, 7)?.message).toBe(`The type "${'x'.repeat(100)}" is not allowed.`)
    expect(checkFunction(call(long), 7, 'value')?.message).toContain(`The function "${'x'.repeat(100)}" is not`)
    const path = { qualified_name: { path: [long, 'upper'] } }
    expect(checkFunction({ ...call('upper'), ...path }, 7, 'value')?.message).toContain(`"${'x'.repeat(100)}" is none`)
  })
})

describe('a call in a statement over files', () => {
  const values = 'Aggregates, and functions on numbers, text, dates, lists, structs and JSON are allowed.'
  const tables = 'In FROM, range, generate_series, unnest and json_each are allowed, and no files.'

  it('is of a function of the list for its place, by its name alone', () => {
    expect(checkFunction(call('upper'), 7, 'value')).toBeNull()
    expect(checkFunction(call('UPPER'), 7, 'value')).toBeNull()
    expect(checkFunction(call('range'), 7, 'table')).toBeNull()
  })

  it.each([
    ['upper', { schema: 'main' }, 'value', `The function "upper" is not one you may use. ${values}`],
    ['upper', { catalog: 'memory' }, 'value', `The function "upper" is not one you may use. ${values}`],
    ['upper', {}, 'table', `The function "upper" is not one you may use. ${tables}`],
    ['uper', {}, 'value', `The function "uper" is not one you may use. Did you mean "upper"? ${values}`],
    ['read_csv', {}, 'table', `The function "read_csv" is not one you may use. ${tables}`],
    [
      'upper',
      { qualified_name: { path: ['o', 'name', 'upper'] } },
      'value',
      'What stands before a function is its schema here, and "o.name" is none you may use. Write upper(o.name).',
    ],
    [
      'upper',
      { qualified_name: null },
      'value',
      'What stands before a function is its schema here, and "" is none you may use. Write upper().',
    ],
  ] as const)('is refused otherwise: %s with %j as a %s', (name, more, use, message) => {
    expect(checkFunction({ ...call(name), ...more }, 7, use)).toEqual({
      rule: 'sql/function-not-allowed',
      offset: 7,
      message,
    })
  })

  it.each([
    ['to_char', "strftime(date, '%Y-%m')"],
    ['to_date', "strptime(text, '%Y-%m-%d')::date"],
    ['ifnull', 'coalesce(a, b)'],
    ['isnull', 'coalesce(a, b)'],
    ['nvl', 'coalesce(a, b)'],
    ['getdate', 'now()'],
    ['GETDATE', 'now()'],
    ['date_format', "strftime(date, '%Y-%m')"],
    ['array_aggregate', 'list_sum, list_avg, … by name'],
    ['list_aggregate', 'list_sum, list_avg, … by name'],
    ['list_aggr', 'list_sum, list_avg, … by name'],
  ])('by the name that another database has for it is refused with the one that DuckDB has: %s', (name, instead) => {
    expect(checkFunction(call(name), 7, 'value')?.message).toBe(
      `The function "${name}" is not one you may use. In DuckDB write ${instead}. ${values}`,
    )
  })
})
