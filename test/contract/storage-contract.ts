import { describe, expect, it } from 'vitest'
import type { OpenedStorage } from '../../src/storage/open-storage.ts'
import { sweep } from '../../src/storage/retention/sweep.ts'
import { verifies } from '../support/verifies.ts'
import { approvalsContract } from './storage-approvals-contract.ts'
import { containersContract } from './storage-containers-contract.ts'
import { filesContract } from './storage-files-contract.ts'
import { historyContract } from './storage-history-contract.ts'
import { keptValuesContract } from './storage-kept-values-contract.ts'
import { missReportsContract } from './storage-reports-contract.ts'
import { sharesContract } from './storage-shares-contract.ts'
import { suspensionsContract } from './storage-suspensions-contract.ts'
import { storedTuningContract } from './storage-tuning-contract.ts'
import { webSessionsContract } from './storage-web-sessions-contract.ts'

/** Clocks of a process: of how long things take, and of the calendar. */
export interface Clocks {
  readonly elapsed?: () => number
  readonly now?: () => number
}

export interface StorageUnderTest {
  /** Opens the one storage of a test as another process would. */
  readonly open: (clocks?: Clocks) => Promise<OpenedStorage>
  /** Writes down a migration that this program does not have. */
  readonly makeNewer: () => Promise<void>
}

const day = '2026-01-02T03:04:05.000Z'
const keyNamed = (name: string) => ({
  id: `id-${name}`,
  name,
  group: 'default',
  sha256: `digest-${name}`,
  created: day,
})

