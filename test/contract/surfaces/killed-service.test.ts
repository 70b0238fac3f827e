import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../../support/cli/sallyport-here.ts'
import { ensureServer } from '../../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../../support/databases/postgres-cluster.ts'
import { Acknowledged } from '../../support/surfaces/killed/acknowledged.ts'
import { callEverything } from '../../support/surfaces/killed/callers.ts'
import { expectKept, expectSettled, type CountRows } from '../../support/surfaces/killed/check-kept.ts'
import { KilledService } from '../../support/surfaces/killed/killed-service.ts'
import { verifies } from '../../support/verifies.ts'

/** `SALLYPORT_SERVICE_KILLS` for more, in sandboxes of the machine then. */
const given = process.env['SALLYPORT_SERVICE_KILLS']
const hasRealSandboxes = given !== undefined
const kills = { file: Number(given ?? 2), server: Number(given ?? 2) }

/** How long the callers go on once each surface has answered something, at most, milliseconds. */
const longest = 600

/** All surfaces at work, killed at a moment of chance, over and over; what was said before is looked for after each. */
async function killOften(
  service: KilledService,
  times: number,
  count: CountRows,
): Promise<Readonly<Record<string, number>>> {
  const total: Record<string, number> = {}
  for (let round = 0; round < times; round += 1) {
    const { told, begun, over } = callEverything(service, round % 2 === 0 ? 'end' : 'step')
    await begun
    await sleep(Math.random() * longest)
    await service.kill()
    await over
    await service.startAgain()
    await expectSettled(count)
    await expectKept(service, told)
    for (const [what, seen] of Object.entries(told.counts)) total[what] = (total[what] ?? 0) + seen
  }
  if (hasRealSandboxes) process.stderr.write(`killed ${times} times: ${JSON.stringify(total)}\n`)
  expect(await sallyportHere(['audit', 'verify'], { environment: service.environment })).toMatchObject({ code: 0 })
  return total
}

/** It was in the middle of something of each kind. */
const seenOfAll = Object.fromEntries(
  Object.keys(new Acknowledged().counts).map((what) => [what, expect.toSatisfy((seen: number) => seen > 0)]),
)

describe('a service that is killed with all surfaces at work', () => {
  it('has all that it had acknowledged in its file, and nothing hangs', async () => {
    verifies('storage.killed')
    await using service = await KilledService.start({ storageUrl: null, hasRealSandboxes })
    using file = new DatabaseSync(service.environment['SALLYPORT_STORAGE_PATH'] ?? '', { readOnly: true })
    const count: CountRows = async (sql) => Number(file.prepare(sql).get()?.['n'])
    expect(await killOften(service, kills.file, count)).toEqual(seenOfAll)
  }, 3_600_000)
})

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: a service over PostgreSQL that is killed, ${problem}\n`)

describe.skipIf(problem !== null)('over PostgreSQL', () => {
  let cluster: PostgresCluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  it('has it there, too', async () => {
    verifies('storage.killed')
    const name = `killed_${randomUUID().replaceAll('-', '')}`
    await cluster.execute(`CREATE DATABASE ${name}`)
    const storageUrl = cluster.primaryUrl.replace(/\/postgres$/, `/${name}`)
    await using service = await KilledService.start({ storageUrl, hasRealSandboxes })
    const client = new Client({ connectionString: storageUrl, options: '-c search_path=sallyport' })
    await client.connect()
    try {
      const count: CountRows = async (sql) => Number((await client.query<{ n: string }>(sql)).rows[0]?.n)
      expect(await killOften(service, kills.server, count)).toEqual(seenOfAll)
    } finally {
      await client.end()
    }
  }, 3_600_000)
})
