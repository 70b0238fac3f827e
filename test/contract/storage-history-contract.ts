import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ConversationItem, Conversations, KeptItem, RunEnd, RunToBegin } from '../../src/core/conversations.ts'
import { ConversationVault } from '../../src/sealed/conversation-vault.ts'
import { KeyRing } from '../../src/sealed/key-ring.ts'
import type { OpenedStorage } from '../../src/storage/open-storage.ts'
import { sweep } from '../../src/storage/retention/sweep.ts'
import { verifies } from '../support/verifies.ts'
import type { StorageUnderTest } from './storage-contract.ts'

const noon = Date.UTC(2026, 0, 10, 12)
const dayMilliseconds = 86_400_000
const serviceKey = randomBytes(32)
const words = { title: 'Sales', metadata: { team: 'north' } }
const said = (content: string, role: 'user' | 'assistant' = 'user'): ConversationItem => ({
  type: 'message',
  role,
  content,
})
export const contents = (items: readonly KeptItem[] | null): readonly string[] =>
  (items ?? []).map(({ item }) => (item.type === 'message' ? item.content : item.type))

export const wellEnded: RunEnd = {
  ending: 'answer',
  message: null,
  usage: { inputTokens: 3, outputTokens: 4 },
  steps: 2,
  milliseconds: 50,
}

export const runIn = (conversation: string | null, own: Partial<RunToBegin> = {}): RunToBegin => ({
  conversation,
  isExclusive: true,
  model: 'analyst',
  requestId: 'req-1',
  details: { instructions: 'be brief' },
  items: [said('how many?')],
  ...own,
})

export function vaultOf({ conversations }: OpenedStorage, key = serviceKey, now = () => noon): ConversationVault {
  return new ConversationVault(conversations, async () => new KeyRing(key, []), now)
}

/** What a process has left in the storage that was killed while it ran something. */
export async function killOwner({ database }: OpenedStorage, run: string): Promise<void> {
  const { db } = database
  const owner = `1|0|${'0'.repeat(8)}-of-another-boot|pid:[1]|dead`
  await db
    .insertInto('process_leases')
    .values({ id: owner, seen: '2020-01-01T00:00:00.000Z', number: 0, replica: 'dead' })
    .execute()
  await db.updateTable('conversation_runs').set({ owner }).where('id', '=', run).execute()
}

