import { describe, expect, it } from 'vitest'
import { isSameTree } from '../../../../../src/validators/sql/duckdb/same-tree.ts'
import { call, column, constant, select, table, type Tree } from '../../../../support/sql/duckdb-trees.ts'

const star: Tree = {
  class: 'STAR',
  type: 'STAR',
  alias: '',
  relation_name: '',
  exclude_list: [],
  replace_list: [],
  columns: false,
  expr: null,
  qualified_exclude_list: [],
  rename_list: [],
}
const values: Tree = { type: 'EXPRESSION_LIST', alias: 'valueslist', values: [[constant('1')]] }
const wrapped = (more: Tree = {}, inner: Tree = {}, list: Tree[] = [star], from: Tree = values): Tree => ({
  type: 'SUBQUERY',
  alias: 'valueslist',
  sample: null,
  subquery: { node: select(list, from, inner), named_param_map: [] },
  column_name_alias: [],
  ...more,
})
const over = (from: Tree): Tree => select([column('a')], from)

describe('two trees', () => {
  it('mean the same wherever their parts stand in the text, and in whatever order fields come', () => {
    const one = { ...column('id'), query_location: 7, query_location_length: 2 }
    const other = Object.fromEntries(Object.entries({ ...column('id'), query_location: 99 }).toReversed())
    expect(isSameTree(select([one], table('orders')), select([other], table('orders')))).toBe(true)
  })

  it.each<[string, Tree, Tree]>([
    ['another column', column('id'), column('ssn')],
    ['another number', constant('1'), constant('2')],
    ['another order of arguments', call('f', constant('1'), constant('2')), call('f', constant('2'), constant('1'))],
    ['an argument more', call('f'), call('f', constant('1'))],
    ['another alias', column('id'), { ...column('id'), alias: 'x' }],
    ['a field more', column('id'), { ...column('id'), extra: true }],
  ])('do not with %s', (_what, left, right) => {
    expect(isSameTree(select([left], table('t')), select([left], table('t')))).toBe(true)
    expect(isSameTree(select([left], table('t')), select([right], table('t')))).toBe(false)
  })

  it('mean the same where VALUES is wrapped in a SELECT of all of it', () => {
    expect(isSameTree(over(values), over(wrapped()))).toBe(true)
    expect(isSameTree(over(wrapped()), over(values))).toBe(true)
  })

  it.each<[string, Tree]>([
    ['with another alias', wrapped({ alias: 'other' })],
    ['of a sample', wrapped({ sample: {} })],
    ['with other names of columns', wrapped({ column_name_alias: ['x'] })],
    ['that is limited', wrapped({}, { modifiers: [{ type: 'LIMIT_MODIFIER' }] })],
    ['with a condition', wrapped({}, { where_clause: constant('1') })],
    ['with a WITH query', wrapped({}, { cte_map: { map: [{}] } })],
    ['of some columns', wrapped({}, {}, [column('a')])],
    ['of all columns but one', wrapped({}, {}, [{ ...star, exclude_list: ['a'] }])],
    ['of a table', wrapped({}, {}, [star], table('valueslist', { alias: 'valueslist' }))],
    ['of a list by another name', wrapped({}, {}, [star], { ...values, alias: 'other' })],
    ['of other values', wrapped({}, {}, [star], { ...values, values: [[constant('2')]] })],
    ['without a query', wrapped({ subquery: null })],
  ])('do not where it is wrapped in one %s', (_what, from) => {
    expect(isSameTree(over(values), over(from))).toBe(false)
  })

  it('mean the same where a named argument has its name as alias too', () => {
    const named = (name: string, alias: string): Tree => ({
      ...call('struct_pack'),
      arguments: [{ name, expression: { ...constant('1'), alias } }],
    })
    expect(isSameTree(named('a', ''), named('a', 'a'))).toBe(true)
    expect(isSameTree(named('a', ''), named('a', 'b'))).toBe(false)
    expect(isSameTree(named('a', ''), named('b', ''))).toBe(false)
    expect(isSameTree(named('', ''), named('', 'x'))).toBe(false)
  })
})
