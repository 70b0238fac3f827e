import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import type { Catalog } from '../../src/core/catalog.ts'
import { PostgresDatabase } from '../../src/databases/postgres/postgres-database.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { describeVerdict, openGateOver, type GateUnderTest } from '../support/sql/sql-gate.ts'
import { verifies } from '../support/verifies.ts'

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: extensions of PostgreSQL, ${problem}\n`)

const schema = `
  CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION pg_trgm;
  CREATE TABLE people (id integer PRIMARY KEY, email citext NOT NULL, traits hstore, note varchar(40), code char(4));
  INSERT INTO people VALUES (1, 'Ann@example.com', 'color=>red', 'five', 'a'), (2, 'bob@example.com', NULL, 'six', 'b');
  CREATE TABLE secrets (id integer, token text);
  CREATE FUNCTION leak(varchar, varchar) RETURNS boolean LANGUAGE sql SECURITY DEFINER
    AS $$ SELECT EXISTS (SELECT FROM secrets) $$;
  CREATE OPERATOR = (FUNCTION = leak, LEFTARG = varchar, RIGHTARG = varchar);
  CREATE TYPE rating AS (stars integer);
  CREATE FUNCTION rate(char) RETURNS rating LANGUAGE sql SECURITY DEFINER
    AS $$ SELECT ROW(count(*))::rating FROM secrets $$;
  CREATE CAST (char AS rating) WITH FUNCTION rate(char) AS ASSIGNMENT;
  CREATE TABLE rated (id integer, rating rating)`

const functions = ['public.citext_eq(public.citext, public.citext)', 'public.fetchval(public.hstore, text)']
const never = new AbortController().signal
const limits = { maximumRows: 100, maximumBytes: 1_000_000, timeoutMilliseconds: 30_000 }

describe.skipIf(problem !== null)('a schema with extensions, operators and casts of its own', () => {
  let cluster: PostgresCluster
  let database: PostgresDatabase
  let catalog: Catalog

  beforeAll(async () => {
    cluster = await startCluster()
    await cluster.execute(schema)
    await cluster.execute("CREATE ROLE shadow LOGIN CREATEDB PASSWORD 'harmless'")
    database = new PostgresDatabase({
      source: 'test',
      url: new Secret(cluster.primaryUrl),
      connections: 1,
      maximumLagMilliseconds: null,
      allowPrimary: true,
      acceptExcess: true,
      allowed: [],
    })
    catalog = await database.catalog(never)
  })
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await cluster?.[Symbol.asyncDispose]()
  })

  describe.each(['PGlite', 'the same version'])('in a shadow on %s', (kind) => {
    let plain: GateUnderTest
    let more: GateUnderTest

    beforeAll(async () => {
      const url = kind === 'PGlite' ? undefined : cluster.url('primary', 'shadow', 'harmless')
      plain = await openGateOver(catalog, { relations: { people: '*', rated: '*' } }, url)
      more = await openGateOver(catalog, { relations: { people: '*', rated: '*' }, functions }, url)
    })
    afterAll(async () => {
      await plain?.[Symbol.asyncDispose]()
      await more?.[Symbol.asyncDispose]()
    })

    it.each([
      ['SELECT email, traits FROM people ORDER BY id LIMIT 1', [['Ann@example.com', '"color"=>"red"']]],
      ['SELECT count(*) FROM people WHERE email IS NOT NULL', [[2]]],
      ['SELECT id FROM people WHERE email::text LIKE $$bob%$$', [[2]]],
      ["SELECT id FROM people WHERE note = 'five'::text", [[1]]],
    ])('allows what needs none of their functions: %s', async (sql, rows) => {
      const verdict = await plain.gate.validate(sql, never)
      if (verdict.kind === 'refused') throw new Error(describeVerdict(verdict.findings))
      expect((await database.query(verdict.value, limits, never)).rows).toEqual(rows)
    })

    it.each([
      ["SELECT id FROM people WHERE email = 'ANN@EXAMPLE.COM'", 'citext_eq(public.citext, public.citext)'],
      ["SELECT traits -> 'color' FROM people", 'fetchval(public.hstore, text)'],
      ["SELECT id FROM people WHERE note % 'fiv'", 'similarity_op(text, text)'],
      ["SELECT id FROM people WHERE note = 'five'", 'leak(character varying, character varying)'],
      ['SELECT code::public.rating FROM people', 'rate(character)'],
    ])('refuses a function of theirs, and names it: %s', async (sql, signature) => {
      verifies('shadow.extensions')
      const verdict = await plain.judge(sql)
      expect(describeVerdict(verdict)).toMatch(/^sql\/function-not-allowed/)
      expect(describeVerdict(verdict)).toContain(`"public.${signature}"`)
    })

    it.each([
      ["SELECT id FROM people WHERE email = 'ANN@EXAMPLE.COM'", [[1]]],
      ["SELECT traits -> 'color' FROM people WHERE id = 1", [['red']]],
    ])('allows it where the policy names it, and it means what the database means: %s', async (sql, rows) => {
      verifies('shadow.extensions')
      const verdict = await more.gate.validate(sql, never)
      if (verdict.kind === 'refused') throw new Error(describeVerdict(verdict.findings))
      expect((await database.query(verdict.value, limits, never)).rows).toEqual(rows)
    })
  })
})
