import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openGuardedDatabase,
  type Asking,
  type GuardedDatabase,
  type Outcome,
} from '../support/differencing/guarded-database.ts'

// Two tables that differ in nothing but the length of what is masked. Whatever is asked of them, under whatever limit, is
// to come back alike: rows, cuts, refusals and errors. The last four characters are the same everywhere, since `partial`
// shows them; values below eight characters are its own affair.
const lengths = [20, 300, 8_000, 100_000]
/** Fewer rows, each beyond every bound of memory. */
const giants = [20, 9_000, 25_000_000]
const table = (name: string, length: number, rows: number): string => `
  CREATE TABLE ${name} (id int PRIMARY KEY, pad text, gone text, hashed text, part text, bytes bytea, doc jsonb, born text);
  INSERT INTO ${name} SELECT n, repeat('p', 50), x || '1234', x || n, x || '1234', convert_to(x, 'UTF8'),
    to_jsonb(x), '2024-05-06 ' || x FROM generate_series(1, ${rows}) n, LATERAL (SELECT repeat('x', ${length}) AS x) AS made;`
const masked = {
  columns: {
    gone: { mask: 'null' },
    hashed: { mask: 'hash' },
    part: { mask: 'partial' },
    bytes: { mask: 'hash' },
    doc: { mask: 'null' },
    born: { mask: 'year' },
  },
  other_columns: 'allow',
}
const names = [...lengths.map((length) => `long_${length}`), ...giants.map((length) => `giant_${length}`)]
const script = [
  ...lengths.map((length) => table(`long_${length}`, length, 40)),
  ...giants.map((length) => table(`giant_${length}`, length, 2)),
].join('')
const policy = (bytes: number): object => ({
  maximum_mb: bytes / 1_048_576,
  relations: Object.fromEntries(names.map((name) => [name, masked])),
})
const statements = [
  'SELECT id, gone FROM t',
  'SELECT id, part FROM t ORDER BY id',
  'SELECT pad, hashed FROM t ORDER BY id',
  'SELECT * FROM t ORDER BY id LIMIT 9',
  "SELECT gone, part, hashed, doc, repeat('y', 700) AS mine FROM t ORDER BY id",
  'SELECT born, part FROM t ORDER BY id',
  'SELECT a.bytes, b.part FROM t a JOIN t b USING (id)',
]

describe('the length of a masked value', () => {
  let database: GuardedDatabase
  beforeAll(async () => {
    database = await openGuardedDatabase(script, policy(1_000_000))
  })
  afterAll(() => database[Symbol.asyncDispose]())

  /** All that comes back but for hashes, which are of the values, and the time. */
  const seen = (outcome: Outcome): unknown => {
    if (outcome.kind !== 'rows') throw new Error(JSON.stringify(outcome))
    const { rows, truncated, columns } = outcome.result
    const hashes = new Set(columns.flatMap(({ name }, position) => (/hashed|bytes/.test(name) ? [position] : [])))
    return [
      truncated,
      columns.map(({ name, type }) => [name, type]),
      rows.map((row) => row.map((value, at) => (hashes.has(at) ? 'hash' : value))),
    ]
  }
  const answers = async (asking: Asking, sql: string, tables: readonly string[]): Promise<unknown[]> => {
    const found: unknown[] = []
    for (const name of tables) found.push(seen(await asking.ask(sql.replaceAll(' t', ` ${name}`))))
    return found
  }

  it.each([1_024, 1_700, 3_000, 20_000, 1_000_000])(
    'L7: decides nothing of what comes back within %i bytes',
    async (bytes) => {
      const asking = await database.under(policy(bytes))
      for (const sql of statements) {
        const [first, ...others] = await answers(asking, sql, names.slice(0, lengths.length))
        for (const other of others) expect([sql, other]).toEqual([sql, first])
      }
    },
    120_000,
  )

  it.each([1_024, 1_000_000])('L7: decides nothing where it is beyond every bound, within %i bytes', async (bytes) => {
    const asking = await database.under(policy(bytes))
    for (const sql of statements) {
      const limited = sql.includes('LIMIT') ? sql.replace('LIMIT 9', 'LIMIT 1') : `${sql} LIMIT 1`
      const [first, ...others] = await answers(asking, limited, names.slice(lengths.length))
      for (const other of others) expect([limited, other]).toEqual([limited, first])
    }
  })

  it('L7: is not what is counted: as many rows are given as fit as they are masked', async () => {
    const ask = async (bytes: number, name: string) => {
      const outcome = await (await database.under(policy(bytes))).ask(`SELECT id, pad, part FROM ${name} ORDER BY id`)
      return outcome.kind === 'rows' ? outcome.result : null
    }
    const all = await ask(1_000_000, 'long_100000')
    const bytes = (all?.rows ?? []).reduce((sum, row) => sum + Buffer.byteLength(JSON.stringify(row)), 0)
    expect([all?.rows.length, all?.truncated]).toEqual([40, null])
    for (const name of ['long_20', 'long_100000']) {
      expect(await ask(bytes, name)).toMatchObject({ truncated: null, rows: all?.rows })
      expect(await ask(bytes - 1, name)).toMatchObject({ truncated: 'bytes', rows: all?.rows.slice(0, 39) })
    }
  })
})
