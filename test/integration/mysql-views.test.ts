import { afterAll, beforeAll, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { createMaskedDatabase } from '../../src/databases/masked-database.ts'
import type { Database } from '../../src/databases/database.ts'
import { mysqlGrantScript } from '../../src/databases/mysql/grant-script.ts'
import { MysqlDatabase } from '../../src/databases/mysql/mysql-database.ts'
import { bindPolicy } from '../../src/validators/sql/bind-policy.ts'
import type { SqlGate } from '../../src/validators/sql/sql-gate.ts'
import { createMysqlGate } from '../../src/validators/sql/mysql/gate.ts'
import { sqlPolicyOptions } from '../../src/validators/sql/options.ts'
import { startMysql, type MysqlServer } from '../support/databases/mysql-server.ts'
import { describeVendors } from '../support/databases/mysql-vendors.ts'

const schema = `
  CREATE DATABASE IF NOT EXISTS shop;
  CREATE TABLE shop.people (id int PRIMARY KEY, name varchar(20), city_id int);
  CREATE TABLE shop.cities (id int PRIMARY KEY, city varchar(20));
  INSERT INTO shop.people VALUES (1, 'x', 1), (2, 'y', 2), (3, 'z', 1);
  INSERT INTO shop.cities VALUES (1, 'Oslo'), (2, 'Rome');
  CREATE VIEW shop.joined AS SELECT p.id, p.name, c.city AS place FROM shop.people p JOIN shop.cities c ON c.id = p.city_id;
  CREATE VIEW shop.beside AS SELECT p.id, c.city AS place FROM shop.people p LEFT JOIN shop.cities c ON c.id = p.city_id;
  CREATE VIEW shop.united AS SELECT id, name AS place FROM shop.people UNION SELECT id, city FROM shop.cities;
  CREATE VIEW shop.counted AS SELECT city AS place, count(*) AS id FROM shop.people p JOIN shop.cities c ON c.id = p.city_id GROUP BY city;
  CREATE VIEW shop.nested AS SELECT id, place FROM shop.joined;`
const views = ['joined', 'beside', 'united', 'counted', 'nested']
const policy = {
  search_path: ['shop'],
  relations: {
    // A view that cannot be followed to the columns of a restricted table shows what the policy names.
    ...Object.fromEntries(views.map((view) => [view, ['id', 'place']])),
    joined: { columns: { id: 'allow', name: { mask: 'partial' }, place: 'allow' } },
    people: ['id'],
  },
}
const allowed = {
  ...Object.fromEntries(views.map((view) => [`shop.${view}`, '*' as const])),
  'shop.people': ['id'],
}
const limits = { maximumRows: 100, maximumBytes: 1_000_000, timeoutMilliseconds: 30_000 }
const never = new AbortController().signal

describeVendors('W6: views of a real server', (vendor) => {
  let server: MysqlServer
  let database: Database
  let gate: SqlGate

  beforeAll(async () => {
    server = await startMysql(vendor)
    await server.execute(schema)
    await server.execute(mysqlGrantScript({ role: 'analyst', relations: allowed, connections: 6 }))
    await server.execute("ALTER USER 'analyst'@'%' IDENTIFIED BY 'harmless' ACCOUNT UNLOCK; SET GLOBAL read_only = 1")
    const url = new Secret(server.url('analyst', 'harmless'))
    const source = { source: 'shop', url, connections: 3, maximumLagMilliseconds: null, allowPrimary: false }
    const open = new MysqlDatabase({ ...source, acceptExcess: false, allowed: Object.keys(allowed) })
    database = createMaskedDatabase(open, Buffer.alloc(32))
    const catalog = await database.catalog(never)
    gate = createMysqlGate({ source: 'shop', catalog, policy: bindPolicy(sqlPolicyOptions.parse(policy), catalog) })
  })
  afterAll(async () => {
    await gate?.[Symbol.asyncDispose]()
    await database?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  const ask = async (sql: string) => {
    const verdict = await gate.validate(sql, never)
    if (verdict.kind === 'refused') throw new Error(JSON.stringify(verdict.findings))
    return (await database.query(verdict.value, limits, never)).rows
  }

  const forms = [
    'SELECT place FROM VIEW',
    'SELECT place FROM VIEW ORDER BY place',
    'SELECT id, place FROM VIEW ORDER BY place DESC, id LIMIT 2',
    'SELECT DISTINCT place FROM VIEW',
    'SELECT place, COUNT(*) FROM VIEW GROUP BY place',
    'SELECT place, MAX(id) FROM VIEW GROUP BY place HAVING COUNT(*) > 0 ORDER BY place',
    'SELECT q.x FROM (SELECT place AS x FROM VIEW ORDER BY place LIMIT 5) AS q ORDER BY q.x',
    'WITH q AS (SELECT DISTINCT place FROM VIEW) SELECT place FROM q ORDER BY place',
    'SELECT v.place, p.id FROM VIEW AS v JOIN people AS p ON p.id >= v.id ORDER BY v.place, p.id',
    'SELECT DISTINCT v.place FROM VIEW AS v JOIN people AS p ON p.id = v.id',
    'SELECT q.place FROM (SELECT v.place, p.id FROM VIEW AS v JOIN people AS p ON p.id = v.id) AS q ORDER BY q.place',
    'SELECT place FROM VIEW UNION SELECT place FROM joined ORDER BY place',
  ]

  it.each(views.flatMap((view) => forms.map((form) => form.replaceAll('VIEW', view))))(
    'answer with the rows of: %s',
    async (sql) => {
      const rows = await ask(sql)
      const expected = (await server.execute(`USE shop; ${sql}`)).at(-1) as readonly (readonly unknown[])[]
      const sort = (list: readonly (readonly unknown[])[]) => list.map((row) => JSON.stringify(row)).sort()
      expect(sort(rows)).toEqual(sort(expected))
    },
  )

  it('keep a masked column masked, sorted by others and grouped by the server or not', async () => {
    for (const sql of ['SELECT name FROM joined', 'SELECT name, place FROM joined ORDER BY place, id']) {
      expect((await ask(sql)).map(([name]) => name)).toEqual(['•••', '•••', '•••'])
    }
  })
})
