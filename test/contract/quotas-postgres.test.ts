import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest'
import { openStorage } from '../../src/storage/open-storage.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { quotaContract } from './quota-contract.ts'

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: the quotas in PostgreSQL, ${problem}\n`)

describe.skipIf(problem !== null)('PostgreSQL', () => {
  let cluster: PostgresCluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  quotaContract('a server', async () => {
    const name = `quotas_${randomUUID().replaceAll('-', '')}`
    await cluster.execute(`CREATE DATABASE ${name}`)
    const storage = storageOptions.parse({
      kind: 'postgresql',
      url: cluster.primaryUrl.replace(/\/postgres$/, `/${name}`),
    })
    return {
      open: async (now) => {
        const config = { storage, state_directory: temporaryFolder('quotas-') }
        const opened = await openStorage(config, { for: 'service', now })
        onTestFinished(() => opened[Symbol.asyncDispose]())
        return opened.quotas
      },
    }
  })
})
