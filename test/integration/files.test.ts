import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Papa from 'papaparse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryLimits, QueryResult } from '../../src/databases/database.ts'
import { corpus } from '../support/corpora/corpora.ts'
import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { fileOf, FilesSource, type TestTables } from '../support/databases/files-source.ts'
import { vettedPython } from '../support/vetted.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const limits: QueryLimits = { maximumRows: 1_000, maximumBytes: 1_000_000, timeoutMilliseconds: 20_000 }

/** Through the gate, everything allowed. */
async function ask(source: FilesSource, sql: string, own: Partial<QueryLimits> = {}): Promise<QueryResult> {
  const { relations } = await source.database.catalog(never)
  const gate = await source.gate(Object.fromEntries(relations.map(({ name }) => [name, '*'])))
  const verdict = await gate.validate(sql, never)
  if (verdict.kind === 'refused') throw new Error(JSON.stringify(verdict.findings))
  return source.database.query(verdict.value, { ...limits, ...own }, never)
}

async function codeOf(running: Promise<unknown>): Promise<{ code: string; message: string }> {
  return running.then(
    () => ({ code: 'none', message: '' }),
    (thrown: unknown) => thrown as { code: string; message: string },
  )
}

describe('real CSV files', () => {
  const folder = corpus('workloads/dabench/tables')
  const names =
    folder === null
      ? []
      : readdirSync(folder)
          .filter((name) => name.endsWith('.csv'))
          .sort()
          .slice(0, 12)

  it.skipIf(folder === null)('have the rows and columns another reader finds', async () => {
    const files = names.map((name) => join(folder ?? '', name))
    const tables: TestTables = Object.fromEntries(files.map((path, index) => [`t${index}`, path]))
    await using source = new FilesSource(tables)
    const catalog = await source.database.catalog(never)
    const differing: string[] = []
    for (const [index, path] of files.entries()) {
      const { data, meta } = Papa.parse<object>(readFileSync(path, 'utf8'), { header: true, skipEmptyLines: true })
      const relation = catalog.relations.find(({ name }) => name === `t${index}`)
      const { rows } = await ask(source, `SELECT count(*) FROM t${index}`)
      const counted = { rows: rows[0]?.[0], columns: relation?.columns.length }
      const expected = { rows: data.length, columns: meta.fields?.length }
      if (JSON.stringify(counted) !== JSON.stringify(expected)) {
        differing.push(`${basename(path)}: ${JSON.stringify({ counted, expected })}`)
      }
    }
    expect(differing).toEqual([])
  })
})

