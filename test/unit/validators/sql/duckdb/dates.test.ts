import { describe, expect, it } from 'vitest'
import { ComparedDates } from '../../../../../src/validators/sql/duckdb/dates.ts'
import type { AllowedRelation } from '../../../../../src/validators/sql/policy.ts'
import { call, column, constant, type Tree } from '../../../../support/sql/duckdb-trees.ts'

const relation: AllowedRelation = {
  schema: 'public',
  name: 'orders',
  entityKey: null,
  rowKey: null,
  estimatedRows: null,
  columns: new Map(),
  types: new Map([
    ['Placed', 'DATE'],
    ['paid', 'TIMESTAMP WITH TIME ZONE'],
    ['Note', 'VARCHAR'],
  ]),
}

function found(kind: string, expression: Tree, ownNames: readonly string[] = []) {
  const dates = new ComparedDates()
  dates.inspect(kind, expression, 7)
  return dates.findings(new Set([relation]), new Set(ownNames)).map(({ rule, offset }) => `${rule} ${offset}`)
}

const text = (written: string): Tree => ({ ...constant(''), literal: { kind: 'VARCHAR', text: written } })
const cast = (child: Tree, type: string): Tree => ({ class: 'CAST', child, type_expr: { type_name: type } })
const coalesce = (...children: Tree[]): Tree => ({ class: 'OPERATOR', type: 'OPERATOR_COALESCE', children })
const ambiguous = text('03/04/2024')
const isFound = ['sql/ambiguous-date 7']

describe('a text whose day and month may change places', () => {
  it.each<[string, Tree]>([
    ['a column of dates', column('o', 'PLACED')],
    ['a column of times', column('paid')],
    ['a cast to a date', cast(column('note'), 'DATE')],
    ['a cast to a time', cast(column('note'), 'timestamp_s')],
    ['a clock', call('NOW')],
    ['a function that makes dates', call('make_date', column('note'))],
    ['a sum with a date', call('+', column('placed'), constant('1'))],
    ['a difference from a clock', call('-', constant('1'), call('today'))],
    ['the latest of dates', call('MAX', column('placed'))],
    ['the first of several', coalesce(column('note'), column('placed'))],
  ])('is found beside %s', (_claim, other) => {
    expect(found('COMPARISON', { left: other, right: ambiguous })).toEqual(isFound)
    expect(found('COMPARISON', { left: ambiguous, right: other })).toEqual(isFound)
    expect(found('BETWEEN', { input: other, lower: text('2024-01-01'), upper: ambiguous })).toEqual(isFound)
    expect(found('OPERATOR', { type: 'COMPARE_IN', children: [other, text('x'), ambiguous] })).toEqual(isFound)
    expect(found('OPERATOR', { type: 'COMPARE_NOT_IN', children: [other, ambiguous] })).toEqual(isFound)
    expect(found('OPERATOR', { type: 'ARRAY_EXTRACT', children: [other, ambiguous] })).toEqual([])
  })

  it.each<[string, Tree]>([
    ['a text column', column('note')],
    ['a column of a table that is not there', column('elsewhere')],
    ['a call that gives no date', call('upper', column('placed'))],
    ['a product', call('*', column('placed'), constant('1'))],
    ['another text', text('x')],
    ['a text made of a date', cast(column('placed'), 'VARCHAR')],
  ])('is a text like any other beside %s', (_claim, other) => {
    expect(found('COMPARISON', { left: other, right: ambiguous })).toEqual([])
  })

  it('is found beside a name that the statement makes, but not where it may be a version', () => {
    const beside = (name: string, written: string, own: readonly string[]) =>
      found('COMPARISON', { left: column(name), right: text(written) }, own)
    expect(beside('d', '03/04/2024', ['d'])).toEqual(isFound)
    expect(beside('d', '03.04.2024', ['d'])).toEqual([])
    expect(beside('note', '03/04/2024', ['note'])).toEqual([])
    expect(beside('d', '03/04/2024', ['e'])).toEqual([])
    expect(beside('placed', '03.04.2024', ['placed'])).toEqual(isFound)
    const two = { type: 'COMPARE_IN', children: [column('d'), text('03.04.2024'), text('03/04/2024')] }
    expect(found('OPERATOR', two, ['d'])).toEqual(isFound)
    const mixed = { type: 'COMPARE_IN', children: [column('note'), column('placed'), ambiguous] }
    expect(found('OPERATOR', mixed)).toEqual(isFound)
  })

  it('is found where it is cast to a date or read by a function of dates', () => {
    expect(found('CAST', cast(ambiguous, 'DATE'))).toEqual(isFound)
    expect(found('CAST', cast(cast(ambiguous, 'VARCHAR'), 'DATETIME'))).toEqual(isFound)
    expect(found('CAST', cast(ambiguous, 'VARCHAR'))).toEqual([])
    expect(found('FUNCTION', call('YEAR', ambiguous))).toEqual(isFound)
    expect(found('FUNCTION', call('date_diff', text('day'), ambiguous, column('note')))).toEqual(isFound)
    expect(found('FUNCTION', call('upper', ambiguous))).toEqual([])
    expect(found('CAST', cast(text('2024-03-04'), 'DATE'))).toEqual([])
  })
})
