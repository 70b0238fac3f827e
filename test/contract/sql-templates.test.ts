import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Catalog } from '../../src/core/catalog.ts'
import { openAdHocCatalog } from '../../src/databases/shadow/ad-hoc-catalog.ts'
import type { PgliteShadow } from '../../src/databases/shadow/pglite-shadow.ts'
import { bindPolicy } from '../../src/validators/sql/bind-policy.ts'
import { createPostgresqlGate } from '../../src/validators/sql/postgresql/gate.ts'
import type { SqlGate } from '../../src/validators/sql/sql-gate.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../src/validators/sql/options.ts'
import type { SqlPolicy } from '../../src/validators/sql/policy.ts'
import { GateProcess } from '../../src/validators/sql/process/gate-process.ts'
import { testImages } from '../support/databases/database-images.ts'
import { createRandom } from '../support/random.ts'
import { verifies } from '../support/verifies.ts'

const schema = `
  CREATE TYPE mood AS ENUM ('glad', 'sad', '(wry)');
  CREATE DOMAIN label AS text CHECK (length(VALUE) < 9);
  CREATE DOMAIN feeling AS mood;
  CREATE TABLE t (id int PRIMARY KEY, big bigint, price numeric(8, 2), ratio float8, name text, code varchar(5), fixed char(4),
    mood mood, felt feeling, tag label, day date, at timestamptz, local timestamp, clock time, span interval, is_open boolean,
    key uuid, doc jsonb, tags text[], days daterange, host inet);
  CREATE TABLE m (id int PRIMARY KEY, email text, mood mood);`
const never = new AbortController().signal

/** Literals of every kind; what is well written for one type is not for the next. */
const literals = [
  "'glad'",
  "'sad'",
  "'angry'",
  "'(wry)'",
  "'('",
  "'a(b)c'",
  "''",
  "'abc'",
  "'ABC %'",
  "'it is'",
  "'a;b'",
  "'--x'",
  "'x_y%'",
  "'5'",
  "'05'",
  "'5.5'",
  "' 5 '",
  "'1e3'",
  "'NaN'",
  "'infinity'",
  "'99999999999999999999'",
  "'2026-01-31'",
  "'2026-02-31'",
  "'0000-01-01'",
  "'2024-02-29'",
  "'2023-02-29'",
  "'01/02/2026'",
  "'today'",
  "'epoch'",
  "'2026-01-31 23:59'",
  "'2026-01-31 24:30'",
  "'2026-01-31T10:00:00.5'",
  "'2026-01-31 10:00:00Z'",
  "'2026-W05'",
  "'10:30'",
  "'25:00'",
  "'1 day'",
  "'1 fortnight'",
  "'P1D'",
  "'t'",
  "'yes'",
  "'maybe'",
  "'f'",
  "'2b1d6c1e-0000-4000-8000-000000000001'",
  "'2b1d'",
  "'127.0.0.1'",
  "'300.0.0.1'",
  "'a long text of many words that goes on'",
  '5',
  '0',
  '007',
  '7.25',
  '0.0',
  '1.50',
  '999999999',
  '1234567890',
  '12345678901',
  '1e3',
  '5.',
  '.5',
  '-5',
  'NULL',
  'true',
]
const columns = 'id big price ratio name code fixed mood felt tag day at local clock span is_open key host'.split(' ')
const casts =
  'text int bigint numeric date timestamptz timestamp time interval mood feeling label uuid boolean varchar(3) numeric(4,1) float8'.split(
    ' ',
  )
