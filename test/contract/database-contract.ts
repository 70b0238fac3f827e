import { describe, expect, it } from 'vitest'
import type { Database, QueryLimits, QueryResult } from '../../src/databases/database.ts'
import type { Ledger } from '../../src/databases/differencing/audit.ts'
import type { Admission } from '../../src/databases/differencing/differencing-ledger.ts'
import { ledgerOptions } from '../../src/databases/differencing/options.ts'
import { ServiceError } from '../../src/core/errors.ts'
import { vet } from '../../src/validators/vet.ts'
import { verifies } from '../support/verifies.ts'

export interface DatabaseUnderTest {
  readonly database: Database
  /** A relation the role may read, with a column `id` of 1, 2, 3, … and more than 1,000 rows. */
  readonly readable: string
  /** A relation that is there and that the role may not read; where there are roles. */
  readonly forbidden: string
}

const limits: QueryLimits = { maximumRows: 100, maximumBytes: 1_000_000, timeoutMilliseconds: 30_000 }
const never = new AbortController().signal

interface Asking {
  readonly query: (text: string, own?: Partial<QueryLimits>, signal?: AbortSignal) => Promise<QueryResult>
  readonly fault: (running: Promise<unknown>) => Promise<{ code: string; message: string }>
}

function createAsking(underTest: () => DatabaseUnderTest): Asking {
  const query = (text: string, own: Partial<QueryLimits> = {}, signal = never) => {
    const { database } = underTest()
    const facts = { source: database.source, relations: [], columns: [], functions: [], rowLimit: 101 }
    return database.query(vet('sql', text, facts), { ...limits, ...own }, signal)
  }
  const fault = async (running: Promise<unknown>): Promise<{ code: string; message: string }> => {
    const error: unknown = await running.then(
      () => null,
      (reason: unknown) => reason,
    )
    return error as { code: string; message: string }
  }
  return { query, fault }
}

/** What every adapter of the `Database` port has to do, whatever its dialect. */
export function describeAnyDatabase(name: string, underTest: () => DatabaseUnderTest): void {
  const { query, fault } = createAsking(underTest)

  describe(`the ${name} database, as any`, () => {
    it('says "truncated" exactly when there was a row more', async () => {
      verifies('gate.truncated')
      const { readable } = underTest()
      const statement = `SELECT id FROM ${readable} ORDER BY id LIMIT 100`
      const all = await query(statement, { maximumRows: 100 })
      const cut = await query(statement, { maximumRows: 99 })
      expect([all.rows.length, all.truncated]).toEqual([100, null])
      expect([cut.rows.length, cut.truncated]).toEqual([99, 'rows'])
    })

    it('stops at the byte that is too many', async () => {
      const { readable } = underTest()
      const result = await query(`SELECT repeat('x', 1000) FROM ${readable}`, { maximumBytes: 10_000 })
      expect(result.truncated).toBe('bytes')
      expect(result.rows.length).toBe(9)
    })

    it.each([
      ['inserting', (readable: string) => `INSERT INTO ${readable} (id) VALUES (-1)`],
      ['deleting', (readable: string) => `DELETE FROM ${readable}`],
      ['creating a table', () => 'CREATE TABLE mine (a integer)'],
      ['creating a temporary table', () => 'CREATE TEMPORARY TABLE mine (a integer)'],
      ['writing files', () => "COPY (SELECT 1) TO '/tmp/sallyport-contract'"],
      ['running programs', () => "COPY (SELECT 1) TO PROGRAM 'true'"],
    ])('does not allow %s', async (_claim, statement) => {
      const { readable } = underTest()
      const before = await query(`SELECT count(*) FROM ${readable}`)
      expect((await fault(query(statement(readable)))).code).toBe('query-failed')
      expect((await query(`SELECT count(*) FROM ${readable}`)).rows).toEqual(before.rows)
    })

    it('runs one statement, never two', async () => {
      expect((await fault(query('SELECT 1; SELECT 2'))).code).toBe('query-failed')
    })

    it('keeps cell values out of its errors', async () => {
      const { readable } = underTest()
      const error = await fault(query(`SELECT ('secret-' || id)::integer FROM ${readable}`))
      expect(error.code).toBe('query-failed')
      expect(error.message).not.toContain('secret-')
    })

    it('ends a statement at its deadline, and the next one works', async () => {
      const endless = query('SELECT count(*) FROM generate_series(1, 100000000000)', { timeoutMilliseconds: 300 })
      expect((await fault(endless)).code).toBe('deadline-exceeded')
      expect((await query('SELECT 1')).rows).toEqual([[1]])
    })

    it('ends a statement when the caller goes away, and the next one works', async () => {
      const controller = new AbortController()
      const endless = query('SELECT count(*) FROM generate_series(1, 100000000000)', {}, controller.signal)
      setTimeout(() => controller.abort(), 200)
      expect((await fault(endless)).code).toBe('cancelled')
      expect((await query('SELECT 1')).rows).toEqual([[1]])
    })

    it('does not start for a caller who is gone already', async () => {
      expect((await fault(query('SELECT 1', {}, AbortSignal.abort()))).code).toBe('cancelled')
    })

    it('answers many at once', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => query(`SELECT ${index}`)))
      expect(answers.map((answer) => answer.rows[0]?.[0])).toEqual(Array.from({ length: 20 }, (_, index) => index))
    })

    it('refuses a statement that was vetted for another source', async () => {
      verifies('vetted.own-source')
      const facts = { source: 'another', relations: [], columns: [], functions: [], rowLimit: 1 }
      const { database } = underTest()
      expect((await fault(database.query(vet('sql', 'SELECT 1', facts), limits, never))).code).toBe('internal')
    })

    it('is proven to be able to do nothing but read', async () => {
      verifies('security.sealed-duckdb')
      expect((await underTest().database.prove(never)).excess).toEqual([])
    })
  })
}