describe('files of every format', () => {
  let source: FilesSource

  beforeAll(async () => {
    const made = await makeFiles()
    source = new FilesSource({
      parquet: fileOf('values.parquet', made.parquet),
      sheet: fileOf('book.xlsx', made.workbook),
      second: { path: fileOf('book.xlsx', made.workbook), sheet: 'second' },
      semicolons: fileOf('semicolons.csv', 'a;b\n1;x\n2;y\n'),
      latin: { path: fileOf('latin.csv', Buffer.from('name\nOsl\u00f8\n', 'latin1')), encoding: 'latin-1' },
      guessed: fileOf(
        'guessed.csv',
        'country,open,moment,code,none\nNO,true,2024-01-01T00:00:00Z,007,\nNO,False,2024-01-02T12:00:00Z,1,\n',
      ),
      headless: { path: fileOf('headless.csv', '1,x\n2,y\n'), header: false },
    })
  })
  afterAll(() => source[Symbol.asyncDispose]())

  it('keeps the values of Parquet as JSON that loses nothing', async () => {
    const { columns, rows, asOf, lagMilliseconds } = await ask(source, 'SELECT * FROM parquet')
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'big BIGINT',
      'exact DECIMAL(30,2)',
      'moment TIMESTAMP',
      'zoned TIMESTAMP WITH TIME ZONE',
      'day DATE',
      'list INTEGER[]',
      'inner STRUCT(a INTEGER, b VARCHAR)',
      'bytes BLOB',
      'odd DOUBLE',
      'missing VARCHAR',
      'span INTERVAL',
    ])
    expect(rows).toEqual([
      [
        '9007199254740993',
        '12345678901234567890.50',
        '2024-02-29T12:00:00.5',
        '2024-02-29T10:00:00.5Z',
        '2024-02-29',
        [1, null],
        { a: 1, b: 'x' },
        'Af8=',
        'NaN',
        null,
        '1 month 2 days',
      ],
    ])
    expect(Date.now() - asOf.getTime()).toBeLessThan(600_000)
    expect(lagMilliseconds).toBeNull()
  })

  it.each([
    ['1.123456789012345678::DECIMAL(38,18)', '1.123456789012345678'],
    ['1.10::DECIMAL(10,2)', 1.1],
    ['170141183460469231731687303715884105727::HUGEINT', '170141183460469231731687303715884105727'],
    ['0.1::FLOAT', 0.1],
    ["'-inf'::FLOAT", '-Infinity'],
    ["['nan'::DOUBLE, 'inf', '-inf', 1e300, 1e17]", ['NaN', 'Infinity', '-Infinity', 1e300, 1e17]],
    ['[0.1::FLOAT, NULL]', [0.1, null]],
    [
      "{'a': 1.123456789012345678::DECIMAL(38,18), 'FLOAT': [{'b': 0.1::FLOAT}], 'c': 12345678901234567890::HUGEINT}",
      { a: '1.123456789012345678', FLOAT: [{ b: 0.1 }], c: '12345678901234567890' },
    ],
    ["MAP {'k': 0.3::FLOAT}", { k: 0.3 }],
    [
      '\'{"x": 1.123456789012345678, "y": [1.50, 12345678901234567890]}\'::JSON',
      { x: '1.123456789012345678', y: [1.5, '12345678901234567890'] },
    ],
  ])('D7, D9: gives %s with the digits it has', async (sql, expected) => {
    expect((await ask(source, `SELECT ${sql}`)).rows).toEqual([[expected]])
  })

  it('reads sheets of a workbook with their types', async () => {
    const first = await ask(source, 'SELECT * FROM sheet ORDER BY id')
    expect(first.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['id BIGINT', 'day DATE', 'mixed VARCHAR'])
    expect(first.rows).toEqual([
      [1, '2024-01-02', 'a'],
      [2, null, '7'],
    ])
    expect((await ask(source, 'SELECT * FROM second')).rows).toEqual([['here']])
  })

  it('reads CSV as it is written, or as the settings say', async () => {
    expect((await ask(source, 'SELECT sum(a), max(b) FROM semicolons')).rows).toEqual([[3, 'y']])
    expect((await ask(source, 'SELECT * FROM latin')).rows).toEqual([['Osl\u00f8']])
    expect((await ask(source, 'SELECT count(*) FROM headless')).rows).toEqual([[2]])
  })

  it('drops no line, takes no row for the header and splits none in silence', async () => {
    await using odd = new FilesSource({
      colours: fileOf('colours.csv', 'colour,name\n#ff0000,red\n#00ff00,green\n'),
      sentences: fileOf('sentences.csv', 'text\nI came, I saw, I left\nYou came, you saw, you left\n'),
      blank: fileOf('blank.csv', '\n\na,b\n1,2\n'),
      ends: fileOf('ends.csv', 'a,b\r\n1,2\n3,4\r\n'),
      price: fileOf('price.csv', 'Price, EUR;kind\n2,5;x\n'),
      quotes: fileOf('quotes.csv', 'a,b\n1,"he said ""hi"", twice"\n2,5" disk\n'),
      escaped: fileOf('escaped.csv', 'a,b\n1,"he said \\"hi\\", twice"\n'),
    })
    expect((await ask(odd, 'SELECT * FROM colours ORDER BY name')).rows).toEqual([
      ['#00ff00', 'green'],
      ['#ff0000', 'red'],
    ])
    expect((await ask(odd, 'SELECT text FROM sentences')).rows).toHaveLength(2)
    expect((await ask(odd, 'SELECT a, b FROM blank')).rows).toEqual([[1, 2]])
    expect((await ask(odd, 'SELECT sum(a), sum(b) FROM ends')).rows).toEqual([[4, 6]])
    expect((await ask(odd, 'SELECT * FROM price')).rows).toEqual([['2,5', 'x']])
    expect((await ask(odd, 'SELECT b FROM quotes ORDER BY a')).rows).toEqual([['he said "hi", twice'], ['5" disk']])
    expect((await ask(odd, 'SELECT b FROM escaped')).rows).toEqual([['he said "hi", twice']])
  })

  it.each([
    ['a,b,c\n1,x\n2,y,z,extra\n', 'line 2 has 2 values, the first line 3'],
    ['a,b\n1,x,y\n2,z,w\n', 'line 2 has 3 values, the first line 2'],
    [`a,b\n${'1,2\n'.repeat(50_000)}3\n`, 'line 50002 has 1 value, the first line 2'],
    ['a,b\n1,"open\n2,x\n', 'a quote in line 2 is not closed'],
  ])('says which line of a CSV is not like its first: %#', async (text, message) => {
    verifies('files.line-number')
    await using ragged = new FilesSource({ ragged: fileOf('ragged.csv', text) })
    await expect(ask(ragged, 'SELECT 1 FROM ragged')).rejects.toThrow(message)
  })

  it('takes Norway for a country, and only true and false for booleans', async () => {
    verifies('files.norway')
    const { columns, rows } = await ask(source, 'SELECT country, open, moment FROM guessed ORDER BY moment')
    expect(columns.map(({ type }) => type)).toEqual(['VARCHAR', 'BOOLEAN', 'TIMESTAMP WITH TIME ZONE'])
    expect(rows).toEqual([
      ['NO', true, '2024-01-01T00:00:00Z'],
      ['NO', false, '2024-01-02T12:00:00Z'],
    ])
  })
})

