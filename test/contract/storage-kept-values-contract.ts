import { describe, expect, it } from 'vitest'
import type { KeptBy, KeptPlace, KeptValue } from '../../src/core/kept-values.ts'
import type { OpenedStorage } from '../../src/storage/open-storage.ts'
import { verifies } from '../support/verifies.ts'
import type { StorageUnderTest } from './storage-contract.ts'

const callers = { alice: 'support', bob: 'support', carol: 'finance' }

/** A conversation of each caller, of so many values. */
async function withConversations(storage: OpenedStorage, values = 1): Promise<void> {
  for (const [name, group] of Object.entries(callers)) {
    const created = '2026-01-02T03:04:05.000Z'
    await storage.keys.add({ id: name, name, group, sha256: `digest-${name}`, created })
    const rows = Array.from({ length: values }, (_, at) => ({ token: `T_${at}`, sealed: `sealed ${at}` }))
    await storage.maskedConversations.keep({ id: `c-${name}`, principal: name, wrappedKey: `key of ${name}` }, rows)
  }
}

async function all({ keptValues }: OpenedStorage, by: KeptBy, most = 1_000): Promise<readonly KeptValue[]> {
  const values: KeptValue[] = []
  for (let after: KeptPlace | null = null; ;) {
    const piece = await keptValues.page(by, { after, most })
    values.push(...piece)
    const last = piece.at(-1)
    if (piece.length < most || last === undefined) return values
    after = { conversation: last.conversation, token: last.token }
  }
}

/** What every kind of storage holds of the values of conversations together. */
export function keptValuesContract(underTest: () => Promise<StorageUnderTest>): void {
  describe('for whoever looks for a value', () => {
    it('has those of a caller, of a group, revoked keys included, or of all, each with its key', async () => {
      const storage = await (await underTest()).open()
      await withConversations(storage)
      await storage.keys.revoke('bob')
      const idsOf = async (by: KeptBy) => (await all(storage, by)).map(({ conversation }) => conversation)
      expect(await all(storage, { of: 'own', principal: 'alice' })).toEqual([
        { conversation: 'c-alice', wrappedKey: 'key of alice', token: 'T_0', sealed: 'sealed 0' },
      ])
      expect(await idsOf({ of: 'group', group: 'support' })).toEqual(['c-alice', 'c-bob'])
      expect(await idsOf({ of: 'group', group: 'none' })).toEqual([])
      expect(await idsOf({ of: 'all' })).toEqual(['c-alice', 'c-bob', 'c-carol'])
    })

    it('gives each value once, in pieces of any size, and goes on behind a conversation', async () => {
      const storage = await (await underTest()).open()
      await withConversations(storage, 7)
      const whole = await all(storage, { of: 'all' })
      expect(whole).toHaveLength(21)
      for (const most of [1, 2, 7, 20, 21]) expect(await all(storage, { of: 'all' }, most)).toEqual(whole)
      const behind = { conversation: 'c-alice', token: null }
      const rest = await storage.keptValues.page({ of: 'all' }, { after: behind, most: 100 })
      expect(rest).toEqual(whole.filter(({ conversation }) => conversation !== 'c-alice'))
    })

    it('forgets a conversation that they may see, and no other, for good', async () => {
      verifies('pii.found-forgotten')
      const { open } = await underTest()
      const storage = await open()
      await withConversations(storage)
      const { db } = storage.database
      const before = await db.selectFrom('masked_conversations').selectAll().execute()
      const { keptValues } = storage
      expect(await keptValues.forget({ of: 'own', principal: 'alice' }, 'c-bob')).toBe(false)
      expect(await keptValues.forget({ of: 'group', group: 'finance' }, 'c-bob')).toBe(false)
      expect(await keptValues.forget({ of: 'all' }, 'c-none')).toBe(false)
      expect(await all(storage, { of: 'all' })).toHaveLength(3)
      expect(await keptValues.forget({ of: 'group', group: 'support' }, 'c-bob')).toBe(true)
      expect(await keptValues.forget({ of: 'all' }, 'c-bob')).toBe(false)
      expect((await all(storage, { of: 'all' })).map(({ conversation }) => conversation)).toEqual([
        'c-alice',
        'c-carol',
      ])
      await db
        .insertInto('masked_conversations')
        .values(before.filter(({ id }) => id === 'c-bob'))
        .execute()
      const later = await open()
      expect(await later.database.db.selectFrom('masked_conversations').select('id').orderBy('id').execute()).toEqual([
        { id: 'c-alice' },
        { id: 'c-carol' },
      ])
    })
  })
}