/** What every adapter has to do that keeps a ledger: `open` makes one over PostgreSQL with the given ledger. */
export function describeAudits(name: string, open: (ledger: Ledger) => Database): void {
  const time = '(extract(epoch FROM now()) * 1000000)::bigint'
  // Members as the gate writes them, but that the first row has the transaction's time for a number.
  const audit = {
    group: 'default',
    minimum: 5,
    sets: [{ relation: 'public.any', byRow: false, text: `SELECT ARRAY[1, 2, 3, 4, 5], ARRAY[${time}, 2, 3, 4, 5]` }],
  }
  const text = `SELECT ${time}, current_setting('transaction_isolation'), current_setting('transaction_read_only')`
  const statement = ({ source }: Database) =>
    vet('sql', text, { source, relations: [], columns: [], functions: [], rowLimit: 2, audit })
  const recorder = (admit: (admission: Admission) => void): Ledger => ({
    options: ledgerOptions.parse({}),
    admit: async (admission) => admit(admission),
  })

  describe(`the ${name} database, before a statement with aggregate-only columns`, () => {
    it('L3: reads the audits and the statement in one transaction: one snapshot and one clock', async () => {
      const admitted: Admission[] = []
      const ledger = recorder((admission) => {
        admitted.push(admission)
        // Another transaction would begin at another time.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
      })
      await using database = open(ledger)
      const { rows } = await database.query(statement(database), limits, never)
      // All rows, and those with a value, were read at once.
      const [began, ...others] = admitted.map(({ sets: [set] }) => set?.[0]?.row)
      expect(others).toEqual([began])
      expect(rows).toEqual([[began, 'repeatable read', 'on']])
    })

    it('L3: does not run what the ledger refuses, says why, and runs the next', async () => {
      let isFull = true
      const ledger = recorder(() => {
        if (isFull) throw new ServiceError('refused', 'Full. [sql/ledger-full]')
      })
      await using database = open(ledger)
      const refused = database.query(statement(database), limits, never)
      await expect(refused).rejects.toMatchObject({ code: 'refused', message: 'Full. [sql/ledger-full]' })
      isFull = false
      expect((await database.query(statement(database), limits, never)).rows).toHaveLength(1)
    })
  })
}

