import { readFileSync } from 'node:fs'
import { createConnection, type Connection } from 'mysql2/promise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sqlModes } from '../../src/databases/mysql/transaction.ts'
import type { Translated } from '../../src/validators/sql/mysql/examine.ts'
import type { MysqlVendor } from '../support/databases/mysql-programs.ts'
import { startMysql, type MysqlServer } from '../support/databases/mysql-server.ts'
import { describeVendors } from '../support/databases/mysql-vendors.ts'
import { examineShop, shopPolicy } from '../support/sql/mysql-gate.ts'
import { createRandom, mutate } from '../support/sql/sql-mutations.ts'
import { sqlAttackRows } from '../support/sql/sql-attack-rows.ts'

const mutations = Number(process.env['SALLYPORT_MUTATIONS'] ?? 400)
const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const seeds = sqlAttackRows('mysql')
  .filter(({ expect: verdict, sql }) => verdict === 'allow' && sql.length < 400)
  .map(({ sql }) => sql.replace('Orders', 'orders'))

/** Operators side by side without brackets: where two parsers read precedence differently, rows differ. */
function precedenceStatement(random: () => number): string {
  const pick = (items: readonly string[]): string => items[Math.floor(random() * items.length)] ?? ''
  const term = (): string =>
    pick([
      'id',
      'total',
      'customer_id',
      '2',
      '3.5',
      '(id + 1)',
      '-id',
      '- 2',
      "status = 'open'",
      'NULL',
      'NOT id',
      'id IN (1, 2)',
      'id BETWEEN 2 AND 9',
      'status IS NULL',
      "status LIKE 'o%'",
      'CASE WHEN id THEN 1 END',
    ])
  const operators = ['+', '-', '*', '/', '%', 'DIV', 'MOD', '=', '<>', '<', '>=', 'AND', 'OR', 'AND NOT', '!=']
  let text = term()
  for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1) text += ` ${pick(operators)} ${term()}`
  return `SELECT id, ${text} AS value FROM orders WHERE id < 12`
}

/** What the server itself counted: rows read and written, by table. */
const counted = `
  SELECT CONCAT(OBJECT_SCHEMA, '.', OBJECT_NAME), COUNT_READ, COUNT_WRITE
  FROM performance_schema.table_io_waits_summary_by_table
  WHERE COUNT_STAR > 0 AND OBJECT_SCHEMA NOT IN ('performance_schema', 'information_schema')`
const stateOf = (vendor: MysqlVendor) => `
  SELECT SHA2(GROUP_CONCAT(VARIABLE_NAME, '=', VARIABLE_VALUE ORDER BY VARIABLE_NAME), 256) FROM ${vendor === 'mariadb' ? 'information_schema.SESSION_VARIABLES' : 'performance_schema.session_variables'}
  WHERE VARIABLE_NAME NOT IN ('TIMESTAMP', 'RAND_SEED1', 'RAND_SEED2', 'PSEUDO_THREAD_ID', 'LAST_GTID', 'ERROR_COUNT', 'WARNING_COUNT', 'IN_TRANSACTION', 'STATEMENT_ID')`
const locked =
  'SELECT COALESCE(SUM(trx_rows_locked + trx_rows_modified), 0) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = CONNECTION_ID()'

