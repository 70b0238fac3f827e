import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStorage } from '../../src/storage/open-storage.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { verifies } from '../support/verifies.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { quotaContract } from './quota-contract.ts'
import { quotaRacesContract } from './quota-races-contract.ts'

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: the quotas in PostgreSQL, ${problem}\n`)

describe.skipIf(problem !== null)('PostgreSQL', () => {
  let cluster: PostgresCluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  const newOptions = async () => {
    const name = `quotas_${randomUUID().replaceAll('-', '')}`
    await cluster.execute(`CREATE DATABASE ${name}`)
    return { kind: 'postgresql', url: cluster.primaryUrl.replace(/\/postgres$/, `/${name}`) }
  }

  async function open(options: object, now?: () => number) {
    const config = { storage: storageOptions.parse(options), state_directory: temporaryFolder('quotas-') }
    const opened = await openStorage(config, { for: 'service', ...(now === undefined ? {} : { now }) })
    onTestFinished(() => opened[Symbol.asyncDispose]())
    return { ledger: opened.quotas, folder: config.state_directory, state: () => opened.probe() }
  }

  quotaContract('a server', async () => {
    const options = await newOptions()
    return { open: async (now) => (await open(options, now)).ledger }
  })

  quotaRacesContract('a server', async () => {
    const options = await newOptions()
    return { options, ...(await open(options)) }
  })

  it('that is killed between holding and settling is a named state in which nothing is admitted, and loses nothing', async () => {
    verifies('quotas.store-gone')
    const { ledger, state } = await open(await newOptions())
    const ask = (tokens: number) => ({
      id: randomUUID(),
      limits: [{ account: 'key:a', unit: 'tokens', window: 'month', most: 100 }] as const,
      bounds: { tokens },
      known: {},
      leaseMilliseconds: 600_000,
    })
    const [first, second] = [await ledger.hold(ask(40)), await ledger.hold(ask(20))]
    if (first.kind === 'refused' || second.kind === 'refused') throw new Error('an empty limit refused')
    await ledger.settle(first.lease, { tokens: 33 })
    await cluster.endPrimary('SIGKILL')
    try {
      await expect(ledger.hold(ask(1))).rejects.toMatchObject({ code: 'storage-unavailable' })
      await expect(ledger.settle(second.lease, { tokens: 9 })).rejects.toMatchObject({ code: 'storage-unavailable' })
      expect(await state()).toBe('unreachable')
    } finally {
      await cluster.startPrimary()
    }
    await expect.poll(state).toBe('ready')
    // What was settled counts, what was held is held, and it is settled now.
    expect(await ledger.hold(ask(48))).toMatchObject({ kind: 'refused', standing: { used: 33, held: 20 } })
    await ledger.settle(second.lease, { tokens: 9 })
    expect(await ledger.hold(ask(59))).toMatchObject({ kind: 'refused', standing: { used: 42, held: 0 } })
    expect(await ledger.hold(ask(58))).toMatchObject({ kind: 'held' })
  })
})
