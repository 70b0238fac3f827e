import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { openStorage } from '../../src/storage/open-storage.ts'
import { storageOptions, type StorageConfig } from '../../src/storage/options.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { freePort } from '../support/databases/server-process.ts'
import { expectKept, killWriters, startWriter } from '../support/storage/killed-writers.ts'
import { aComplaint, aLabel, aRollout } from '../support/feedback/stored-examples.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'
import { storageContract, type Clocks } from './storage-contract.ts'
import { storageLedgerContract } from './storage-ledger-contract.ts'
import { replicasContract } from './storage-replicas-contract.ts'
import { storageRestoreContract } from './storage-restore-contract.ts'

/** `SALLYPORT_STORAGE_KILLS` for more. */
const kills = Number(process.env['SALLYPORT_STORAGE_KILLS'] ?? 4)
/** Of the server under one writer; as many as kills where those are asked for. */
const crashes = Number(process.env['SALLYPORT_STORAGE_KILLS'] ?? 3)

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: the storage in PostgreSQL, ${problem}\n`)

const configOf = (url: string) => ({
  storage: storageOptions.parse({ kind: 'postgresql', url }),
  state_directory: temporaryFolder('sallyport-storage-'),
})

async function open(config: StorageConfig, clocks: Clocks = {}) {
  const opened = await openStorage(config, { for: 'service', ...clocks })
  onTestFinished(() => opened[Symbol.asyncDispose]())
  return opened
}

describe.skipIf(problem !== null)('PostgreSQL', () => {
  let cluster: PostgresCluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  const newDatabase = async (): Promise<string> => {
    const name = `storage_${randomUUID().replaceAll('-', '')}`
    await cluster.execute(`CREATE DATABASE ${name}`)
    return cluster.primaryUrl.replace(/\/postgres$/, `/${name}`)
  }

  replicasContract(async () => configOf(await newDatabase()))

  storageLedgerContract(newDatabase)

  storageRestoreContract('a server', async () => configOf(await newDatabase()))

  storageContract('a server', async () => {
    const url = await newDatabase()
    const config = configOf(url)
    return {
      open: (clocks) => open(config, clocks),
      makeNewer: async () => {
        const client = new Client({ connectionString: url })
        await client.connect()
        await client.query(
          "INSERT INTO sallyport.storage_migrations VALUES ('9999-of-the-future', '2099-01-01T00:00:00.000Z')",
        )
        await client.end()
      },
    }
  })

  it('tells what is tuned when it was by its own clock, whatever those of its processes say', async () => {
    const config = configOf(await newDatabase())
    const [one, other] = [await open(config), await open(config)]
    const person = { by: 'ann', why: 'as proposed' } as const
    const before = Date.now()
    const wrong = vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2099, 0, 1))
    onTestFinished(() => wrong.mockRestore())
    const begun = await one.rollouts.begin(aRollout(1), person)
    const stepped = await other.rollouts.step(begun, { to: 'canary', ...person }, {})
    const label = await one.labels.keep(aLabel(1))
    const { complaint } = await other.complaints.keep(aComplaint(1), 9)
    const now = (await one.rollouts.seen(begun.id))?.now
    const times = [...(stepped?.steps.map(({ at }) => at) ?? []), label.made, complaint?.made, now]
    expect(times).toHaveLength(5)
    for (const time of times) expect(Math.abs(Date.parse(time ?? '') - before)).toBeLessThan(3_600_000)
  })

  it('has all that was acknowledged, wherever the process that wrote was killed', async () => {
    verifies('storage.kept')
    const url = await newDatabase()
    const config = configOf(url)
    const said = await killWriters({ kind: 'postgresql', url }, config.state_directory, kills)
    expect(said.length).toBeGreaterThan(kills)
    await expectKept(await open(config), said)
  }, 400_000)

  it('that was killed has all that was acknowledged, and is written again when it is back', async () => {
    verifies('storage.kept')
    verifies('storage.recovers')
    const url = await newDatabase()
    const config = configOf(url)
    const writer = startWriter({ kind: 'postgresql', url, timeout_ms: 2_000 }, config.state_directory, 'writer')
    await writer.began
    for (let crash = 0; crash < crashes; crash += 1) {
      await sleep(Math.random() * 200)
      const before = writer.said().length
      await cluster.endPrimary('SIGKILL')
      await cluster.startPrimary()
      await expect.poll(() => writer.said().length).toBeGreaterThan(before + 100)
    }
    await writer.kill()
    await expectKept(await open(config), writer.said())
  })

  it('that is stopped is a named state, in which nobody is known, and ends it by coming back', async () => {
    verifies('storage.recovers')
    const url = await newDatabase()
    let time = 0
    const storage = await open(configOf(url), { elapsed: () => time })
    const key = { id: 'k', name: 'k', group: 'default', sha256: 'digest', created: '2026-01-02T03:04:05.000Z' }
    await storage.keys.add(key)
    expect(await storage.keys.find('digest')).toMatchObject({ id: 'k' })
    await cluster.endPrimary('SIGINT')
    try {
      time += 1_000
      await expect(storage.keys.find('digest')).rejects.toMatchObject({ code: 'storage-unavailable' })
      const write = storage.ownedIds.remember({ principal: 'p', upstream: 'u', ids: ['while'] })
      await expect(write).rejects.toMatchObject({ code: 'storage-unavailable' })
      expect(await storage.probe()).toBe('unreachable')
    } finally {
      await cluster.startPrimary()
    }
    expect(await storage.probe()).toBe('ready')
    expect(await storage.keys.find('digest')).toMatchObject({ id: 'k' })
    expect((await storage.ownedIds.owners('u', ['while'])).get('while')).toBeNull()
  })

  it('that does not answer is named without its password', async () => {
    const opening = open(configOf(`postgresql://me:hunter2hunter2@127.0.0.1:${await freePort()}/db`))
    const fault = (await opening.catch((thrown: unknown) => thrown)) as Error
    expect(fault).toMatchObject({ code: 'storage-unavailable', message: expect.stringContaining('does not answer') })
    expect(fault.message).not.toContain('hunter2')
  })
})
