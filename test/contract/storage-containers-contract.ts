import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { KeptContainer } from '../../src/core/containers.ts'
import { newId } from '../../src/core/new-id.ts'
import { ContainerVault } from '../../src/sealed/container-vault.ts'
import { KeyRing } from '../../src/sealed/key-ring.ts'
import { sweep } from '../../src/storage/retention/sweep.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { verifies } from '../support/verifies.ts'
import type { StorageUnderTest } from './storage-contract.ts'

const noon = Date.UTC(2026, 0, 10, 12)
const hour = 3_600_000

const containerAt = (time: number, own: Partial<KeptContainer> = {}): KeptContainer => ({
  id: newId('cntr', time),
  principal: 'alice',
  made: new Date(time),
  used: new Date(time),
  ends: new Date(time + hour),
  isOver: false,
  holder: 'a process',
  revision: 0,
  name: 'the sales of ann@example.com',
  idleMilliseconds: 60_000,
  limits: { memory_mb: 1_024 },
  hasRun: false,
  programs: ['secret = 1'],
  losses: 0,
  files: [{ fileId: newId('file', time), path: 'a.txt', source: 'user', isOwn: true }],
  ...own,
})
const all = { most: 5_000, order: 'asc' } as const

/** What every kind of storage holds of containers. */
export function containersContract(underTest: () => Promise<StorageUnderTest>): void {
  const opened = async () => {
    const storage = await (await underTest()).open()
    const ring = new KeyRing(randomBytes(32), [])
    return { storage, vault: new ContainerVault(storage.containers, async () => ring) }
  }

  describe('for containers', () => {
    it('keeps one as it is for its principal alone, sealed, and lists them by when they were made', async () => {
      verifies('containers.restart')
      const { storage, vault } = await opened()
      const made = [0, 1, 2].map((at) => containerAt(noon + at))
      for (const container of made) await vault.add(container)
      const [first, second, third] = made as [KeptContainer, KeptContainer, KeptContainer]
      expect(await vault.show('alice', first.id)).toEqual(first)
      expect(await vault.show('bob', first.id)).toBeNull()
      expect(await vault.list('bob', all)).toEqual([])
      expect(await vault.list('alice', { most: 2, order: 'desc' })).toEqual([third, second])
      expect(await vault.list('alice', { most: 2, order: 'desc', after: second.id })).toEqual([first])
      expect(JSON.stringify(await storage.containers.show('alice', first.id))).not.toMatch(/ann@|a\.txt|secret/)
    })

    it('is changed by who has read it last, and by no one else', async () => {
      const { storage, vault } = await opened()
      const container = containerAt(noon)
      await vault.add(container)
      expect(await vault.change({ ...container, principal: 'bob' })).toBe(false)
      const changes = ['x', 'y', 'z'].map((holder) => Object.assign({}, container, { holder, losses: 1 }))
      const done = await Promise.all(changes.map((change) => vault.change(change)))
      expect(done.filter(Boolean)).toHaveLength(1)
      const now = await vault.show('alice', container.id)
      expect(now).toEqual({ ...changes[done.indexOf(true)], revision: 1 })
      expect(await vault.delete('bob', container.id)).toBe(false)
      expect(await vault.delete('alice', container.id)).toBe(true)
      expect(await vault.change({ ...container, revision: 1 })).toBe(false)
      expect([await vault.show('alice', container.id), await vault.list('alice', all)]).toEqual([null, []])
      expect(await storage.forgotten.has(container.id)).toBe(true)
    })

    it('says which process has each, and nothing of one that is gone', async () => {
      const { storage, vault } = await opened()
      const [kept, gone] = [containerAt(noon), containerAt(noon + 1, { holder: 'another' })]
      for (const container of [kept, gone]) await vault.add(container)
      const ids = [kept.id, gone.id, 'cntr_none']
      const holders = new Map([
        [kept.id, 'a process'],
        [gone.id, 'another'],
      ])
      expect(await vault.holdersOf(ids)).toEqual(holders)
      await vault.change({ ...kept, holder: 'a third' })
      await vault.delete('alice', gone.id)
      expect([...(await storage.containers.holdersOf(ids))]).toEqual([[kept.id, 'a third']])
    })

    it('tells of what it cannot open, as when it was given to another one', async () => {
      const { storage, vault } = await opened()
      const container = containerAt(noon)
      await vault.add(container)
      await storage.database.db.updateTable('containers').set({ principal: 'bob' }).execute()
      await expect(vault.show('bob', container.id)).rejects.toMatchObject({ code: 'internal' })
    })

    it('remembers a thousand of a principal that are over, and forgets each a day after it could have lived', async () => {
      const { storage, vault } = await opened()
      const { containers } = storage
      const open = containerAt(noon)
      await vault.add(open)
      const made = new Date(noon).toISOString()
      const row = {
        principal: 'alice',
        made,
        used: made,
        ends: open.ends.toISOString(),
        is_over: 1,
        holder: 'a',
        revision: 0,
      }
      for (let piece = 0; piece < 10; piece += 1) {
        const over = Array.from({ length: 100 }, () => ({
          id: newId('cntr', noon + 1),
          ...row,
          wrapped_key: 'w',
          sealed: 's',
        }))
        await storage.database.db.insertInto('containers').values(over).execute()
      }
      await vault.add(containerAt(noon + 2, { isOver: true }))
      await vault.add(containerAt(noon + 2, { principal: 'bob' }))
      const kept = await containers.list('alice', all)
      expect([kept.length, kept[0]?.id === open.id]).toEqual([1_001, true])
      const retention = storageOptions.parse({}).retention
      const sweepAt = (now: number) =>
        sweep({ ...storage.database, now: () => now, retention }, new AbortController().signal)
      expect(await sweepAt(noon + 25 * hour)).toMatchObject({ containers: 0 })
      expect(await sweepAt(noon + 26 * hour)).toMatchObject({ containers: 1_002 })
      expect(await vault.list('bob', all)).toEqual([])
    })
  })
}
