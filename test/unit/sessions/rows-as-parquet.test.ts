import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../src/core/json.ts'
import { rowsAsParquet } from '../../../src/sessions/rows-as-parquet.ts'

const typesOf = (columns: Readonly<Record<string, readonly [type: string, ...values: JsonValue[]]>>) => {
  const most = Math.max(...Object.values(columns).map((column) => column.length))
  const table = rowsAsParquet({
    columns: Object.entries(columns).map(([name, [type]]) => ({ name, type })),
    rows: Array.from({ length: most - 1 }, (_row, place) =>
      Object.values(columns).map((column) => column[place + 1] ?? null),
    ),
  })
  return Object.fromEntries((table?.columns ?? []).map(({ name, type }) => [name, type]))
}

describe('a result as Parquet', () => {
  it('has the types of PostgreSQL, MySQL and DuckDB', () => {
    const types = typesOf({
      small: ['smallint', 1],
      big: ['BIGINT', '9223372036854775807', null],
      huge: ['HUGEINT', 5],
      money: ['numeric(12,2)', 1.1, '12345678901234567890.12'],
      plain: ['DECIMAL(38,0)', '-99999999999999999999999999999999999999'],
      ratio: ['double precision', 0.1, 'NaN', '-Infinity'],
      yes: ['boolean', true, false],
      day: ['date', '2024-02-29'],
      local: ['datetime', '2024-02-29T12:00:00.123456'],
      moment: ['timestamp with time zone', '2024-02-29T12:00:00+05:30', '2024-02-29T12:00:00Z'],
      words: ['text', 'a'],
      list: ['integer[]', [1, 2]],
      document: ['jsonb', { a: 1 }],
      time: ['time without time zone', '12:00:00'],
    })
    expect(types).toEqual({
      small: 'int64',
      big: 'int64',
      huge: 'int64',
      money: 'decimal128(38, 2)',
      plain: 'decimal128(38, 0)',
      ratio: 'double',
      yes: 'bool',
      day: 'date32[day]',
      local: 'timestamp[us]',
      moment: 'timestamp[us, tz=UTC]',
      words: 'string',
      list: 'string',
      document: 'string',
      time: 'string',
    })
  })

  it.each([
    ['a number beyond 64 bits', 'bigint', '9223372036854775808'],
    ['a fraction among whole numbers', 'integer', 1.5],
    ['what a mask put in the place of a number', 'integer', '[hidden]'],
    ['more digits than a decimal has', 'numeric', `1${'0'.repeat(38)}`],
    ['digits before and behind the point that do not go together', 'numeric', `1.${'0'.repeat(37)}12`],
    ['NaN among decimals', 'numeric', 'NaN'],
    ['an exponent', 'numeric', '1e400'],
    ['a day that no month has', 'date', '2026-02-30'],
    ['a day of MySQL that is none', 'date', '0000-00-00'],
    ['a year before the first', 'date', '0044-03-15 BC'],
    ['a day without end', 'date', 'infinity'],
    ['an hour that no day has', 'timestamp', '2026-02-28T24:00:00'],
    ['a moment finer than a microsecond', 'timestamp', '2026-02-28T12:00:00.1234567'],
    ['a text where a truth should be', 'boolean', 'true'],
    ['unsigned numbers', 'bigint unsigned', 1],
  ])('is text in a column with %s', (_what, type, value) => {
    expect(typesOf({ column: [type, value, null] })).toEqual({ column: 'string' })
  })

  it('is text where moments have a zone and others have none', () => {
    const moments = ['2026-02-28T12:00:00', '2026-02-28T12:00:00Z'] as const
    expect(typesOf({ column: ['timestamp', ...moments] })).toEqual({ column: 'string' })
  })

  it('names each column once', () => {
    const columns = ['a', 'a', '', 'a_2', 'column_3'].map((name) => ({ name, type: 'text' }))
    const names = rowsAsParquet({ columns, rows: [] })?.columns.map(({ name }) => name)
    expect(names).toEqual(['a', 'a_3', 'column_3_2', 'a_2', 'column_3'])
    expect(new Set(names).size).toBe(5)
  })

  it('is none without columns', () => {
    expect(rowsAsParquet({ columns: [], rows: [[], []] })).toBeNull()
  })
})
