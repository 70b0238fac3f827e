import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../../src/core/json.ts'
import { screenJson, screenTable } from '../../../../src/gateway/screen/values.ts'
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

const named = (...names: string[]) => names.map((name) => ({ name, type: 'text' }))

/** `value` in so many lists. */
function within(lists: number, value: JsonValue): JsonValue {
  let nested = value
  for (let depth = 0; depth < lists; depth += 1) nested = [nested]
  return nested
}

describe('a number', () => {
  it.each<[string, JsonValue, JsonValue]>([
    ['of many digits is read by the name of its column', 2_025_550_143, '[phone]'],
    ['of seven digits is the least that may be one', 1_000_000, '[phone]'],
    ['of fewer digits holds nothing', 999_999, 999_999],
    ['with a fraction is an amount', 4_930_901_820.5, 4_930_901_820.5],
  ])('%s', async (_claim, value, left) => {
    const table = { columns: named('phone', 'order_id'), rows: [[value, value]], totalRows: 1 }
    expect((await screenTable(table, testScreener({ hiddenSql: null }), never)).rows).toEqual([[left, value]])
  })

  it('below zero is read as well', async () => {
    const card = { columns: named('card'), rows: [[-4_111_111_111_111_111]], totalRows: 1 }
    const screened = await screenTable(card, testScreener({ hiddenSql: null }), never)
    expect(screened.rows).toEqual([['-[card]']])
  })

  it('with a check digit by chance stays among three others of its column on either side, not among its own row', async () => {
    const ids = ['4539578763621487', '4539578763621480', '4539578763621481']
    const chance = '4539578763621486'
    const rows = (column: readonly string[]) => column.map((id) => [id, 'x'])
    const screenRows = async (column: readonly string[]) =>
      (await screenTable({ columns: named('n', 'm'), rows: rows(column), totalRows: 9 }, testScreener(), never)).rows
    for (const column of [
      [chance, ...ids],
      [...ids, chance],
    ])
      expect(await screenRows(column)).toEqual(rows(column))
    expect((await screenRows([chance, 'a', 'b', 'c', ...ids]))[0]).toEqual(['[card]', 'x'])
    expect((await screenRows([...ids, 'a', 'b', 'c', chance]))[6]).toEqual(['[card]', 'x'])
    const across = { columns: named('n', 'a', 'b', 'c'), rows: [[chance, ...ids]], totalRows: 1 }
    expect((await screenTable(across, testScreener(), never)).rows).toEqual([['[card]', ...ids]])
  })
})

describe('a value of any shape', () => {
  const screen = (value: JsonValue) => screenJson(value, testScreener({ hiddenSql: null }), never)

  it('is read by the name that it, or the list around it, stands under', async () => {
    const phone = 2_025_550_143
    expect(await screen({ phone: [phone, [phone], { id: phone }], id: phone, deep: { phone, note: 'a' } })).toEqual({
      phone: ['[phone]', ['[phone]'], { id: phone }],
      id: phone,
      deep: { phone: '[phone]', note: 'a' },
    })
  })

  it('is screened in its names, hostile ones too', async () => {
    const value: JsonValue = JSON.parse('{"__proto__": {"a": "bob@example.com"}, "bob@example.com": [null, true, 1.5]}')
    const screened = await screen(value)
    expect(JSON.stringify(screened)).toBe('{"__proto__":{"a":"[email]"},"[email]":[null,true,1.5]}')
    expect({}).not.toHaveProperty('a')
  })

  it('is screened apart from every other one, however alike names and texts are in a row', async () => {
    const value = { a: 'b\u0000c', 'a\u0000b': 'c', ab: 'c', 'a ': 'bc' }
    expect(await screen(value)).toEqual(value)
    expect(await screen([{ 'x\u0000y': '2025550143' }, { phone: '2025550143', id: '2025550143' }])).toEqual([
      { 'x\u0000y': '2025550143' },
      { phone: '[phone]', id: '2025550143' },
    ])
  })

  it('stays as it is where there is nothing to read in it', async () => {
    for (const value of [null, true, 12, [], {}, [1, [2]]]) expect(await screen(value)).toEqual(value)
  })

  it('is withheld below the depth of any record, also where that is all it holds', async () => {
    expect(await screen(within(48, 'x'))).toEqual(within(48, 'x'))
    expect(await screen(within(49, 'x'))).toEqual(within(48, '[withheld]'))
    const deep = within(60, 'bob@example.com')
    const table = { columns: named('a', 'b'), rows: [['fine', deep]], totalRows: 1 }
    const { rows } = await screenTable(table, testScreener({ hiddenSql: null }), never)
    expect(rows).toEqual([['fine', within(48, '[withheld]')]])
  })
})

describe('what was replaced in a table', () => {
  it('is said with row and column, however long the table is; equal values of a column are one', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => [index, 'ok', 'fine'])
    rows[2_500] = [0, 'ok', 'bob@example.com']
    rows[2_501] = [0, 'ok', 'bob@example.com']
    rows[2_600] = [0, 'eve@example.com', 'x'.repeat(50_000)]
    const screener = testScreener({ hiddenSql: null })
    const table = { columns: named('id', 'a', 'b'), rows, totalRows: 90_000 }
    const screened = await screenTable(table, screener, never)
    expect(screened).toEqual({
      ...table,
      rows: rows.map((cells) => cells.map((cell) => (String(cell).includes('@') ? '[email]' : cell))),
      replaced: [1, 2],
    })
    expect(screener.takeFindings()).toEqual([
      { rule: 'filter/pii-email', line: 2_501, column: 3, message: '2 values were replaced by [email].' },
    ])
  })

  it('lets other callers have their turn after as many cells or characters as one may look at', async () => {
    const turnsFor = async (rows: readonly (readonly JsonValue[])[]) => {
      let turns = 0
      const screener = { ...testScreener({ hiddenSql: null }), turn: async () => void (turns += 1) }
      await screenTable({ columns: named('a'), rows, totalRows: rows.length }, screener, never)
      return turns
    }
    const many = await turnsFor(Array.from({ length: 20_000 }, (_, index) => [index]))
    const long = await turnsFor(Array.from({ length: 20 }, () => ['x'.repeat(40_000)]))
    expect(many).toBeGreaterThanOrEqual(19)
    expect(long).toBeGreaterThanOrEqual(20)
  })

  it('is nothing where there are no rows', async () => {
    const table = { columns: named('a'), rows: [], totalRows: 0 }
    expect(await screenTable(table, testScreener(), never)).toEqual(table)
    expect(await screenTable({ columns: [], rows: [[]], totalRows: 1 }, testScreener(), never)).toMatchObject({
      rows: [[]],
    })
  })
})
