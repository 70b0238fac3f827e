import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Catalog, Shadow } from '../../src/core/catalog.ts'
import { Secret } from '../../src/core/secret.ts'
import { PostgresConnection } from '../../src/databases/postgres/connection.ts'
import { openAdHocCatalog } from '../../src/databases/shadow/ad-hoc-catalog.ts'
import { PgliteShadow } from '../../src/databases/shadow/pglite-shadow.ts'
import { PostgresShadow } from '../../src/databases/shadow/postgres-shadow.ts'
import { testImages } from '../support/databases/database-images.ts'
import { ensureServer, installedMajors } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { verifies } from '../support/verifies.ts'

const never = new AbortController().signal
const options = { images: testImages(), maximumMegabytes: 1500, timeoutMilliseconds: 20_000, openMilliseconds: 300_000 }

/** As pg_dump writes it. */
const dump = String.raw`
\restrict abc
SET transaction_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE EXTENSION IF NOT EXISTS no_such_extension WITH SCHEMA public;
CREATE TABLE public.a (id bigint NOT NULL, note text) PARTITION BY RANGE (id);
ALTER TABLE public.a OWNER TO nobody_here;
CREATE TABLE public.a_1 (id bigint NOT NULL, note text);
ALTER TABLE ONLY public.a ATTACH PARTITION public.a_1 FOR VALUES FROM (1) TO (9);
CREATE FUNCTION public.f() RETURNS text LANGUAGE no_such_language AS $$ a; b $$;
COPY public.a_1 (id, note) FROM stdin;
1	it's; "odd"
\.
CREATE VIEW public.b AS SELECT id FROM public.a;
ALTER TABLE ONLY public.a_1 ADD CONSTRAINT a_1_pkey PRIMARY KEY (id);
GRANT SELECT ON TABLE public.a TO nobody_here;
\unrestrict abc
`

