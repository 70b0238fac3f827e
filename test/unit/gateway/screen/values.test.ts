import { describe, expect, it } from 'vitest'
import { screenTable } from '../../../../src/gateway/screen/values.ts'
import { never, testScreener } from '../../../support/filters/filter-fixtures.ts'

const columns = ['id', 'name', 'email', 'phone', 'ordered_at', 'total', 'note'].map((name) => ({ name, type: 'text' }))

function row(index: number): (string | number)[] {
  const name = `Customer ${index}`
  return [
    index,
    name,
    `user${index}@example.com`,
    `030 ${100_000 + index}`,
    '2024-03-05T10:11:12.000Z',
    index / 7,
    'ok',
  ]
}

describe('tables', () => {
  it('are screened cell by cell, every one of ten thousand rows', async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => row(index))
    const hidden = 7_777
    rows[hidden] = [1, 'x', 'y', 'z', '', 0, 'card 4111 1111 1111 1111']
    const screened = await screenTable({ columns, rows, totalRows: rows.length }, testScreener(), never)
    expect(screened.rows).toHaveLength(rows.length)
    expect(
      screened.rows.every((cells, index) => index === hidden || (cells[2] === '[email]' && cells[3] === '[phone]')),
    ).toBe(true)
    expect(screened.rows[hidden]?.[6]).toBe('card [card]')
    expect(screened.rows[5]?.slice(4)).toEqual(['2024-03-05T10:11:12.000Z', 5 / 7, 'ok'])
    expect(rows[0]?.[2]).toBe('user0@example.com')
  })

  it('keep dates, amounts and identifiers as they are', async () => {
    const table = {
      columns: ['order_id', 'day', 'amount', 'sku', 'flag', 'nothing'].map((name) => ({ name, type: 'text' })),
      rows: [[4_539_148_803, '2024-03-05', '12,345.67', 'SKU-0012-3456', true, null]],
      totalRows: 12,
    }
    expect(await screenTable(table, testScreener(), never)).toEqual(table)
  })

  it('screen cells beyond the declared columns and names of columns', async () => {
    const table = {
      columns: [{ name: 'anna@example.com', type: 'text' }],
      rows: [['a', 'bob@example.com']],
      totalRows: 1,
    }
    const screened = await screenTable(table, testScreener(), never)
    expect(screened).toMatchObject({ columns: [{ name: '[email]' }], rows: [['a', '[email]']] })
  })
})