/** What every kind of storage holds of conversations. */
export function historyContract(underTest: () => Promise<StorageUnderTest>): void {
  const opened = async () => {
    const storage = await (await underTest()).open({ now: () => noon })
    return { storage, vault: vaultOf(storage) }
  }

  describe('for conversations', () => {
    it('keeps what was said in its order, page by page, each way, for its principal alone', async () => {
      verifies('history.own')
      const { vault } = await opened()
      const { id } = await vault.create('alice', words, [said('one'), said('two')])
      expect(id).toMatch(/^conv_[0-9a-f]{32}$/)
      expect(await vault.show('alice', id)).toEqual({
        ...words,
        id,
        principal: 'alice',
        made: new Date(noon),
        used: new Date(noon),
      })
      await vault.add('alice', id, [said('three'), said('four'), said('five')])
      const page = (after: string | undefined, order: 'asc' | 'desc') =>
        vault.items('alice', id, { after, most: 2, order })
      const first = await page(undefined, 'asc')
      expect(contents(first)).toEqual(['one', 'two'])
      const second = await page(first?.at(-1)?.id, 'asc')
      expect(contents(second)).toEqual(['three', 'four'])
      expect(contents(await page(second?.at(-1)?.id, 'asc'))).toEqual(['five'])
      expect(contents(await page(undefined, 'desc'))).toEqual(['five', 'four'])
      expect(contents(await page(second?.[0]?.id, 'desc'))).toEqual(['two', 'one'])
      await expect(page('item_of-nothing', 'asc')).rejects.toMatchObject({
        code: 'not-found',
        parameter: 'after',
      })
      for (const nothing of [
        await vault.show('bob', id),
        await vault.items('bob', id, { most: 5, order: 'asc' }),
        await vault.add('bob', id, [said('mine')]),
        await vault.change('bob', id, words),
        await vault.runs('bob', id, { most: 5 }),
        await vault.latest('bob'),
      ]) {
        expect(nothing).toBeNull()
      }
      expect(await vault.list('bob', { most: 5 })).toEqual([])
      expect(await vault.delete('bob', id)).toBe(false)
      expect(await vault.deleteItem('bob', id, first?.[0]?.id ?? '')).toBe(false)
      await expect(vault.begin('bob', runIn(id))).rejects.toMatchObject({ code: 'not-found' })
      expect(contents(await vault.items('alice', id, { most: 9, order: 'asc' }))).toHaveLength(5)
    })

    it('keeps an item of any length in rows of bounded length', async () => {
      const { vault, storage } = await opened()
      const long = `${'äöü€'.repeat(300_000)}!`
      const { id } = await vault.create('alice', words, [said(long), said('after')])
      expect(contents(await vault.items('alice', id, { most: 1, order: 'asc' }))).toEqual([long])
      expect(contents(await vault.items('alice', id, { most: 2, order: 'desc' }))).toEqual(['after', long])
      const rows = await storage.database.db.selectFrom('conversation_items').select('sealed').execute()
      expect(rows.length).toBeGreaterThan(10)
      expect(Math.max(...rows.map(({ sealed }) => sealed.length))).toBeLessThan(400_000)
    })

    it('opens nothing that somebody changed, moved, shortened or gave to another caller', async () => {
      verifies('history.sealed')
      const { vault, storage } = await opened()
      const { db } = storage.database
      const { id } = await vault.create('alice', words, [said('a word with blanks'), said('x'.repeat(300_000))])
      const look = () => vault.items('alice', id, { most: 9, order: 'asc' })
      const rows = await db.selectFrom('conversation_items').select('sealed').where('place', '=', 0).execute()
      expect(Buffer.from(rows[0]?.sealed ?? '', 'base64').includes('blanks')).toBe(false)
      await db.updateTable('conversation_items').set({ place: 7 }).where('place', '=', 0).execute()
      await expect(look()).rejects.toMatchObject({ code: 'internal' })
      await db.updateTable('conversation_items').set({ place: 0 }).where('place', '=', 7).execute()
      await expect(look()).resolves.toHaveLength(2)
      await db.deleteFrom('conversation_items').where('piece', '=', 1).execute()
      await expect(look()).rejects.toMatchObject({ code: 'internal' })
      await db.updateTable('conversations').set({ principal: 'bob' }).execute()
      await expect(vault.show('bob', id)).rejects.toMatchObject({ code: 'internal' })
    })

    it('lists ten thousand by an index, page by page, and tells which was used last', async () => {
      const { storage, vault } = await opened()
      const { db } = storage.database
      let time = noon
      const later = vaultOf(storage, serviceKey, () => (time += 1))
      const first = await later.create('alice', { title: 'first', metadata: {} }, [])
      const { wrapped_key, sealed } = await db.selectFrom('conversations').selectAll().executeTakeFirstOrThrow()
      const made = new Date(noon).toISOString()
      for (let at = 0; at < 10_000; at += 500) {
        const rows = Array.from({ length: 500 }, (_, index) => ({
          id: `conv_${'0'.repeat(26)}${(at + index).toString(16).padStart(6, '0')}`,
          principal: 'alice',
          wrapped_key,
          made,
          used: made,
          next_place: 0,
          sealed,
        }))
        await db.insertInto('conversations').values(rows).execute()
      }
      let seen = 0
      let after: string | undefined
      for (;;) {
        const rows = await storage.conversations.list('alice', { after, most: 500 })
        seen += rows.length
        after = rows.at(-1)?.id
        if (rows.length < 500) break
      }
      expect(seen).toBe(10_001)
      const newest = await later.create('alice', { title: 'newest', metadata: {} }, [])
      const [one] = await vault.list('alice', { most: 1 })
      expect(one?.id).toBe(newest.id)
      await storage.database.db
        .updateTable('conversations')
        .set({ used: '2026-02-01T00:00:00.000Z' })
        .where('id', '=', first.id)
        .execute()
      expect((await vault.latest('alice'))?.title).toBe('first')
    })

    it('forgets one with its key for good, also out of a copy of before that is put back', async () => {
      verifies('history.forgotten')
      const { open } = await underTest()
      const storage = await open()
      const vault = vaultOf(storage)
      const { id } = await vault.create('alice', words, [said('one')])
      const writer = await vault.begin('alice', runIn(id))
      await writer.end('completed', wellEnded)
      const { db } = storage.database
      const copy = {
        conversation: await db.selectFrom('conversations').selectAll().executeTakeFirstOrThrow(),
        items: await db.selectFrom('conversation_items').selectAll().execute(),
      }
      expect(await vault.delete('alice', id)).toBe(true)
      expect(await vault.delete('alice', id)).toBe(false)
      for (const table of ['conversations', 'conversation_runs', 'conversation_items'] as const) {
        expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
      }
      await db.insertInto('conversations').values(copy.conversation).execute()
      await db.insertInto('conversation_items').values(copy.items).execute()
      expect(await vault.show('alice', id)).toBeNull()
      expect(await vault.list('alice', { most: 9 })).toEqual([])
      await expect(vault.begin('alice', runIn(id))).rejects.toMatchObject({ code: 'not-found' })
      await open()
      expect(await db.selectFrom('conversations').selectAll().execute()).toEqual([])
      expect(await db.selectFrom('conversation_items').selectAll().execute()).toEqual([])
    })

    it('forgets by its age what nobody used', async () => {
      const { storage, vault } = await opened()
      await vault.create('alice', words, [said('one')])
      const after = (milliseconds: number) => {
        const never = {
          revoked_keys_days: null,
          owned_ids_days: null,
          conversations_days: null,
          reports_days: null,
          approvals_days: null,
        }
        const retention = { ...never, files_days: null, history_days: 30 }
        return sweep({ ...storage.database, now: () => noon + milliseconds, retention }, new AbortController().signal)
      }
      expect(await after(30 * dayMilliseconds)).toMatchObject({ history: 0 })
      expect(await after(30 * dayMilliseconds + 1)).toMatchObject({ history: 1 })
      expect(await storage.database.db.selectFrom('conversation_items').selectAll().execute()).toEqual([])
    })
  })

  describe('for runs', () => {
    const finished = async (vault: Conversations, run: RunToBegin, answer: string) => {
      const writer = await vault.begin('alice', run)
      await writer.add([said(answer, 'assistant')])
      await writer.end('completed', wellEnded)
      return writer.run
    }

    it('keeps each item before it says so, and how the run ended', async () => {
      const { vault } = await opened()
      const writer = await vault.begin('alice', runIn(null, { words }))
      const { run } = writer
      expect(run).toMatchObject({ state: 'running', previous: null, end: null, begun: new Date(noon), ended: null })
      expect(contents(await vault.runItems('alice', run.id))).toEqual(['how many?'])
      const [kept] = await writer.add([said('seven', 'assistant')])
      expect(kept).toMatchObject({ run: run.id, place: 1, item: said('seven', 'assistant') })
      const approval = { id: 'apr-1', expires: new Date(noon) }
      await writer.end('failed', { ...wellEnded, ending: 'failed', code: 'approval-required', approval })
      const shown = await vault.showRun('alice', run.id)
      expect(shown).toMatchObject({ state: 'failed', ended: new Date(noon), details: { instructions: 'be brief' } })
      expect(shown?.end).toMatchObject({ ending: 'failed', approval })
      expect(await vault.showRun('bob', run.id)).toBeNull()
      expect(await vault.runItems('bob', run.id)).toBeNull()
      await expect(writer.add([said('more')])).rejects.toMatchObject({ code: 'conflict' })
    })

    it('keeps sealed, for its principal alone, which tables it was about, and tells which run was the last', async () => {
      const { storage, vault } = await opened()
      const { run } = await vault.begin('alice', runIn(null, { words }))
      const later = vaultOf(storage, serviceKey, () => noon + 1)
      const writer = await later.begin('alice', runIn(null, { previous: run.id, isExclusive: false }))
      const planned = [{ source: 'shop', tables: ['hr.salaries'] }]
      await writer.end('completed', { ...wellEnded, planned })
      expect(await vault.lastRun('alice', run.conversation)).toMatchObject({ id: writer.run.id, end: { planned } })
      expect(await vault.lastRun('bob', run.conversation)).toBeNull()
      expect(await vault.lastRun('alice', 'conv_1')).toBeNull()
      const { id: empty } = await vault.create('alice', words, [])
      expect(await vault.lastRun('alice', empty)).toBeNull()
      const rows = await storage.database.db.selectFrom('conversation_runs').selectAll().execute()
      expect(rows.some(({ sealed_end: sealed }) => sealed !== null)).toBe(true)
      expect(JSON.stringify(rows)).not.toContain('salaries')
    })

    it('lets one at a time into a conversation, of however many that ask at once', async () => {
      verifies('history.one-writer')
      const { open } = await underTest()
      const [one, other] = [await open(), await open()]
      const { id } = await vaultOf(one).create('alice', words, [])
      const asked = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => vaultOf(index % 2 === 0 ? one : other).begin('alice', runIn(id))),
      )
      const begun = asked.filter(({ status }) => status === 'fulfilled')
      expect(begun).toHaveLength(1)
      for (const each of asked) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'conflict' })
      await expect(vaultOf(other).add('alice', id, [said('aside')])).rejects.toMatchObject({ code: 'conflict' })
      const [winner] = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
      await winner?.end('completed', wellEnded)
      expect(await vaultOf(other).add('alice', id, [said('after')])).toHaveLength(1)
      expect(contents(await vaultOf(one).items('alice', id, { most: 9, order: 'asc' }))).toEqual(['how many?', 'after'])
    })

    it('follows what goes on from what, side by side', async () => {
      const { vault } = await opened()
      const first = await finished(vault, runIn(null), 'one')
      const open = { isExclusive: false, previous: first.id }
      const [left, right] = await Promise.all([
        finished(vault, runIn(null, { ...open, items: [said('left?')] }), 'left'),
        finished(vault, runIn(null, { ...open, items: [said('right?')] }), 'right'),
      ])
      expect([left.conversation, right.conversation]).toEqual([first.conversation, first.conversation])
      expect(contents(await vault.history('alice', left.id))).toEqual(['how many?', 'one', 'left?', 'left'])
      expect(contents(await vault.history('alice', right.id))).toEqual(['how many?', 'one', 'right?', 'right'])
      expect(await vault.runs('alice', first.conversation, { most: 9 })).toHaveLength(3)
      expect(await vault.deleteRun('bob', left.id)).toBe(false)
      expect(await vault.deleteRun('alice', left.id)).toBe(true)
      expect(await vault.showRun('alice', left.id)).toBeNull()
      expect(contents(await vault.items('alice', first.conversation, { most: 9, order: 'asc' }))).toEqual([
        'how many?',
        'one',
        'right?',
        'right',
      ])
      await expect(vault.begin('alice', runIn(null, { previous: left.id }))).rejects.toMatchObject({
        code: 'not-found',
      })
    })

    it('tells of one whose process is dead that it was interrupted, and lets the next one in', async () => {
      verifies('history.interrupted')
      const { storage, vault } = await opened()
      const dead = await vault.begin('alice', runIn(null))
      const { id, conversation } = dead.run
      await dead.add([said('half', 'assistant')])
      await killOwner(storage, id)
      const next = await vault.begin('alice', runIn(conversation))
      expect(next.run.previous).toBe(id)
      expect(await vault.showRun('alice', id)).toMatchObject({ state: 'interrupted', end: null, ended: new Date(noon) })
      expect(contents(await vault.history('alice', next.run.id))).toEqual(['how many?', 'half', 'how many?'])
      await expect(dead.add([said('late')])).rejects.toMatchObject({ code: 'conflict' })
      await expect(dead.end('completed', wellEnded)).rejects.toMatchObject({ code: 'conflict' })
      await next.end('completed', wellEnded)
    })

    it('has none that hangs: a start, a look and a list settle what the dead have left', async () => {
      const { open } = await underTest()
      const storage = await open({ now: () => noon })
      const vault = vaultOf(storage)
      const states = async (look: (id: string, conversation: string) => Promise<unknown>) => {
        const { run } = await vault.begin('alice', runIn(null))
        await killOwner(storage, run.id)
        // Looks that follow at once are not worth another one.
        await sleep(1_100)
        await look(run.id, run.conversation)
        const row = await storage.database.db
          .selectFrom('conversation_runs')
          .select('state')
          .where('id', '=', run.id)
          .executeTakeFirst()
        return row?.state
      }
      expect(await states((id) => vault.showRun('alice', id))).toBe('interrupted')
      expect(await states((_id, conversation) => vault.runs('alice', conversation, { most: 9 }))).toBe('interrupted')
      expect(await states(() => open())).toBe('interrupted')
    })

    it('leaves one alone that another process of this machine runs', async () => {
      const { open } = await underTest()
      const [one, other] = [await open(), await open()]
      const { run } = await vaultOf(one).begin('alice', runIn(null))
      await open()
      expect(await vaultOf(other).showRun('alice', run.id)).toMatchObject({ state: 'running' })
    })

    it('gives a conversation without a title the one that it comes with, and no other one', async () => {
      const { vault } = await opened()
      const { id } = await vault.create('alice', { title: null, metadata: { team: 'north' } }, [])
      await using first = await vault.begin('alice', runIn(id, { words: { title: null, metadata: {} } }))
      await first.end('completed', wellEnded)
      expect(await vault.show('alice', id)).toMatchObject({ title: null })
      await using second = await vault.begin(
        'alice',
        runIn(id, { words: { title: 'How many?', metadata: { a: 'b' } } }),
      )
      await second.end('completed', wellEnded)
      expect(await vault.show('alice', id)).toMatchObject({ title: 'How many?', metadata: { team: 'north' } })
      await using third = await vault.begin('alice', runIn(id, { words: { title: 'And now?', metadata: {} } }))
      await third.end('completed', wellEnded)
      expect(await vault.show('alice', id)).toMatchObject({ title: 'How many?' })
    })

    it('is interrupted where it is left without an end, and cancelled by whoever asks', async () => {
      const { vault } = await opened()
      const left = await vault.begin('alice', runIn(null))
      await left[Symbol.asyncDispose]()
      expect(await vault.showRun('alice', left.run.id)).toMatchObject({ state: 'interrupted' })
      const asked = await vault.begin('alice', runIn(null))
      expect(await vault.askToCancel('bob', asked.run.id)).toBeNull()
      expect(asked.signal.aborted).toBe(false)
      expect(await vault.askToCancel('alice', asked.run.id)).toBe('running')
      expect(asked.signal.reason).toMatchObject({ code: 'cancelled' })
      await asked.end('cancelled', { ...wellEnded, ending: 'cancelled' })
      expect(await vault.askToCancel('alice', asked.run.id)).toBe('cancelled')
    })

    it('ends with its conversation: what is added later is refused', async () => {
      const { vault } = await opened()
      const writer = await vault.begin('alice', runIn(null))
      await vault.delete('alice', writer.run.conversation)
      const deleted = {
        code: 'conflict',
        message: `The conversation was deleted while the run "${writer.run.id}" went on in it.`,
      }
      await expect(writer.add([said('late')])).rejects.toMatchObject(deleted)
      await expect(writer.end('completed', wellEnded)).rejects.toMatchObject(deleted)
      expect(await vault.showRun('alice', writer.run.id)).toBeNull()
    })

    it('opens with the key of before, is wrapped by the new one, and with neither says so', async () => {
      const { storage, vault } = await opened()
      const run = await finished(vault, runIn(null), 'one')
      const newKey = randomBytes(32)
      const both = new ConversationVault(
        storage.conversations,
        async () => new KeyRing(newKey, [serviceKey]),
        () => noon,
      )
      expect(contents(await both.runItems('alice', run.id))).toEqual(['how many?', 'one'])
      await expect(vaultOf(storage, newKey).showRun('alice', run.id)).rejects.toMatchObject({ code: 'internal' })
      expect(await both.rewrap(new AbortController().signal)).toEqual({ rewrapped: 1, lost: 0 })
      expect(contents(await vaultOf(storage, newKey).runItems('alice', run.id))).toEqual(['how many?', 'one'])
    })
  })
}
