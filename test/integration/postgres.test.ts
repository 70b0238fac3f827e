import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { DifferencingLedger } from '../../src/databases/differencing/differencing-ledger.ts'
import { ledgerFile } from '../../src/databases/differencing/ledger-file.ts'
import { ledgerOptions } from '../../src/databases/differencing/options.ts'
import { grantScript } from '../../src/databases/postgres/grant-script.ts'
import { PostgresDatabase, type PostgresDatabaseOptions } from '../../src/databases/postgres/postgres-database.ts'
import {
  selectFunctions,
  type ServerFunction,
} from '../../src/validators/sql/postgresql/functions/function-families.ts'
import { builtInFunctions } from '../../src/validators/sql/postgresql/functions/function-list.ts'
import { vet } from '../../src/validators/vet.ts'
import { describeAudits, describeDatabase } from '../contract/database-contract.ts'
import { serverFunctions } from '../support/sql/server-functions.ts'
import { ensureServer, installedMajors } from '../support/databases/postgres-binaries.ts'
import { type PostgresCluster, startCluster } from '../support/databases/postgres-cluster.ts'
import { valueRows, valueTypes } from '../support/sql/value-rows.ts'
import { recordWire } from '../support/http/wire-recorder.ts'
import { verifies } from '../support/verifies.ts'

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: PostgreSQL tests, ${problem}\n`)

const schema = `
  CREATE TABLE orders (id integer PRIMARY KEY, customer text, amount numeric(10,2));
  INSERT INTO orders SELECT i, 'customer ' || i, i * 1.5 FROM generate_series(1, 20000) i;
  CREATE TABLE secrets (id integer, ssn text, digits text GENERATED ALWAYS AS (lower(ssn) || id) STORED);
  INSERT INTO secrets VALUES (1, '078-05-1120');
  CREATE TABLE payroll (id integer PRIMARY KEY, pay numeric);
  INSERT INTO payroll SELECT i, 30000 + i FROM generate_series(1, 200) i;
  CREATE TABLE heartbeat (at timestamptz);
  INSERT INTO heartbeat VALUES (now());
  ${valueTypes}
  CREATE SCHEMA geo;
  CREATE FUNCTION geo.distance(numeric, numeric) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN RETURN abs($1 - $2); END';
  CREATE FUNCTION geo.other(numeric) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
  CREATE FUNCTION geo.deep(numeric) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN RETURN geo.other($1); END';
  CREATE FUNCTION geo.owned() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM secrets';
  CREATE AGGREGATE geo.total(numeric) (SFUNC = numeric_add, STYPE = numeric, INITCOND = '0');
  CREATE FUNCTION twice(numeric) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN RETURN $1 * 2; END';
  CREATE VIEW doubled AS SELECT id, twice(amount) AS amount FROM orders;
  CREATE FUNCTION secret_twice(numeric) RETURNS numeric LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN $1 * 2; END';
  CREATE VIEW owned_by AS SELECT id, secret_twice(amount) AS amount FROM orders;
  CREATE FUNCTION leak() RETURNS SETOF secrets LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM secrets';
  ANALYZE;`

const never = new AbortController().signal
const scripted = {
  role: 'analyst',
  database: 'postgres',
  functions: ['geo.distance(numeric, numeric)', 'geo.total(numeric)', 'geo.deep(numeric)', 'geo.owned()'],
  connections: 20,
  timeoutMilliseconds: 180_000,
}
const limits = { maximumRows: 100, maximumBytes: 1_000_000, timeoutMilliseconds: 30_000 }
const facts = { source: 'shop', relations: [], columns: [], functions: [], rowLimit: 101 }
/** A total of pay with its audit, as the gate writes it. */
function payTotal(where: string) {
  const number = (value: string): string => `array_agg(hashtextextended(${value}, 0) & 9007199254740991)`
  const text = `SELECT ${number('id::text')}, ${number('CAST(ROW(id, pay) AS text)')} FROM public.payroll WHERE ${where}`
  const audit = { group: 'default', minimum: 5, sets: [{ relation: 'public.payroll', byRow: false, text }] }
  return vet('sql', `SELECT sum(pay) FROM public.payroll WHERE ${where}`, { ...facts, audit })
}

const statement = (text: string) => vet('sql', text, facts)

describe.skipIf(problem !== null).each(installedMajors())('PostgreSQL %i with a streaming hot standby', (major) => {
  let cluster: PostgresCluster
  let database: PostgresDatabase
  let watcher: Client

  const allowed = {
    'public.orders': '*',
    'public.heartbeat': ['at'],
    'public.payroll': '*',
    'public.doubled': '*',
    'public.owned_by': '*',
  } as const
  const open = (url: string, own: Partial<PostgresDatabaseOptions> = {}): PostgresDatabase =>
    new PostgresDatabase({
      source: 'shop',
      url: new Secret(url),
      connections: 4,
      maximumLagMilliseconds: null,
      allowPrimary: false,
      acceptExcess: false,
      allowed: Object.keys(allowed),
      functions: scripted.functions,
      ...own,
    })
  const fault = async (running: Promise<unknown>): Promise<{ code: string; message: string; advice: string }> => {
    const error: unknown = await running.then(
      () => null,
      (reason: unknown) => reason,
    )
    return error as { code: string; message: string; advice: string }
  }

  /** How many statements over `alias` the server has at work; it calls one so from its first message to its last. */
  const atWork = async (alias: string): Promise<number> => {
    const { rows } = await watcher.query(
      "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 AND pid <> pg_backend_pid()",
      [`%AS ${alias}`],
    )
    return rows.length
  }
  /** A statement that the server would end itself after three minutes, seen at work there. */
  const startEndless = async (on: PostgresDatabase, alias: string) => {
    const controller = new AbortController()
    const sql = `SELECT count(*) FROM (SELECT generate_series(1, 100000000000)) AS ${alias}`
    const asked = on.query(statement(sql), { ...limits, timeoutMilliseconds: 180_000 }, controller.signal)
    const running = { abort: () => controller.abort(), fault: fault(asked) }
    await expect.poll(() => atWork(alias), { interval: 5 }).toBe(1)
    return running
  }
  const untilFree = async (alias: string): Promise<void> => {
    await expect.poll(() => atWork(alias), { interval: 5 }).toBe(0)
  }

  beforeAll(async () => {
    cluster = await startCluster(major, { hasStandby: true })
    await cluster.execute(schema)
    const role = { ...scripted, major }
    await cluster.execute(grantScript({ ...role, relations: allowed }))
    await cluster.execute("ALTER ROLE analyst PASSWORD 'harmless'")
    await cluster.caughtUp()
    database = open(cluster.url('standby', 'analyst', 'harmless'))
    watcher = new Client({ connectionString: cluster.standbyUrl })
    await watcher.connect()
  }, 300_000)
  afterAll(async () => {
    await watcher?.end()
    await database?.[Symbol.asyncDispose]()
    await cluster?.[Symbol.asyncDispose]()
  })

  describeDatabase('replica', () => ({ database, readable: 'public.orders', forbidden: 'public.secrets' }))
  describeAudits('replica', (ledger) => open(cluster.url('standby', 'analyst', 'harmless'), { ledger }))

  it.each(valueRows)('%s', async (_claim, sql, expected) => {
    const { rows } = await database.query(statement(`SELECT ${sql}`), limits, never)
    expect(rows).toEqual([[expected]])
  })

  it('makes, by the script it prints, a role that is proven harmless, and can be run again', async () => {
    verifies('sources.grant-script')
    const role = { ...scripted, major }
    await cluster.execute(grantScript({ ...role, relations: allowed }))
    const identities = [expect.stringMatching(/^\d+\/\d+$/)]
    expect(await database.prove(never)).toEqual({ role: 'analyst', inRecovery: true, excess: [], identities })
  })

  describe('D12: with a time zone and an order of dates of its own', () => {
    const text = `SELECT m, m::date, date_trunc('day', m), current_date - (now() AT TIME ZONE 'Europe/Berlin')::date, t::date
      FROM (VALUES ('2024-06-30 22:30:00+00'::timestamptz, '01/02/2024'::text)) AS v (m, t)`

    beforeAll(async () => {
      await cluster.execute(`CREATE ROLE berliner LOGIN PASSWORD 'harmless'; GRANT CONNECT ON DATABASE postgres TO berliner;
        ALTER ROLE berliner SET "TimeZone" = 'Europe/Berlin'; ALTER ROLE berliner SET "DateStyle" = 'German, DMY'`)
      await cluster.caughtUp()
    })

    it('is read and written as the database does, and says so', async () => {
      verifies('values.time-zone')
      await using berliner = open(cluster.url('standby', 'berliner', 'harmless'), { allowed: [] })
      const { rows, dates, asOf } = await berliner.query(statement(text), limits, never)
      expect(rows).toEqual([['2024-07-01T00:30:00+02:00', '2024-07-01', '2024-07-01T00:00:00+02:00', 0, '2024-02-01']])
      expect(dates).toEqual({ timeZone: 'Europe/Berlin', dateOrder: 'DMY' })
      expect(Math.abs(asOf.getTime() - Date.now())).toBeLessThan(600_000)
      expect((await berliner.catalog(never)).dates).toEqual(dates)
    })

    it('is as the source is set to instead', async () => {
      verifies('values.time-zone')
      const own = { allowed: [], timeZone: 'America/New_York', dateOrder: 'MDY' }
      await using other = open(cluster.url('standby', 'berliner', 'harmless'), own)
      const { rows, dates } = await other.query(statement(text), limits, never)
      expect(rows[0]?.slice(0, 3)).toEqual(['2024-06-30T18:30:00-04:00', '2024-06-30', '2024-06-30T00:00:00-04:00'])
      expect(rows[0]?.[4]).toBe('2024-01-02')
      expect(dates).toEqual({ timeZone: 'America/New_York', dateOrder: 'MDY' })
    })
  })

  it.each([
    ['a function', 'SELECT geo.distance(3, 1)', '2'],
    ['an aggregate', 'SELECT geo.total(id) FROM public.orders WHERE id < 4', '6'],
    ['one with the rights of its owner', 'SELECT geo.owned()', '1'],
    ['one that a view calls', 'SELECT amount FROM public.doubled WHERE id = 2', '6.00'],
  ])('W5: lets the role run %s', async (_what, text, value) => {
    const { rows } = await database.query(statement(text), limits, never)
    expect(rows).toEqual([[Number(value)]])
  })

  it.each([
    ['SELECT geo.other(1)', ['geo.other(numeric)'], [], 'may not run the function geo.other(numeric)'],
    ['SELECT geo.deep(1)', ['geo.deep(numeric)'], [], 'A function of the statement uses something'],
    ['SELECT amount FROM public.owned_by', [], ['public.owned_by'], 'A view that the statement reads calls a function'],
    ['SELECT ssn FROM public.secrets', [], ['public.secrets'], 'names a table or column that is not available'],
  ])('W5: tells truly what the role may not do: %s', async (text, functions, relations, sentence) => {
    const vetted = vet('sql', text, { ...facts, functions, relations })
    // What a body calls is known to nobody before it runs.
    const plans = text.includes('deep') ? [] : [() => database.estimate(vetted, never)]
    for (const ask of [() => database.query(vetted, limits, never), ...plans]) {
      const refusal = await fault(ask())
      expect(refusal.code).toBe('query-failed')
      expect(refusal.message).toContain(sentence)
      if (functions.length > 0) expect(refusal.advice).toContain('sql grant-script')
    }
  })

  it('refuses a role that can do more, with the list of what it can do', async () => {
    verifies('security.read-only-role')
    await cluster.execute(`CREATE ROLE careless LOGIN PASSWORD 'harmless'; GRANT analyst, pg_read_all_data TO careless;
      GRANT USAGE, CREATE ON SCHEMA public TO careless; GRANT SELECT, UPDATE ON orders, secrets TO careless;
      GRANT EXECUTE ON FUNCTION leak() TO careless; GRANT CONNECT, TEMPORARY ON DATABASE postgres TO careless;
      ALTER ROLE careless CREATEDB`)
    await cluster.caughtUp()
    await using careless = open(cluster.url('standby', 'careless', 'harmless'))
    const refusal = await fault(careless.query(statement('SELECT 1'), limits, never))
    expect(refusal.code).toBe('database-unavailable')
    for (const excess of [
      'is allowed to create databases',
      'may SET ROLE analyst',
      'may SET ROLE pg_read_all_data',
      'can write to public.orders',
      'can create objects in schema public',
      'can create temporary tables',
      'can run public.leak()',
      'can read public.secrets',
    ]) {
      expect(refusal.message).toContain(excess)
    }
    await using overridden = open(cluster.url('standby', 'careless', 'harmless'), { acceptExcess: true })
    expect((await overridden.query(statement('SELECT 1'), limits, never)).rows).toEqual([[1]])
  })

  it('refuses a superuser', async () => {
    await using careless = open(cluster.standbyUrl)
    expect((await fault(careless.query(statement('SELECT 1'), limits, never))).message).toContain('is a superuser')
  })

  it('refuses a primary unless it is allowed by name', async () => {
    verifies('sources.primary')
    await using primary = open(cluster.url('primary', 'analyst', 'harmless'))
    expect((await fault(primary.query(statement('SELECT 1'), limits, never))).message).toContain('is a primary')
    await using allowedPrimary = open(cluster.url('primary', 'analyst', 'harmless'), { allowPrimary: true })
    expect(await allowedPrimary.query(statement('SELECT 1'), limits, never)).toMatchObject({
      rows: [[1]],
      lagMilliseconds: 0,
    })
  })

  it('says which database it holds: the same as primary, as standby and by every name', async () => {
    const [primary, standby] = [
      cluster.url('primary', 'analyst', 'harmless'),
      cluster.url('standby', 'analyst', 'harmless'),
    ]
    const identities = async (url: string): Promise<readonly string[]> => {
      await using one = open(url)
      return (await one.prove(never)).identities ?? []
    }
    const own = await identities(primary)
    expect(own).toEqual([expect.stringMatching(/^\d+\/\d+$/)])
    expect(await identities(standby)).toEqual(own)
    expect(await identities(primary.replace('127.0.0.1', 'localhost'))).toEqual(own)
    await cluster.execute('CREATE DATABASE elsewhere')
    expect(await identities(primary.replace(/\/[^/]*$/, '/elsewhere'))).not.toEqual(own)
  })

  it('knows what a generated column is computed from', async () => {
    const { relations } = await database.catalog(never)
    const columns = relations.find(({ name }) => name === 'secrets')?.columns
    const sources = columns?.map(({ name, generatedFrom }) => [name, generatedFrom?.toSorted()])
    expect(sources).toEqual([
      ['id', undefined],
      ['ssn', undefined],
      ['digits', ['id', 'ssn']],
    ])
  })

  it('speaks the extended protocol only', async () => {
    const port = Number(new URL(cluster.standbyUrl).port)
    await using wire = await recordWire({ host: '127.0.0.1', port })
    await using recorded = open(`postgresql://analyst:harmless@127.0.0.1:${wire.port}/postgres`)
    await recorded.query(statement('SELECT id FROM public.orders LIMIT 10'), limits, never)
    await recorded.catalog(never)
    await recorded.prove(never)
    expect(wire.messages.length).toBeGreaterThan(50)
    expect(wire.messages).toContain('P')
    expect(wire.messages).not.toContain('Q')
  })

  it('cancels over a second connection, and frees the server', async () => {
    const port = Number(new URL(cluster.standbyUrl).port)
    await using wire = await recordWire({ host: '127.0.0.1', port })
    await using recorded = open(`postgresql://analyst:harmless@127.0.0.1:${wire.port}/postgres`)
    await recorded.query(statement('SELECT 1'), limits, never)
    const running = await startEndless(recorded, 'endless')
    running.abort()
    expect((await running.fault).code).toBe('cancelled')
    expect(wire.cancels).toBeGreaterThan(0)
    await untilFree('endless')
  })

  it('frees the server where a request to cancel comes before the statement is carried out', async () => {
    verifies('gate.abort')
    const port = Number(new URL(cluster.standbyUrl).port)
    await using wire = await recordWire({ host: '127.0.0.1', port })
    await using recorded = open(`postgresql://analyst:harmless@127.0.0.1:${wire.port}/postgres`)
    await recorded.query(statement('SELECT 1'), limits, never)
    wire.holdExecute('AS held')
    const running = await startEndless(recorded, 'held')
    running.abort()
    expect((await running.fault).code).toBe('cancelled')
    expect(wire.cancels).toBeGreaterThan(1)
    await untilFree('held')
  })

  it('frees the server after an abort at whatever moment, as the server itself tells', async () => {
    verifies('gate.abort')
    const milliseconds: number[] = []
    for (let round = 0; round < 20; round += 1) {
      const running = await startEndless(database, `round_${round}`)
      const aborted = performance.now()
      running.abort()
      await untilFree(`round_${round}`)
      milliseconds.push(performance.now() - aborted)
      expect((await running.fault).code).toBe('cancelled')
    }
    const [median = Infinity] = milliseconds.sort((left, right) => left - right).slice(10)
    process.stderr.write(
      `PostgreSQL ${major}: free after ${Math.round(median)} ms, at most ${Math.round(milliseconds.at(-1) ?? 0)} ms\n`,
    )
  })

  it('has exactly the functions that were reviewed for its version', async () => {
    const client = new Client({ connectionString: cluster.primaryUrl })
    await client.connect()
    try {
      const { rows } = await client.query<ServerFunction>(serverFunctions)
      const reviewed = [...builtInFunctions(major)].map(([name, overloads]) => [name, [...overloads]])
      expect(Object.fromEntries(reviewed)).toEqual(selectFunctions(rows))
    } finally {
      await client.end()
    }
  })

  it('does not wait for a server that has fallen silent', async () => {
    const port = Number(new URL(cluster.standbyUrl).port)
    await using wire = await recordWire({ host: '127.0.0.1', port })
    await using recorded = open(`postgresql://analyst:harmless@127.0.0.1:${wire.port}/postgres`)
    await recorded.query(statement('SELECT 1'), limits, never)
    const own = { ...limits, timeoutMilliseconds: 1000 }
    const running = fault(recorded.query(statement('SELECT pg_sleep(30)'), own, never))
    setTimeout(() => wire.silence(), 300)
    expect((await running).code).toBe('deadline-exceeded')
  })

  it('survives a deadline that falls together with the timeout of the server', async () => {
    for (let round = 0; round < 20; round += 1) {
      const own = { ...limits, timeoutMilliseconds: 60 + round }
      const endless = 'SELECT count(*) FROM generate_series(1, 100000000000)'
      expect((await fault(database.query(statement(endless), own, never))).code).toBe('deadline-exceeded')
    }
    expect((await database.query(statement('SELECT 1'), limits, never)).rows).toEqual([[1]])
  })

  it('answers one of two statements that race and differ by a person, and the same one for nothing again', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sallyport-ledger-'))
    await using ledger = new DifferencingLedger({
      place: ledgerFile(join(directory, 'l.sqlite')),
      options: ledgerOptions.parse({}),
    })
    await using audited = open(cluster.url('standby', 'analyst', 'harmless'), { ledger })
    const ask = (where: string) => audited.query(payTotal(where), limits, never)
    const answers = await Promise.allSettled([ask('id > 0'), ask('id > 1')])
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [String(answer.reason)] : []))
    expect(refused).toEqual([expect.stringContaining('[sql/differencing]')])
    const passed = answers[0]?.status === 'fulfilled' ? 'id > 0' : 'id > 1'
    expect((await ask(passed)).rows).toHaveLength(1)
    await using without = open(cluster.url('standby', 'analyst', 'harmless'))
    expect((await fault(without.query(payTotal('id > 0'), limits, never))).message).toContain('keeps no ledger')
    await rm(directory, { recursive: true })
  })

  it('reads again once when replication ends a statement', async () => {
    await cluster.execute(
      `CREATE TABLE churn AS SELECT i FROM generate_series(1, 1000) i; GRANT SELECT ON churn TO analyst`,
    )
    await cluster.caughtUp()
    await using impatient = open(cluster.url('standby', 'analyst', 'harmless'), {
      allowed: [...Object.keys(allowed), 'public.churn'],
    })
    await using superuser = open(cluster.standbyUrl, { acceptExcess: true })
    await superuser.query(statement('SELECT 1'), limits, never)
    // A lock that the standby must replay while the statement holds its own: the statement is ended with 40001 after
    // max_standby_streaming_delay, which the cluster sets low.
    const slow = impatient.query(statement('SELECT count(pg_sleep(0.002)) FROM public.churn'), limits, never)
    await new Promise((resolve) => setTimeout(resolve, 500))
    await cluster.execute('TRUNCATE churn')
    const { rows } = await slow
    // The second attempt sees the table after the truncation.
    expect(rows).toEqual([[0]])
    await cluster.execute('DROP TABLE churn')
    await cluster.caughtUp()
  })

  it('L7: gives the rows before a row that is too large where something is hidden, however large it is', async () => {
    const masks = [{ position: 0, relation: 'public.orders', column: 'customer', how: 'null' }]
    for (const length of [2_000, 20_000_000, 80_000_000]) {
      const text = `SELECT 'hidden', CASE WHEN id = 3 THEN repeat('y', ${length}) ELSE 'a' END FROM public.orders ORDER BY id`
      const own = { ...limits, maximumBytes: 1_000 }
      const { rows, truncated } = await database.query(vet('sql', text, { ...facts, masks }), own, never)
      expect([rows.length, truncated]).toEqual([2, 'bytes'])
    }
  })

  it('cuts a value that is larger than all rows may be', async () => {
    const huge = "SELECT repeat('x', 60000000)"
    const refusal = await fault(database.query(statement(huge), { ...limits, maximumBytes: 1000 }, never))
    expect(refusal).toMatchObject({ code: 'query-failed', message: expect.stringContaining('larger') })
    expect((await database.query(statement('SELECT 1'), limits, never)).rows).toEqual([[1]])
  })

  it('tells how far behind it is, by heartbeat where there is one, and refuses when that is too far', async () => {
    verifies('sources.lag')
    const url = cluster.url('standby', 'analyst', 'harmless')
    const heartbeat = 'SELECT extract(epoch FROM clock_timestamp() - max(at)) * 1000 FROM public.heartbeat'
    await cluster.execute("UPDATE heartbeat SET at = now() - interval '1 hour'")
    await cluster.caughtUp()
    expect((await database.query(statement('SELECT 1'), limits, never)).lagMilliseconds).toBeLessThan(60_000)
    await using measured = open(url, { heartbeat })
    const { lagMilliseconds, asOf } = await measured.query(statement('SELECT 1'), limits, never)
    expect(lagMilliseconds).toBeGreaterThanOrEqual(3_600_000)
    expect(Math.abs(Date.now() - asOf.getTime())).toBeLessThan(60_000)
    await using strict = open(url, { heartbeat, maximumLagMilliseconds: 60_000 })
    expect(await fault(strict.query(statement('SELECT 1'), limits, never))).toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('behind'),
    })
  })

  it("says that a server cannot be reached, or does not accept the role, without the server's words", async () => {
    await using nobody = open('postgresql://analyst:harmless@127.0.0.1:1/postgres')
    expect(await fault(nobody.query(statement('SELECT 1'), limits, never))).toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
    await using wrong = open(cluster.url('standby', 'analyst', 'wrong'))
    const refusal = await fault(wrong.query(statement('SELECT 1'), limits, never))
    expect(refusal.code).toBe('database-unavailable')
    expect(refusal.message).not.toContain('password authentication failed')
  })

  it('works again after the server has ended its connections', async () => {
    await database.query(statement('SELECT 1'), limits, never)
    await using superuser = open(cluster.standbyUrl, { acceptExcess: true })
    const end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'analyst'"
    await superuser.query(statement(end), limits, never)
    await expect
      .poll(async () => (await database.query(statement('SELECT 1'), limits, never).catch(() => null))?.rows)
      .toEqual([[1]])
  })
})