/** What every kind of storage holds. `underTest` gives an empty one, for each test anew. */
export function storageContract(name: string, underTest: () => Promise<StorageUnderTest>): void {
  describe(`${name} as a storage`, () => {
    it('is made once, by however many open it at the same time', async () => {
      const { open } = await underTest()
      const opened = await Promise.all(Array.from({ length: 5 }, () => open()))
      await Promise.all(opened.map(({ keys }, index) => keys.add(keyNamed(`${index}`))))
      expect(await opened[0]?.keys.list()).toHaveLength(5)
      expect(await Promise.all(opened.map((storage) => storage.probe()))).toEqual(opened.map(() => 'ready'))
    })

    it('is refused where it is newer than the program, and left as it is', async () => {
      verifies('storage.newer')
      const { open, makeNewer } = await underTest()
      await (await open()).keys.add(keyNamed('kept'))
      await makeNewer()
      await expect(open()).rejects.toMatchObject({
        code: 'invalid-config',
        message: expect.stringContaining('is newer than this program: it has 9999-of-the-future.'),
      })
    })

    suspensionsContract(underTest)
    historyContract(underTest)
    filesContract(underTest)
    storedTuningContract(underTest)
    webSessionsContract(underTest)

    describe('for ids of upstreams', () => {
      it('says who made each, at which upstream, and of others that nobody did', async () => {
        const { ownedIds } = await (await underTest()).open()
        await ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: ['resp_1', 'msg_1', 'msg_1'] })
        await ownedIds.remember({ principal: 'bob', upstream: 'other', ids: ['resp_1'] })
        await ownedIds.remember({ principal: 'bob', upstream: 'openai', ids: [] })
        expect([...(await ownedIds.owners('openai', ['msg_1', 'resp_1', 'resp_2']))]).toEqual([
          ['msg_1', 'alice'],
          ['resp_1', 'alice'],
          ['resp_2', null],
        ])
        expect([...(await ownedIds.owners('other', ['resp_1', 'msg_1'])).values()]).toEqual(['bob', null])
        expect((await ownedIds.owners('openai', [])).size).toBe(0)
      })

      it('leaves what is known to its first maker', async () => {
        verifies('storage.first-maker')
        const { ownedIds } = await (await underTest()).open()
        await ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: ['resp_1'] })
        await ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: ['resp_1'] })
        await ownedIds.remember({ principal: 'mallory', upstream: 'openai', ids: ['resp_1', 'resp_2'] })
        expect([...(await ownedIds.owners('openai', ['resp_1', 'resp_2'])).values()]).toEqual(['alice', 'mallory'])
      })

      it('forgets those it is told to, at that upstream', async () => {
        const { ownedIds } = await (await underTest()).open()
        for (const upstream of ['openai', 'other']) {
          await ownedIds.remember({ principal: 'alice', upstream, ids: ['resp_1', 'resp_2'] })
        }
        await ownedIds.forget('openai', ['resp_1', 'never'])
        expect([...(await ownedIds.owners('openai', ['resp_1', 'resp_2'])).values()]).toEqual([null, 'alice'])
        expect([...(await ownedIds.owners('other', ['resp_1'])).values()]).toEqual(['alice'])
      })

      it('tells apart whatever an upstream may send as an id', async () => {
        const { ownedIds } = await (await underTest()).open()
        const odd = ['', ' ', 'a\u0000b', 'a', 'A', '\ud800', '\udfff', 'é', 'e\u0301', "'; --", '%', 'sha256:1']
        const ids = [...odd, 'x'.repeat(100_000), `${'x'.repeat(99_999)}y`]
        for (const [index, id] of ids.entries()) {
          await ownedIds.remember({ principal: `p${index}`, upstream: 'openai', ids: [id] })
        }
        const owners = await ownedIds.owners('openai', ids)
        expect(ids.map((id) => owners.get(id))).toEqual(ids.map((_, index) => `p${index}`))
      })

      it('takes thousands in one call, and many calls at once', async () => {
        const { ownedIds } = await (await underTest()).open()
        const many = Array.from({ length: 5_000 }, (_, index) => `item_${index}`)
        await ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: many })
        expect(new Set((await ownedIds.owners('openai', many)).values())).toEqual(new Set(['alice']))
        const calls = Array.from({ length: 100 }, (_, index) => `resp_${index}`)
        await Promise.all(calls.map((id) => ownedIds.remember({ principal: id, upstream: 'openai', ids: [id] })))
        expect([...(await ownedIds.owners('openai', calls)).values()]).toEqual(calls)
      })
    })

    describe('for conversations whose values were hidden', () => {
      const conversation = { id: 'c1', principal: 'alice', wrappedKey: 'wrapped' }
      const values = [
        { token: 'EMAIL_B1C2D3F4G5', sealed: 'one' },
        { token: 'CARD_B1C2D3F4G5', sealed: 'two' },
      ]
      const answer = { principal: 'alice', upstream: 'openai', id: 'resp_1' }
      const withOne = async (storage: OpenedStorage) => {
        await storage.maskedConversations.keep(conversation, values)
        await storage.maskedConversations.answered('c1', 'openai', ['resp_1', 'msg_1', 'rs_1'])
        // An item that two answers have is of the first.
        await storage.maskedConversations.answered('c1', 'openai', ['resp_2', 'msg_1', 'msg_2'])
        return storage.maskedConversations
      }

      it('has their values in the order in which they came, whichever answer is named', async () => {
        const conversations = await withOne(await (await underTest()).open())
        const more = Array.from({ length: 1_200 }, (_, index) => ({ token: `T${index}`, sealed: `s${index}` }))
        await conversations.keep({ ...conversation, wrappedKey: 'again' }, [...values, ...more])
        expect(await conversations.find({ ...answer, id: 'resp_2' })).toEqual({
          conversation: { id: 'c1', wrappedKey: 'wrapped' },
          values: [...values, ...more],
        })
      })

      it('have another wrapped key only in the place of the one that is meant, and are listed until they have it', async () => {
        const storage = await (await underTest()).open()
        const conversations = await withOne(storage)
        for (const id of ['c2', 'c3']) {
          await conversations.keep({ ...conversation, id, wrappedKey: `old:${id}` }, [])
        }
        expect(await conversations.wrappedOtherwise('wrap', '', 9)).toEqual([
          { id: 'c2', wrappedKey: 'old:c2' },
          { id: 'c3', wrappedKey: 'old:c3' },
        ])
        expect(await conversations.wrappedOtherwise('new:', 'c1', 1)).toEqual([{ id: 'c2', wrappedKey: 'old:c2' }])
        await conversations.rewrap({ id: 'c1', wrappedKey: 'wrapped' }, 'new:c1')
        await conversations.rewrap({ id: 'c1', wrappedKey: 'wrapped' }, 'late:c1')
        // What began before under the key of that time does not bring it back.
        await conversations.keep(conversation, [{ token: 'T', sealed: 's' }])
        expect((await conversations.find(answer))?.conversation).toEqual({ id: 'c1', wrappedKey: 'new:c1' })
        expect((await conversations.wrappedOtherwise('new:', '', 9)).map(({ id }) => id)).toEqual(['c2', 'c3'])
      })

      it('shows them to nobody else, and at no other upstream', async () => {
        const conversations = await withOne(await (await underTest()).open())
        expect(await conversations.find({ ...answer, principal: 'mallory' })).toBeNull()
        expect(await conversations.find({ ...answer, upstream: 'other' })).toBeNull()
        expect(await conversations.find({ ...answer, id: 'resp_3' })).toBeNull()
        await conversations.keep({ ...conversation, id: 'c2', principal: 'mallory' }, [])
        await conversations.answered('c2', 'openai', ['resp_1'])
        expect(await conversations.find({ ...answer, principal: 'mallory' })).toBeNull()
      })

      it('forgets one with the last of its answers, and all of a principal', async () => {
        const storage = await (await underTest()).open()
        const conversations = await withOne(storage)
        await conversations.forgetAnswer('openai', 'resp_1')
        const isKnown = async (id: string) => (await conversations.find({ ...answer, id })) !== null
        expect(await Promise.all(['resp_1', 'msg_1', 'rs_1', 'resp_2', 'msg_2'].map(isKnown))).toEqual([
          false,
          false,
          false,
          true,
          true,
        ])
        await conversations.forgetAnswer('openai', 'resp_2')
        const rows = async () => [
          await storage.database.db.selectFrom('masked_conversations').selectAll().execute(),
          await storage.database.db.selectFrom('masked_values').selectAll().execute(),
          await storage.database.db.selectFrom('masked_answers').selectAll().execute(),
        ]
        expect(await rows()).toEqual([[], [], []])
        await conversations.keep({ ...conversation, id: 'c3' }, values)
        await conversations.keep({ ...conversation, id: 'c4', principal: 'bob' }, values)
        expect(await conversations.forgetAll('alice')).toBe(1)
        expect((await rows())[0]).toMatchObject([{ id: 'c4' }])
      })

      it('is held to what was forgotten when it is a copy of before, and forgets it again before it serves', async () => {
        verifies('storage.forgotten')
        const { open } = await underTest()
        const storage = await open()
        await withOne(storage)
        const { db } = storage.database
        const before = await db.selectFrom('masked_conversations').selectAll().execute()
        const answers = await db.selectFrom('masked_answers').selectAll().execute()
        const kept = await db.selectFrom('masked_values').selectAll().execute()
        await storage.maskedConversations.forgetAll('alice')
        await db.insertInto('masked_conversations').values(before).execute()
        await db.insertInto('masked_answers').values(answers).execute()
        await db.insertInto('masked_values').values(kept).execute()
        expect(await storage.maskedConversations.find(answer)).toBeNull()
        const later = await open()
        expect(await later.database.db.selectFrom('masked_conversations').selectAll().execute()).toEqual([])
        expect(await later.database.db.selectFrom('masked_values').selectAll().execute()).toEqual([])
      })

      it('forgets them so many days after the last value', async () => {
        const dayZero = Date.UTC(2026, 0, 1, 12)
        const storage = await (await underTest()).open({ now: () => dayZero })
        await withOne(storage)
        const sweepAfter = (days: number) =>
          sweep(
            {
              ...storage.database,
              now: () => dayZero + days * 86_400_000,
              retention: {
                revoked_keys_days: null,
                owned_ids_days: null,
                conversations_days: 30,
                reports_days: null,
                approvals_days: null,
                history_days: null,
                files_days: null,
              },
            },
            new AbortController().signal,
          )
        expect(await sweepAfter(30)).toMatchObject({ conversations: 0 })
        expect(await sweepAfter(31)).toMatchObject({ conversations: 1 })
        expect(await storage.maskedConversations.find(answer)).toBeNull()
      })
    })

    missReportsContract(underTest)
    keptValuesContract(underTest)
    approvalsContract(underTest)
    containersContract(underTest)
    sharesContract(underTest)

    describe('by its retention', () => {
      const never = new AbortController().signal
      const dayZero = Date.UTC(2026, 0, 1, 12)
      const sweepAt = (storage: OpenedStorage, days: number, own: { readonly keys?: number; readonly ids?: number }) =>
        sweep(
          {
            ...storage.database,
            now: () => dayZero + days * 86_400_000,
            retention: {
              revoked_keys_days: own.keys ?? null,
              owned_ids_days: own.ids ?? null,
              conversations_days: null,
              reports_days: null,
              approvals_days: null,
              history_days: null,
              files_days: null,
            },
          },
          never,
        )

      it('forgets ids on the day after the last that it has to keep them, however many', async () => {
        verifies('storage.retention')
        let now = dayZero
        const storage = await (await underTest()).open({ now: () => now })
        const old = Array.from({ length: 2_500 }, (_, index) => `old_${index}`)
        await storage.ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: old })
        now += 86_400_000
        await storage.ownedIds.remember({ principal: 'alice', upstream: 'openai', ids: ['new'] })
        expect(await sweepAt(storage, 30, { ids: 30 })).toEqual({
          revokedKeys: 0,
          suspensions: 0,
          ownedIds: 0,
          conversations: 0,
          reports: 0,
          approvals: 0,
          history: 0,
          files: 0,
          containers: 0,
          shares: 0,
          recorded: 0,
          complaints: 0,
        })
        expect(await sweepAt(storage, 31, {})).toEqual({
          revokedKeys: 0,
          suspensions: 0,
          ownedIds: 0,
          conversations: 0,
          reports: 0,
          approvals: 0,
          history: 0,
          files: 0,
          containers: 0,
          shares: 0,
          recorded: 0,
          complaints: 0,
        })
        expect(await sweepAt(storage, 31, {})).toEqual({
          revokedKeys: 0,
          suspensions: 0,
          ownedIds: 0,
          conversations: 0,
          reports: 0,
          approvals: 0,
          history: 0,
          files: 0,
          containers: 0,
          shares: 0,
          recorded: 0,
          complaints: 0,
        })
        expect(await sweepAt(storage, 31, { ids: 30 })).toEqual({
          revokedKeys: 0,
          suspensions: 0,
          ownedIds: 2_500,
          conversations: 0,
          reports: 0,
          approvals: 0,
          history: 0,
          files: 0,
          containers: 0,
          shares: 0,
          recorded: 0,
          complaints: 0,
        })
        const owners = await storage.ownedIds.owners('openai', ['old_0', 'old_2499', 'new'])
        expect([...owners.values()]).toEqual([null, null, 'alice'])
      })

      it('forgets revoked keys, none in force or held, and not the last there was', async () => {
        verifies('storage.retention')
        const storage = await (await underTest()).open({ now: () => dayZero })
        const made = (name: string, second: number) => ({
          ...keyNamed(name),
          created: new Date(dayZero + second * 1_000).toISOString(),
        })
        for (const [second, name] of ['in-force', 'revoked', 'last'].entries()) {
          await storage.keys.add(made(name, second))
        }
        await storage.keys.takeOver('/none.json', [])
        await storage.keys.takeOver('/other.json', [made('held', 0)])
        for (const id of ['id-revoked', 'id-last']) await storage.keys.revoke(id)
        expect(await sweepAt(storage, 30, { keys: 30 })).toEqual({
          revokedKeys: 0,
          suspensions: 0,
          ownedIds: 0,
          conversations: 0,
          reports: 0,
          approvals: 0,
          history: 0,
          files: 0,
          containers: 0,
          shares: 0,
          recorded: 0,
          complaints: 0,
        })
        expect(await sweepAt(storage, 31, { keys: 30 })).toEqual({
          revokedKeys: 1,
          suspensions: 0,
          ownedIds: 0,
          conversations: 0,
          reports: 0,
          approvals: 0,
          history: 0,
          files: 0,
          containers: 0,
          shares: 0,
          recorded: 0,
          complaints: 0,
        })
        expect((await storage.keys.list()).map(({ name }) => name)).toEqual(['held', 'in-force'])
        for (const id of ['id-in-force', 'id-held']) await storage.keys.revoke(id)
        await sweepAt(storage, 500, { keys: 30 })
        expect(await storage.keys.addFirst(keyNamed('first'))).toBe(false)
      })

      it('stops between two steps when the service ends', async () => {
        const storage = await (await underTest()).open({ now: () => dayZero })
        const ids = Array.from({ length: 1_500 }, (_, index) => `old_${index}`)
        await storage.ownedIds.remember({ principal: 'alice', upstream: 'openai', ids })
        const faults: unknown[] = []
        const keeper = storage.retain({ onForgotten: () => undefined, onFault: (error) => faults.push(error) })
        await keeper[Symbol.asyncDispose]()
        expect(faults).toEqual([])
        const retention = {
          revoked_keys_days: 1,
          owned_ids_days: 1,
          conversations_days: 1,
          reports_days: 1,
          approvals_days: 1,
          history_days: null,
          files_days: null,
        }
        const ended = AbortSignal.abort()
        expect(await sweep({ ...storage.database, now: () => dayZero * 2, retention }, ended)).toEqual({
          revokedKeys: 0,
          suspensions: 0,
          ownedIds: 0,
          conversations: 0,
          reports: 0,
          approvals: 0,
          history: 0,
          files: 0,
          containers: 0,
          shares: 0,
          recorded: 0,
          complaints: 0,
        })
      })
    })

    describe('for keys', () => {
      it('counts a revocation by another process within a second, and its own at once', async () => {
        verifies('storage.revoked')
        const { open } = await underTest()
        let time = 0
        const [service, other] = [await open({ elapsed: () => time }), await open()]
        for (const name of ['one', 'two']) await other.keys.add(keyNamed(name))
        expect(await service.keys.find('digest-one')).toMatchObject({ name: 'one' })
        await other.keys.revoke('id-one')
        time += 1_000
        expect(await service.keys.find('digest-one')).toBeNull()
        await service.keys.revoke('id-two')
        expect(await service.keys.find('digest-two')).toBeNull()
      })

      it('keeps a first one only where there never was any', async () => {
        const { open } = await underTest()
        const [one, other] = [await open(), await open()]
        expect(await one.keys.isEmpty()).toBe(true)
        const firsts = await Promise.all([one.keys.addFirst(keyNamed('a')), other.keys.addFirst(keyNamed('b'))])
        expect(firsts.toSorted()).toEqual([false, true])
        for (const { id } of await one.keys.list()) await one.keys.revoke(id)
        expect(await one.keys.addFirst(keyNamed('c'))).toBe(false)
        expect(await other.keys.isEmpty()).toBe(false)
      })

      it('replaces one by what is made of it, or changes nothing', async () => {
        const { keys } = await (await underTest()).open()
        await keys.add(keyNamed('old'))
        const next = { ...keyNamed('new'), name: 'old' }
        expect(await keys.replace('id-none', () => next)).toBeNull()
        const broken = keys.replace('id-old', () => {
          throw new Error('no key could be made')
        })
        await expect(broken).rejects.toThrow('no key could be made')
        expect((await keys.list()).map(({ id }) => id)).toEqual(['id-old'])
        expect(await keys.replace('id-old', () => next)).toEqual(next)
        expect((await keys.list()).map(({ id }) => id)).toEqual(['id-new'])
        expect(await keys.find('digest-old')).toBeNull()
      })
    })
  })
}