describeVendors(
  'what the gate of MySQL lets through, as seen by a real server',
  (vendor) => {
    let server: MysqlServer
    let owner: Connection
    const behindViews: Readonly<Record<string, string>> = { 'shop.big_orders': 'shop.orders' }

    // With all privileges and nothing read-only: nothing but the gate is in the way.
    beforeAll(async () => {
      server = await startMysql(vendor)
      await server.execute(read('../attack/mysql-schema.sql'))
      owner = await createConnection({ uri: server.rootUrl, rowsAsArray: true, dateStrings: true })
      await owner.query(
        `SET SESSION sql_mode = '${sqlModes.join(',')}', ${vendor === 'mariadb' ? 'max_statement_time = 2' : 'max_execution_time = 2000'}, group_concat_max_len = 1048576`,
      )
    })

    afterAll(async () => {
      await owner?.end()
      await server?.[Symbol.asyncDispose]()
    })

    async function rowsOf(sql: string): Promise<unknown[][] | null> {
      try {
        const [rows] = await owner.execute(sql)
        return rows as unknown as unknown[][]
      } catch {
        return null
      }
    }

    const ask = async (sql: string): Promise<unknown[][]> => (await owner.query(sql))[0] as unknown as unknown[][]

    /** What running the statement did beyond reading what was resolved; null where the server did not run it. */
    async function excess({
      canonical,
      relations,
    }: Translated): Promise<{ beyond: string[]; rows: unknown[][] } | null> {
      const before = await ask(stateOf(vendor))
      await owner.query('START TRANSACTION')
      await owner.query('TRUNCATE TABLE performance_schema.table_io_waits_summary_by_table')
      const rows = await rowsOf(canonical)
      const touched = await ask(counted)
      const locks = await ask(locked)
      await owner.query('ROLLBACK')
      if (rows === null) return null
      const allowed = new Set(relations.flatMap((name) => [name, behindViews[name] ?? name]))
      const beyond = touched.flatMap(([name, , writes]) =>
        allowed.has(String(name)) && Number(writes) === 0 ? [] : [`touched ${String(name)}, ${String(writes)} writes`],
      )
      if (Number(locks[0]?.[0]) !== 0) beyond.push('locked rows')
      if (JSON.stringify(await ask(stateOf(vendor))) !== JSON.stringify(before)) beyond.push('changed the session')
      return { beyond, rows }
    }

    const policy = {
      ...shopPolicy,
      relations: { ...shopPolicy.relations, customers: { columns: { phone: 'deny' }, other_columns: 'allow' } },
      row_limit: 10_000,
    }

    async function run(statements: readonly string[]) {
      const counts = { statements: statements.length, accepted: 0, ran: 0, compared: 0 }
      const violations: string[] = []
      for (const sql of statements) {
        const examined = examineShop(sql, policy)
        if (examined.kind === 'refused') continue
        counts.accepted += 1
        const outcome = await excess(examined.value)
        if (outcome === null) continue
        counts.ran += 1
        violations.push(...outcome.beyond.map((line) => `${sql}\n→ ${examined.value.canonical}\n→ ${line}`))
        // The order of rows, and which of them LIMIT keeps, is the server's own choice.
        if (/limit|over|now|cur|concat/i.test(sql) || examined.value.relations.includes('shop.customers')) continue
        const written = await rowsOf(sql)
        // Of more rows than a policy lets through, the server chooses those that stay.
        if (written === null || written.length > policy.row_limit) continue
        counts.compared += 1
        const [left, right] = [outcome.rows, written].map((rows) =>
          rows
            .map((row) => JSON.stringify(row))
            .sort()
            .join('\n'),
        )
        if (left !== right) violations.push(`${sql}\n→ ${examined.value.canonical}\n→ other rows`)
      }
      process.stderr.write(`oracle of MySQL: ${JSON.stringify(counts)}\n`)
      return { ...counts, violations }
    }

    it('sees what a read of another table is', async () => {
      await owner.query('TRUNCATE TABLE performance_schema.table_io_waits_summary_by_table')
      await owner.query('SELECT (SELECT token FROM secrets LIMIT 1)')
      await owner.query('INSERT INTO hits VALUES (1)')
      const touched = (await ask(counted)).map(([name, reads, writes]) => [name, Number(reads) > 0, Number(writes) > 0])
      expect(touched).toEqual(
        expect.arrayContaining([
          ['shop.secrets', true, false],
          ['shop.hits', false, true],
        ]),
      )
    })

    it(`touches only what was resolved and means what was written, over ${mutations} mutations`, async () => {
      const words = {
        tables: [
          'orders',
          'customers',
          'order_lines',
          'big_orders',
          'secrets',
          'customer_cards',
          'hits',
          'mysql.user',
          'information_schema.tables',
          'shop.orders',
          'x',
        ],
        columns: [
          'id',
          'name',
          'total',
          'customer_id',
          'status',
          'phone',
          'token',
          'order_id',
          'quantity',
          'price',
          'n',
          '*',
          '@x',
          '`id`',
        ],
        functions: [
          'count',
          'sum',
          'max',
          'lower',
          'abs',
          'sleep',
          'secdef_read',
          'vol_write',
          'load_file',
          'benchmark',
          'coalesce',
          'user',
          'year',
          'exists',
          'not',
        ],
      }
      const random = createRandom(20_261_122)
      const result = await run(Array.from({ length: mutations }, () => mutate(seeds, words, random)))
      expect(result.violations).toEqual([])
      expect(result.ran).toBeGreaterThan(mutations / 50)
    }, 3_600_000)

    it('keeps the precedence of operators, or refuses', async () => {
      const random = createRandom(7)
      const result = await run(Array.from({ length: mutations }, () => precedenceStatement(random)))
      expect(result.violations).toEqual([])
      expect(result.compared).toBeGreaterThan(mutations / 4)
    }, 3_600_000)
  },
  { retry: 0 },
)
