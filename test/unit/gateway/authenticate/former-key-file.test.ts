import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { takeOverKeyFile } from '../../../../src/gateway/authenticate/former-key-file.ts'
import { withFileLock } from '../../../../src/files/file-lock.ts'
import { openTemporaryStorage } from '../../../support/storage/open-temporary.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

let folder = ''
let path = ''
beforeEach(() => {
  folder = realpathSync(temporaryFolder('former-keys-'))
  path = join(folder, 'keys.json')
})

function keyOf(name: string) {
  const sha256 = createHash('sha256').update(`sp-${name}`).digest('hex')
  return { id: randomUUID(), name, group: 'finance', sha256, created: '2026-01-02T03:04:05.000Z' }
}

/** The file as the version before the storage wrote it, byte for byte. */
function writeFormer(...keys: readonly object[]): string {
  const text = `${JSON.stringify({ version: 1, keys }, null, 2)}\n`
  writeFileSync(path, text, { mode: 0o600 })
  return text
}

describe('a key file of an earlier version', () => {
  it('gives its keys to the storage, and is none that the earlier version would read', async () => {
    verifies('storage.upgrade')
    const [alice, bob] = [keyOf('alice'), keyOf('bob')]
    writeFormer(alice, bob)
    const storage = await openTemporaryStorage(folder)
    await takeOverKeyFile(path, storage)
    const terms = { scopes: null, expires: null, lastUsed: null, replacedBy: null }
    const kept = [
      { ...alice, heldBecause: null, quotaUsedDay: null, ...terms },
      { ...bob, heldBecause: null, quotaUsedDay: null, ...terms },
    ]
    expect(new Set(await storage.keys.list())).toEqual(new Set(kept))
    expect(await storage.keys.find(alice.sha256)).toEqual(kept[0])
    // What the version before takes for damage, with which it neither starts nor answers: it wants a 1.
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version: 2, moved_to: storage.place })
    expect(readFileSync(path, 'utf8')).not.toContain(alice.sha256)
    expect([statSync(path).mode & 0o777, readdirSync(folder).filter((name) => name.startsWith('keys.json'))]).toEqual([
      0o600,
      ['keys.json'],
    ])
  })

  it('changes nothing once it was taken over, and a revocation since stays one when the old file is put back', async () => {
    const [alice, bob] = [keyOf('alice'), keyOf('bob')]
    const former = writeFormer(alice, bob)
    const storage = await openTemporaryStorage(folder)
    await takeOverKeyFile(path, storage)
    await takeOverKeyFile(path, storage)
    await storage.keys.revoke(bob.id)
    writeFileSync(path, former)
    await takeOverKeyFile(path, storage)
    expect((await storage.keys.list()).map(({ name, heldBecause }) => [name, heldBecause])).toEqual([['alice', null]])
    expect(await storage.keys.find(bob.sha256)).toBeNull()
  })

  it('holds the keys that nobody knew, when another one comes after the first', async () => {
    const [alice, carol] = [keyOf('alice'), keyOf('carol')]
    writeFormer(alice)
    const storage = await openTemporaryStorage(folder)
    await takeOverKeyFile(path, storage)
    writeFormer(alice, carol)
    await takeOverKeyFile(path, storage)
    const listed = (await storage.keys.list()).map(({ name, heldBecause }) => `${name} ${heldBecause ?? 'in force'}`)
    expect(listed.toSorted()).toEqual(['alice in force', 'carol file'])
  })

  it('is needed by nobody', async () => {
    const storage = await openTemporaryStorage(folder)
    await takeOverKeyFile(path, storage)
    expect([await storage.keys.list(), readdirSync(folder).includes('keys.json')]).toEqual([[], false])
  })

  it('that was taken over stops a start with another storage, which would make a first key', async () => {
    writeFormer(keyOf('alice'))
    await takeOverKeyFile(path, await openTemporaryStorage(folder))
    const other = await openTemporaryStorage()
    await expect(takeOverKeyFile(path, other)).rejects.toMatchObject({
      code: 'invalid-config',
      message: `The keys of ${path} were moved to ${join(folder, 'sallyport.db')}; ${other.place} has none.`,
    })
  })

  it.each(['{"version":1,"keys":[{}]}', '{"version":3}', '{', ''])(
    'stops the start where it is damaged: %j',
    async (text) => {
      writeFileSync(path, text)
      const taken = takeOverKeyFile(path, await openTemporaryStorage(folder))
      await expect(taken).rejects.toMatchObject({ code: 'invalid-config', message: `The key file ${path} is damaged.` })
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  it('is taken over when an earlier version is done changing it, and not before', async () => {
    const alice = keyOf('alice')
    writeFormer()
    const storage = await openTemporaryStorage(folder)
    const held = Promise.withResolvers<void>()
    const holding = withFileLock(path, 1_000, async () => {
      await held.promise
      writeFormer(alice)
    })
    const taken = takeOverKeyFile(path, storage)
    await sleep(100)
    held.resolve()
    await Promise.all([holding, taken])
    expect((await storage.keys.list()).map(({ name }) => name)).toEqual(['alice'])
  })
})
