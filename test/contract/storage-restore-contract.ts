import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { restoreBackup } from '../../src/storage/backup/restore-backup.ts'
import { writeBackup } from '../../src/storage/backup/write-backup.ts'
import { StoredCopy } from '../../src/storage/embedded/stored-copy.ts'
import { openStorage, type OpenedStorage, type OpenOptions } from '../../src/storage/open-storage.ts'
import type { StorageConfig } from '../../src/storage/options.ts'
import { restoredHistory } from './storage-history-restore.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const kills = Number(process.env['SALLYPORT_STORAGE_KILLS'] ?? 3)
/** Milliseconds, about: from the moment the storage is open. */
const longestRestore = 400

const restoring = join(import.meta.dirname, '../support/storage/restoring-process.ts')

/** Kills a process that restores so many milliseconds after it began. */
async function killRestore(config: StorageConfig, path: string, milliseconds: number): Promise<void> {
  const { kind, path: place, url } = config.storage
  const options = JSON.stringify(kind === 'embedded' ? { kind, path: place } : { kind, url: url?.reveal() })
  const words = ['--disable-warning=ExperimentalWarning', restoring, options, config.state_directory, path]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'close')
  await once(child.stdout, 'data')
  await sleep(milliseconds)
  child.kill('SIGKILL')
  await gone
}

const noon = Date.UTC(2026, 0, 10, 12)
const today = noon / 86_400_000 - 0.5

export const keyOf = (name: string) => ({
  id: `id-${name}`,
  name,
  group: 'default',
  sha256: createHash('sha256').update(name).digest('hex'),
  created: '2026-01-02T03:04:05.000Z',
})

const approvalOf = (digest: string) => ({
  id: `apr-${digest}`,
  principal: 'alice',
  group: 'default',
  digest,
  tool: 'run_sql',
  language: 'sql',
  source: null,
  rules: [],
  requestId: 'r1',
  wrappedKey: 'key',
  sealed: 'sealed',
})

export const find = ({ keys }: OpenedStorage, name: string) => keys.find(keyOf(name).sha256)

export const nothingBeside = { ledger: null, audit: null }

export async function backUp(storage: OpenedStorage): Promise<string> {
  const path = join(temporaryFolder('a backup of '), 'sallyport backup.db')
  await writeBackup(storage, { path, overwrite: false, beside: nothingBeside })
  return path
}

/** Each key with how it stands, such as `alice held: unknown`. */
export async function standing({ keys }: OpenedStorage): Promise<readonly string[]> {
  const told = (state: string) => (key: { name: string; heldBecause: string | null }) => `${key.name} ${state}`
  const inForce = (await keys.list()).filter(({ heldBecause }) => heldBecause === null)
  const waiting = (await keys.waiting()).map((key) => told(key.heldBecause ?? '')(key))
  return [...inForce.map(told('in force')), ...waiting].toSorted()
}

