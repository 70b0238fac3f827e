import { createHash } from 'node:crypto'
import { mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withFileLock } from '../../../../src/files/file-lock.ts'
import { Secret } from '../../../../src/core/secret.ts'
import { createKeyStore } from '../../../../src/gateway/authenticate/keys.ts'
import { verifies } from '../../../support/verifies.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('API keys', () => {
  it('are none where there is no file, and asking for them makes none', async () => {
    const path = join(folder, 'keys.json')
    const store = createKeyStore({ path })
    expect(store.path).toBe(path)
    expect(await store.list()).toEqual([])
    expect(await store.find(new Secret('sp-guess'))).toBeNull()
    expect([await store.revoke('none'), await store.rotate('none')]).toEqual([false, null])
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('are listed oldest first, each with its name, group, hash and when it was made', async () => {
    const times = ['2026-01-02T03:04:05.000Z', '2026-02-03T04:05:06.000Z']
    const left = [...times]
    const store = createKeyStore({ path: join(folder, 'keys.json'), now: () => new Date(left.shift() ?? 0) })
    const first = await store.ensureFirst('ops')
    const { key, stored } = await store.create('laptop', 'finance')
    const sha256 = (of: Secret | null) =>
      createHash('sha256')
        .update(of?.reveal() ?? '')
        .digest('hex')
    const listed = await store.list()
    expect(listed).toEqual([
      { id: expect.any(String), name: 'first', group: 'ops', sha256: sha256(first), created: times[0] },
      { id: stored.id, name: 'laptop', group: 'finance', sha256: sha256(key), created: times[1] },
    ])
    expect(listed[0]?.id).not.toBe(stored.id)
    expect(await store.find(key)).toEqual({ id: stored.id, kind: 'api-key', group: 'finance' })
    expect(await store.find(first as Secret)).toEqual({ id: listed[0]?.id, kind: 'api-key', group: 'ops' })
  })

  it('are made at the first start, shown once, and known afterwards', async () => {
    verifies('serve.first-key')
    const store = createKeyStore({ path: join(folder, 'state/keys.json') })
    const key = await store.ensureFirst('default')
    expect(key?.reveal()).toMatch(/^sp-[\w-]{43}$/)
    expect(await store.ensureFirst('default')).toBeNull()
    expect(await store.find(key as Secret)).toMatchObject({ kind: 'api-key', group: 'default' })
    expect(await store.find(new Secret('sp-guess'))).toBeNull()
  })

  it('are kept as hashes in a file that only its owner reads', async () => {
    verifies('security.hashes-only')
    const path = join(folder, 'keys.json')
    const { key } = await createKeyStore({ path }).create('laptop', 'default')
    expect(await readFile(path, 'utf8')).not.toContain(key.reveal())
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it("are nobody's once they were revoked, at once and for every reader of the file", async () => {
    verifies('serve.keys-at-once')
    const path = join(folder, 'keys.json')
    const [store, service] = [createKeyStore({ path }), createKeyStore({ path })]
    const [kept, revoked] = [
      (await store.create('kept', 'default')).key,
      (await store.create('revoked', 'finance')).key,
    ]
    expect(await service.find(revoked)).toMatchObject({ group: 'finance' })
    const id = (await store.list()).find(({ name }) => name === 'revoked')?.id ?? ''
    expect(await store.revoke(id)).toBe(true)
    expect(await store.revoke(id)).toBe(false)
    expect(await service.find(revoked)).toBeNull()
    expect(await service.find(kept)).toMatchObject({ group: 'default' })
  })

  it('are all kept and all revoked when several processes change them at once', async () => {
    const path = join(folder, 'state/keys.json')
    const stores = Array.from({ length: 8 }, () => createKeyStore({ path }))
    const firsts = await Promise.all(stores.map((store) => store.ensureFirst('default')))
    expect(firsts.filter((key) => key !== null)).toHaveLength(1)
    await Promise.all(stores.map((store, index) => store.create(`key ${index}`, 'default')))
    const made = await stores[0]?.list()
    expect(made).toHaveLength(9)
    await Promise.all(stores.map((store, index) => store.revoke(made?.[index + 1]?.id ?? '')))
    expect((await stores[0]?.list())?.map(({ name }) => name)).toEqual(['first'])
  })

  it("are rotated by one of many that try at once: one key of the same name and group comes, and the old one is nobody's", async () => {
    verifies('serve.rotated-keys')
    const path = join(folder, 'keys.json')
    const { key, stored } = await createKeyStore({ path }).create('laptop', 'finance')
    const other = await createKeyStore({ path }).create('phone', 'default')
    const tries = await Promise.all(Array.from({ length: 6 }, () => createKeyStore({ path }).rotate(stored.id)))
    const [made, ...more] = tries.filter((each) => each !== null)
    expect(more).toEqual([])
    const service = createKeyStore({ path })
    expect(await service.find(key)).toBeNull()
    expect(await service.find(made?.key as Secret)).toEqual({ id: made?.stored.id, kind: 'api-key', group: 'finance' })
    expect(await service.find(other.key)).toMatchObject({ group: 'default' })
    expect((await service.list()).map(({ name, group }) => [name, group])).toEqual([
      ['phone', 'default'],
      ['laptop', 'finance'],
    ])
  })

  it('stay as they are when a rotation finds no such key, or a file that is damaged', async () => {
    const path = join(folder, 'keys.json')
    const store = createKeyStore({ path })
    const { key, stored } = await store.create('laptop', 'finance')
    const kept = await readFile(path, 'utf8')
    expect(await store.rotate('none')).toBeNull()
    expect(await readFile(path, 'utf8')).toBe(kept)
    await writeFile(path, '{')
    await expect(store.rotate(stored.id)).rejects.toMatchObject({ code: 'invalid-config' })
    await writeFile(path, kept)
    expect(await store.find(key)).toMatchObject({ group: 'finance' })
  })

  it('are changed when another process is done changing them, and not before', async () => {
    const path = join(await realpath(folder), 'keys.json')
    const order: string[] = []
    const held = Promise.withResolvers<void>()
    const holding = withFileLock(path, 1_000, async () => {
      await held.promise
      order.push('the other one')
    })
    const made = createKeyStore({ path })
      .create('late', 'default')
      .then(() => order.push('this one'))
    await sleep(100)
    expect(order).toEqual([])
    held.resolve()
    await Promise.all([holding, made])
    expect(order).toEqual(['the other one', 'this one'])
  })

  it('leave no way back in by a first key when the last one was revoked', async () => {
    const store = createKeyStore({ path: join(folder, 'keys.json') })
    await store.create('only', 'default')
    const [only] = await store.list()
    await store.revoke(only?.id ?? '')
    expect(await store.ensureFirst('default')).toBeNull()
    expect(await store.list()).toEqual([])
  })

  it('stop the service when their file is damaged, instead of letting anyone in or making a new one', async () => {
    const path = join(folder, 'keys.json')
    await writeFile(path, '{"version":1,"keys":[{}]}')
    const store = createKeyStore({ path })
    await expect(store.ensureFirst('default')).rejects.toMatchObject({
      code: 'invalid-config',
      message: `The key file ${path} is damaged.`,
    })
    await expect(store.find(new Secret('x'))).rejects.toMatchObject({ code: 'invalid-config' })
  })
})
