import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGuardedDatabase, type GuardedDatabase } from '../support/differencing/guarded-database.ts'
import { verifies } from '../support/verifies.ts'

const script = `
  CREATE TABLE clients (id int PRIMARY KEY, email text, born date, code varchar(20), country text);
  CREATE TABLE former (id int PRIMARY KEY, email text, phone text);
  CREATE TABLE people (id int PRIMARY KEY, team text, pay int, email text);
  INSERT INTO clients SELECT n, 'person' || n || '@example.org', date '1980-01-01' + 400 * n, 'code' || n, 'c' || n % 2
    FROM generate_series(1, 4) n;
  INSERT INTO former VALUES (9, 'person9@example.net', '030123456');
  INSERT INTO people SELECT n, 't' || n % 2, 1000 + n, 'someone' || n || '@example.org' FROM generate_series(1, 12) n;`
const policy = {
  minimum_group_size: 5,
  relations: {
    clients: {
      columns: { email: { mask: 'partial' }, born: { mask: 'year' }, code: { mask: 'hash' } },
      other_columns: 'allow',
    },
    former: { columns: { email: { mask: 'partial' }, phone: { mask: 'null' } }, other_columns: 'allow' },
    people: {
      columns: { pay: 'aggregate-only', email: { mask: 'partial' } },
      other_columns: 'allow',
      entity_key: 'id',
    },
  },
}
const mail = '•••.org'

describe('W12: a masked column that is passed on', () => {
  let shop: GuardedDatabase

  beforeAll(async () => {
    shop = await openGuardedDatabase(script, policy)
  })
  afterAll(() => shop?.[Symbol.asyncDispose]())

  it.each<[string, readonly unknown[]]>([
    ['SELECT email, born FROM (SELECT * FROM clients) c ORDER BY id LIMIT 1', [[mail, '1981']]],
    ['WITH c AS (SELECT id, email AS mail FROM clients) SELECT mail, id FROM c WHERE id = 2', [[mail, 2]]],
    [
      "WITH clients AS (SELECT * FROM clients WHERE country = 'c1') SELECT id, email FROM clients ORDER BY id",
      [
        [1, mail],
        [3, mail],
      ],
    ],
    ['WITH a AS (SELECT * FROM clients), b AS (SELECT * FROM a) SELECT b.email FROM b WHERE b.id = 1', [[mail]]],
    [
      'SELECT * FROM (SELECT id, email FROM clients ORDER BY id LIMIT 2) q',
      [
        [1, mail],
        [2, mail],
      ],
    ],
    [
      'SELECT q.country, q.email FROM (SELECT DISTINCT ON (country) country, email FROM clients ORDER BY country, id) q',
      [
        ['c0', mail],
        ['c1', mail],
      ],
    ],
    ['SELECT email FROM clients WHERE id = 1 UNION ALL SELECT email FROM former', [[mail], ['•••.net']]],
    ['SELECT CASE WHEN id = 1 THEN email ELSE email END FROM clients WHERE id < 3 ORDER BY id', [[mail], [mail]]],
    ['SELECT CASE WHEN id = 1 THEN email END AS first FROM clients WHERE id < 3 ORDER BY id', [[mail], [null]]],
    ['SELECT f.id, (SELECT c.email FROM clients c WHERE c.id = f.id - 8) FROM former f', [[9, mail]]],
    ['SELECT phone FROM (SELECT phone FROM former) q', [[null]]],
    ['SELECT email AS "E-Mail", email FROM (SELECT email FROM clients WHERE id = 1) q', [[mail, mail]]],
    [
      'SELECT t.team, t.total, p.email FROM (SELECT team, sum(pay) AS total FROM people GROUP BY team) t JOIN (SELECT team, email FROM people WHERE id < 3) p ON p.team = t.team ORDER BY t.team',
      [
        ['t0', 6042, mail],
        ['t1', 6036, mail],
      ],
    ],
  ])('leaves masked: %s', async (sql, rows) => {
    verifies('masks.passed-on')
    const outcome = await shop.ask(sql)
    expect(outcome.kind === 'rows' ? outcome.result.rows : outcome.said).toEqual(rows)
  })

  it('keeps the names of outputs, and equal values equal under a hash', async () => {
    const outcome = await shop.ask('SELECT code, upper(country) FROM (SELECT * FROM clients) c ORDER BY id LIMIT 1')
    const plain = await shop.ask('SELECT code FROM clients WHERE id = 1')
    if (outcome.kind !== 'rows' || plain.kind !== 'rows') throw new Error('both are answered')
    expect(outcome.result.columns.map(({ name }) => name)).toEqual(['code', 'upper'])
    expect(outcome.result.rows).toEqual([[plain.result.rows[0]?.[0], 'C1']])
  })

  it.each<[string, string]>([
    ["SELECT id FROM (SELECT id, email FROM clients) q WHERE email = 'x'", 'not stand in conditions'],
    ['SELECT email FROM (SELECT email FROM clients) q ORDER BY email', 'not stand in conditions, functions, sorting'],
    ['SELECT DISTINCT email FROM (SELECT email FROM clients) q', 'grouping or DISTINCT'],
    ['SELECT email FROM clients UNION SELECT email FROM former', 'UNION ALL'],
    ["SELECT email FROM clients UNION ALL SELECT 'person1@example.org'", 'of nothing else'],
    ['SELECT email FROM clients UNION ALL SELECT phone FROM former', 'of the same type under the same mask'],
    ['SELECT email FROM clients UNION ALL SELECT country FROM clients', 'Select the others as columns of their own'],
    ['SELECT code FROM clients UNION ALL SELECT country FROM clients', 'Select the others as columns of their own'],
    ['SELECT q FROM (SELECT id, email FROM clients) q', 'masked'],
  ])('is refused for what is done with it: %s', async (sql, reason) => {
    verifies('masks.nothing-else')
    const outcome = await shop.ask(sql)
    expect(outcome.kind === 'refused' ? outcome.said : outcome).toContain(reason)
  })

  it('names only the column that is used', async () => {
    const outcome = await shop.ask("SELECT born FROM (SELECT * FROM clients) q WHERE email = 'x'")
    expect(outcome.kind === 'refused' ? outcome.said : outcome).toMatch(/^"email" is masked[^\n]*$/)
  })
})

