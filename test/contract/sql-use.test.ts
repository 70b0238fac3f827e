import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPglite } from '../../src/databases/pglite/open-pglite.ts'
import { createPgliteSession } from '../../src/databases/pglite/pglite-session.ts'
import { describeVerdict, openGate, type GateUnderTest } from '../support/sql/sql-gate.ts'

const schema = `
  CREATE TYPE mood AS ENUM ('good', 'bad');
  CREATE SCHEMA app;
  CREATE TABLE fees (id int PRIMARY KEY, fee numeric(10, 4), rate double precision, name text, short varchar(20));
  CREATE TABLE people (id int PRIMARY KEY, feeling mood, note text);
  CREATE FUNCTION public.round(double precision, integer) RETURNS double precision LANGUAGE sql AS 'SELECT 1000 + $1';
  CREATE FUNCTION public.length(varchar) RETURNS int LANGUAGE sql AS 'SELECT -1';
  CREATE FUNCTION public.distance(numeric, numeric) RETURNS numeric LANGUAGE sql AS 'SELECT abs($1 - $2)';
  CREATE FUNCTION app.ceil(double precision) RETURNS text LANGUAGE sql AS $$ SELECT 'app' $$;
  CREATE AGGREGATE public.sum(text) (SFUNC = textcat, STYPE = text);
  CREATE AGGREGATE public.product(double precision) (SFUNC = float8mul, STYPE = double precision);`
const rows = `INSERT INTO fees VALUES (1, 1.2345, 1.2345, 'a', 'b'), (2, 2, 2, 'c', 'd'); INSERT INTO people VALUES (1, 'good', 'x')`
const policy = {
  functions: [
    'public.round(double precision, integer)',
    'public.distance(numeric, numeric)',
    'public.sum(text)',
    'public.product(double precision)',
    'app.ceil(double precision)',
  ],
  search_path: ['app', 'public'],
  relations: { fees: '*', people: { columns: { feeling: 'deny' }, other_columns: 'allow' } },
}

describe('statements that work in PostgreSQL', () => {
  let gate: GateUnderTest
  let database: PGlite

  beforeAll(async () => {
    gate = await openGate(schema, policy)
    database = await openPglite(null)
    await database.exec(`${schema};${rows}`)
  })
  afterAll(async () => {
    await gate?.[Symbol.asyncDispose]()
    await database?.close()
  })

  const run = async (sql: string, path = 'public, pg_temp'): Promise<unknown> => {
    const verdict = await gate.gate.validate(sql, AbortSignal.timeout(60_000))
    if (verdict.kind === 'refused') throw new Error(describeVerdict(verdict.findings))
    const session = createPgliteSession(database)
    await session.run(`SET search_path = ${path}`)
    return (await session.run(verdict.value.text)).rows
  }
  const asWritten = async (sql: string): Promise<unknown> => {
    const session = createPgliteSession(database)
    await session.run('SET search_path = app, public')
    return (await session.run(sql)).rows
  }

  it.each([
    ['D11', 'SELECT round(fee, 1), round(rate, 1), round(id, 1), round(fee) FROM fees ORDER BY id'],
    [
      'D11',
      'SELECT round(round(rate, 1)::numeric, 1), abs(round(fee + 1, 1)) FROM fees WHERE round(rate, 2) > 1001 ORDER BY id',
    ],
    ['D11', 'SELECT length(name), length(note) FROM fees JOIN people USING (id)'],
    ['D11', 'SELECT ceil(rate), ceil(fee), ceil(id) FROM fees ORDER BY id'],
    ['D11', 'SELECT distance(fee, 1), public.distance(fee, rate::numeric) FROM fees ORDER BY id'],
    ['D11', 'SELECT round(fee, 1) AS "é" FROM fees WHERE name <> \'é\' AND round(fee, 1) < 2'],
    ['W12', 'SELECT sum(fee), sum(name ORDER BY id), product(rate) FROM fees'],
    ['W12', 'SELECT sum(name) OVER (ORDER BY id), product(rate) FILTER (WHERE id = 1) OVER () FROM fees ORDER BY id'],
    ['W3', 'SELECT f.name, p.note FROM fees f JOIN people p ON p.id = f.id'],
    ['W3', 'SELECT name, note FROM fees NATURAL JOIN people'],
    ['W3', 'SELECT count(*) FROM (fees f LEFT JOIN people p USING (id)) FULL JOIN people q ON q.id = f.id'],
  ])('%s: gives the rows that it gives as written: %s', async (_row, sql) => {
    expect(await run(sql)).toEqual(await asWritten(sql))
  })

  it('D11: runs the built-in function where PostgreSQL would take it', async () => {
    expect(await run('SELECT round(fee, 1) FROM fees WHERE id = 1')).toEqual([['1.2']])
    expect(await run('SELECT round(rate, 1) FROM fees WHERE id = 1')).toEqual([['1001.2345']])
  })

  it.each([
    ['D11', 'SELECT length(short) FROM fees', 'public.length(character varying)'],
    ['D11', 'SELECT sum(short), round(name, 1) FROM fees', 'No function or operator takes these argument types'],
    ['W3', 'SELECT p.feeling FROM fees f JOIN people p ON p.id = f.id', '"feeling" is not a column'],
    ['W3', 'SELECT j FROM (fees f JOIN people p USING (id)) AS j', 'may not be read'],
  ])('%s: is refused for what it is: %s', async (_row, sql, reason) => {
    expect(describeVerdict(await gate.judge(sql))).toContain(reason)
  })

  it('D11: names the way to the built-in function', async () => {
    expect(describeVerdict(await gate.judge('SELECT length(short) FROM fees'))).toContain('pg_catalog.length(')
    expect(await run('SELECT pg_catalog.length(short) FROM fees ORDER BY id')).toEqual([['1'], ['1']])
  })
})
