import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStorage } from '../../src/storage/open-storage.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { freePort } from '../support/databases/server-process.ts'
import { storageContract } from './storage-contract.ts'

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: the storage in PostgreSQL, ${problem}\n`)

async function open(url: string, elapsed?: () => number) {
  const storage = storageOptions.parse({ kind: 'postgresql', url })
  const clock = elapsed === undefined ? {} : { elapsed }
  const opened = await openStorage({ storage, state_directory: '/nowhere' }, { for: 'service', ...clock })
  onTestFinished(() => opened[Symbol.asyncDispose]())
  return opened
}

describe.skipIf(problem !== null)('PostgreSQL', () => {
  let cluster: PostgresCluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster[Symbol.asyncDispose]())

  storageContract('a server', async () => {
    const name = `storage_${randomUUID().replaceAll('-', '')}`
    await cluster.execute(`CREATE DATABASE ${name}`)
    const url = cluster.primaryUrl.replace(/\/postgres$/, `/${name}`)
    return {
      open: (elapsed) => open(url, elapsed),
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
    const opening = open(`postgresql://me:hunter2hunter2@127.0.0.1:${await freePort()}/db`)
    const fault = (await opening.catch((thrown: unknown) => thrown)) as Error
    expect(fault).toMatchObject({ code: 'storage-unavailable', message: expect.stringContaining('does not answer') })
    expect(fault.message).not.toContain('hunter2')
  })
})
