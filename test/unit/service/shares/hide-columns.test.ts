import { describe, expect, it } from 'vitest'
import { hideColumns } from '../../../../src/service/shares/hide-columns.ts'

const tableOf = (...values: readonly (string | number | null)[]) => ({
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'x', type: 'text' },
  ],
  rows: values.map((value, index) => [index, value]),
  totalRows: values.length,
})
const maskOf = (how: string, position = 1) => [{ position, relation: 'public.a', column: 'x', how }]

describe('a column that the policy of an audience masks', () => {
  it.each([
    ['partial', ['•••1234', '•••', null]],
    ['bucket', ['1000 to below 2000', '-20 to below -10']],
    ['year', ['2024', null]],
    ['month', ['2024-03']],
    ['null', [null, null]],
  ])('stays where every value was left by %s', (how, values) => {
    const hidden = hideColumns(tableOf(...values), maskOf(how))
    expect(hidden.isChanged).toBe(false)
    expect(hidden.table).toMatchObject({ rows: tableOf(...values).rows, hidden: [] })
  })

  it.each([
    ['partial', ['•••1234', 'ann@example.com']],
    ['bucket', ['1000 to below 2000', 1234]],
    ['year', ['2024', '2024-03-02']],
    ['month', ['2024-03-02']],
    ['null', [null, 'x']],
    // No value says of itself that it is a digest.
    ['hash', ['0123456789abcdef']],
    ['unheard-of', ['x']],
  ])('is hidden whole where one value was not: %s', (how, values) => {
    const { table, isChanged } = hideColumns(tableOf(...values), maskOf(how))
    expect(isChanged).toBe(true)
    expect(table.rows).toEqual(values.map((_, index) => [index, null]))
    expect(table.hidden).toEqual(['x'])
  })

  it('counts as read where its table has no such place', () => {
    expect(hideColumns(tableOf('a'), maskOf('partial', 7)).isChanged).toBe(true)
  })
})
