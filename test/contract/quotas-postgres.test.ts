import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest'
import { openStorage } from '../../src/storage/open-storage.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
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
    return { ledger: opened.quotas, folder: config.state_directory }
  }

  quotaContract('a server', async () => {
    const options = await newOptions()
    return { open: async (now) => (await open(options, now)).ledger }
  })

  quotaRacesContract('a server', async () => {
    const options = await newOptions()
    return { options, ...(await open(options)) }
  })
})
