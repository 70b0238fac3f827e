import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStorage } from '../../src/storage/open-storage.ts'
import { storageOptions, type StorageConfig } from '../../src/storage/options.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { freePort } from '../support/databases/server-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { storageContract, type Clocks } from './storage-contract.ts'
import { storageRestoreContract } from './storage-restore-contract.ts'

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

  it('that does not answer is named without its password', async () => {
    const opening = open(configOf(`postgresql://me:hunter2hunter2@127.0.0.1:${await freePort()}/db`))
    const fault = (await opening.catch((thrown: unknown) => thrown)) as Error
    expect(fault).toMatchObject({ code: 'storage-unavailable', message: expect.stringContaining('does not answer') })
    expect(fault.message).not.toContain('hunter2')
  })
})
