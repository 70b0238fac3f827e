import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readQuerySets } from '../../src/databases/differencing/query-sets.ts'
import { createPgliteSession } from '../../src/databases/pglite/pglite-session.ts'
import { auditTexts } from '../support/sql/audit-texts.ts'

// A member of a ledger is a number made from keys and values. Somebody who could have the same row numbered twice could ask
// for everybody under one number and for everybody but one under the other.

const keyTypes = {
  at: 'timestamp with time zone',
  of_day: 'time with time zone',
  day: 'date',
  moment: 'timestamp without time zone',
  took: 'interval',
  bytes: 'bytea',
  ratio: 'double precision',
  small: 'real',
  price: 'money',
  hours: 'tstzrange',
  shifts: 'tstzmultirange',
  moments: 'timestamp with time zone[]',
  visit: 'public.visit',
  stamp: 'public.stamp',
  table_of: 'regclass',
  mood: 'public.mood',
  flags: 'bit varying',
  document: 'jsonb',
  address: 'inet',
  name: 'text',
  code: 'character(8)',
} as const

const columns = Object.entries(keyTypes)
const script = `
  CREATE TYPE public.visit AS (began timestamptz, paid numeric);
  CREATE DOMAIN public.stamp AS timestamptz;
  CREATE TYPE public.mood AS ENUM ('calm', 'glad', 'grim');
  CREATE TABLE public.staff (id integer, pay numeric, ${columns.map(([name, type]) => `${name} ${type}`).join(', ')});
  INSERT INTO public.staff
    SELECT n, 1000 + n, t, timetz '09:00:00+02' + make_interval(mins => n), t::date, t::timestamp, make_interval(days => n, hours => n),
      decode(lpad(to_hex(n), 4, '0'), 'hex'), 1 / n::float8, 1 / n::float4, (n * 1.5)::numeric::money, tstzrange(t, t + interval '1 hour'),
      tstzmultirange(tstzrange(t, t + interval '1 hour')), ARRAY[t, t + interval '1 day'], ROW(t, n)::public.visit, t,
      'public.staff'::regclass, 'glad', n::bit(8), jsonb_build_object('n', n, 'of', 1.5), '10.0.0.1'::inet + n, 'Name ' || n, 'c' || n
    FROM generate_series(1, 20) n, LATERAL (SELECT timestamptz '2024-03-31 00:30:00+00' + make_interval(days => n - 2, mins => n * 17)) AS x (t);`

const settings: Readonly<Record<string, readonly string[]>> = {
  TimeZone: ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', '+05:30'],
  DateStyle: ['ISO, YMD', 'German, DMY', 'SQL, MDY', 'Postgres, DMY'],
  IntervalStyle: ['postgres', 'iso_8601', 'sql_standard', 'postgres_verbose'],
  bytea_output: ['hex', 'escape'],
  extra_float_digits: ['1', '0', '-15', '3'],
  search_path: ['public', "''"],
  quote_all_identifiers: ['off', 'on'],
}

/** Every setting alone is another than in the first session, and all are in the last. */
const sessions = [
  ...Object.entries(settings).flatMap(([name, values]) => values.map((value) => [[name, value] as const])),
  Object.entries(settings).map(([name, values]) => [name, values.at(-1) ?? ''] as const),
]

