import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/new-id.ts'
import type { ShareFacts, SharedItem } from '../../src/core/shares.ts'
import { ConversationVault } from '../../src/sealed/conversation-vault.ts'
import { KeyRing } from '../../src/sealed/key-ring.ts'
import { ShareVault } from '../../src/sealed/share-vault.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { sweep } from '../../src/storage/retention/sweep.ts'
import { verifies } from '../support/verifies.ts'
import type { StorageUnderTest } from './storage-contract.ts'

const day = 86_400_000
const all = { most: 100 }
const contentOf = (text: string) => {
  const item: SharedItem = { type: 'message', role: 'user', text }
  return {
    title: `About ${text.slice(0, 50)}`,
    items: [item, { type: 'left-out', what: 'file', name: null, why: 'gone' }] as const,
  }
}

/** What every kind of storage holds of shares. */
export function sharesContract(underTest: () => Promise<StorageUnderTest>): void {
  const opened = async () => {
    const storage = await (await underTest()).open()
    const [old, current] = [randomBytes(32), randomBytes(32)]
    const ring = new KeyRing(old, [])
    const conversations = new ConversationVault(storage.conversations, async () => ring, storage.now)
    const vault = new ShareVault(storage.shares, async () => ring)
    const talk = async (principal = 'alice') =>
      (await conversations.create(principal, { title: null, metadata: {} }, [])).id
    const factsOf = (conversation: string, own: Partial<ShareFacts> = {}): ShareFacts => ({
      id: newId('shr', storage.now()),
      principal: 'alice',
      conversation,
      audience: 'group',
      group: 'team',
      secretDigest: null,
      made: new Date(storage.now()),
      expires: new Date(storage.now() + day),
      ...own,
    })
    const turned = new ShareVault(storage.shares, async () => new KeyRing(current, [old]))
    return { storage, conversations, vault, turned, talk, factsOf }
  }

  describe('for shares', () => {
    it('keeps one as it was made, sealed, with what it shows in as many rows as it takes', async () => {
      verifies('shares.sealed')
      const { storage, vault, talk, factsOf } = await opened()
      const facts = factsOf(await talk())
      const content = contentOf('ann@example.com '.repeat(40_000))
      expect(await vault.add(facts, content, 10)).toBe('added')
      expect(await vault.find(facts.id)).toEqual({ ...facts, title: content.title, leftOut: 1 })
      expect(await vault.content(facts.id)).toEqual(content)
      expect(await storage.shares.pieces(facts.id)).toHaveLength(3)
      const stored = [await storage.shares.find(facts.id), await storage.shares.pieces(facts.id)]
      expect(JSON.stringify(stored)).not.toMatch(/ann@|About/)
    })

    it('opens it neither for another group, nor as a link, nor longer, nor of another share’s pieces', async () => {
      verifies('shares.sealed')
      const { storage, vault, talk, factsOf } = await opened()
      const conversation = await talk()
      const [one, other] = [factsOf(conversation), factsOf(conversation)]
      for (const facts of [one, other]) await vault.add(facts, contentOf(facts.id), 10)
      const { db } = storage.database
      for (const changed of [
        { audience_group: 'others' },
        { audience: 'link' as const },
        { expires: new Date(storage.now() + 9 * day).toISOString() },
        { secret_digest: 'a'.repeat(64) },
      ]) {
        const row = await db.selectFrom('shares').selectAll().where('id', '=', one.id).executeTakeFirstOrThrow()
        await db.updateTable('shares').set(changed).where('id', '=', one.id).execute()
        await expect(vault.find(one.id)).rejects.toMatchObject({ code: 'internal' })
        await expect(vault.content(one.id)).rejects.toMatchObject({ code: 'internal' })
        await db.updateTable('shares').set(row).where('id', '=', one.id).execute()
      }
      const [sealed = ''] = await storage.shares.pieces(other.id)
      await db.updateTable('share_pieces').set({ sealed }).where('share', '=', one.id).execute()
      await expect(vault.content(one.id)).rejects.toMatchObject({ code: 'internal' })
      expect(await vault.content(other.id)).toEqual(contentOf(other.id))
    })

    it('lists those of a principal, and those for a group, newest first', async () => {
      const { vault, talk, factsOf } = await opened()
      const conversation = await talk()
      const made = [1, 2, 3].map((at) => factsOf(conversation, { id: newId('shr', at) }))
      const link = factsOf(conversation, { id: newId('shr', 4), audience: 'link', secretDigest: 'b'.repeat(64) })
      const bobs = factsOf(await talk('bob'), { id: newId('shr', 5), principal: 'bob', group: 'others' })
      for (const facts of [...made, link, bobs]) await vault.add(facts, contentOf('x'), 10)
      const ids = async (listed: ReturnType<typeof vault.list>) => (await listed).map(({ id }) => id)
      const [first, second, third] = made.map(({ id }) => id)
      expect(await ids(vault.list('alice', all))).toEqual([link.id, third, second, first])
      expect(await ids(vault.list('alice', { most: 1, after: third }))).toEqual([second])
      expect(await ids(vault.listFor('team', all))).toEqual([third, second, first])
      expect(await ids(vault.listFor('others', all))).toEqual([bobs.id])
      expect(await ids(vault.list('carol', all))).toEqual([])
    })

    it('lists those of everybody for operators, of which it opens none', async () => {
      const { storage, vault, talk, factsOf } = await opened()
      const conversation = await talk()
      const mine = factsOf(conversation, { id: newId('shr', 1) })
      const link = factsOf(conversation, { id: newId('shr', 2), audience: 'link', secretDigest: 'b'.repeat(64) })
      const bobs = factsOf(await talk('bob'), { id: newId('shr', 3), principal: 'bob', group: 'others' })
      const over = factsOf(conversation, { id: newId('shr', 4), expires: new Date(storage.now() - 1) })
      for (const facts of [mine, link, bobs, over]) await vault.add(facts, contentOf('x'), 10)
      // What was changed does not open, and is told of all the same.
      await storage.database.db.updateTable('shares').set({ sealed: 'x' }).where('id', '=', link.id).execute()
      expect(await vault.listEvery({}, all)).toEqual([bobs, link, mine])
      expect(await vault.facts(link.id)).toEqual(link)
      expect(await vault.facts(over.id)).toBeNull()
      const filters = [{ audience: 'link' }, { group: 'others' }, { principal: 'alice', group: 'team' }] as const
      const found = await Promise.all(filters.map(async (filter) => await vault.listEvery(filter, all)))
      expect(found).toEqual([[link], [bobs], [link, mine]])
      expect(await vault.listEvery({}, { most: 1, after: bobs.id })).toEqual([link])
    })

    it('takes none of a conversation that is not its principal’s, nor more than it may have', async () => {
      const { vault, talk, factsOf } = await opened()
      const conversation = await talk()
      const strange = factsOf(conversation, { principal: 'bob' })
      expect(await vault.add(strange, contentOf('x'), 10)).toBe('no-conversation')
      expect(await vault.add(factsOf(conversation), contentOf('x'), 1)).toBe('added')
      expect(await vault.add(factsOf(conversation), contentOf('x'), 1)).toBe('too-many')
      expect(await vault.list('bob', all)).toEqual([])
    })

    it('forgets it with its revoking, with its conversation, and when its time is over', async () => {
      verifies('shares.links')
      const { storage, conversations, vault, talk, factsOf } = await opened()
      const [one, other] = [await talk(), await talk()]
      const shares = { revoked: factsOf(one), left: factsOf(one), gone: factsOf(other) }
      const over = factsOf(one, { expires: new Date(storage.now() - 1) })
      for (const facts of [...Object.values(shares), over]) await vault.add(facts, contentOf('x'), 10)
      expect(await vault.find(over.id)).toBeNull()
      expect(await vault.delete('bob', shares.revoked.id)).toBe(false)
      expect(await vault.delete('alice', shares.revoked.id)).toBe(true)
      expect(await vault.delete('alice', shares.revoked.id)).toBe(false)
      expect(await conversations.delete('alice', other)).toBe(true)
      for (const { id } of [shares.revoked, shares.gone]) {
        expect(await vault.find(id)).toBeNull()
        expect(await vault.content(id)).toBeNull()
      }
      const { db, health } = storage.database
      const retention = storageOptions.parse({}).retention
      const sweepNow = () =>
        sweep({ db, health, now: storage.now, retention }, AbortSignal.timeout(60_000)).then((counts) => counts.shares)
      expect(await sweepNow()).toBe(1)
      const rows = await db.selectFrom('share_pieces').select('share').execute()
      expect(rows.map(({ share }) => share)).toEqual([shares.left.id])
    })

    it('is wrapped anew by the key in use', async () => {
      const { vault, turned, talk, factsOf } = await opened()
      const facts = factsOf(await talk())
      await vault.add(facts, contentOf('x'), 10)
      expect(await turned.rewrap(AbortSignal.timeout(60_000))).toEqual({ rewrapped: 1, lost: 0 })
      expect(await turned.content(facts.id)).toEqual(contentOf('x'))
      await expect(vault.content(facts.id)).rejects.toMatchObject({ code: 'internal' })
    })
  })
}
