import { expect, it } from 'vitest'
import type { JsonValue } from '../../../../../src/core/json.ts'
import { limitRows } from '../../../../../src/validators/sql/duckdb/tables.ts'
import { column, constant, select, table, type Tree } from '../../../../support/sql/duckdb-trees.ts'

type Node = { readonly [field: string]: JsonValue }

function limited(limit: Tree | null, type = 'ROW_COUNT'): { readonly before: Node; readonly after: Node } {
  const modifiers = limit === null ? [] : [{ type: 'LIMIT_MODIFIER', limit, offset: null, limit_type: type }]
  const sorted = [{ type: 'ORDER_MODIFIER', orders: [] }, ...modifiers]
  const before = select([column('id')], table('orders'), { modifiers: sorted }) as Node
  return { before, after: limitRows(before, 10) }
}

const ten = { type: 'LIMIT_MODIFIER', limit: constant('10'), offset: null, limit_type: 'ROW_COUNT' }

it('a statement without a limit gets one, after what sorts it', () => {
  const { before, after } = limited(null)
  expect(after).toEqual({ ...before, modifiers: [{ type: 'ORDER_MODIFIER', orders: [] }, ten] })
})

it.each(['0', '9', '10'])('a limit that is no larger stays: %s', (rows) => {
  const { before, after } = limited(constant(rows))
  expect(after).toBe(before)
})

it.each([
  ['a larger one', constant('11'), 'ROW_COUNT'],
  ['one of more digits than are read', constant('0000000009'), 'ROW_COUNT'],
  ['a share of the rows', constant('9'), 'PERCENTAGE'],
  ['a column', column('id'), 'ROW_COUNT'],
  ['a text', { ...constant('9'), literal: { kind: 'VARCHAR', text: '9' } }, 'ROW_COUNT'],
  ['a number that is not printed as one', { ...constant('9'), literal: { kind: 'INTEGER', text: 9 } }, 'ROW_COUNT'],
])('a statement with another limit is limited from outside: %s', (_claim, limit, type) => {
  const { before, after } = limited(limit, type)
  expect(after).toMatchObject({
    type: 'SELECT_NODE',
    select_list: [{ class: 'STAR', type: 'STAR' }],
    from_table: { type: 'SUBQUERY', alias: 'answer', subquery: { node: before, named_param_map: [] } },
    modifiers: [ten],
  })
})
