import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ServiceError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secret.ts'
import { DifferencingLedger } from '../../src/databases/differencing/differencing-ledger.ts'
import { ledgerFile } from '../../src/databases/differencing/ledger-file.ts'
import { ledgerOptions } from '../../src/databases/differencing/options.ts'
import { PostgresDatabase, type PostgresDatabaseOptions } from '../../src/databases/postgres/postgres-database.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { describeVerdict, openGateOver, type GateUnderTest } from '../support/sql/sql-gate.ts'

// The ledger before a real server, which has replicas with settings of their own and changes while its catalog is remembered.

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: the ledger before PostgreSQL, ${problem}\n`)

const schema = `
  CREATE TABLE staff (id int PRIMARY KEY, site text, pay numeric);
  INSERT INTO staff SELECT n, CASE WHEN n % 2 = 0 THEN 'north' ELSE 'south' END, 30000 + n * 7 FROM generate_series(1, 60) n;
  CREATE TABLE payouts (person int, at timestamptz, amount numeric, seen timestamptz, price money);
  INSERT INTO payouts SELECT n % 30, '2024-03-31 00:30:00+00'::timestamptz + make_interval(hours => n), n * 11, now(), n::money
    FROM generate_series(1, 90) n;
  CREATE TABLE everyone (id int, site text, pay numeric);
  CREATE TABLE wages (id int, site text NOT NULL, pay numeric) PARTITION BY LIST (site);
  CREATE TABLE wages_north PARTITION OF wages FOR VALUES IN ('north');
  CREATE TABLE wages_south (id int, site text NOT NULL, pay numeric);
  INSERT INTO wages SELECT n, 'north', 30000 + n FROM generate_series(1, 40) n;
  INSERT INTO wages_south SELECT n, 'south', 30000 + n FROM generate_series(41, 80) n;
  CREATE TABLE wages_west (id int, site text NOT NULL, pay numeric);
  INSERT INTO wages_west SELECT n, 'west', 30000 + n FROM generate_series(81, 99) n;
  CREATE VIEW western AS SELECT id, pay FROM wages_west;
  CREATE TABLE log (at date) PARTITION BY RANGE (at);
  CREATE ROLE berliner LOGIN PASSWORD 'harmless'; GRANT CONNECT ON DATABASE postgres TO berliner;
  ALTER ROLE berliner SET "TimeZone" = 'Europe/Berlin'; ALTER ROLE berliner SET "DateStyle" = 'German, DMY';
  ALTER ROLE berliner SET IntervalStyle = 'iso_8601'; ALTER ROLE berliner SET extra_float_digits = 0;
  ALTER ROLE berliner SET bytea_output = 'escape';
  GRANT SELECT ON ALL TABLES IN SCHEMA public TO berliner;`

const person = { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' }
const policy = {
  minimum_group_size: 5,
  relations: {
    staff: person,
    everyone: '*',
    wages: person,
    wages_south: person,
    western: '*',
    payouts: {
      columns: { amount: 'aggregate-only', seen: 'aggregate-only', price: 'aggregate-only' },
      other_columns: 'allow',
      entity_key: 'person',
      row_key: 'at',
    },
  },
}
const never = new AbortController().signal
const limits = { maximumRows: 100, maximumBytes: 1_000_000, timeoutMilliseconds: 30_000 }

describe.skipIf(problem !== null)('answers about aggregate-only columns of a real server', () => {
  let cluster: PostgresCluster
  let directory: string
  let files = 0

  const open = (own: Partial<PostgresDatabaseOptions> & { readonly url: Secret }): PostgresDatabase =>
    new PostgresDatabase({
      source: 'test',
      connections: 2,
      maximumLagMilliseconds: null,
      allowPrimary: true,
      acceptExcess: true,
      allowed: [],
      ...own,
    })
  const ledger = (): DifferencingLedger =>
    new DifferencingLedger({
      place: ledgerFile(join(directory, `${(files += 1)}.sqlite`)),
      options: ledgerOptions.parse({}),
    })
  /** Rows, or what was said instead. */
  const ask = async (gate: GateUnderTest, database: PostgresDatabase, sql: string): Promise<unknown> => {
    const verdict = await gate.gate.validate(sql, never)
    if (verdict.kind === 'refused') return describeVerdict(verdict.findings)
    try {
      return (await database.query(verdict.value, limits, never)).rows
    } catch (thrown) {
      if (!(thrown instanceof ServiceError)) throw thrown
      return thrown.message
    }
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sallyport-ledger-'))
    cluster = await startCluster(undefined, { hasStandby: true })
    await cluster.execute(schema)
    await cluster.caughtUp()
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  it('count a row once, whatever the settings of a replica, a role or a source make of its text', async () => {
    await using shared = ledger()
    const analyst = new Secret(cluster.primaryUrl)
    await using first = open({ url: analyst, ledger: shared, timeZone: 'America/New_York' })
    await using others = new AsyncDisposableStack()
    const replicas = [
      { url: analyst, timeZone: 'Asia/Kathmandu' },
      { url: analyst, dateOrder: 'DMY' },
      { url: new Secret(cluster.standbyUrl), timeZone: 'UTC' },
      { url: new Secret(cluster.url('standby', 'berliner', 'harmless')) },
    ].map((own) => others.use(open({ ...own, ledger: shared })))
    await using gate = await openGateOver(await first.catalog(never), policy)
    expect(await ask(gate, first, 'SELECT sum(amount), count(seen) FROM payouts')).toEqual([[45_045, 90]])
    for (const replica of replicas) {
      const rest = await ask(gate, replica, 'SELECT sum(amount), count(seen) FROM payouts WHERE person <> 7')
      expect(rest).toContain('[sql/differencing]')
      expect(await ask(gate, replica, 'SELECT sum(amount), count(seen) FROM payouts')).toEqual([[45_045, 90]])
    }
    // By a setting or not, the same question about somebody else is as good.
    await using fresh = ledger()
    await using alone = open({ url: analyst, ledger: fresh, timeZone: 'Asia/Kathmandu' })
    expect(await ask(gate, alone, 'SELECT count(seen) FROM payouts WHERE person <> 7')).toEqual([[87]])
  })

  it('L4: are not given past a table that was attached since the catalog was read, and go on when it was read again', async () => {
    await using shared = ledger()
    await using database = open({ url: new Secret(cluster.primaryUrl), ledger: shared })
    await using before = await openGateOver(await database.catalog(never), policy)
    const south = 'SELECT sum(pay) FROM wages_south'
    const rest = "SELECT sum(pay) FROM wages WHERE site = 'south' AND id <> 47"
    expect(await ask(before, database, south)).toEqual([[1_202_420]])
    await cluster.execute("ALTER TABLE wages ATTACH PARTITION wages_south FOR VALUES IN ('south')")
    for (const sql of [rest, south, 'SELECT count(*) FROM everyone']) {
      expect(await ask(before, database, sql)).toContain('[sql/schema-changed]')
    }
    await using after = await openGateOver(await database.catalog(never), policy)
    expect(await ask(after, database, rest)).toContain('[sql/differencing]')
    expect(await ask(after, database, south)).toEqual([[1_202_420]])
    expect(await ask(after, database, "SELECT sum(pay) FROM wages WHERE site = 'south'")).toEqual([[1_202_420]])
    await cluster.execute('ALTER TABLE wages DETACH PARTITION wages_south')
    expect(await ask(after, database, 'SELECT id FROM staff WHERE id = 1')).toContain('[sql/schema-changed]')
    await using detached = await openGateOver(await database.catalog(never), policy)
    expect(await ask(detached, database, south)).toEqual([[1_202_420]])
    expect(await ask(detached, database, 'SELECT sum(pay) FROM wages_south WHERE id <> 47')).toContain(
      '[sql/differencing]',
    )
  })

  it.each([
    [
      'a parent that the policy gives whole',
      'ALTER TABLE staff INHERIT everyone',
      'ALTER TABLE staff NO INHERIT everyone',
      'SELECT id, pay FROM everyone ORDER BY id LIMIT 1',
    ],
    [
      'a view over what became a partition',
      "ALTER TABLE wages ATTACH PARTITION wages_west FOR VALUES IN ('west')",
      'ALTER TABLE wages DETACH PARTITION wages_west',
      'SELECT pay FROM western WHERE id = 90',
    ],
    [
      'a table between, made since',
      `CREATE TABLE between (id int, site text NOT NULL, pay numeric) PARTITION BY LIST (site);
       ALTER TABLE between ATTACH PARTITION wages_west FOR VALUES IN ('west');
       ALTER TABLE wages ATTACH PARTITION between FOR VALUES IN ('west')`,
      'ALTER TABLE between DETACH PARTITION wages_west; DROP TABLE between',
      'SELECT pay FROM western WHERE id = 90',
    ],
  ])('L4: shows no restricted column through %s', async (_claim, attach, detach, sql) => {
    await using database = open({ url: new Secret(cluster.primaryUrl) })
    await using gate = await openGateOver(await database.catalog(never), policy)
    expect(Array.isArray(await ask(gate, database, sql))).toBe(true)
    await cluster.execute(attach)
    const said = await ask(gate, database, sql)
    await using after = await openGateOver(await database.catalog(never), policy)
    const later = await ask(after, database, sql)
    await cluster.execute(detach)
    expect(said).toContain('[sql/schema-changed]')
    expect(later).toContain('sql/')
  })

  it('are not disturbed by partitions of tables without restricted columns', async () => {
    await using database = open({ url: new Secret(cluster.primaryUrl) })
    await using gate = await openGateOver(await database.catalog(never), policy)
    await cluster.execute("CREATE TABLE log_2024 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')")
    expect(await ask(gate, database, 'SELECT id FROM staff WHERE id = 1')).toEqual([[1]])
  })
})
