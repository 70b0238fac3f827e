import { describe, expect, it } from 'vitest'
import type { ApprovalFacts, StoredApprovals } from '../../src/core/approvals.ts'
import type { OpenedStorage } from '../../src/storage/open-storage.ts'
import { sweep } from '../../src/storage/retention/sweep.ts'
import { verifies } from '../support/verifies.ts'
import type { StorageUnderTest } from './storage-contract.ts'

const dayZero = Date.UTC(2026, 0, 1, 12)
const dayMilliseconds = 86_400_000
const minutes = 60_000
const digest = 'a1'.repeat(32)
const limits = { milliseconds: 10 * minutes, most: 3 }

const asked = (id: string, own: Partial<Record<'principal' | 'group' | 'digest', string>> = {}) => ({
  id,
  principal: 'alice',
  group: 'default',
  digest,
  tool: 'run_sql',
  language: 'sql',
  source: 'shop',
  rules: ['deny/late', 'ask "twice"'],
  requestId: 'r1',
  wrappedKey: `key of ${id}`,
  sealed: `sealed ${id}`,
  ...own,
})

const idsOf = async (approvals: StoredApprovals, filter: object = {}) =>
  (await approvals.list({ most: 100, ...filter })).map(({ id }) => id)

/** What every kind of storage holds of approvals. */
export function approvalsContract(underTest: () => Promise<StorageUnderTest>): void {
  const opened = async () => {
    const clock = { now: dayZero }
    const { open } = await underTest()
    const openOne = () => open({ now: () => clock.now })
    const storage = await openOne()
    return { clock, open: openOne, storage, approvals: storage.approvals }
  }
  const withAllowed = async () => {
    const all = await opened()
    await all.approvals.ask(asked('apr-1'), limits)
    await all.approvals.decide('apr-1', 'allowed', 'cli:ann')
    return all
  }

  describe('for approvals', () => {
    it('keeps all that was asked, and gives the one that waits to whoever asks the same again', async () => {
      const { approvals, clock } = await opened()
      const first = await approvals.ask(asked('apr-1'), limits)
      const times = { asked: new Date(dayZero), expires: new Date(dayZero + 10 * minutes) }
      const kept = { ...asked('apr-1'), ...times, state: 'pending', decidedBy: null }
      expect(first).toEqual(kept)
      clock.now += minutes
      expect(await approvals.ask(asked('apr-2'), limits)).toEqual(kept)
      expect(await approvals.show('apr-1')).toEqual(kept)
      expect(await approvals.show('apr-2')).toBeNull()
      await approvals.decide('apr-1', 'allowed', 'cli:ann')
      expect(await approvals.ask(asked('apr-2'), limits)).toMatchObject({ id: 'apr-1', state: 'allowed' })
      const others = [asked('apr-3', { principal: 'bob' }), asked('apr-4', { digest: digest.replace(/1$/, '2') })]
      for (const other of others) expect((await approvals.ask(other, limits))?.id).toBe(other.id)
    })

    it('is asked once by however many processes that ask the same at a time', async () => {
      const { open, storage } = await opened()
      const processes = [storage, await open(), await open()]
      const kept = await Promise.all(
        [...processes, ...processes, ...processes].map(({ approvals }, index) =>
          approvals.ask(asked(`apr-${index}`), limits),
        ),
      )
      expect(new Set(kept.map((approval) => approval?.id)).size).toBe(1)
      expect(await idsOf(storage.approvals)).toHaveLength(1)
    })

    it('has so many of one caller wait at most', async () => {
      const { approvals, clock } = await opened()
      const ask = (index: number, principal = 'alice') =>
        approvals.ask(asked(`apr-${index}`, { principal, digest: `${index}`.repeat(64) }), limits)
      for (const index of [1, 2, 3]) expect(await ask(index)).not.toBeNull()
      expect(await ask(4)).toBeNull()
      expect((await ask(3))?.id).toBe('apr-3')
      expect(await ask(5, 'bob')).not.toBeNull()
      await approvals.decide('apr-1', 'refused', 'cli:ann')
      expect(await ask(4)).not.toBeNull()
      expect(await ask(6)).toBeNull()
      clock.now += 10 * minutes
      expect(await ask(6)).toMatchObject({ id: 'apr-6', state: 'pending' })
    })

    it('has no more of one caller wait where many processes ask at a time', async () => {
      verifies('approvals.most')
      const { open, storage } = await opened()
      const processes = [storage, await open(), await open(), await open()]
      const kept = await Promise.all(
        [...Array(40).keys()].map(async (index) => {
          const { approvals } = processes[index % processes.length] ?? storage
          return approvals.ask(asked(`apr-${index}`, { digest: `${index}`.padStart(64, '0') }), limits)
        }),
      )
      expect(kept.filter((approval) => approval !== null)).toHaveLength(limits.most)
      expect(await idsOf(storage.approvals, { waiting: true })).toHaveLength(limits.most)
    })

    it('is used once, by one of however many processes that take it at a time', async () => {
      verifies('approvals.once')
      const { open, storage } = await withAllowed()
      const processes = [storage, await open(), await open(), await open()]
      const taken = await Promise.all(
        [...processes, ...processes, ...processes].map(({ approvals }) => approvals.take('alice', digest)),
      )
      expect(taken.filter((approval) => approval !== null)).toMatchObject([{ id: 'apr-1', state: 'used' }])
      expect(await storage.approvals.take('alice', digest)).toBeNull()
      expect(await storage.approvals.show('apr-1')).toMatchObject({ state: 'used', decidedBy: 'cli:ann' })
      expect(await storage.approvals.ask(asked('apr-2'), limits)).toMatchObject({ id: 'apr-2', state: 'pending' })
    })

    it('is used by nobody else, for nothing else, and not before it is allowed', async () => {
      verifies('approvals.exact')
      const { approvals } = await withAllowed()
      const others = [...Array(16).keys()]
        .map((value) => value.toString(16))
        .flatMap((digit) => [`${digit}${digest.slice(1)}`, `${digest.slice(1)}${digit}`])
      for (const other of others.filter((each) => each !== digest))
        expect(await approvals.take('alice', other)).toBeNull()
      for (const other of ['bob', 'Alice', 'alice ', '', 'apr-1'])
        expect(await approvals.take(other, digest)).toBeNull()
      expect(await approvals.take('alice', digest)).toMatchObject({ id: 'apr-1' })
      const pending = 'b2'.repeat(32)
      await approvals.ask(asked('apr-2', { digest: pending }), limits)
      expect(await approvals.take('alice', pending)).toBeNull()
      await approvals.decide('apr-2', 'refused', 'cli:ann')
      expect(await approvals.take('alice', pending)).toBeNull()
    })

    it('is decided once, and says what became of it to whoever comes late', async () => {
      verifies('approvals.once')
      const { approvals, open, clock } = await opened()
      await approvals.ask(asked('apr-1'), limits)
      const other = (await open()).approvals
      const verdicts = await Promise.allSettled([
        approvals.decide('apr-1', 'allowed', 'cli:ann'),
        other.decide('apr-1', 'refused', 'cli:bob'),
      ])
      expect(verdicts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const whatOf = (id: string) =>
        approvals.decide(id, 'allowed', 'cli:eve').then(
          () => 'decided',
          ({ code, message }: { readonly code: string; readonly message: string }) => `${code}: ${message}`,
        )
      expect(await whatOf('apr-1')).toMatch(
        /^conflict: The approval "apr-1" was (allowed by cli:ann|refused by cli:bob) /,
      )
      expect(await whatOf('apr-9')).toBe('not-found: There is no approval "apr-9".')
      await approvals.ask(asked('apr-2', { digest: 'b2'.repeat(32) }), limits)
      await approvals.decide('apr-2', 'allowed', 'cli:ann')
      await approvals.take('alice', 'b2'.repeat(32))
      expect(await whatOf('apr-2')).toBe('conflict: The approval "apr-2" was used already.')
      await approvals.ask(asked('apr-3', { digest: 'c3'.repeat(32) }), limits)
      clock.now += 10 * minutes
      expect(await whatOf('apr-3')).toMatch(/^conflict: The approval "apr-3" is over: /)
    })

    it('is refused with other words once, and only as long as it waits', async () => {
      verifies('approvals.once')
      const { approvals, open } = await opened()
      await approvals.ask(asked('apr-1'), limits)
      const other = (await open()).approvals
      const changed = await approvals.decide('apr-1', { refusedWith: 'other words' }, 'alice')
      expect(changed).toMatchObject({ state: 'refused', decidedBy: 'alice' })
      expect(await other.show('apr-1')).toMatchObject({
        state: 'refused',
        sealed: 'other words',
        wrappedKey: 'key of apr-1',
      })
      const again = other.decide('apr-1', { refusedWith: 'words of another' }, 'alice')
      await expect(again).rejects.toMatchObject({ code: 'conflict' })
      expect(await approvals.show('apr-1')).toMatchObject({ sealed: 'other words' })
      expect(await approvals.take('alice', digest)).toBeNull()
    })

    it('is over at its end, whether it was allowed or waits', async () => {
      verifies('approvals.expire')
      const { approvals, clock } = await withAllowed()
      await approvals.ask(asked('apr-2', { digest: 'b2'.repeat(32) }), limits)
      clock.now = dayZero + 10 * minutes - 1
      expect(await idsOf(approvals, { waiting: true })).toEqual(['apr-2'])
      clock.now += 1
      expect(await approvals.take('alice', digest)).toBeNull()
      expect(await idsOf(approvals, { waiting: true })).toEqual([])
      expect((await approvals.list({ most: 9 })).map(({ state }) => state)).toEqual(['expired', 'expired'])
      expect(await approvals.show('apr-1')).toMatchObject({ state: 'expired' })
      expect(await approvals.ask(asked('apr-3'), limits)).toMatchObject({ id: 'apr-1', state: 'expired' })
      expect(await approvals.endOver(async () => {})).toBe(2)
      expect(await approvals.ask(asked('apr-3'), limits)).toMatchObject({ id: 'apr-3', state: 'pending' })
    })

    it('is ended once by however many processes, which tell of it before', async () => {
      verifies('approvals.expire')
      const { approvals, clock, open, storage } = await withAllowed()
      await approvals.ask(asked('apr-2', { principal: 'bob' }), limits)
      await approvals.ask(asked('apr-3', { principal: 'eve' }), limits)
      await approvals.decide('apr-3', 'refused', 'cli:ann')
      const told: object[] = []
      const tell = async ({ id, state, group, requestId }: ApprovalFacts) =>
        void told.push({ id, state, group, requestId })
      clock.now += 10 * minutes - 1
      expect(await approvals.endOver(tell)).toBe(0)
      clock.now += 1
      const full = () => Promise.reject(new Error('full'))
      await expect(approvals.endOver(full)).rejects.toThrow('full')
      const processes = [storage, await open(), await open()]
      await Promise.all([...processes, ...processes].map((each) => each.approvals.endOver(tell)))
      const about = { state: 'expired', group: 'default', requestId: 'r1' }
      expect(told).toHaveLength(2)
      expect(told).toEqual(
        expect.arrayContaining([
          { id: 'apr-1', ...about },
          { id: 'apr-2', ...about },
        ]),
      )
      clock.now = dayZero
      expect(await approvals.take('alice', digest)).toBeNull()
      expect(await approvals.show('apr-3')).toMatchObject({ state: 'refused' })
    })

    it('is ended with a few others at a time, so that whoever else writes does not wait for all', async () => {
      const { approvals, clock } = await opened()
      for (let count = 1; count <= 25; count += 1) {
        await approvals.ask(asked(`apr-${count}`, { principal: `caller-${count}` }), limits)
      }
      clock.now += 10 * minutes
      const told: string[] = []
      const tell = async ({ id }: ApprovalFacts) => void told.push(id)
      expect([await approvals.endOver(tell), await approvals.endOver(tell), await approvals.endOver(tell)]).toEqual([
        20, 5, 0,
      ])
      expect(new Set(told).size).toBe(25)
    })

    it('does not come to life again where a clock is put back', async () => {
      verifies('approvals.expire')
      const { approvals, clock } = await withAllowed()
      clock.now = dayZero - 2 * minutes
      expect(await approvals.take('alice', digest)).toBeNull()
      expect(await approvals.show('apr-1')).toMatchObject({ state: 'expired' })
      await expect(approvals.decide('apr-1', 'allowed', 'cli:ann')).rejects.toMatchObject({ code: 'conflict' })
      clock.now = dayZero + 10 * minutes
      await approvals.endOver(async () => {})
      clock.now = dayZero + minutes
      expect(await approvals.take('alice', digest)).toBeNull()
      expect(await approvals.show('apr-1')).toMatchObject({ state: 'expired' })
    })

    it('counts where another machine, whose clock is a little behind, takes it', async () => {
      const { approvals, clock } = await withAllowed()
      clock.now = dayZero - 30_000
      expect(await approvals.take('alice', digest)).toMatchObject({ id: 'apr-1' })
    })

    it('is listed newest first, page by page, of one caller, of one group or of all', async () => {
      const { approvals, clock } = await opened()
      for (let index = 0; index < 6; index += 1) {
        // Two of each moment.
        if (index % 2 === 0) clock.now += 1_000
        const principal = index % 3 === 0 ? 'bob' : 'alice'
        const group = index < 2 ? 'sales' : 'default'
        await approvals.ask(asked(`apr-${index}`, { principal, group, digest: `${index}`.repeat(64) }), {
          ...limits,
          most: 9,
        })
      }
      const all = ['apr-5', 'apr-4', 'apr-3', 'apr-2', 'apr-1', 'apr-0']
      expect(await idsOf(approvals)).toEqual(all)
      const paged: string[] = []
      for (let page = await idsOf(approvals, { most: 1 }); page.length > 0;) {
        paged.push(...page)
        page = await idsOf(approvals, { most: 1, after: page[0] })
      }
      expect(paged).toEqual(all)
      expect(await idsOf(approvals, { principal: 'bob' })).toEqual(['apr-3', 'apr-0'])
      expect(await idsOf(approvals, { principal: 'bob', after: 'apr-3' })).toEqual(['apr-0'])
      expect(await idsOf(approvals, { group: 'sales' })).toEqual(['apr-1', 'apr-0'])
      for (const filter of [{ after: 'apr-9' }, { principal: 'bob', after: 'apr-5' }]) {
        await expect(idsOf(approvals, filter)).rejects.toMatchObject({ code: 'not-found' })
      }
      const [listed] = await approvals.list({ most: 1 })
      expect(JSON.stringify(listed)).not.toMatch(/sealed|key of/)
    })

    it('has another wrapped key only in the place of the one that is meant', async () => {
      const { approvals } = await opened()
      await approvals.ask(asked('apr-1'), limits)
      expect(await approvals.wrappedOtherwise('new:', '', 9)).toEqual([{ id: 'apr-1', wrappedKey: 'key of apr-1' }])
      await approvals.rewrap({ id: 'apr-1', wrappedKey: 'key of apr-1' }, 'new:1')
      await approvals.rewrap({ id: 'apr-1', wrappedKey: 'key of apr-1' }, 'late:1')
      expect(await approvals.show('apr-1')).toMatchObject({ wrappedKey: 'new:1', sealed: 'sealed apr-1' })
      expect(await approvals.wrappedOtherwise('new:', '', 9)).toEqual([])
    })

    it('that was used is not allowed again by a copy of before that is put back', async () => {
      verifies('approvals.restored')
      const { approvals, storage, open } = await withAllowed()
      const { db } = storage.database
      const before = await db.selectFrom('approvals').selectAll().execute()
      expect(await approvals.take('alice', digest)).not.toBeNull()
      await putBack(storage, before)
      const later = (await open()).approvals
      expect(await later.show('apr-1')).toMatchObject({ state: 'used' })
      expect(await later.list({ most: 1 })).toMatchObject([{ state: 'used' }])
      expect(await later.take('alice', digest)).toBeNull()
    })

    it('is forgotten so many days after its end, however many', async () => {
      verifies('storage.retention')
      const { approvals, storage, clock } = await opened()
      await approvals.ask(asked('apr-0'), limits)
      const { db } = storage.database
      const row = await db.selectFrom('approvals').selectAll().executeTakeFirstOrThrow()
      const more = Array.from({ length: 1_199 }, (_, index) => ({
        ...row,
        id: `apr-${index + 1}`,
        principal: `p${index}`,
      }))
      for (let at = 0; at < more.length; at += 400) {
        await db
          .insertInto('approvals')
          .values(more.slice(at, at + 400))
          .execute()
      }
      clock.now += dayMilliseconds
      let ended = 0
      for (let some = -1; some !== 0; ended += some) some = await approvals.endOver(async () => {})
      expect(ended).toBe(1_200)
      await approvals.ask(asked('apr-new', { digest: 'b2'.repeat(32) }), limits)
      const never = {
        revoked_keys_days: null,
        owned_ids_days: null,
        conversations_days: null,
        history_days: null,
        files_days: null,
        reports_days: null,
      }
      const sweepAfter = (milliseconds: number, approvals_days: number | null) => {
        const parts = {
          ...storage.database,
          now: () => dayZero + milliseconds,
          retention: { ...never, approvals_days },
        }
        return sweep(parts, new AbortController().signal)
      }
      const month = 30 * dayMilliseconds + 10 * minutes
      expect(await sweepAfter(month, 30)).toMatchObject({ approvals: 0 })
      expect(await sweepAfter(month + 1, null)).toMatchObject({ approvals: 0 })
      expect(await sweepAfter(month + 1, 30)).toMatchObject({ approvals: 1_200, reports: 0 })
      expect(await idsOf(approvals)).toEqual(['apr-new'])
    })
  })
}

async function putBack({ database }: OpenedStorage, rows: readonly object[]): Promise<void> {
  await database.db.deleteFrom('approvals').execute()
  await database.db
    .insertInto('approvals')
    .values(rows as never)
    .execute()
}