/** What every adapter over PostgreSQL has to do beside that. */
export function describeDatabase(name: string, underTest: () => DatabaseUnderTest): void {
  describeAnyDatabase(name, underTest)
  const { query, fault } = createAsking(underTest)

  describe(`the ${name} database`, () => {
    it('answers rows with the types and the origin of their columns', async () => {
      const { readable } = underTest()
      const { columns, rows, truncated } = await query(
        `SELECT id, id + 0.5 AS more FROM ${readable} ORDER BY id LIMIT 2`,
      )
      expect(columns).toEqual([
        { name: 'id', type: 'integer', origin: { relation: readable, column: 'id' } },
        { name: 'more', type: 'numeric', origin: null },
      ])
      expect(rows).toEqual([
        [1, 1.5],
        [2, 2.5],
      ])
      expect(truncated).toBeNull()
    })

    it('gives values as JSON that loses nothing', async () => {
      const { rows } = await query(`SELECT 9007199254740993::int8, 12345678901234567890.5::numeric, 'NaN'::float8,
        timestamptz '2024-02-29 12:00:00.5+02', '\\x01ff'::bytea, ARRAY['a,b', NULL], '{"a":[1]}'::jsonb,
        int4range(1, 3), interval '1 day 2 hours', NULL::text, true`)
      expect(rows).toEqual([
        [
          '9007199254740993',
          '12345678901234567890.5',
          'NaN',
          '2024-02-29T10:00:00.5Z',
          'Af8=',
          ['a,b', null],
          { a: [1] },
          '[1,3)',
          '1 day 02:00:00',
          null,
          true,
        ],
      ])
    })

    it.each([1_000, 1_099, 1_100, 20_000])(
      'L7: cuts at %i bytes as if hidden values had no length',
      async (maximumBytes) => {
        const { database, readable } = underTest()
        const ask = async (length: number) => {
          const masks = [{ position: 1, relation: readable, column: 'hidden', how: 'null' }]
          const facts = { source: database.source, relations: [], columns: [], functions: [], rowLimit: 101, masks }
          const text = `SELECT 'a', repeat('x', ${length}) AS hidden FROM ${readable} LIMIT 101`
          const { rows, truncated } = await database.query(vet('sql', text, facts), { ...limits, maximumBytes }, never)
          return [rows.length, truncated]
        }
        // Each row is ["a",null] as far as it counts.
        const due = Math.min(100, Math.floor(maximumBytes / 10))
        for (const length of [0, 10, 1_000, 8_000])
          expect(await ask(length)).toEqual([due, due < 100 ? 'bytes' : 'rows'])
      },
    )

    it('names columns as the statement does, twice the same where it does', async () => {
      const { columns } = await query('SELECT 1 AS a, 2 AS a, 3')
      expect(columns.map((column) => column.name)).toEqual(['a', 'a', '?column?'])
    })

    it('tells nothing by the difference between forbidden and missing', async () => {
      const forbidden = await fault(query(`SELECT * FROM ${underTest().forbidden}`))
      const missing = await fault(query('SELECT * FROM public.not_there_at_all'))
      expect(forbidden.code).toBe('query-failed')
      expect([forbidden.code, forbidden.message]).toEqual([missing.code, missing.message])
    })

    it.each([
      'RESET ROLE',
      'SET ROLE postgres',
      'SET SESSION AUTHORIZATION postgres',
      'SET SESSION AUTHORIZATION DEFAULT',
    ])('gains nothing by %s before a forbidden read', async (escape) => {
      await query(escape).catch(() => {})
      expect((await fault(query(`SELECT * FROM ${underTest().forbidden}`))).code).toBe('query-failed')
      await query("SELECT set_config('role', 'postgres', false)").catch(() => {})
      expect((await fault(query(`SELECT * FROM ${underTest().forbidden}`))).code).toBe('query-failed')
    })

    it('carries nothing from one statement to the next', async () => {
      await query("SELECT set_config('application_name', 'carried', false)")
      expect((await query("SELECT current_setting('application_name')")).rows).not.toEqual([['carried']])
      expect((await query('SELECT count(*) FROM pg_advisory_lock(4711), pg_prepared_statements')).rows).toEqual([[0]])
    })

    it('describes itself, and what it describes can be made again', async () => {
      const { database, readable, forbidden } = underTest()
      const catalog = await database.catalog(never)
      const names = catalog.relations.map((relation) => `${relation.schema}.${relation.name}`)
      expect(names).toEqual(expect.arrayContaining([readable, forbidden]))
      expect(names.filter((relation) => /^(pg_|information_schema)/.test(relation))).toEqual([])
      expect(catalog.schemaStatements.join('\n')).toContain(`CREATE TABLE ${readable}`)
      expect((await database.catalog(never)).fingerprint).toBe(catalog.fingerprint)
    })

    it('estimates a statement without running it', async () => {
      const { database, readable } = underTest()
      const facts = { source: database.source, relations: [readable], columns: [], functions: [], rowLimit: 1 }
      const endless = `SELECT count(*) FROM ${readable} AS a, generate_series(1, 100000000000)`
      const estimate = await database.estimate?.(vet('sql', endless, facts), never)
      expect(estimate?.relations).toEqual([readable])
      expect(estimate?.cost).toBeGreaterThan(0)
    })

    it('names in its estimate a relation that the statement was not vetted for', async () => {
      const { database, readable } = underTest()
      const facts = { source: database.source, relations: [], columns: [], functions: [], rowLimit: 1 }
      const estimate = await database.estimate?.(vet('sql', `SELECT id FROM ${readable}`, facts), never)
      expect(estimate?.relations).toEqual([readable])
    })
  })
}
