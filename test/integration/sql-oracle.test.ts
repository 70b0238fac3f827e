import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import type { Vetted } from '../../src/core/vetted.ts'
import { PostgresDatabase } from '../../src/databases/postgres/postgres-database.ts'
import { corpus } from '../support/corpora.ts'
import { ensureServer } from '../support/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/postgres-cluster.ts'
import { readRegression } from '../support/sql-corpora.ts'
import { openGateOver, type GateUnderTest } from '../support/sql-gate.ts'
import { createRandom, mutate } from '../support/sql-mutations.ts'

const problem = ensureServer()
const folder = corpus('sql')
if (problem !== null) process.stderr.write(`SKIPPED: the oracle of the SQL gate, ${problem}\n`)

const mutations = Number(process.env['SALLYPORT_MUTATIONS'] ?? 400)
const schema = readFileSync(new URL('../support/oracle-schema.sql', import.meta.url), 'utf8')
const hidden = /secret|tenk2|varchar_tbl/

/** Locks and traces of a transaction, as the server itself sees them. */
const footprint = `
  SELECT COALESCE(n.nspname || '.' || c.relname, l.locktype) AS name, l.mode
  FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid = pg_backend_pid() AND l.locktype <> 'virtualxid' AND c.relkind IS DISTINCT FROM 'i'`
const state = `
  SELECT md5(string_agg(name || '=' || COALESCE(setting, ''), ',' ORDER BY name)) AS settings,
         current_user || session_user AS who, pg_current_xact_id_if_assigned() AS transaction,
         (SELECT last_value FROM public.secret_sequence) AS sequence
  FROM pg_settings`

describe.skipIf(problem !== null || folder === null)(
  'what the gate lets through, as a real server sees it',
  { retry: 0 },
  () => {
    let cluster: PostgresCluster
    let gate: GateUnderTest
    let client: Client
    let baseline: Set<string>
    /** Statements the gate let through: mutations of them are let through more often than those of others. */
    const acceptable = new Set<string>()

    // As superuser on a primary: nothing but the gate is in the way.
    beforeAll(async () => {
      cluster = await startCluster()
      await cluster.execute(schema)
      await using database = new PostgresDatabase({
        source: 'test',
        url: new Secret(cluster.primaryUrl),
        connections: 1,
        maximumLagMilliseconds: null,
        allowPrimary: true,
        acceptExcess: true,
        allowed: [],
      })
      const catalog = await database.catalog(AbortSignal.timeout(60_000))
      const open = catalog.relations.map((relation) => relation.name).filter((name) => !hidden.test(name))
      gate = await openGateOver(catalog, { relations: Object.fromEntries(open.map((name) => [name, '*'])) })
      client = new Client({ connectionString: cluster.primaryUrl })
      await client.connect()
      await client.query("SET search_path = ''; SET statement_timeout = '2s'")
      await client.query('BEGIN READ ONLY')
      await client.query(state)
      baseline = await touched()
      await client.query('ROLLBACK')
    }, 300_000)

    afterAll(async () => {
      await client.end()
      await gate[Symbol.asyncDispose]()
      await cluster[Symbol.asyncDispose]()
    })

    async function touched(): Promise<Set<string>> {
      const { rows } = await client.query<{ name: string; mode: string }>(footprint)
      return new Set(rows.map((row) => `${row.name} ${row.mode}`))
    }

    /** What running the statement did beyond reading what was resolved; null where the server did not run it. */
    async function excess(vetted: Vetted<'sql'>): Promise<string[] | null> {
      await client.query('BEGIN READ ONLY')
      try {
        const before = await client.query(state)
        await client.query(vetted.text)
        const seen = [...(await touched())].filter((entry) => !baseline.has(entry))
        const after = await client.query(state)
        const behindViews = vetted.relations.includes('public.open_view') ? ['public.j1_tbl'] : []
        const allowed = new Set([...vetted.relations, ...behindViews].map((name) => `${name} AccessShareLock`))
        const changed = JSON.stringify(before.rows) === JSON.stringify(after.rows) ? [] : ['session state']
        return [...seen.filter((entry) => !allowed.has(entry)), ...changed]
      } catch {
        return null
      } finally {
        await client.query('ROLLBACK')
      }
    }

    async function run(statements: Iterable<string>) {
      const counts = { statements: 0, accepted: 0, ran: 0 }
      const violations: string[] = []
      for (const sql of statements) {
        counts.statements += 1
        const verdict = await gate.gate.validate(sql, AbortSignal.timeout(120_000))
        if (verdict.kind === 'refused') continue
        counts.accepted += 1
        if (sql.length < 600) acceptable.add(sql)
        const beyond = await excess(verdict.value)
        if (beyond === null) continue
        counts.ran += 1
        if (beyond.length > 0) violations.push(`${sql}\n→ ${verdict.value.text}\n→ ${beyond.join(', ')}`)
      }
      process.stderr.write(`oracle: ${JSON.stringify(counts)}\n`)
      return { ...counts, violations }
    }

    const regression = folder === null ? [] : readRegression(join(folder, 'postgres-regress')).map(({ sql }) => sql)

    it("reads only what was resolved, over PostgreSQL's own regression SELECTs", async () => {
      const result = await run(regression.filter((_, index) => index % 12 === 0))
      expect(result.violations).toEqual([])
      expect(result.ran).toBeGreaterThan(100)
    }, 900_000)

    it(`reads only what was resolved, over ${mutations} mutations of them`, async () => {
      const { rows } = await client.query<{ name: string }>(
        'SELECT DISTINCT proname AS name FROM pg_catalog.pg_proc ORDER BY 1',
      )
      const names = gate.catalog.relations
      const words = {
        tables: [
          ...names.map((relation) => relation.name),
          'pg_class',
          'pg_authid',
          'pg_stats',
          'information_schema.tables',
        ],
        columns: [...new Set(names.flatMap((relation) => relation.columns.map((column) => column.name)))],
        functions: [...rows.map((row) => row.name), 'secret_write', 'secret_read'],
      }
      const random = createRandom(20_260_101)
      const short = regression.filter((sql) => sql.length < 600)
      const seeds = acceptable.size > 0 ? [...acceptable] : short
      const mutants = Array.from({ length: mutations }, (_, index) =>
        mutate(index % 4 === 0 ? short : seeds, words, random),
      )
      const result = await run(mutants)
      expect(result.violations).toEqual([])
      expect(result.ran).toBeGreaterThan(mutations / 100)
    }, 3_600_000)
  },
)
