import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { rowsAsParquet, type TypedRows } from '../../src/sessions/rows-as-parquet.ts'
import { createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'
import { verifies } from '../support/verifies.ts'
import { unvetted } from './sandbox-contract.ts'

const never = new AbortController().signal

/** Values as databases write them, by type; what does not fit one is among them. */
const valuesByType = {
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }),
  'numeric(20,6)': fc
    .tuple(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), fc.stringMatching(/^\d{0,6}$/))
    .map(([whole, fraction]) => (fraction === '' ? String(whole) : `${whole}.${fraction}`)),
  'double precision': fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('NaN', 'Infinity')),
  boolean: fc.boolean(),
  date: fc
    .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  timestamp: fc
    .tuple(
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      fc.stringMatching(/^\d{6}$/),
    )
    .map(([date, fraction]) => `${date.toISOString().slice(0, 19)}.${fraction}`),
  'timestamp with time zone': fc
    .tuple(
      fc.date({ min: new Date('1900-01-01'), max: new Date('2200-12-31'), noInvalidDate: true }),
      fc.constantFrom('Z', '+05:30', '-11:00'),
    )
    .map(([date, zone]) => `${date.toISOString().slice(0, 19)}${zone}`),
  text: fc.string({ unit: 'binary', maxLength: 40 }),
  jsonb: fc.jsonValue({ maxDepth: 2 }).filter((value) => value !== null),
} as const

const tables = Object.entries(valuesByType).flatMap(([type, values]) => {
  const columns = fc.array(fc.option(values, { freq: 5 }), { maxLength: 60 })
  return fc.sample(columns, { numRuns: 4, seed: 20_261_129 }).map((column): TypedRows => {
    return {
      columns: [{ name: 'value', type }],
      rows: column.map((value) => [value as TypedRows['rows'][number][number]]),
    }
  })
})

/** Reads every file by Arrow and by pandas and prints each value that is another than the one that was written. */
const check = `
import json, math, datetime
from decimal import Decimal
import pandas as pd
import pyarrow.parquet as pq

def expected(value, kind):
    if value is None: return None
    if kind.startswith('int'): return int(value)
    if kind.startswith('decimal'): return Decimal(str(value))
    if kind == 'double': return float(value)
    if kind.startswith('date'): return datetime.date.fromisoformat(value)
    if kind.startswith('timestamp'):
        return datetime.datetime.fromisoformat(value)
    return value if isinstance(value, str) or kind == 'bool' else json.loads(json.dumps(value))

def same(left, right):
    return left == right or (isinstance(left, float) and isinstance(right, float) and math.isnan(left) and math.isnan(right))

wrong, kinds = [], {}
for table in json.load(open('/mnt/data/tables.json')):
    read = pq.read_table(f"/mnt/data/{table['file']}")
    column = read.column('value')
    kind = str(column.type)
    kinds.setdefault(table['type'], set()).add(kind)
    if kind != table['kind']: wrong.append([table['file'], kind, table['kind']])
    if read.num_rows != len(table['values']): wrong.append([table['file'], read.num_rows])
    frame = pd.read_parquet(f"/mnt/data/{table['file']}", dtype_backend='numpy_nullable')
    if len(frame) != len(table['values']): wrong.append([table['file'], 'pandas'])
    for found, value in zip(column.to_pylist(), table['values']):
        if kind == 'string' and value is not None and not isinstance(value, str): found = json.loads(found)
        if not same(found, expected(value, kind)): wrong.append([table['file'], kind, repr(found), value])
print(json.dumps({'wrong': wrong[:20], 'kinds': {name: sorted(found) for name, found in kinds.items()}}, default=str))
`

it('gives programs each value of a result as it was, in the type that its database gave it', async () => {
  verifies('agent.results-exact')
  await using engine = createTestRunscEngine({ warm: false })
  await using sandbox = await engine.claim({ tenant: 'results', language: 'python' }, never)
  const written = []
  for (const [place, table] of tables.entries()) {
    const parquet = rowsAsParquet(table)
    const file = `result_${place}.parquet`
    await sandbox.files.put(file, ReadableStream.from([parquet?.content ?? Buffer.alloc(0)]), never)
    const [column] = table.columns
    written.push({
      file,
      type: column?.type,
      kind: parquet?.columns[0]?.type,
      values: table.rows.map(([value]) => value),
    })
  }
  await sandbox.files.put('tables.json', ReadableStream.from([Buffer.from(JSON.stringify(written))]), never)
  const { outcome, stdout, error } = await sandbox.run(unvetted(check), { timeoutMilliseconds: 60_000 }, never)
  expect({ outcome, error }).toEqual({ outcome: 'ok', error: null })
  const { wrong, kinds } = JSON.parse(stdout.text) as { wrong: unknown; kinds: Record<string, readonly string[]> }
  expect(wrong).toEqual([])
  expect(kinds).toMatchObject({
    bigint: ['int64'],
    'double precision': ['double'],
    boolean: ['bool'],
    date: ['date32[day]'],
    timestamp: ['timestamp[us]'],
    'timestamp with time zone': ['timestamp[us, tz=UTC]'],
    text: ['string'],
  })
})