/** What every kind of storage does with a backup. `underTest` gives the configuration of an empty one, for each test anew. */
export function storageRestoreContract(name: string, underTest: () => Promise<StorageConfig>): void {
  const opened = async (config: StorageConfig, own: Partial<OpenOptions> = {}): Promise<OpenedStorage> => {
    const storage = await openStorage(config, {
      for: 'service',
      now: () => noon,
      onOtherTime: async () => undefined,
      ...own,
    })
    onTestFinished(() => storage[Symbol.asyncDispose]())
    return storage
  }

  describe(`a backup of ${name}`, () => {
    restoredHistory(async () => opened(await underTest()))

    it('is a file of a storage, for its owner only, of one moment while services write', async () => {
      verifies('storage.backup')
      const config = await underTest()
      const service = await opened(config)
      const said: string[] = []
      const writers = new AbortController()
      const write = async (worker: number): Promise<void> => {
        for (let count = 0; !writers.signal.aborted; count += 1) {
          const id = `resp_${worker}_${count}`
          await service.ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: [id, `${id}_b`] })
          said.push(id)
        }
      }
      const writing = [0, 1, 2, 3].map(write)
      while (said.length < 200) await service.probe()
      const before = [...said]
      const path = await backUp(await opened(config, { for: 'command' }))
      writers.abort()
      await Promise.all(writing)
      expect(statSync(path).mode & 0o777).toBe(0o600)
      using copy = await StoredCopy.open(path)
      const ids = new Set([...copy.ownedIds(100)].flat().map(({ id }) => id))
      expect(before.filter((id) => !ids.has(id))).toEqual([])
      // Both ids of a call were written together, and so are copied together.
      const torn = [...ids].filter((id) => !id.endsWith('_b') && !ids.has(`${id}_b`))
      expect(torn).toEqual([])
    })

    it('keeps the terms of each key, and where they were widened since, the key is held', async () => {
      verifies('keys.restored-terms')
      const config = await underTest()
      const old = await opened(config)
      const [soon, late] = ['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z']
      const make = (each: string, terms: object) => old.keys.add({ ...keyOf(each), ...terms })
      await make('same', { scopes: ['sql'], expires: soon })
      await make('shorter', { expires: late })
      await make('longer', { expires: soon })
      await make('endless', { expires: soon })
      await make('wider', { scopes: ['sql'] })
      await make('gone', { scopes: ['ask'], expires: late })
      const path = await backUp(old)
      const set = (each: string, terms: object) =>
        old.database.db.updateTable('api_keys').set(terms).where('id', '=', `id-${each}`).execute()
      await set('shorter', { expires: soon, replaced_by: 'id-next' })
      await set('longer', { expires: late })
      await set('endless', { expires: null })
      await set('wider', { scopes: '["sql","admin"]' })
      await old.database.db.deleteFrom('api_keys').where('id', '=', 'id-gone').execute()
      await restoreBackup(old, path)
      expect(await standing(old)).toEqual([
        'endless differs',
        'gone unknown',
        'longer differs',
        'same in force',
        'shorter in force',
        'wider differs',
      ])
      expect(await find(old, 'gone')).toMatchObject({ scopes: ['ask'], expires: late })
      expect(await find(old, 'shorter')).toMatchObject({ expires: soon, replacedBy: 'id-next' })
    })

    it('has no approval, and a restore of it refuses each that is open', async () => {
      verifies('approvals.restored')
      const config = await underTest()
      const storage = await opened(config)
      await storage.keys.add(keyOf('alice'))
      const digests = ['a1', 'b2', 'c3'].map((start) => start.repeat(32))
      const limits = { milliseconds: 600_000, most: 9 }
      for (const digest of digests) await storage.approvals.ask(approvalOf(digest), limits)
      for (const digest of digests.slice(1)) await storage.approvals.decide(`apr-${digest}`, 'allowed', 'cli:ann')
      expect(await storage.approvals.take('alice', digests[2] ?? '')).not.toBeNull()
      const path = await backUp(storage)
      await restoreBackup(storage, path)
      const states = (await storage.approvals.list({ most: 9 })).map(
        ({ state, decidedBy }) => `${state} by ${decidedBy}`,
      )
      expect(states.toSorted()).toEqual(['refused by restore', 'refused by restore', 'used by cli:ann'])
      for (const digest of digests) expect(await storage.approvals.take('alice', digest)).toBeNull()
      const fresh = await opened(await underTest())
      await restoreBackup(fresh, path)
      expect(await fresh.approvals.list({ most: 9 })).toEqual([])
    })

    it('whose file is put in the place of the storage by hand allows nothing', async () => {
      verifies('approvals.restored')
      const config = await underTest()
      {
        await using before = await openStorage(config, { for: 'service', now: () => noon })
        await before.keys.add(keyOf('alice'))
        await before.approvals.ask(approvalOf('a1'.repeat(32)), { milliseconds: 600_000, most: 9 })
        await before.approvals.decide(`apr-${'a1'.repeat(32)}`, 'allowed', 'cli:ann')
        // As a copy of an earlier day is: behind what this machine remembers.
        await before.keys.add(keyOf('bob'))
        await before.database.db.updateTable('storage_facts').set({ keys_revision: 0 }).execute()
      }
      const after = await opened(config)
      expect(await after.approvals.list({ most: 9 })).toMatchObject([{ state: 'refused', decidedBy: 'restore' }])
      expect(await after.approvals.take('alice', 'a1'.repeat(32))).toBeNull()
    })

    it('that is restored into an empty storage has everything, and each key is held', async () => {
      verifies('storage.restore-holds')
      const config = await underTest()
      const old = await opened(config)
      for (const each of ['alice', 'bob']) await old.keys.add(keyOf(each))
      await old.keys.revoke('id-bob')
      const many = Array.from({ length: 1_201 }, (_, index) => `resp_${index}`)
      await old.ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: many })
      const path = await backUp(old)
      const fresh = await opened(await underTest())
      const report = await restoreBackup(fresh, path)
      expect(report).toMatchObject({ keys: { active: 0, held: 1, revoked: 1 }, addedIds: 1_201 })
      expect(await standing(fresh)).toEqual(['alice unknown'])
      expect(await find(fresh, 'bob')).toBeNull()
      const owners = await fresh.ownedIds.owners('openai', many)
      expect(new Set(owners.values())).toEqual(new Set(['alice']))
      expect(await fresh.keys.accept(['id-alice'])).toEqual(['id-alice'])
      expect(await find(fresh, 'alice')).toMatchObject({ heldBecause: null, quotaUsedDay: today })
    })

    it('brings back no key that was revoked since, and holds what the backup does not know', async () => {
      verifies('storage.restore-holds')
      const config = await underTest()
      const service = await opened(config)
      for (const each of ['same', 'revoked', 'long-gone']) await service.keys.add(keyOf(each))
      await service.keys.revoke('id-long-gone')
      const path = await backUp(service)
      await service.keys.revoke('id-revoked')
      await service.keys.add(keyOf('later'))
      await service.keys.add(keyOf('revoked-later'))
      await service.keys.revoke('id-revoked-later')
      await restoreBackup(await opened(config, { for: 'command' }), path)
      expect(await standing(service)).toEqual(['later made-since', 'revoked revoked-since', 'same in force'])
      for (const gone of ['revoked', 'long-gone', 'revoked-later']) expect(await find(service, gone)).toBeNull()
      // All that are held leaves out what was revoked; its own name brings it back.
      expect(await service.keys.accept(null)).toEqual(['id-later'])
      expect(await find(service, 'revoked')).toBeNull()
      expect(await service.keys.accept(['id-long-gone'])).toEqual({ unknown: 'id-long-gone' })
      expect(await service.keys.accept(['id-revoked'])).toEqual(['id-revoked'])
      expect(await find(service, 'revoked')).toMatchObject({ heldBecause: null })
    })

    it('of an earlier day keeps what was accepted and revoked after it was restored once', async () => {
      const config = await underTest()
      const service = await opened(config)
      await service.keys.add(keyOf('first'))
      const path = await backUp(service)
      await service.keys.revoke('id-first')
      for (let round = 0; round < 2; round += 1) {
        await restoreBackup(service, path)
        expect(await standing(service)).toEqual(['first revoked-since'])
      }
      await service.keys.revoke('id-first')
      expect(await standing(service)).toEqual([])
    })

    it('with another group at a known key does not give that group to anybody', async () => {
      const config = await underTest()
      const service = await opened(config)
      await service.keys.add({ ...keyOf('alice'), group: 'operator' })
      const path = await backUp(service)
      const other = await opened(await underTest())
      await other.keys.add(keyOf('alice'))
      await restoreBackup(other, path)
      expect(await standing(other)).toEqual(['alice differs'])
      await other.keys.accept(null)
      expect(await find(other, 'alice')).toMatchObject({ group: 'default' })
    })

    it('gives no id of an upstream to another than its first maker', async () => {
      const config = await underTest()
      const service = await opened(config)
      await service.ownedIds.remember({ principal: 'mallory', upstream: 'openai', ids: ['resp_1', 'resp_2'] })
      const path = await backUp(service)
      const other = await opened(await underTest())
      await other.ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: ['resp_1'] })
      expect((await restoreBackup(other, path)).addedIds).toBe(1)
      expect([...(await other.ownedIds.owners('openai', ['resp_1', 'resp_2'])).values()]).toEqual(['alice', 'mallory'])
    })

    it("has the day's tokens of each key count as used, until they are accepted by name", async () => {
      verifies('storage.restore-quota')
      const config = await underTest()
      const service = await opened(config)
      for (const each of ['alice', 'bob']) await service.keys.add(keyOf(each))
      await restoreBackup(service, await backUp(service))
      expect((await service.keys.withUsedQuota()).map(({ name: each }) => each)).toEqual(['alice', 'bob'])
      expect(await service.keys.acceptQuota(['id-alice', 'id-none'])).toEqual({ unknown: 'id-none' })
      expect(await service.keys.acceptQuota(['id-alice'])).toEqual(['id-alice'])
      expect([await find(service, 'alice'), await find(service, 'bob')]).toMatchObject([
        { quotaUsedDay: null },
        { quotaUsedDay: today },
      ])
      const made = await service.keys.replace('id-bob', () => keyOf('carol'))
      expect([made?.name, (await find(service, 'carol'))?.quotaUsedDay]).toEqual(['carol', null])
    })

    it('that is restored is noticed by every machine, running or started later, once', async () => {
      verifies('storage.restore-noticed')
      const config = await underTest()
      let time = 0
      const noticed: string[] = []
      const own = { elapsed: () => time, onOtherTime: async (why: string) => void noticed.push(why) }
      const running = await opened(config, own)
      await running.keys.add(keyOf('alice'))
      const path = await backUp(running)
      // What another machine remembers is in its own state directory; for a file, the mark is beside it.
      const elsewhere = { ...config, state_directory: temporaryFolder('elsewhere-') }
      await (await opened(elsewhere))[Symbol.asyncDispose]()
      const command = await opened(config, { for: 'command' })
      await restoreBackup(command, path)
      time += 1_000
      await find(running, 'alice')
      expect(noticed).toEqual(['restored'])
      time += 1_000
      await find(running, 'alice')
      expect(noticed).toEqual(['restored'])
      const later: string[] = []
      const again = { onOtherTime: async (why: string) => void later.push(why) }
      for (let start = 0; start < 2; start += 1) await (await opened(elsewhere, again))[Symbol.asyncDispose]()
      expect(later).toEqual(config.storage.kind === 'embedded' ? [] : ['restored'])
    })

    it('is noticed again until what belongs to it was held', async () => {
      verifies('storage.restore-noticed')
      const config = await underTest()
      const command = await opened(config, { for: 'command' })
      await command.keys.add(keyOf('alice'))
      await restoreBackup(command, await backUp(command))
      const failing = opened(config, { onOtherTime: () => Promise.reject(new Error('no room for the ledger')) })
      await expect(failing).rejects.toThrow('no room for the ledger')
      let count = 0
      await opened(config, { onOtherTime: async () => void (count += 1) })
      expect(count).toBe(1)
    })

    it('is restored whole or not at all, wherever the process that restores it is killed', async () => {
      verifies('storage.restore-whole')
      const source = await opened(await underTest())
      for (const each of ['alice', 'bob']) await source.keys.add(keyOf(each))
      const many = Array.from({ length: 20_000 }, (_, index) => `resp_${index}`)
      await source.ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: many })
      const path = await backUp(source)
      const config = await underTest()
      const storage = await opened(config)
      await storage.keys.add(keyOf('alice'))
      let wasWhole = 0
      for (let kill = 0; kill < kills; kill += 1) {
        await killRestore(config, path, (kill / kills) * longestRestore)
        const owners = await storage.ownedIds.owners('openai', many)
        const count = [...owners.values()].filter((owner) => owner === 'alice').length
        const keys = await standing(await opened(config, { for: 'command' }))
        expect([count, keys]).toEqual(
          count === 0 ? [0, ['alice in force']] : [many.length, ['alice in force', 'bob unknown']],
        )
        if (count > 0) wasWhole += 1
      }
      expect(wasWhole).toBeLessThan(kills)
    })

    it('may be restored twice at once: one after the other', async () => {
      const config = await underTest()
      const service = await opened(config)
      for (const each of ['alice', 'bob']) await service.keys.add(keyOf(each))
      const path = await backUp(service)
      await service.keys.revoke('id-bob')
      const both = await Promise.all([opened(config, { for: 'command' }), opened(config, { for: 'command' })])
      await Promise.all(both.map((each) => restoreBackup(each, path)))
      expect(await standing(service)).toEqual(['alice in force', 'bob revoked-since'])
    })
  })
}