describe('the number of a member', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
    await database.exec(script)
  })
  afterAll(() => database.close())

  /** What the audit of the total of `column` tells in a session with these settings. */
  const members = async (
    given: Parameters<typeof auditTexts>[1] & { readonly sql?: string },
    set: readonly (readonly [string, string])[] = [],
  ) => {
    const [text = ''] = await auditTexts({ staff: await types() }, given, given.sql ?? 'SELECT count(pay) FROM staff')
    for (const [name, value] of set) await database.exec(`SET ${name} = ${value === "''" ? value : `'${value}'`}`)
    const raw = await createPgliteSession(database).read(text, { rows: 10, bytes: 1_000_000 })
    const [members = []] = readQuerySets(raw, { minimum: 5, byRow: true }).all
    expect(members).toHaveLength(20)
    for (const [name] of set) await database.exec(`RESET ${name}`)
    return members
  }
  const types = async () => {
    const { rows } = await database.query<{ name: string; type: string }>(typesOfStaff)
    return Object.fromEntries(rows.map(({ name, type }) => [name, type]))
  }

  it.each(columns)('is the same whatever the session’s settings are, by a row key %s of type %s', async (column) => {
    const relation = { columns: { pay: 'aggregate-only' }, entity_key: 'id', row_key: column }
    const first = await members(relation)
    for (const set of sessions) expect(await members(relation, set)).toEqual(first)
    // One enum, one table: these tell nobody apart.
    expect(new Set(first.map(({ row }) => row)).size).toBe(20)
  })

  it.each(columns.filter(([name]) => !['mood', 'table_of'].includes(name)))(
    'is the same whatever the session’s settings are, by an entity key %s of type %s',
    async (column) => {
      const relation = { columns: { pay: 'aggregate-only' }, entity_key: column }
      const first = await members(relation)
      for (const set of sessions) expect(await members(relation, set)).toEqual(first)
      expect(new Set(first.map(({ entity }) => entity)).size).toBe(20)
    },
  )

  it('is the same whatever the session’s settings are, beside aggregate-only columns of every type', async () => {
    const guarded = Object.fromEntries([
      ['pay', 'aggregate-only'],
      ...columns.map(([name]) => [name, 'aggregate-only']),
    ])
    const relation = { columns: guarded, entity_key: 'id' }
    const first = await members(relation)
    for (const set of sessions) expect(await members(relation, set)).toEqual(first)
  })

  it.each([
    ['a number was stored with more digits', 'UPDATE staff SET pay = pay * 1.000'],
    ['a key became wider', 'ALTER TABLE staff ALTER id TYPE bigint'],
    ['a key became numeric', 'ALTER TABLE staff ALTER id TYPE numeric'],
    ['a protected number became an integer', 'ALTER TABLE staff ALTER pay TYPE integer'],
    ['a text got a limit', 'ALTER TABLE staff ALTER name TYPE varchar(40)'],
    [
      'a type was made again, as when a database is restored',
      `ALTER TYPE mood RENAME TO old_mood; CREATE TYPE mood AS ENUM ('calm', 'glad', 'grim');
       ALTER TABLE staff ALTER mood TYPE mood USING mood::text::mood`,
    ],
    [
      'the rows were written again',
      'CREATE TABLE again AS TABLE staff; DELETE FROM staff; INSERT INTO staff TABLE again',
    ],
  ])('is the same after %s', async (_claim, change) => {
    const relation = {
      columns: { pay: 'aggregate-only', name: 'aggregate-only', mood: 'aggregate-only' },
      entity_key: 'id',
    }
    const order = (set: Awaited<ReturnType<typeof members>>) => set.toSorted((left, right) => left.row - right.row)
    const before = order(await members(relation))
    await database.exec('BEGIN')
    try {
      await database.exec(change)
      expect(order(await members(relation))).toEqual(before)
    } finally {
      await database.exec('ROLLBACK')
    }
  })

  it('is another one when a value changes', async () => {
    const relation = { columns: { pay: 'aggregate-only' }, entity_key: 'id' }
    const sql = 'SELECT sum(pay) FROM staff'
    const before = new Set((await members({ ...relation, sql })).map(({ row }) => row))
    await database.exec('UPDATE staff SET pay = pay + 0.01 WHERE id = 7')
    const after = (await members({ ...relation, sql })).filter(({ row }) => !before.has(row))
    await database.exec('UPDATE staff SET pay = pay - 0.01 WHERE id = 7')
    expect(after).toHaveLength(1)
  })

  it('is one for all spellings of a key that its type takes for equal, and none for null', async () => {
    const relation = { columns: { pay: 'aggregate-only' }, entity_key: 'price_key', row_key: 'id' }
    await database.exec(`ALTER TABLE staff ADD price_key numeric;
      UPDATE staff SET price_key = CASE WHEN id <= 10 THEN (id / 2)::numeric WHEN id <= 19 THEN ((id - 9) / 2 || '.000')::numeric END`)
    const entities = (await members(relation)).map(({ entity }) => entity)
    await database.exec('ALTER TABLE staff DROP price_key')
    expect(entities.filter((entity) => entity === -1)).toHaveLength(1)
    // 0, 1, … 5, of which all were written in two ways but 0.
    expect(new Set(entities.filter((entity) => entity !== -1)).size).toBe(6)
  })
})

const typesOfStaff = `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
  WHERE attrelid = 'public.staff'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`