type Shape = (pick: <T>(list: readonly T[]) => T, literal: () => string) => string
const shapes: readonly Shape[] = [
  (pick, literal) => `SELECT id FROM t WHERE ${pick(columns)} ${pick(['=', '<>', '<', '>='])} ${literal()}`,
  (pick, literal) => `SELECT id FROM t WHERE ${pick(columns)} = ${literal()} AND name <> ${literal()}`,
  (pick, literal) => `SELECT id FROM t WHERE ${pick(columns)} IN (${literal()}, ${literal()})`,
  (pick, literal) => `SELECT id FROM t WHERE ${pick(columns)} BETWEEN ${literal()} AND ${literal()}`,
  (pick, literal) =>
    `SELECT id FROM t WHERE ${pick(['name', 'tag', 'code', 'fixed'])} ${pick(['LIKE', 'NOT ILIKE'])} ${literal()}`,
  (pick, literal) => `SELECT count(*) FROM t WHERE ${pick(columns)} = ${literal()}::${pick(casts)}`,
  (pick, literal) =>
    `SELECT id FROM t WHERE ${pick(columns)} = CAST(${literal()} AS ${pick(casts)}) OR NOT id = ${literal()}`,
  (pick, literal) =>
    `SELECT id FROM t WHERE ${pick(['day', 'at', 'local'])} >= ${pick(['DATE', 'TIMESTAMP', 'TIMESTAMPTZ'])} ${literal()}`,
  (pick, literal) => `SELECT id FROM t WHERE at > now() - INTERVAL ${literal()} AND ${pick(columns)} = ${literal()}`,
  (pick, literal) => `SELECT ${literal()} AS x, id FROM t WHERE name = ${literal()}`,
  (pick, literal) =>
    `SELECT a.id FROM t a JOIN t b ON a.id = b.id AND b.${pick(columns)} = ${literal()} WHERE a.mood = ${literal()}`,
  (pick, literal) =>
    `SELECT mood, count(*) FROM t GROUP BY mood HAVING max(${pick(['name', 'day', 'id'])}) > ${literal()}`,
  (pick, literal) => `SELECT id FROM t WHERE (CASE WHEN mood = ${literal()} THEN name END) = ${literal()} LIMIT 5`,
  (pick, literal) =>
    `SELECT id FROM t WHERE coalesce(name, ${literal()}) = ${literal()} AND ${literal()} = ${pick(columns)}`,
  (_pick, literal) => `SELECT id FROM t WHERE ARRAY['a', ${literal()}] = tags AND name = ${literal()}`,
  (_pick, literal) =>
    `SELECT id FROM t WHERE day::text = ${literal()} UNION ALL SELECT id FROM t WHERE felt = ${literal()}`,
  (_pick, literal) => `SELECT name || ${literal()} AS x, count(*) FROM t GROUP BY name || ${literal()}`,
  (_pick, literal) =>
    `SELECT name = ${literal()} AS x FROM t GROUP BY 1 HAVING name = ${literal()} ORDER BY name = ${literal()}`,
  (_pick, literal) => `SELECT DISTINCT name || ${literal()} FROM t ORDER BY name || ${literal()}`,
  (_pick, literal) => `SELECT string_agg(DISTINCT name || ${literal()}, ',' ORDER BY name || ${literal()}) FROM t`,
  (_pick, literal) => `SELECT id, email FROM m WHERE mood = ${literal()} ORDER BY id`,
]

