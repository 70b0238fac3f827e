import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openGuardedDatabase,
  type Asking,
  type GuardedDatabase,
  type Outcome,
} from '../support/differencing/guarded-database.ts'
import { verifies } from '../support/verifies.ts'

// A hundred people by region; everything but pay, phone and e-mail is known to everybody. Of each tree the policy says
// something about one relation only, and all others are given whole.
const rows = (regions: string): string =>
  `SELECT n, 'Name ' || n, r, 'n' || n || '@example.org', '555-' || n, 30000 + n * 7
   FROM generate_series(1, 100) n, LATERAL (SELECT (ARRAY[${regions}])[1 + n % 4]) AS x (r)`
const people = 'id int NOT NULL, name text, region text NOT NULL, email text, phone text, pay int'
const script = `
  CREATE TABLE staff (${people}) PARTITION BY LIST (region);
  CREATE TABLE staff_north PARTITION OF staff FOR VALUES IN ('north');
  CREATE TABLE staff_south PARTITION OF staff FOR VALUES IN ('south');
  CREATE TABLE staff_rest PARTITION OF staff DEFAULT PARTITION BY LIST (region);
  CREATE TABLE staff_east PARTITION OF staff_rest FOR VALUES IN ('east');
  CREATE TABLE staff_west (name text, pay int, phone text, email text, id int NOT NULL, region text NOT NULL);
  ALTER TABLE staff_rest ATTACH PARTITION staff_west FOR VALUES IN ('west');
  INSERT INTO staff (id, name, region, email, phone, pay) ${rows("'north', 'south', 'east', 'west'")};
  CREATE VIEW northern AS SELECT id, name, pay, phone, email, pay / 12 AS monthly FROM staff_north;
  CREATE VIEW northerners AS SELECT id, phone AS p, monthly FROM northern;

  CREATE TABLE crew (${people});
  CREATE TABLE crew_old (retired int, pension int GENERATED ALWAYS AS (pay / 2) STORED) INHERITS (crew);
  CREATE TABLE crew_older (honours text) INHERITS (crew_old);
  INSERT INTO crew SELECT * FROM (${rows("'a', 'b', 'c', 'd'")}) p (id) WHERE id <= 50;
  INSERT INTO crew_old (id, name, region, email, phone, pay) SELECT * FROM (${rows("'a', 'b', 'c', 'd'")}) p (id) WHERE id BETWEEN 51 AND 80;
  INSERT INTO crew_older (id, name, region, email, phone, pay) SELECT * FROM (${rows("'a', 'b', 'c', 'd'")}) p (id) WHERE id > 80;

  CREATE TABLE paid (id int, pay int);
  CREATE TABLE tagged (tag text, phone text);
  CREATE TABLE both_of () INHERITS (paid, tagged);
  INSERT INTO both_of SELECT n, 30000 + n, 't' || n, '555-' || n FROM generate_series(1, 60) n;`

const guarded = {
  columns: { pay: 'aggregate-only', phone: 'deny', email: { mask: 'partial' } },
  other_columns: 'allow',
  entity_key: 'id',
}
const whole = (...names: string[]): object => Object.fromEntries(names.map((name) => [name, '*']))
const partitions = [
  'staff',
  'staff_north',
  'staff_south',
  'staff_rest',
  'staff_east',
  'staff_west',
  'northern',
  'northerners',
]
const crews = ['crew', 'crew_old', 'crew_older']
const policy = (relations: object): object => ({ minimum_group_size: 5, relations })

