import { setTimeout } from 'node:timers/promises'
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
  })

  afterAll(async () => {
    await watcher.end()
    await gate[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
    await cluster[Symbol.asyncDispose]()
  })

  /**
   * Whether a statement of another session is still at work when it had many times its deadline. What a backend was
   * told to drop it drops when it has removed its temporary files, which takes seconds on a busy disk.
   */
  async function staysAtWork(): Promise<boolean> {
    const end = performance.now() + 30 * limits.timeoutMilliseconds
    for (;;) {
      const { rows } = await watcher.query(
        `SELECT pid FROM pg_stat_activity
         WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      )
      if (rows.length === 0) return false
      if (performance.now() > end) return true
      await setTimeout(100)
    }
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
      if (await staysAtWork()) left.push(sql.slice(0, 200))
    }
    process.stderr.write(`bombs: ${sqlBombs.length} ${JSON.stringify(endings)}\n`)
    expect(left).toEqual([])
    expect(
      Object.keys(endings).filter((ending) => !/^(refused|answered|deadline-exceeded|query-failed)$/.test(ending)),
    ).toEqual([])
    expect((await gate.gate.validate('SELECT n FROM numbers', AbortSignal.timeout(60_000))).kind).toBe('accepted')
  })
})
