import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { createKeyStore, type KeyStore } from '../../../../src/gateway/authenticate/keys.ts'
import { openTemporaryStorage } from '../../../support/storage/open-temporary.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

let folder = ''
beforeEach(() => {
  folder = temporaryFolder('keys-')
})

/** The keys as one process of several sees them. */
function keysOf(now?: () => Date): KeyStore {
  const opening = openTemporaryStorage(folder)
  return createKeyStore({ storage: () => opening, ...(now === undefined ? {} : { now }) })
}

describe('API keys', () => {
  it('are none in a new storage', async () => {
    const store = keysOf()
    expect(await store.place()).toBe(join(folder, 'sallyport.db'))
    expect(await store.list()).toEqual([])
    expect(await store.find(new Secret('sp-guess'))).toBeNull()
    expect([await store.revoke('none'), await store.rotate('none')]).toEqual([false, null])
  })

  it('are listed oldest first, each with its name, group, hash and when it was made', async () => {
    const times = ['2026-01-02T03:04:05.000Z', '2026-02-03T04:05:06.000Z']
    const left = [...times]
    const store = keysOf(() => new Date(left.shift() ?? 0))
    const first = (await store.ensureFirst('ops'))?.key ?? null
    const { key, stored } = await store.create('laptop', 'finance')
    const sha256 = (of: Secret | null) =>
      createHash('sha256')
        .update(of?.reveal() ?? '')
        .digest('hex')
    const listed = await store.list()
    const inForce = {
      heldBecause: null,
      quotaUsedDay: null,
      scopes: null,
      expires: null,
      lastUsed: null,
      replacedBy: null,
    }
    expect(listed).toEqual([
      { id: expect.any(String), name: 'first', group: 'ops', sha256: sha256(first), created: times[0], ...inForce },
      { id: stored.id, name: 'laptop', group: 'finance', sha256: sha256(key), created: times[1], ...inForce },
    ])
    expect(listed[0]?.id).not.toBe(stored.id)
    expect(await store.find(key)).toEqual({ id: stored.id, kind: 'api-key', group: 'finance' })
    expect(await store.find(first as Secret)).toEqual({ id: listed[0]?.id, kind: 'api-key', group: 'ops' })
  })

  it('are made at the first start, shown once, and known afterwards', async () => {
    verifies('serve.first-key')
    const store = keysOf()
    expect(await store.isEmpty()).toBe(true)
    const key = (await store.ensureFirst('default'))?.key
    expect(await store.isEmpty()).toBe(false)
    expect(key?.reveal()).toMatch(/^sp-[\w-]{43}$/)
    expect(await store.ensureFirst('default')).toBeNull()
    expect(await store.find(key as Secret)).toMatchObject({ kind: 'api-key', group: 'default' })
    expect(await store.find(new Secret('sp-guess'))).toBeNull()
  })

  it('are kept as hashes in a file that only its owner reads', async () => {
    verifies('security.hashes-only')
    const { key, stored } = await keysOf().create('laptop', 'default')
    const files = ['sallyport.db', 'sallyport.db-wal', 'sallyport.db.changed'].map((name) => join(folder, name))
    const kept = files.map((file) => readFileSync(file, 'latin1')).join('')
    expect([kept.includes(stored.sha256), kept.includes(key.reveal())]).toEqual([true, false])
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600, 0o600])
  })

  it("are nobody's once they were revoked, at once and for every process", async () => {
    verifies('serve.keys-at-once')
    const [store, service] = [keysOf(), keysOf()]
    const kept = (await store.create('kept', 'default')).key
    const { key: revoked, stored } = await store.create('revoked', 'finance')
    expect(await service.find(revoked)).toMatchObject({ group: 'finance' })
    expect(await store.revoke(stored.id)).toBe(true)
    expect(await store.revoke(stored.id)).toBe(false)
    expect(await service.find(revoked)).toBeNull()
    expect(await store.find(revoked)).toBeNull()
    expect(await service.find(kept)).toMatchObject({ group: 'default' })
  })

  it('are all kept and all revoked when several processes change them at once', async () => {
    const stores = Array.from({ length: 8 }, () => keysOf())
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
    const { key, stored } = await keysOf().create('laptop', 'finance')
    const other = await keysOf().create('phone', 'default')
    const tries = await Promise.all(Array.from({ length: 6 }, () => keysOf().rotate(stored.id)))
    const [made, ...more] = tries.filter((each) => each !== null)
    expect(more).toEqual([])
    const service = keysOf()
    expect(await service.find(key)).toBeNull()
    expect(await service.find(made?.key as Secret)).toEqual({ id: made?.stored.id, kind: 'api-key', group: 'finance' })
    expect(await service.find(other.key)).toMatchObject({ group: 'default' })
    expect((await service.list()).map(({ name, group }) => [name, group])).toEqual([
      ['phone', 'default'],
      ['laptop', 'finance'],
    ])
  })

  it('leave no way back in by a first key when the last one was revoked', async () => {
    const store = keysOf()
    const { stored } = await store.create('only', 'default')
    await store.revoke(stored.id)
    expect(await store.isEmpty()).toBe(false)
    expect(await store.ensureFirst('default')).toBeNull()
    expect(await store.list()).toEqual([])
  })

  it('that are held are nobody’s, and whoever has one is told so', async () => {
    const storage = await openTemporaryStorage(folder)
    const store = createKeyStore({ storage: async () => storage })
    const key = new Secret('sp-of-a-file-put-back')
    const sha256 = createHash('sha256').update(key.reveal()).digest('hex')
    const stored = { id: 'k1', name: 'old', group: 'default', sha256, created: '2026-01-02T03:04:05.000Z' }
    await storage.keys.takeOver('/first.json', [])
    await storage.keys.takeOver('/second.json', [stored])
    await expect(store.find(key)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await store.list()).toMatchObject([{ ...stored, heldBecause: 'file', quotaUsedDay: null }])
    // Who has it replaced knows to whom the new one is given.
    const rotated = await store.rotate('k1')
    expect(await store.find(rotated?.key as Secret)).toMatchObject({ group: 'default' })
    expect(await store.find(key)).toBeNull()
  })

  it('count until they expire and not at that moment, for every process, whatever they are asked for', async () => {
    verifies('keys.terms')
    let now = Date.parse('2026-01-01T00:00:00.000Z')
    const clock = () => new Date(now)
    const [store, service] = [keysOf(clock), keysOf(clock)]
    const { key } = await store.create('short', 'default', { expires: { milliseconds: 60_000 } })
    const until = '2026-01-01T00:02:00.000Z'
    const { key: other } = await store.create('dated', 'default', { expires: { until } })
    now += 59_999
    expect(await service.find(key)).toMatchObject({ group: 'default' })
    now += 1
    expect([await service.find(key), await store.find(key)]).toEqual([null, null])
    expect(await service.find(other)).toMatchObject({ group: 'default' })
    now = Date.parse(until)
    expect(await service.find(other)).toBeNull()
    // It is listed until it is revoked, so that its holder can be given another.
    const ends = Object.fromEntries((await store.list()).map(({ name, expires }) => [name, expires]))
    expect(ends).toEqual({ dated: until, short: '2026-01-01T00:01:00.000Z' })
  })

  it('are shown as they are kept when they are made: without an end and with all scopes, unless these are named', async () => {
    const made = new Date('2026-01-01T00:00:00.000Z')
    const store = keysOf(() => made)
    const { key, stored } = await store.create('plain', 'default')
    const sha256 = createHash('sha256').update(key.reveal()).digest('hex')
    const created = made.toISOString()
    const id = expect.stringMatching(/^[\da-f-]{36}$/) as string
    expect(stored).toStrictEqual({ id, name: 'plain', group: 'default', sha256, created, scopes: null, expires: null })
    const terms = { scopes: ['models'], expires: { milliseconds: 1_000 } } as const
    expect((await store.create('narrow', 'default', terms)).stored).toMatchObject({
      scopes: ['models'],
      expires: '2026-01-01T00:00:01.000Z',
    })
  })

  it('have the scopes that were named, and none that was not', async () => {
    verifies('keys.terms')
    const store = keysOf()
    const { key } = await store.create('narrow', 'default', { scopes: ['models'] })
    expect(await store.find(key)).toMatchObject({ scopes: ['models'] })
    const rotated = await store.rotate((await store.list())[0]?.id ?? '')
    expect(await store.find(rotated?.key as Secret)).toMatchObject({ scopes: ['models'] })
    expect(await store.find((await store.create('wide', 'default')).key)).not.toHaveProperty('scopes')
  })

  it('that are rotated with an overlap count beside the new one until it is over, once', async () => {
    verifies('keys.overlap')
    let now = Date.parse('2026-01-01T00:00:00.000Z')
    const store = keysOf(() => new Date(now))
    const { key, stored } = await store.create('laptop', 'finance', { expires: { milliseconds: 30 * 86_400_000 } })
    now += 86_400_000
    const made = await store.rotate(stored.id, { overlapMilliseconds: 3_600_000 })
    // The new one lives as long as the old one was to.
    expect(made?.stored.expires).toBe('2026-02-01T00:00:00.000Z')
    expect(await store.rotate(stored.id, { overlapMilliseconds: 3_600_000 })).toBeNull()
    expect((await store.list()).map(({ replacedBy }) => replacedBy)).toEqual([made?.stored.id, null])
    now += 3_599_999
    expect([await store.find(key), await store.find(made?.key as Secret)]).toMatchObject([
      { id: stored.id },
      { id: made?.stored.id },
    ])
    now += 1
    expect(await store.find(key)).toBeNull()
    expect(await store.find(made?.key as Secret)).not.toBeNull()
  })

  it('do not live longer for an overlap than they were to', async () => {
    verifies('keys.overlap')
    const store = keysOf(() => new Date('2026-01-01T00:00:00.000Z'))
    const { stored } = await store.create('short', 'default', { expires: { milliseconds: 60_000 } })
    await store.rotate(stored.id, { overlapMilliseconds: 86_400_000 })
    expect((await store.list()).find(({ id }) => id === stored.id)?.expires).toBe('2026-01-01T00:01:00.000Z')
  })

  it('have when they were last used, to the minute, once the process ends or a minute is over', async () => {
    verifies('keys.last-used')
    const minute = (at: string | null | undefined) => Math.floor(Date.parse(at ?? '') / 60_000)
    const service = await openTemporaryStorage(folder)
    const store = createKeyStore({ storage: async () => service })
    const { key } = await store.create('used', 'default')
    await store.create('unused', 'default')
    const before = Math.floor(Date.now() / 60_000)
    await store.find(key)
    await service[Symbol.asyncDispose]()
    const [used, unused] = await keysOf().list()
    expect(minute(used?.lastUsed)).toBeGreaterThanOrEqual(before)
    expect(unused?.lastUsed).toBeNull()
  })
})