describe('what is restricted in a tree of tables', () => {
  let database: GuardedDatabase

  beforeAll(async () => {
    database = await openGuardedDatabase(
      script,
      policy({ ...whole(...partitions, ...crews), staff: guarded, crew: guarded }),
    )
  })

  afterAll(() => database[Symbol.asyncDispose]())

  /** The statements that were answered, as long as the list goes. */
  async function answered(target: Asking, statements: readonly string[]): Promise<string[]> {
    const passed: string[] = []
    for (const sql of statements) {
      if ((await target.ask(sql)).kind === 'rows') passed.push(sql)
    }
    return passed
  }
  const rules = (outcome: Outcome): readonly string[] =>
    outcome.kind === 'refused' ? outcome.rules : outcome.kind === 'failed' ? [outcome.said] : ['answered']

  it('L4: is restricted in partitions, children and theirs, and in views over them, when the policy names the parent', async () => {
    const shown = ['pay', 'phone'].flatMap((column) =>
      [...partitions.slice(0, 6), ...crews, 'northern'].map((name) => `SELECT ${column} FROM ${name}`),
    )
    const more = [
      'SELECT pay FROM ONLY crew',
      'SELECT pay FROM ONLY crew_old',
      'SELECT pension FROM crew_old',
      'SELECT pension FROM crew_older',
      'SELECT p FROM northerners',
      'SELECT monthly FROM northern',
      'SELECT monthly FROM northerners',
      'SELECT id FROM staff_north ORDER BY pay',
      'SELECT id FROM crew_older WHERE pay > 30000',
      'SELECT max(pay) FROM staff_west',
      'SELECT s FROM staff_west s',
      "SELECT count(*) FROM staff_north WHERE email LIKE 'n4@%'",
      'SELECT upper(email) FROM crew_old',
    ]
    expect(await answered(database, [...shown, ...more])).toEqual([])
    const star = await database.ask('TABLE northern')
    const columns = star.kind === 'rows' ? star.result.columns.map(({ name }) => name) : []
    expect(columns).toEqual(['id', 'name', 'email'])
  })

  it('L4: masks in a child what is masked in its parent', async () => {
    for (const name of ['staff', 'staff_north', 'staff_west', 'crew_older', 'northern']) {
      const outcome = await database.ask(`SELECT email FROM ${name} LIMIT 3`)
      expect([name, outcome.kind]).toEqual([name, 'rows'])
      const values = outcome.kind === 'rows' ? outcome.result.rows.flat() : []
      expect(values).toEqual(values.map(() => '•••.org'))
    }
  })

  it('L4: is restricted in the parents when the policy names it for a child', async () => {
    const below = await database.under(
      policy({ ...whole(...partitions, ...crews), staff_west: guarded, crew_old: guarded }),
    )
    const shown = ['staff', 'staff_rest', 'staff_west', 'crew', 'crew_old', 'crew_older'].flatMap((name) =>
      ['pay', 'phone'].map((column) => `SELECT ${column} FROM ${name}`),
    )
    expect(await answered(below, [...shown, 'SELECT pay FROM ONLY crew', 'SELECT pension FROM crew_older'])).toEqual([])
    const others = ['SELECT pay FROM staff_east', 'SELECT phone FROM staff_north', 'SELECT pay FROM northern']
    expect(await answered(below, others)).toEqual(others)
  })

  it('L4: follows rows to every parent of a child that has several, although the policy does not name the child', async () => {
    const first = await database.under(policy({ paid: '*', tagged: '*', both_of: guardedPay }))
    const refused = ['SELECT pay FROM paid', 'SELECT pay FROM both_of']
    expect(await answered(first, [...refused, 'SELECT tag FROM tagged'])).toEqual(['SELECT tag FROM tagged'])
    const second = await database.under(
      policy({ tagged: { columns: { phone: 'deny' }, other_columns: 'allow' }, both_of: '*' }),
    )
    expect(await answered(second, ['SELECT phone FROM both_of', 'SELECT pay FROM both_of'])).toEqual([
      'SELECT pay FROM both_of',
    ])
  })

  it('leaves to a child what the policy names for it', async () => {
    const named = await database.under(
      policy({ staff: guarded, staff_east: { columns: { phone: 'allow' }, other_columns: 'allow' } }),
    )
    const statements = ['SELECT phone FROM staff_east', 'SELECT pay FROM staff_east', 'SELECT phone FROM staff']
    expect(await answered(named, statements)).toEqual(['SELECT phone FROM staff_east'])
  })

  it.each([
    [
      'a parent, its sibling and the rest of a child',
      [
        'SELECT sum(pay) FROM staff',
        "SELECT sum(pay) FROM staff WHERE region <> 'north'",
        'SELECT sum(pay) FROM staff_north WHERE id <> 8',
      ],
    ],
    [
      'the total and a partition but for one',
      [
        'SELECT sum(pay) FROM staff',
        'SELECT sum(pay) FROM staff_south',
        "SELECT sum(pay) FROM staff WHERE id <> 9 AND region = 'south'",
      ],
    ],
    [
      'partitions of partitions',
      [
        'SELECT sum(pay) FROM staff_rest',
        'SELECT sum(pay) FROM staff_east',
        'SELECT sum(pay) FROM staff_west WHERE id <> 7',
      ],
    ],
    [
      'a parent alone and with its children',
      ['SELECT sum(pay) FROM crew', 'SELECT sum(pay) FROM ONLY crew', 'SELECT sum(pay) FROM crew_old WHERE id <> 60'],
    ],
    [
      'children of children',
      [
        'SELECT avg(pay) FROM crew_old',
        'SELECT avg(pay) FROM ONLY crew_old',
        'SELECT avg(pay) FROM crew_older WHERE id <> 99',
      ],
    ],
  ])('L4: has one ledger: %s', async (_claim, statements) => {
    verifies('ledger.trees')
    const fresh = await database.under(policy({ ...whole(...partitions, ...crews), staff: guarded, crew: guarded }))
    expect(await answered(fresh, statements.slice(0, 2))).toEqual(statements.slice(0, 2))
    const last = statements[2] ?? ''
    expect(rules(await fresh.ask(last)).join()).toContain('[sql/differencing]')
    // Alone it is no more than the others.
    const again = await database.under(policy({ ...whole(...partitions, ...crews), staff: guarded, crew: guarded }))
    expect(rules(await again.ask(last))).toEqual(['answered'])
  })

  it('L4: refuses a policy that counts the rows of a tree by different keys', async () => {
    const different = { ...guarded, entity_key: 'name' }
    await expect(database.under(policy({ staff: guarded, staff_north: different }))).rejects.toThrow(
      /"staff" and "staff_north" hold the same rows .* need the same entity_key/,
    )
  })
})

const guardedPay = { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' }
