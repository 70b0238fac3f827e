import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sallyport, serve } from '../support/sallyport-process.ts'
import { fileOf } from '../support/files-source.ts'

const orders = 'id,total,city,note\n1,10.5,Oslo,private\n2,20,Paris,private\n3,5.5,Oslo,private\n'

describe('sql over files', () => {
  it('asks files at the command line without any configuration', async () => {
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

  it('refuses what is no SELECT over them, and says what there is', async () => {
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

  it('serves a source of files under the policy of the group', async () => {
    const config = join(mkdtempSync(join(tmpdir(), 'sallyport-e2e-files-')), 'config.yaml')
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
    expect(await post('SELECT note FROM orders')).toMatchObject({ status: 422 })
  })
})
