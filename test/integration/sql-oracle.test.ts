import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import type { Vetted } from '../../src/core/vetted.ts'
import { PostgresDatabase } from '../../src/databases/postgres/postgres-database.ts'
import { corpus } from '../support/corpora/corpora.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { readRegression } from '../support/sql/sql-corpora.ts'
import { openGateOver, type GateUnderTest } from '../support/sql/sql-gate.ts'
import { createRandom, mutate } from '../support/sql/sql-mutations.ts'
import { verifies } from '../support/verifies.ts'

const problem = ensureServer()
const folder = corpus('sql')
if (problem !== null) process.stderr.write(`SKIPPED: the oracle of the SQL gate, ${problem}\n`)

const mutations = Number(process.env['SALLYPORT_MUTATIONS'] ?? 4_000)
/** Every how many of the regression scripts' SELECTs one is tried. */
const every = Number(process.env['SALLYPORT_REGRESSION_EVERY'] ?? 12)
/** Connections the statements run on side by side, and statements on their way through the gate. */
const connections = 4
const schema = readFileSync(new URL('../support/sql/oracle-schema.sql', import.meta.url), 'utf8')
const hidden = /secret|tenk2|varchar_tbl/

/** Locks and traces of a transaction, as the server itself sees them. */
const footprint = `
  SELECT COALESCE(n.nspname || '.' || c.relname, l.locktype) AS name, l.mode
  FROM pg_locks l LEFT JOIN pg_class c ON c.oid = l.relation LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid = pg_backend_pid() AND l.locktype <> 'virtualxid' AND c.relkind IS DISTINCT FROM 'i'`
/** Values that are the same for every session that nothing was done to. */
const state = `
  SELECT md5(string_agg(name || '=' || COALESCE(setting, ''), ',' ORDER BY name)) AS settings,
         current_user || session_user AS who, pg_current_xact_id_if_assigned() AS transaction,
         (SELECT last_value FROM public.secret_sequence) AS sequence
  FROM pg_settings`

interface Traces {
  readonly locks: ReadonlySet<string>
  readonly state: string
}

describe.skipIf(problem !== null || folder === null)(
  'what the gate lets through, as a real server sees it',
  { retry: 0 },
  () => {
    let cluster: PostgresCluster
    let gate: GateUnderTest
    const clients: Client[] = []
    let baseline: Traces
    /** Statements the gate let through: mutations of them are let through more often than those of others. */
    const acceptable: string[] = []

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
      for (let opened = 0; opened < connections; opened += 1) {
        const client = new Client({ connectionString: cluster.primaryUrl })
        await client.connect()
        // The path the service runs statements with.
        await client.query("SET search_path = public, pg_temp; SET statement_timeout = '1s'; SET jit = off")
        clients.push(client)
      }
      const [client] = clients
      if (client === undefined) throw new Error('no connection')
      await client.query('BEGIN READ ONLY')
      // Once for the locks that looking takes itself.
      await traces(client)
      baseline = await traces(client)
      await client.query('ROLLBACK')
    })

    afterAll(async () => {
      await Promise.all(clients.map((client) => client.end()))
      await gate?.[Symbol.asyncDispose]()
      await cluster?.[Symbol.asyncDispose]()
    })

    async function traces(client: Client): Promise<Traces> {
      const locks = await client.query<{ name: string; mode: string }>(footprint)
      const now = await client.query(state)
      return { locks: new Set(locks.rows.map((row) => `${row.name} ${row.mode}`)), state: JSON.stringify(now.rows) }
    }

    /** What running the statement did beyond reading what was resolved; null where the server did not run it. */
    async function excess(client: Client, vetted: Vetted<'sql'>): Promise<string[] | null> {
      const extended = { text: vetted.text, queryMode: 'extended' }
      try {
        await Promise.all([client.query('BEGIN READ ONLY'), client.query(extended)])
        const after = await traces(client)
        const behindViews = vetted.relations.includes('public.open_view') ? ['public.j1_tbl'] : []
        const allowed = new Set([...vetted.relations, ...behindViews].map((name) => `${name} AccessShareLock`))
        const strange = [...after.locks].filter((entry) => !baseline.locks.has(entry) && !allowed.has(entry))
        return after.state === baseline.state ? strange : [...strange, 'session state']
      } catch {
        return null
      } finally {
        await client.query('ROLLBACK')
      }
    }

    /** Every connection takes the next statement; what the gate accepts is recorded in the order of the statements. */
    async function run(statements: readonly string[]) {
      const began = performance.now()
      const counts = { statements: statements.length, accepted: 0, ran: 0 }
      const violations: string[] = []
      const accepted: string[] = []
      const waiting = statements.entries()
      const work = async (client: Client): Promise<void> => {
        for (const [index, sql] of waiting) {
          const verdict = await gate.gate.validate(sql, AbortSignal.timeout(120_000))
          if (verdict.kind === 'refused') continue
          counts.accepted += 1
          if (sql.length < 600) accepted[index] = sql
          const beyond = await excess(client, verdict.value)
          if (beyond === null) continue
          counts.ran += 1
          if (beyond.length > 0) violations.push(`${sql}\n→ ${verdict.value.text}\n→ ${beyond.join(', ')}`)
        }
      }
      await Promise.all(clients.map(work))
      acceptable.push(...new Set(accepted.filter((sql) => sql !== undefined)))
      const failed = gate.events.filter(({ kind }) => kind === 'shadow-failed' || kind.startsWith('gate-')).length
      const seconds = Math.round((performance.now() - began) / 1000)
      process.stderr.write(`oracle: ${JSON.stringify({ ...counts, failed, seconds })}\n`)
      return { ...counts, violations, failed }
    }

    const regression = folder === null ? [] : readRegression(join(folder, 'postgres-regress')).map(({ sql }) => sql)

    it("reads only what was resolved, over PostgreSQL's own regression SELECTs", async () => {
      verifies('gate.oracle')
      const result = await run(regression.filter((_, index) => index % every === 0))
      expect(result.violations).toEqual([])
      expect(result.ran).toBeGreaterThan(100)
    }, 900_000)

    it(`reads only what was resolved, over ${mutations} mutations of them`, async () => {
      verifies('gate.oracle')
      const functions = gate.catalog.functions ?? []
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
        functions: [...new Set(functions.map((signature) => /^[^.]*\.([^(]*)/.exec(signature)?.[1] ?? ''))].sort(),
      }
      const random = createRandom(20_260_101)
      const short = regression.filter((sql) => sql.length < 600)
      const seeds = acceptable.length > 0 ? acceptable.slice() : short
      const mutants = Array.from({ length: mutations }, (_, index) =>
        mutate(index % 4 === 0 ? short : seeds, words, random),
      )
      const result = await run(mutants)
      expect(result.violations).toEqual([])
      expect(result.ran).toBeGreaterThan(mutations / 20)
      // What could not be judged was refused; it must be rare, or the figure above says little.
      expect(result.failed).toBeLessThan(mutations / 1000 + 2)
    }, 3_600_000)
  },
)
