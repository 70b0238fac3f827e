import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startMysql, type MysqlServer } from '../support/databases/mysql-server.ts'
import { describeVendors } from '../support/databases/mysql-vendors.ts'
import { cleanEnvironment, sallyport } from '../support/cli/sallyport-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describeVendors('as people use it, a server', (vendor) => {
  let server: MysqlServer
  const folder = temporaryFolder('sallyport-e2e-mysql-')

  beforeAll(async () => {
    server = await startMysql(vendor)
    await server.execute(readFileSync(new URL('../attack/mysql-schema.sql', import.meta.url), 'utf8'))
    await server.execute('SET GLOBAL read_only = 1')
  })
  afterAll(() => server[Symbol.asyncDispose]())

  function settings(relations: string) {
    const file = join(folder, `${Math.random()}.yaml`)
    writeFileSync(
      file,
      `sources:\n  shop:\n    database: { kind: mysql, url: { env: SHOP_URL } }\n    policies: { default: { relations: ${relations} } }\n`,
    )
    return cleanEnvironment({ SALLYPORT_CONFIG: file, SHOP_URL: server.url('reader', 'harmless') })
  }

  it('gets its account from the script, and is then proven and asked through it', async () => {
    const environment = settings(
      '{ orders: [id, total], customers: { columns: { id: allow, email: { mask: partial } } } }',
    )
    const made = await sallyport(['sql', 'grant-script'], { environment })
    expect(made).toMatchObject({ code: 0 })
    expect(made.stdout).toContain("GRANT SELECT (`id`, `total`) ON `shop`.`orders` TO 'reader'@'%';")
    await server.execute(made.stdout)
    await server.execute("ALTER USER 'reader'@'%' IDENTIFIED BY 'harmless' ACCOUNT UNLOCK")

    const sql = 'SELECT COUNT(*) AS n, SUM(total) AS s FROM orders -- all of them'
    const answered = await sallyport(['sql', sql, '--output', 'csv'], { environment })
    expect(answered).toMatchObject({ code: 0, stdout: 'n,s\n300,67725\n' })
  })
})
