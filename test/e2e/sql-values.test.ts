import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/core/json.ts'
import { fileOf } from '../support/databases/files-source.ts'
import { sallyport } from '../support/cli/sallyport-process.ts'
import { verifies } from '../support/verifies.ts'

/** SQL of a value, and what it is in JSON; a table and a CSV show texts as they are, and everything else as its JSON. */
const values: readonly (readonly [sql: string, json: JsonValue])[] = [
  ['1.123456789012345678::DECIMAL(38,18)', '1.123456789012345678'],
  ['-99999999999999999999.999999999999999999::DECIMAL(38,18)', '-99999999999999999999.999999999999999999'],
  ['1.10::DECIMAL(10,2)', 1.1],
  ['(-170141183460469231731687303715884105728)::HUGEINT', '-170141183460469231731687303715884105728'],
  ['340282366920938463463374607431768211455::UHUGEINT', '340282366920938463463374607431768211455'],
  ['18446744073709551615::UBIGINT', '18446744073709551615'],
  ['9007199254740991::BIGINT', 9_007_199_254_740_991],
  ['9007199254740993::BIGINT', '9007199254740993'],
  ["'nan'::DOUBLE", 'NaN'],
  ["'-inf'::FLOAT", '-Infinity'],
  ['5e-324::DOUBLE', 5e-324],
  ['0.1::FLOAT', 0.1],
  ["'2024-02-29 10:20:30.123456789'::TIMESTAMP_NS", '2024-02-29T10:20:30.123456789'],
  ["'2024-02-29 10:20:30'::TIMESTAMP_S", '2024-02-29T10:20:30'],
  ["TIMESTAMPTZ '2024-02-29 12:00:00.5+02'", '2024-02-29T10:00:00.5Z'],
  ["'infinity'::DATE", 'infinity'],
  ["'-infinity'::TIMESTAMP", '-infinity'],
  ["'infinity'::TIMESTAMPTZ", 'infinity'],
  ["'0044-03-15 (BC)'::DATE", '0044-03-15 (BC)'],
  ["'0044-03-15 (BC) 12:00:00'::TIMESTAMP", '0044-03-15 (BC) 12:00:00'],
  ["'10:20:30.123456+02:30'::TIMETZ", '10:20:30.123456+02:30'],
  ["'24:00:00'::TIME", '24:00:00'],
  ["INTERVAL '1 year 2 months 3 days 04:05:06.789'", '1 year 2 months 3 days 04:05:06.789'],
  ["'0101'::BIT", '0101'],
  [String.raw`'\x00\xFFa'::BLOB`, 'AP9h'],
  ["'6fa459ea-ee8a-3ca4-894e-db77e160355e'::UUID", '6fa459ea-ee8a-3ca4-894e-db77e160355e'],
  ["'b'::ENUM('a', 'b')", 'b'],
  ['union_value(number := 5.10::DECIMAL(5,2))', { number: 5.1 }],
  ["{'x': [1.10::DECIMAL(4,2), NULL], 'y': {'z': 9007199254740993}}", { x: [1.1, null], y: { z: '9007199254740993' } }],
  ["MAP {1: 'a', 2: NULL}", { '1': 'a', '2': null }],
  ["MAP {'k': 12345678901234567890::HUGEINT}", { k: '12345678901234567890' }],
  [
    "[MAP {DATE '2024-01-01': 340282366920938463463374607431768211455::UHUGEINT}]",
    [{ '2024-01-01': '340282366920938463463374607431768211455' }],
  ],
  [
    "{'ns': '2024-02-29 10:20:30.123456789'::TIMESTAMP_NS, 'day': 'infinity'::DATE, 'number': 'nan'::DOUBLE}",
    { ns: '2024-02-29 10:20:30.123456789', day: 'infinity', number: 'NaN' },
  ],
  ["[INTERVAL '1 month', NULL]", ['1 month', null]],
  ["['0101'::BIT]", ['0101']],
  [
    "{'id': '6fa459ea-ee8a-3ca4-894e-db77e160355e'::UUID, 'kind': 'b'::ENUM('a', 'b')}",
    { id: '6fa459ea-ee8a-3ca4-894e-db77e160355e', kind: 'b' },
  ],
  ['[18446744073709551615::UBIGINT, 1]', ['18446744073709551615', 1]],
]

const expected = values.map(([, json]) => json)
const texts = expected.map((json) => (typeof json === 'string' ? json : JSON.stringify(json)))

async function ask(format: 'json' | 'csv' | 'table'): Promise<string> {
  const statement = `SELECT ${values.map(([sql], index) => `${sql} AS v${index}`).join(', ')}`
  const { code, stdout, stderr } = await sallyport([
    'sql',
    statement,
    '--data',
    fileOf('any.csv', 'a\n1\n'),
    '--output',
    format,
  ])
  expect(stderr).toContain('1 row')
  expect(code).toBe(0)
  return stdout
}

describe('D7, D8, D9: values of every type of DuckDB', () => {
  it('leave as JSON with every digit they have', async () => {
    verifies('values.exact')
    const { rows } = JSON.parse(await ask('json')) as { readonly rows: readonly (readonly JsonValue[])[] }
    expect(rows).toEqual([expected])
  })

  it('leave as CSV with every digit they have', async () => {
    const [, row] = Papa.parse<readonly string[]>(await ask('csv'), { skipEmptyLines: true }).data
    expect(row).toEqual(texts)
  })

  it('are shown in a table with every digit they have, a long one cut in sight', async () => {
    const table = await ask('table')
    const line = table.split('\n').find((text) => text.includes('1.123456789012345678')) ?? ''
    const cells = line.split('│').slice(1, -1)
    expect(cells.map((cell) => cell.trim())).toEqual(
      texts.map((text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text)),
    )
  })
})