describe('a gate that has seen other statements', () => {
  let catalog: Catalog
  let shadow: PgliteShadow
  let policy: SqlPolicy
  const options = sqlGateOptions.parse({})
  const process = new GateProcess({
    deadlineMilliseconds: options.deadline_ms * 10,
    memoryMegabytes: options.memory_mb,
  })
  const open = (): SqlGate => createPostgresqlGate({ source: 'ad-hoc', catalog, shadow, policy, options, process })

  beforeAll(async () => {
    const limits = { maximumMegabytes: 1_500, timeoutMilliseconds: 20_000, openMilliseconds: 240_000 }
    const made = await openAdHocCatalog(schema, { images: testImages(), ...limits }, AbortSignal.timeout(240_000))
    catalog = made.catalog
    shadow = made.shadow
    const masked = { columns: { email: { mask: 'partial' } }, other_columns: 'allow' }
    policy = bindPolicy(sqlPolicyOptions.parse({ relations: { t: '*', m: masked } }), catalog)
  })
  afterAll(async () => {
    await process[Symbol.asyncDispose]()
    await shadow[Symbol.asyncDispose]()
  })

  it('has the verdict, the rule and the text for a statement that one has which saw none', async () => {
    verifies('gate.remembers-truly')
    const random = createRandom(Number(globalThis.process.env['SALLYPORT_SEED'] ?? 11))
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const warm = open()
    const differing: string[] = []
    let accepted = 0
    const before: string[] = []
    for (let round = 0; round < Number(globalThis.process.env['SALLYPORT_TEMPLATE_ROUNDS'] ?? 20); round += 1) {
      for (const shape of shapes) {
        // The same columns and types, with several literals: that is where a template is taken.
        const seed = random()
        for (let turn = 0; turn < 3; turn += 1) {
          const fixed = createRandom(seed * 2 ** 31)
          const sql = shape(
            (list) => list[Math.floor(fixed() * list.length)] as never,
            () => pick(literals),
          )
          const [given, due] = [await warm.validate(sql, never), await open().validate(sql, never)]
          if (due.kind === 'accepted') accepted += 1
          if (JSON.stringify(given) !== JSON.stringify(due)) {
            differing.push(
              `${sql}\n  cold ${JSON.stringify(due)}\n  warm ${JSON.stringify(given)}\n  after ${before.at(-1)}`,
            )
          }
          before.push(sql)
        }
      }
    }
    expect(differing.slice(0, 5)).toEqual([])
    expect(accepted).toBeGreaterThan(before.length / 8)
  })

  it.each([
    ['a bracket in a text', "SELECT id FROM t WHERE name = '(a'::text", "SELECT id FROM t WHERE name = 'abc'::text"],
    ['a label of an enum', "SELECT id FROM t WHERE mood = 'glad'", "SELECT id FROM t WHERE mood = 'merry'"],
    ['a label of a domain over one', "SELECT id FROM t WHERE felt = 'glad'", "SELECT id FROM t WHERE felt = 'merry'"],
    ['a day', "SELECT id FROM t WHERE day = '2026-01-31'", "SELECT id FROM t WHERE day = '2026-02-31'"],
    [
      'a comparison that GROUP BY makes',
      "SELECT count(*) FROM t GROUP BY name = 'a' HAVING name = 'a'",
      "SELECT count(*) FROM t GROUP BY name = 'a' HAVING name = 'b'",
    ],
    [
      'an output that GROUP BY makes',
      "SELECT name || 'a' FROM t GROUP BY name || 'a'",
      "SELECT name || 'b' FROM t GROUP BY name || 'a'",
    ],
    ['a number in quotes', "SELECT id FROM t WHERE id = '5'", "SELECT id FROM t WHERE id = 'five'"],
  ])('reads another literal as it would read it first: %s', async (_claim, first, then) => {
    const warm = open()
    await warm.validate(first, never)
    expect(await warm.validate(then, never)).toEqual(await open().validate(then, never))
  })

  it('answers without the analyzer where only a text or a day differs', async () => {
    const warm = open()
    const asked: string[] = []
    const counting = {
      ...catalogOnly(),
      resolve: (sql: string, signal: AbortSignal) => (asked.push(sql), shadow.resolve(sql, signal)),
    }
    const gate = createPostgresqlGate({ source: 'ad-hoc', catalog, shadow: counting, policy, options, process })
    for (const [name, day] of [
      ['a', '2026-01-31'],
      ['b', '2026-02-01'],
      ["o''", '1999-12-31'],
    ]) {
      const sql = `SELECT id FROM t WHERE name = '${name}' AND day >= DATE '${day}' AND at < '${day} 10:00'`
      expect(await gate.validate(sql, never)).toEqual(await warm.validate(sql, never))
    }
    expect(asked.length).toBeLessThanOrEqual(2)
  })

  const catalogOnly = (): { readonly fingerprint: string } => ({ fingerprint: catalog.fingerprint })
})
