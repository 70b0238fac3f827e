import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStorage } from '../../src/storage/open-storage.ts'
import { storageOptions } from '../../src/storage/options.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { expectKept, killWriters } from '../support/storage/killed-writers.ts'
import { verifies } from '../support/verifies.ts'
import { storageContract, type Clocks } from './storage-contract.ts'
import { storageRestoreContract } from './storage-restore-contract.ts'

/** `SALLYPORT_STORAGE_KILLS` for more. */
const kills = Number(process.env['SALLYPORT_STORAGE_KILLS'] ?? 4)

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-storage-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'sallyport.db')
}

async function open(path: string, own: Clocks & { readonly timeout?: number } = {}) {
  const storage = storageOptions.parse({ path, timeout_ms: own.timeout ?? 10_000 })
  const { timeout: _timeout, ...clock } = own
  const opened = await openStorage({ storage, state_directory: '/nowhere' }, { for: 'service', ...clock })
  onTestFinished(() => opened[Symbol.asyncDispose]())
  return opened
}

storageContract('a file', async () => {
  const path = newPath()
  return {
    open: (clocks) => open(path, clocks),
    makeNewer: async () => {
      using file = new DatabaseSync(path)
      file.exec("INSERT INTO storage_migrations VALUES ('9999-of-the-future', '2099-01-01T00:00:00.000Z')")
    },
  }
})

storageRestoreContract('a file', async () => {
  const path = newPath()
  return { storage: storageOptions.parse({ path }), state_directory: dirname(path) }
})

describe('the file of a storage', () => {
  it('has all that was acknowledged, wherever the process that wrote was killed', async () => {
    verifies('storage.kept')
    const path = newPath()
    const said = await killWriters({ path }, dirname(path), kills)
    expect(said.length).toBeGreaterThan(kills)
    await expectKept(await open(path), said)
  }, 400_000)

  const refused = async (work: Promise<unknown>, storage: Storage | null, state: string): Promise<void> => {
    await expect(work).rejects.toMatchObject({ code: 'storage-unavailable' })
    if (storage !== null) expect(await storage.probe()).toBe(state)
  }
  const write = ({ ownedIds }: Storage, id: string) => ownedIds.remember({ principal: 'p', upstream: 'u', ids: [id] })

  it('that another program holds is waited for, named, and written again when it is free', async () => {
    const path = newPath()
    // Long enough for a look at it on a busy machine.
    const storage = await open(path, { timeout: 2_000 })
    await write(storage, 'before')
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    await refused(write(storage, 'while'), storage, 'locked')
    expect([...(await storage.ownedIds.owners('u', ['before', 'while'])).values()]).toEqual(['p', null])
    other.exec('COMMIT')
    other.close()
    await write(storage, 'after')
    expect(await storage.probe()).toBe('ready')
  })

  it('that was removed or replaced takes nothing more', async () => {
    const path = newPath()
    const storage = await open(path)
    await write(storage, 'before')
    renameSync(path, `${path}.away`)
    await refused(write(storage, 'after'), storage, 'unreachable')
    renameSync(`${path}.away`, path)
    await write(storage, 'again')
    const owners = await storage.ownedIds.owners('u', ['before', 'after', 'again'])
    expect([...owners.values()]).toEqual(['p', null, 'p'])
  })

  it.each([
    ['is no database', (path: string) => writeFileSync(path, 'x'.repeat(5_000))],
    [
      "is another program's",
      (path: string) => {
        using file = new DatabaseSync(path)
        file.exec('CREATE TABLE theirs (a)')
      },
    ],
  ])('that %s is refused and left as it is', async (_what, make) => {
    const path = newPath()
    make(path)
    await expect(open(path)).rejects.toMatchObject({
      code: 'storage-unavailable',
      message: expect.stringContaining('is damaged, or not a storage of Sallyport'),
    })
  })
})