describe('the libraries of the sandbox', () => {
  it('G4: find what they import only when it is first needed', async () => {
    await using engine = createTestEngine()
    await using sandbox = await engine.claim({ tenant: 'shelf', language: 'python' }, never)
    const code = `
import duckdb, io, pandas
moment = duckdb.sql('select now()').fetchall()[0][0]
open('/mnt/data/times.csv', 'w').write('t\\n2024-01-01T10:00:00Z\\n')
zoned = duckdb.sql("from '/mnt/data/times.csv'").fetchall()[0][0]
frame = pandas.DataFrame({'a': [1]})
frame.to_excel('/mnt/data/a.xlsx', engine='xlsxwriter')
[moment.tzinfo is not None, zoned.isoformat(), frame.to_markdown(index=False), pandas.read_html(io.StringIO(frame.to_html()))[0].shape]`
    const cell = await sandbox.run(await vettedPython(code), { timeoutMilliseconds: 60_000 }, never)
    expect(cell).toMatchObject({ outcome: 'ok', error: null })
    expect(JSON.stringify(cell.results)).toContain('2024-01-01T10:00:00+00:00')
  })
})

describe('files that change, are missing or are none', () => {
  it('are read again before the next statement', async () => {
    verifies('files.read-again')
    const path = fileOf('orders.csv', 'id\n1\n')
    await using source = new FilesSource({ orders: path })
    const before = await ask(source, 'SELECT count(*) FROM orders')
    expect(before.rows).toEqual([[1]])
    writeFileSync(path, 'id\n1\n2\n')
    utimesSync(path, new Date(), new Date(Date.now() + 5_000))
    const after = await ask(source, 'SELECT count(*) FROM orders')
    expect(after.rows).toEqual([[2]])
    expect(after.asOf.getTime()).toBeGreaterThan(before.asOf.getTime())
  })

  it('are named, with what is to be done, and nothing of what they hold', async () => {
    await using missing = new FilesSource({ orders: '/nowhere/at/all.csv' })
    expect(await codeOf(missing.database.catalog(never))).toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('"orders" cannot be read (ENOENT)') as string,
    })
    await using broken = new FilesSource({ orders: fileOf('x.parquet', 'secret-cell, no parquet') })
    const fault = await codeOf(broken.database.catalog(never))
    expect(fault).toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('as parquet') as string,
    })
    expect(fault.message).not.toContain('secret-cell')
  })
})