const schema = `
  CREATE TYPE mood AS ENUM ('sad', 'happy');
  CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100);
  CREATE SCHEMA sales;
  CREATE TABLE orders (id integer PRIMARY KEY, customer text, amount numeric(10,2), mood mood, share percent);
  CREATE TABLE secrets (id integer, ssn text);
  CREATE TABLE sales."Odd name" ("a ""quoted"" column" integer);
  CREATE VIEW overview AS SELECT o.customer, s.ssn FROM orders o JOIN secrets s USING (id);
  CREATE FUNCTION peek(secrets) RETURNS text LANGUAGE sql AS 'SELECT $1.ssn';`

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: shadows on a PostgreSQL server, ${problem}\n`)

type AnyShadow = Shadow & AsyncDisposable & { warm(signal: AbortSignal): Promise<void> }

const kinds = [
  { kind: 'PGlite', major: null },
  ...installedMajors().map((major) => ({ kind: `PostgreSQL ${major}`, major })),
]

describe.each(kinds)('the shadow on $kind', ({ major }) => {
  let shadow: AnyShadow
  let cluster: PostgresCluster | null = null

  async function resolved(statement: string) {
    const answer = await shadow.resolve(statement, never)
    if (answer.kind === 'failed') throw new Error(`did not resolve: ${answer.failure.sqlstate}`)
    return answer.resolution
  }

  beforeAll(async () => {
    const made = await openAdHocCatalog(schema, options, never)
    shadow = made.shadow
    if (major === null) return
    await made.shadow[Symbol.asyncDispose]()
    cluster = await startCluster(major)
    await cluster.execute("CREATE ROLE shadow LOGIN CREATEDB PASSWORD 'harmless'")
    const catalog = { ...made.catalog, dialect: { ...made.catalog.dialect, major } }
    shadow = shadowOn(cluster.url('primary', 'shadow', 'harmless'), catalog)
  })
  afterAll(async () => {
    await shadow?.[Symbol.asyncDispose]()
    await cluster?.[Symbol.asyncDispose]()
  })

  it.each([
    ['a plain column', 'SELECT customer FROM orders', ['public.orders.customer']],
    ['an order', 'SELECT 1 FROM orders ORDER BY amount', ['public.orders.amount']],
    ['a grouping', 'SELECT count(*) FROM orders GROUP BY customer', ['public.orders.customer']],
    ['USING', 'SELECT 1 FROM orders JOIN secrets USING (id)', ['public.orders.id', 'public.secrets.id']],
    ['NATURAL', 'SELECT 1 FROM orders NATURAL JOIN secrets', ['public.orders.id', 'public.secrets.id']],
    ['a whole row', 'SELECT s FROM secrets s', ['public.secrets.id', 'public.secrets.ssn']],
    ['a whole row in a function', 'SELECT row_to_json(s) FROM secrets s', ['public.secrets.id', 'public.secrets.ssn']],
    ['functional notation', 'SELECT ssn(s) FROM secrets s', ['public.secrets.id', 'public.secrets.ssn']],
    ['attribute notation of a function', 'SELECT (s).peek FROM secrets s', ['public.secrets.id', 'public.secrets.ssn']],
    [
      'a join as a row',
      'SELECT j FROM (orders JOIN secrets USING (id)) AS j',
      [
        'public.orders.amount',
        'public.orders.customer',
        'public.orders.id',
        'public.orders.mood',
        'public.orders.share',
        'public.secrets.id',
        'public.secrets.ssn',
      ],
    ],
    ['an EXISTS', 'SELECT 1 WHERE EXISTS (SELECT FROM secrets WHERE ssn = $$1$$)', ['public.secrets.ssn']],
    ['a LIMIT', 'SELECT 1 LIMIT (SELECT max(id) FROM secrets)', ['public.secrets.id']],
    ['a window', 'SELECT rank() OVER (PARTITION BY ssn) FROM secrets', ['public.secrets.ssn']],
    ['a CTE', 'WITH x AS (TABLE secrets) SELECT 1 FROM x', ['public.secrets.id', 'public.secrets.ssn']],
    ['a sample', 'SELECT id FROM secrets TABLESAMPLE system (5)', ['public.secrets.id']],
    ['a lateral', 'SELECT 1 FROM orders o, LATERAL (SELECT o.amount) x', ['public.orders.amount']],
    ['a system column', 'SELECT ctid FROM orders', ['public.orders.ctid']],
    ['a view', 'SELECT ssn FROM overview', ['public.overview.ssn']],
    ['odd names', 'SELECT * FROM sales."Odd name"', ['sales.Odd name.a "quoted" column']],
    ['the catalog', 'SELECT rolname FROM pg_authid', ['pg_catalog.pg_authid.rolname']],
  ])('sees the columns of %s', async (_claim, statement, columns) => {
    expect((await resolved(statement)).columns).toEqual(columns)
  })

  it.each([
    ['plain outputs', 'SELECT id, ssn FROM secrets', []],
    ['what is computed in an output', 'SELECT upper(ssn) FROM secrets', []],
    ['an aggregate', 'SELECT max(ssn) FROM secrets', []],
    ['a condition', "SELECT id FROM secrets WHERE ssn > '5'", ['public.secrets.ssn']],
    [
      'a join',
      'SELECT o.id FROM orders o JOIN secrets s ON s.ssn = o.customer',
      ['public.orders.customer', 'public.secrets.ssn'],
    ],
    ['USING', 'SELECT customer FROM orders JOIN secrets USING (id)', ['public.orders.id', 'public.secrets.id']],
    ['groups', 'SELECT count(*) FROM secrets GROUP BY upper(ssn)', ['public.secrets.ssn']],
    ['HAVING', "SELECT id FROM secrets GROUP BY id HAVING max(ssn) > '5'", ['public.secrets.id', 'public.secrets.ssn']],
    ['an order', 'SELECT id FROM secrets ORDER BY ssn', ['public.secrets.ssn']],
    ['DISTINCT', 'SELECT DISTINCT ssn FROM secrets', ['public.secrets.ssn']],
    ['a limit', 'SELECT 1 FROM orders LIMIT (SELECT max(id) FROM secrets)', ['public.secrets.id']],
    ['a window', 'SELECT rank() OVER (ORDER BY ssn) FROM secrets', ['public.secrets.ssn']],
    [
      'EXISTS',
      'SELECT 1 FROM orders o WHERE EXISTS (SELECT FROM secrets s WHERE s.id = o.id)',
      ['public.orders.id', 'public.secrets.id'],
    ],
    [
      'a subquery of FROM',
      "SELECT a FROM (SELECT id AS a, upper(ssn) AS b FROM secrets) q WHERE b > '5'",
      ['public.secrets.ssn'],
    ],
    [
      'a WITH query',
      "WITH q AS (SELECT id, ssn AS b FROM secrets) SELECT id FROM q WHERE b > '5'",
      ['public.secrets.ssn'],
    ],
    ['UNION ALL, none', 'SELECT ssn FROM secrets UNION ALL SELECT customer FROM orders', []],
    [
      'EXCEPT',
      'SELECT ssn FROM secrets EXCEPT SELECT customer FROM orders',
      ['public.orders.customer', 'public.secrets.ssn'],
    ],
    [
      'a side of UNION ALL',
      "SELECT id FROM orders UNION ALL SELECT id FROM secrets WHERE ssn > '5'",
      ['public.secrets.ssn'],
    ],
    ['a row', "SELECT id FROM secrets s WHERE s::text > '5'", ['public.secrets.id', 'public.secrets.ssn']],
    ['a function of FROM', 'SELECT id FROM secrets, generate_series(1, length(ssn))', ['public.secrets.ssn']],
    ['LATERAL', "SELECT s.id FROM secrets s, LATERAL (SELECT s.ssn AS b) q WHERE q.b > '5'", ['public.secrets.ssn']],
    ['a sample', 'SELECT id FROM secrets TABLESAMPLE system (5)', []],
    [
      'recursion',
      'WITH RECURSIVE q AS (SELECT id, ssn FROM secrets UNION ALL SELECT id + 1, ssn FROM q WHERE id < 9) SELECT 1 FROM q WHERE ssn IS NULL',
      ['public.secrets.id', 'public.secrets.ssn'],
    ],
  ])('L9: tells the columns that decide about rows, when asked: %s', async (_claim, statement, deciders) => {
    const answer = await shadow.resolve(statement, never, { deciders: true })
    expect(answer.kind === 'resolved' && answer.resolution.deciders).toEqual(deciders)
    expect((await resolved(statement)).deciders).toBeUndefined()
  })

  it('L2: tells which functions the catalog does not call immutable', async () => {
    const { changing } = await resolved(
      "SELECT lower(customer), now(), ('2020' || customer)::timestamptz, random() FROM orders",
    )
    expect(changing).toEqual([
      'pg_catalog.now()',
      'pg_catalog.random()',
      'pg_catalog.timestamptz_in(cstring, oid, integer)',
    ])
  })

  it('sees a relation of which no column is read', async () => {
    expect(await resolved('SELECT count(*) FROM secrets')).toMatchObject({ relations: ['public.secrets'], columns: [] })
  })

  it.each([
    ['an overload', 'SELECT sum(amount) FROM orders', 'pg_catalog.sum(numeric)'],
    ['an operator', 'SELECT 1 + 1', 'pg_catalog.int4pl(integer, integer)'],
    ['an implicit cast', 'SELECT pg_sleep(1)', 'pg_catalog.float8(integer)'],
    ['a cast by way of text', "SELECT (ARRAY['1'])[1]::integer", 'pg_catalog.int4in(cstring)'],
    ['a function in FROM', 'SELECT * FROM pg_ls_dir($$.$$)', 'pg_catalog.pg_ls_dir(text)'],
    ['a function of the schema', 'SELECT peek(s) FROM secrets s', 'public.peek(public.secrets)'],
    ['a row comparison', 'SELECT (1, 2) < (3, 4)', 'pg_catalog.int4lt(integer, integer)'],
    ['an order', 'SELECT 1 FROM orders ORDER BY amount', 'pg_catalog.numeric_lt(numeric, numeric)'],
    ['a method of sampling', 'SELECT 1 FROM orders TABLESAMPLE bernoulli (1)', 'pg_catalog.bernoulli(internal)'],
  ])('sees the function of %s', async (_claim, statement, signature) => {
    expect((await resolved(statement)).functions).toContain(signature)
  })

  it('sees the types a constant is read as', async () => {
    expect((await resolved("SELECT 'secrets'::regclass::oid")).types).toContain('pg_catalog.regclass')
  })

  it('names the output with types and origins, duplicates and the unnamed too', async () => {
    expect((await resolved('SELECT customer AS a, amount AS a, 1, ROW(1) FROM orders')).output).toEqual([
      { name: 'a', type: 'text', origin: { relation: 'public.orders', column: 'customer' } },
      { name: 'a', type: 'numeric(10,2)', origin: { relation: 'public.orders', column: 'amount' } },
      { name: '?column?', type: 'integer', origin: null },
      { name: 'row', type: 'record', origin: null },
    ])
  })

  it('lets columns that depend on the primary key stand ungrouped', async () => {
    expect((await resolved('SELECT id, customer, sum(amount) FROM orders GROUP BY id')).relations).toEqual([
      'public.orders',
    ])
  })

  it.each([
    ['a missing table', 'SELECT * FROM nowhere', '42P01'],
    ['a missing column', 'SELECT nothing FROM orders', '42703'],
    ['a parameter', 'SELECT $1::integer', '42P02'],
    ['two statements', 'SELECT 1; SELECT 2', '42601'],
    ['an insert', 'INSERT INTO orders (id) VALUES (1)', '0A000'],
    ['a data-modifying CTE', 'WITH x AS (DELETE FROM orders RETURNING *) SELECT * FROM x', '0A000'],
    ['a row lock', 'SELECT * FROM orders FOR UPDATE', '0A000'],
    ['SELECT INTO', 'SELECT * INTO mine FROM orders', '0A000'],
    ['a setting', 'SET search_path = sales', '0A000'],
    ['a transaction', 'BEGIN', '0A000'],
    ['an explanation', 'EXPLAIN SELECT 1', '0A000'],
  ])('does not resolve %s', async (_claim, statement, sqlstate) => {
    expect(await shadow.resolve(statement, never)).toMatchObject({ kind: 'failed', failure: { sqlstate } })
  })

  it('says where a name is unknown', async () => {
    const answer = await shadow.resolve('SELECT customer, nothing FROM orders', never)
    expect(answer).toEqual({ kind: 'failed', failure: { sqlstate: '42703', position: 18 } })
  })

  it('runs nothing: what would never end is analyzed at once', async () => {
    verifies('shadow.runs-nothing')
    const endless = 'SELECT pg_sleep(1000), (SELECT count(*) FROM generate_series(1, 100000000000))'
    expect((await resolved(endless)).functions).toContain('pg_catalog.pg_sleep(double precision)')
  })

  it('keeps what a name pretends to be out of the tree', async () => {
    const name = '"{RTEPERMISSIONINFO :relid 1 :funcid 2}"'
    expect(await resolved(`SELECT id AS ${name} FROM orders AS ":relid 1255"`)).toMatchObject({
      relations: ['public.orders'],
      columns: ['public.orders.id'],
      functions: [],
    })
  })

  it('starts again after it was ended', async () => {
    await shadow.warm(never)
    if (shadow instanceof PgliteShadow) {
      const { pid } = shadow
      process.kill(pid ?? 0, 'SIGKILL')
      await expect.poll(() => (shadow as PgliteShadow).pid).toBeNull()
    } else {
      await cluster?.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'shadow'")
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect((await resolved('SELECT id FROM orders')).relations).toEqual(['public.orders'])
  })
})

describe('a schema', () => {
  it('refuses a schema that is not DDL, saying where', async () => {
    const opening = openAdHocCatalog('CREATE TABLE a (b integer);\nCREATE TABEL c', options, never)
    await expect(opening).rejects.toMatchObject({ code: 'invalid-file', message: expect.stringContaining('in line 2') })
  })

  it('is taken from a dump, whose owners, privileges, extensions and rows are not here', async () => {
    verifies('shadow.no-rows')
    const { catalog, shadow } = await openAdHocCatalog(dump, options, never)
    await shadow[Symbol.asyncDispose]()
    const columns = catalog.relations.map(
      ({ name, columns }) => `${name}: ${columns.map((column) => column.name).join()}`,
    )
    expect(columns.toSorted()).toEqual(['a: id,note', 'a_1: id,note', 'b: id'])
  })

  it('tells the DDL of MySQL from that of PostgreSQL', async () => {
    const opening = openAdHocCatalog('CREATE TABLE `a` (`b` int AUTO_INCREMENT) ENGINE=InnoDB;', options, never)
    await expect(opening).rejects.toMatchObject({ code: 'invalid-file', advice: expect.stringContaining('MySQL') })
  })
})

describe.skipIf(problem !== null)('the server a shadow is on', () => {
  let cluster: PostgresCluster
  const catalog = (major: number): Catalog => ({
    dialect: { name: 'postgresql', major },
    relations: [],
    fingerprint: 'f',
    schemaStatements: ['CREATE TABLE public.orders (id integer)'],
  })
  const databases = async (): Promise<string[]> => {
    await using connection = await PostgresConnection.open({ connectionString: cluster.primaryUrl }, 'test')
    const { rows } = await connection.run("SELECT datname FROM pg_database WHERE datname LIKE 'sallyport%' ORDER BY 1")
    return rows.map(([name]) => name ?? '')
  }

  beforeAll(async () => {
    cluster = await startCluster()
    await cluster.execute(
      "CREATE ROLE shadow LOGIN CREATEDB PASSWORD 'harmless'; CREATE ROLE plain LOGIN PASSWORD 'harmless'",
    )
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  it.each([
    ['a superuser', () => cluster.primaryUrl, 0, 'is a superuser'],
    [
      'a role that may not make a database',
      () => cluster.url('primary', 'plain', 'harmless'),
      0,
      'may not create databases',
    ],
    ['another version', () => cluster.url('primary', 'shadow', 'harmless'), 1, 'and the data source is PostgreSQL'],
  ])('refuses %s, and says so', async (_claim, url, more, words) => {
    verifies('shadow.scratch-server')
    await using shadow = shadowOn(url(), catalog(cluster.major + more))
    await expect(shadow.resolve('SELECT 1', never)).rejects.toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining(words),
    })
  })

  it('keeps no database when the shadow has gone, nor one that an earlier process left', async () => {
    const url = cluster.url('primary', 'shadow', 'harmless')
    await using owner = await PostgresConnection.open({ connectionString: url }, 'test')
    await owner.run('CREATE DATABASE sallyport_shadow_1000_0123456789ab')
    {
      await using shadow = shadowOn(url, catalog(cluster.major))
      await using other = shadowOn(url, catalog(cluster.major))
      for (const one of [shadow, other]) {
        expect(await one.resolve('SELECT id FROM orders', never)).toMatchObject({ kind: 'resolved' })
      }
      expect(await databases()).toHaveLength(2)
    }
    expect(await databases()).toEqual([])
  })

  it('works again after a statement was given up', async () => {
    await using shadow = shadowOn(cluster.url('primary', 'shadow', 'harmless'), catalog(cluster.major))
    await shadow.warm(never)
    await expect(shadow.resolve('SELECT id FROM orders', AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(await shadow.resolve('SELECT id FROM orders', never)).toMatchObject({ kind: 'resolved' })
  })
})

function shadowOn(url: string, catalog: Catalog): PostgresShadow {
  return new PostgresShadow({ catalog, url: new Secret(url), timeoutMilliseconds: 20_000, openMilliseconds: 60_000 })
}
