import { readFileSync } from 'node:fs'
import { createConnection, type Connection } from 'mysql2/promise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { createMaskedDatabase } from '../../src/databases/masked-database.ts'
import { mysqlGrantScript } from '../../src/databases/mysql/grant-script.ts'
import { MysqlDatabase } from '../../src/databases/mysql/mysql-database.ts'
import { sqlModes } from '../../src/databases/mysql/transaction.ts'
import { bindPolicy } from '../../src/validators/sql/bind-policy.ts'
import type { SqlGate } from '../../src/validators/sql/sql-gate.ts'
import { createMysqlGate } from '../../src/validators/sql/mysql/gate.ts'
import { sqlPolicyOptions } from '../../src/validators/sql/options.ts'
import { startMysql, type MysqlServer } from '../support/databases/mysql-server.ts'
import { describeVendors } from '../support/databases/mysql-vendors.ts'
import { shopPolicy } from '../support/sql/mysql-gate.ts'
import { sqlAttackRows } from '../support/sql/sql-attack-rows.ts'
import { verdictLines } from '../support/sql/verdict-lines.ts'
import { verifies } from '../support/verifies.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const rows = sqlAttackRows('mysql')

describeVendors('what the gate of MySQL lets through, on a real server', (vendor) => {
  let server: MysqlServer
  let database: MysqlDatabase
  let gate: SqlGate
  let owner: Connection
  const signal = AbortSignal.timeout(600_000)

  beforeAll(async () => {
    server = await startMysql(vendor)
    await server.execute(read('./mysql-schema.sql'))
    const relations = Object.fromEntries(
      Object.keys(shopPolicy.relations).map((name) => [`shop.${name}`, '*' as const]),
    )
    await server.execute(mysqlGrantScript({ role: 'analyst', relations, connections: 4 }))
    await server.execute("ALTER USER 'analyst'@'%' IDENTIFIED BY 'harmless' ACCOUNT UNLOCK; SET GLOBAL read_only = 1")
    database = new MysqlDatabase({
      source: 'shop',
      url: new Secret(server.url('analyst', 'harmless')),
      connections: 2,
      maximumLagMilliseconds: null,
      allowPrimary: false,
      acceptExcess: false,
      allowed: Object.keys(relations),
    })
    const catalog = await database.catalog(signal)
    const policy = bindPolicy(sqlPolicyOptions.parse(shopPolicy), catalog)
    gate = createMysqlGate({ source: 'shop', catalog, policy, estimate: database.estimate.bind(database) })
    owner = await createConnection({ uri: server.rootUrl, rowsAsArray: true, dateStrings: true, timezone: 'Z' })
    await owner.query(`SET SESSION sql_mode = '${sqlModes.join(',')}', time_zone = '+00:00'`)
  })

  afterAll(async () => {
    await owner?.end()
    await gate?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  it('is what was recorded for the tests without a server', async () => {
    expect((await verdictLines(gate, rows)).split('\n')).toEqual(read('./mysql-verdicts.jsonl').split('\n'))
  })

  it('gives the rows that the statement as written gives', async () => {
    verifies('mysql.attacks')
    const masked = createMaskedDatabase(database, Buffer.alloc(32))
    const wrong: string[] = []
    for (const { sql, group } of rows.filter((row) => row.expect === 'allow')) {
      const verdict = await gate.validate(sql, signal)
      if (verdict.kind === 'refused') {
        wrong.push(`${sql} → ${verdict.findings[0].message}`)
        continue
      }
      const limits = { maximumRows: 10_000, maximumBytes: 10_000_000, timeoutMilliseconds: 10_000 }
      const result = await masked.query(verdict.value, limits, signal).catch((error: unknown) => String(error))
      if (typeof result === 'string') {
        wrong.push(`${sql} → ${verdict.value.text} → ${result}`)
        continue
      }
      // Names of tables are written as the server has them; the gate knows them however they are written.
      const [expected] = await owner.query(sql.replace('FROM Orders', 'FROM orders'))
      const isSame =
        group === 'masked columns' || JSON.stringify(plain(result.rows)) === JSON.stringify(plain(expected))
      if (!isSame)
        wrong.push(
          `${sql} → ${verdict.value.text} → ${JSON.stringify(plain(result.rows).slice(0, 2))} instead of ${JSON.stringify(plain(expected).slice(0, 2))}`,
        )
    }
    expect(wrong).toEqual([])
  })

  it('shows no masked value whole', async () => {
    const masked = createMaskedDatabase(database, Buffer.alloc(32))
    const limits = { maximumRows: 100, maximumBytes: 1_000_000, timeoutMilliseconds: 10_000 }
    for (const { sql } of rows.filter((row) => row.expect === 'allow' && row.group === 'masked columns')) {
      const verdict = await gate.validate(sql, signal)
      if (verdict.kind === 'refused') throw new Error(verdict.findings[0].message)
      const text = JSON.stringify((await masked.query(verdict.value, limits, signal)).rows)
      expect(text).toContain('•••')
      expect(text).not.toMatch(/mail\d/)
    }
  })
})

/** Numbers as numbers, times with a `T`: what the two ways of reading a value differ in. */
function plain(value: unknown): unknown[][] {
  return (value as unknown[][]).map((row) =>
    row.map((cell) => {
      if (typeof cell === 'string' && /^-?\d+(\.\d+)?$/.test(cell)) return Number(cell)
      return typeof cell === 'string' ? cell.replace(/^(\d{4}-\d\d-\d\d) (?=\d)/, '$1T') : cell
    }),
  )
}