const bombs = [
  'SELECT count(*) FROM words a, words b, words c, words d WHERE a.id + b.id + c.id + d.id < 0',
  'SELECT count(*) FROM generate_series(1, 100000000000)',
  "SELECT length(repeat('x', 700000000))",
  'SELECT list_sum(range(100000000))',
  'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r',
  "SELECT string_agg(a.word || b.word, ',') FROM words a, words b",
]

/** Each takes its sandbox with it, so each costs the start of another. */
const furtherBombs = [
  'SELECT sum(length(repeat(word, 100000))) FROM words',
  'SELECT list_sort(list(a.word || b.word)) FROM words a, words b',
  "SELECT lpad('x', 700000000, 'y')",
  'SELECT count(*) FROM words a JOIN words b ON levenshtein(a.word || a.word, b.word || b.word) < 0',
  'SELECT a.id FROM words a, words b ORDER BY md5(a.word || b.word)',
  "SELECT regexp_matches(repeat('a', 10000000), 'a+$')",
]

describe('statements that are bombs', () => {
  let source: FilesSource

  beforeAll(async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => `${index},word ${index}`)
    source = new FilesSource({ words: fileOf('words.csv', `id,word\n${rows.join('\n')}\n`) })
    await source.database.catalog(never)
  })
  afterAll(() => source[Symbol.asyncDispose]())

  it.each([...bombs, ...(process.env['SALLYPORT_ALL_BOMBS'] === '1' ? furtherBombs : [])])(
    'end at their deadline or before, and the next one works: %s',
    async (sql) => {
      const fault = await codeOf(ask(source, sql, { timeoutMilliseconds: 1_000 }))
      // What DuckDB is quick enough for is answered.
      expect(['deadline-exceeded', 'query-failed', 'database-unavailable', 'none']).toContain(fault.code)
      expect((await ask(source, 'SELECT count(*) FROM words')).rows).toEqual([[5_000]])
    },
  )
})

/** Parquet and Excel as others write them, made in a sandbox. */
async function makeFiles(): Promise<{ readonly parquet: Buffer; readonly workbook: Buffer }> {
  await using engine = createTestEngine()
  await using sandbox = await engine.claim({ tenant: 'maker', language: 'python' }, never)
  const code = `
import datetime, duckdb, openpyxl
duckdb.sql("""COPY (SELECT 9007199254740993 AS big, 12345678901234567890.5::DECIMAL(30, 2) AS exact,
  TIMESTAMP '2024-02-29 12:00:00.5' AS moment, TIMESTAMPTZ '2024-02-29 12:00:00.5+02' AS zoned, DATE '2024-02-29' AS day,
  [1, NULL] AS list, {'a': 1, 'b': 'x'} AS inner, '\\\\x01\\\\xFF'::BLOB AS bytes, 'NaN'::DOUBLE AS odd,
  NULL::VARCHAR AS missing, INTERVAL 1 MONTH + INTERVAL 2 DAY AS span) TO '/mnt/data/values.parquet' (FORMAT parquet)""")
book = openpyxl.Workbook()
sheet = book.active
for row in [['id', 'day', 'mixed'], [1, datetime.datetime(2024, 1, 2), 'a'], [2, None, 7]]:
    sheet.append(row)
other = book.create_sheet('second')
other.append(['where'])
other.append(['here'])
book.save('/mnt/data/book.xlsx')
`
  const cell = await sandbox.run(await vettedPython(code), { timeoutMilliseconds: 60_000 }, never)
  if (cell.outcome !== 'ok') throw new Error(JSON.stringify(cell.error))
  const read = async (name: string): Promise<Buffer> => {
    const parts: Uint8Array[] = []
    for await (const part of sandbox.files.get(name, never)) parts.push(part)
    return Buffer.concat(parts)
  }
  return { parquet: await read('values.parquet'), workbook: await read('book.xlsx') }
}