const shifts = {
  small: ['smallint', "'1'"],
  big: ['bigint', "'2'"],
  single: ['real', "'1.5'"],
  price: ['money', "'3.25'"],
  length: ['interval', "'1:30'"],
  exact: ['interval day to second(3)', "'2:00'"],
  daytime: ['time', "'0:30'"],
  fee: ['numeric(9, 2)', "'4.50'"],
} as const

describe('W12: an aggregate-only column of any type that can be added up', () => {
  let shop: GuardedDatabase

  beforeAll(async () => {
    const columns = Object.entries(shifts).map(([name, [type]]) => `${name} ${type}`)
    const values = Object.values(shifts).map(([, value]) => value)
    shop = await openGuardedDatabase(
      `CREATE TABLE shifts (id int PRIMARY KEY, ${columns.join(', ')});
       INSERT INTO shifts SELECT n, ${values.join(', ')} FROM generate_series(1, 9) n`,
      {
        relations: {
          shifts: {
            columns: Object.fromEntries(Object.keys(shifts).map((name) => [name, 'aggregate-only'])),
            other_columns: 'allow',
            entity_key: 'id',
          },
        },
      },
    )
  })
  afterAll(() => shop?.[Symbol.asyncDispose]())

  it.each(Object.keys(shifts))('has its sum: %s', async (column) => {
    const outcome = await shop.ask(`SELECT sum(${column}), count(${column}) FROM shifts`)
    const plain = await shop.unguarded(`SELECT sum(${column}), count(${column}) FROM shifts`)
    expect(outcome.kind === 'rows' ? outcome.result.rows : outcome.said).toEqual(plain.rows)
  })
})
