import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { PostgresDatabase } from '../../src/databases/postgres/postgres-database.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { sqlBombs } from '../support/sql/sql-bombs.ts'
import { openGateOver, type GateUnderTest } from '../support/sql/sql-gate.ts'
import { verifies } from '../support/verifies.ts'

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: bombs against PostgreSQL, ${problem}\n`)

const limits = { maximumRows: 1_000, maximumBytes: 1_000_000, timeoutMilliseconds: 1_000 }
const schema = `
  CREATE TABLE numbers (n int, t text);
  INSERT INTO numbers SELECT i, md5(i::text) FROM generate_series(1, 5000) i;
  ANALYZE numbers;`

describe.skipIf(problem !== null)('statements that would take everything', () => {
  let cluster: PostgresCluster
  let database: PostgresDatabase
  let gate: GateUnderTest
  let watcher: Client

  beforeAll(async () => {
    cluster = await startCluster()
    await cluster.execute(schema)
    database = new PostgresDatabase({
      source: 'test',
      url: new Secret(cluster.primaryUrl),
      connections: 2,
      maximumLagMilliseconds: null,
      allowPrimary: true,
      acceptExcess: true,
      allowed: [],
    })
    const catalog = await database.catalog(AbortSignal.timeout(60_000))
    gate = await openGateOver(catalog, { relations: { numbers: '*' } })
    watcher = new Client({ connectionString: cluster.primaryUrl })
    await watcher.connect()
  }, 300_000)

  afterAll(async () => {
    await watcher.end()
    await gate[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    await cluster[Symbol.asyncDispose]()
  })

  /** Milliseconds the longest statement of another session has been running; 0 where none runs. */
  async function longestRunning(): Promise<number> {
    const { rows } = await watcher.query<{ milliseconds: number }>(
      `SELECT COALESCE(max(extract(epoch FROM clock_timestamp() - query_start) * 1000), 0)::int AS milliseconds
       FROM pg_stat_activity WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    )
    return rows[0]?.milliseconds ?? 0
  }

  it('end in a refusal, an answer or the deadline, and leave no backend at work', async () => {
    verifies('gate.bombs')
    const endings: Record<string, number> = {}
    const left: string[] = []
    for (const sql of sqlBombs) {
      const verdict = await gate.gate.validate(sql, AbortSignal.timeout(120_000))
      let ending = 'refused'
      if (verdict.kind === 'accepted') {
        const running = database.query(verdict.value, limits, AbortSignal.timeout(60_000))
        ending = await running.then(
          () => 'answered',
          (error: unknown) => String((error as { code?: string }).code),
        )
      }
      endings[ending] = (endings[ending] ?? 0) + 1
      if ((await longestRunning()) > 2 * limits.timeoutMilliseconds) left.push(sql.slice(0, 200))
    }
    process.stderr.write(`bombs: ${sqlBombs.length} ${JSON.stringify(endings)}\n`)
    expect(left).toEqual([])
    expect(
      Object.keys(endings).filter((ending) => !/^(refused|answered|deadline-exceeded|query-failed)$/.test(ending)),
    ).toEqual([])
    expect((await gate.gate.validate('SELECT n FROM numbers', AbortSignal.timeout(60_000))).kind).toBe('accepted')
  }, 600_000)
})
