import { describe, expect, it } from 'vitest'
import { DuckdbDatabase } from '../../../../src/databases/duckdb/duckdb-database.ts'
import type { DuckdbGuest, GuestAnswer } from '../../../../src/databases/duckdb/guest.ts'
import { databaseOptions } from '../../../../src/databases/options.ts'
import { vet } from '../../../../src/validators/vet.ts'
import { fileOf } from '../../../support/databases/files-source.ts'
import { verifies } from '../../../support/verifies.ts'
import { clockJumps, jumpClock, withFalseWallClock } from '../../../support/clock-jumps.ts'

const never = new AbortController().signal
const limits = { maximumRows: 2, maximumBytes: 1_000, timeoutMilliseconds: 1_000 }
const statement = vet('sql', 'SELECT 1', { source: 'files', relations: [], columns: [], functions: [], rowLimit: 3 })
const loaded = JSON.stringify({
  version: '2.0.0',
  tables: [
    {
      name: 'orders',
      rows: 1,
      definition: '',
      comment: null,
      columns: [{ name: 'id', type: 'BIGINT', nullable: true, comment: null }],
    },
  ],
})
const head = JSON.stringify({ columns: [{ name: 'id', type: 'BIGINT' }] })
const end = JSON.stringify({ truncated: null })

/** A database over guests that say what the test has them say, and how many there were. */
function databaseOver(select: () => GuestAnswer, load: () => GuestAnswer = () => answered(loaded)) {
  const counts = { opened: 0, disposed: 0 }
  const options = databaseOptions.parse({
    kind: 'files',
    tables: { orders: { path: fileOf('orders.csv', 'id\n1\n') } },
  })
  if (options.kind !== 'files') throw new Error('not files')
  let alive = true
  const guest = (): DuckdbGuest => ({
    sandbox: 'gVisor (fake)',
    get alive() {
      return alive
    },
    put: async (_name, content) => {
      for await (const _part of content);
    },
    ask: (request) => {
      const { operation } = request as { operation: string }
      const answer = operation === 'load' ? load() : select()
      if (answer.kind === 'ended') alive = false
      return Promise.resolve(answer)
    },
    [Symbol.asyncDispose]: () => Promise.resolve(void (counts.disposed += 1)),
  })
  const database = new DuckdbDatabase({
    source: 'files',
    tables: options.tables,
    openGuest: () => {
      counts.opened += 1
      alive = true
      return Promise.resolve(guest())
    },
    memoryMegabytes: 100,
    loadMilliseconds: 1_000,
    analyzeMilliseconds: 1_000,
  })
  return { database, counts }
}

function answered(...lines: string[]): GuestAnswer {
  return { kind: 'answered', lines }
}

describe('a database of files', () => {
  it('believes no answer that is none', async () => {
    verifies('duckdb.untrusted')
    const strange = [
      [],
      [''],
      ['not json'],
      [head],
      [head, '[1]'],
      [head, '{"id": 1}', end],
      [head, '[1, 2]', end],
      [head, '[1]', '[2]', '[3]', end],
      [head, `[${'['.repeat(200)}${']'.repeat(200)}]`, end],
      [JSON.stringify({ columns: 'all' }), end],
      [JSON.stringify({ fault: 'whatever I say' })],
      [end, head],
    ]
    for (const lines of strange) {
      const { database } = databaseOver(() => answered(...lines))
      await expect(database.query(statement, limits, never)).rejects.toMatchObject({
        code: 'database-unavailable',
      })
    }
  })

  it('says what went wrong in its own words', async () => {
    const { database } = databaseOver(() => answered(JSON.stringify({ fault: 'value', message: 'secret-cell' })))
    await expect(database.query(statement, limits, never)).rejects.toMatchObject({
      code: 'query-failed',
      message: expect.not.stringContaining('secret-cell') as string,
    })
  })

  it('passes on rows, and how they ended', async () => {
    const { database } = databaseOver(() => answered(head, '[1]', '["9007199254740993"]', '{"truncated":"rows"}'))
    expect(await database.query(statement, limits, never)).toMatchObject({
      rows: [[1], ['9007199254740993']],
      truncated: 'rows',
      lagMilliseconds: null,
    })
  })

  it('loads again after the sandbox was lost, and not before', async () => {
    const answers: GuestAnswer[] = [answered(head, end), { kind: 'ended', outcome: 'timeout' }, answered(head, end)]
    const { database, counts } = databaseOver(() => answers.shift() ?? answered())
    await database.query(statement, limits, never)
    await expect(database.query(statement, limits, never)).rejects.toMatchObject({ code: 'deadline-exceeded' })
    await database.query(statement, limits, never)
    expect(counts).toEqual({ opened: 2, disposed: 1 })
    await database[Symbol.asyncDispose]()
    expect(counts.disposed).toBe(2)
    await expect(database.query(statement, limits, never)).rejects.toMatchObject({ code: 'shutting-down' })
  })

  it('names the table that cannot be read, and keeps no sandbox for it', async () => {
    const fault = JSON.stringify({ fault: 'unreadable', table: 'orders', reason: 'line\u202e 7 is\nodd' })
    const { database, counts } = databaseOver(
      () => answered(),
      () => answered(fault),
    )
    await expect(database.catalog(never)).rejects.toMatchObject({
      code: 'database-unavailable',
      message: expect.stringContaining('"orders" cannot be read as csv: line 7 is odd.') as string,
    })
    expect(counts).toEqual({ opened: 1, disposed: 1 })
  })

  it('W1: a fault of the reader is not blamed on the file', async () => {
    const { database } = databaseOver(
      () => answered(),
      () => answered(JSON.stringify({ fault: 'reader', table: 'orders', kind: 'TypeError' })),
    )
    await expect(database.catalog(never)).rejects.toMatchObject({
      code: 'internal',
      message: 'The reader of files failed on the table "orders" (TypeError).',
    })
  })

  it('is not open to two tables that differ in capitals, or to names that need quotes', () => {
    const tables = (...names: string[]) =>
      databaseOptions.safeParse({
        kind: 'files',
        tables: Object.fromEntries(names.map((name) => [name, { path: 'x.csv' }])),
      }).success
    expect(tables('orders', 'people')).toBe(true)
    expect([tables('orders', 'ORDERS'), tables('a"b'), tables('a b'), tables()]).toEqual([false, false, false, false])
  })
})

describe.each(clockJumps)('a query over files when the wall clock jumps a day %s', (_way, by) => {
  withFalseWallClock()

  it('took the time that it took', async () => {
    const select = (): GuestAnswer => {
      jumpClock(by)
      return answered(head, end)
    }
    const { database } = databaseOver(select)
    await using _database = database
    const { milliseconds } = await database.query(statement, limits, never)
    expect(milliseconds).toBeGreaterThanOrEqual(0)
    expect(milliseconds).toBeLessThan(60_000)
  })
})
