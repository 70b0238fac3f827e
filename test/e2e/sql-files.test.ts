import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sallyport, serve } from '../support/cli/sallyport-process.ts'
import { fileOf } from '../support/databases/files-source.ts'
import { verifies } from '../support/verifies.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const orders = 'id,total,city,note\n1,10.5,Oslo,private\n2,20,Paris,private\n3,5.5,Oslo,private\n'

describe('sql over files', () => {
  it('asks files at the command line without any configuration', async () => {
    verifies('files.without-configuration')
    const files = [
      '--data',
      fileOf('orders 2024.csv', orders),
      '--data',
      fileOf('cities.csv', 'city,country\nOslo,NO\n'),
    ]
    const statement = 'SELECT country, sum(total) AS total FROM orders_2024 JOIN cities USING (city) GROUP BY country'
    const { code, stdout } = await sallyport(['sql', statement, ...files, '--output', 'json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ rows: [['NO', 16]], truncated: null, ran_in: 'files (duckdb)' })
  })

  it('refuses anything but a SELECT over the files, and says which tables there are', async () => {
    const file = fileOf('orders.csv', orders)
    const reading = await sallyport(['sql', "SELECT * FROM read_csv('/etc/passwd')", '--data', file])
    expect(reading.code).toBe(3)
    expect(reading.stderr).toContain('sql/function-not-allowed')
    const checked = await sallyport(['sql', 'check', 'SELECT * FROM ordres', '--data', file])
    expect(checked.code).toBe(3)
    expect(checked.stderr).toContain('Did you mean "orders"?')
  })

  it('names a file that is not there, is no table, or stands beside --source', async () => {
    const code = async (...words: string[]) => (await sallyport(['sql', 'SELECT 1', ...words])).code
    expect(await code('--data', '/nowhere/orders.csv')).not.toBe(0)
    expect(await code('--data', fileOf('notes.json', '{}'))).not.toBe(0)
    expect(await code('--data', fileOf('orders.csv', orders), '--source', 'shop')).toBe(2)
  })

  it('D16: says what is to be done with files of other kinds', async () => {
    verifies('files.other-kinds')
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504)])
    const packed = fileOf('orders.csv.gz', gzipSync(orders))
    for (const [path, advice] of [
      [packed, 'compressed files are not read: unpack it first'],
      [fileOf('orders.xls', old), 'workbooks of the old kind are not read: save it as .xlsx'],
    ] as const) {
      const { code, stderr } = await sallyport(['sql', 'SELECT 1', '--data', path])
      expect(code).not.toBe(0)
      expect(stderr).toContain(advice)
    }
    const { stderr } = await sallyport(['sql', 'SELECT 1', '--data', packed, '--data-option', 'format=csv'])
    expect(stderr).toContain('it is compressed with gzip: unpack it first')
  })

  it('W1: reads files of every format in every order', async () => {
    verifies('files.formats')
    const corpus = join(import.meta.dirname, '../corpora/tables')
    const files = ['text-missing-words.csv', 'texts.xlsx', 'lines.jsonl', 'decimals.parquet', 'mark-tab.tsv']
    const statement =
      'SELECT (SELECT count(*) FROM text_missing_words) + (SELECT count(*) FROM texts), (SELECT max(id) FROM lines)::VARCHAR, (SELECT a FROM decimals)::VARCHAR, (SELECT b FROM mark_tab)'
    for (const order of [files, files.toReversed()]) {
      const data = order.flatMap((name) => ['--data', join(corpus, name)])
      const { code, stdout } = await sallyport(['sql', statement, ...data, '--output', 'json'])
      expect(code).toBe(0)
      const rows = [[10, '12345678901234567890', '1.123456789012345678', 'x']]
      expect(JSON.parse(stdout)).toMatchObject({ rows })
    }
  })

  it('D6: has tables of their names in every script', async () => {
    const files = ['--data', fileOf('销售.csv', orders), '--data', fileOf('客户.csv', 'city\nOslo\n')]
    const { code, stdout } = await sallyport([
      'sql',
      'SELECT count(*) AS n FROM 销售 JOIN "客户" USING (city)',
      ...files,
      '--output',
      'json',
    ])
    expect({ code, rows: (JSON.parse(stdout) as { rows: unknown }).rows }).toEqual({ code: 0, rows: [[2]] })
  })

  it('D16, W2: names every sheet, reads the one that is asked for, and takes an encoding', async () => {
    const corpus = join(import.meta.dirname, '../corpora/tables')
    const workbook = join(corpus, 'several.xlsx')
    const first = await sallyport(['sql', 'SELECT * FROM several', '--data', workbook, '--output', 'csv'])
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^a\r?\n1/) as string })
    expect(first.stderr).toContain('its sheets are "first", "second", "notes" (hidden)')
    const second = await sallyport(['sql', 'SELECT * FROM several', '--data', `${workbook}#second`, '--output', 'csv'])
    expect(second).toMatchObject({ code: 0, stdout: expect.stringMatching(/^b\r?\nx/) as string })
    const words = ['sql', 'SELECT v FROM encoding_windows', '--data', join(corpus, 'encoding-windows.csv')]
    const refused = await sallyport(words)
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('line 2 is not UTF-8; set encoding') as string,
    })
    const read = await sallyport([...words, '--data-option', 'encoding=windows-1252', '--output', 'csv'])
    expect(read).toMatchObject({ code: 0, stdout: expect.stringContaining('“x” €') as string })
  })

  it('serves a source of files under the policy of the group', async () => {
    const config = join(temporaryFolder('sallyport-e2e-files-'), 'config.yaml')
    writeFileSync(
      config,
      `sources:
  sales:
    database: { kind: files, tables: { orders: { path: ${fileOf('orders.csv', orders)} } } }
    policies: { default: { relations: { orders: [id, total] } } }
`,
    )
    await using service = await serve({ SALLYPORT_CONFIG: config })
    const post = async (statement: string) => {
      const response = await fetch(`${service.url}/v1/sql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ statement, source: 'sales' }),
      })
      return { status: response.status, body: (await response.json()) as object }
    }
    expect(await post('SELECT * FROM orders ORDER BY id LIMIT 1')).toMatchObject({
      status: 200,
      body: { rows: [[1, 10.5]] },
    })
    expect(await post('SELECT note FROM orders')).toMatchObject({ status: 400 })
  })
})
