import { describe, expect, it } from 'vitest'
import { sweep } from '../../src/storage/retention/sweep.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { verifies } from '../support/verifies.ts'
import type { StorageUnderTest } from './storage-contract.ts'

const suspended = (subject: string, until: string | null = null) =>
  ({
    kind: 'suspended',
    subject,
    principal: subject,
    reason: 'operator',
    note: null,
    madeBy: 'local',
    until,
  }) as const

const throttled = (subject: string, until: string) => ({ ...suspended(subject, until), kind: 'throttled' }) as const

/** What every kind of storage holds of suspensions. */
export function suspensionsContract(underTest: () => Promise<StorageUnderTest>): void {
  describe('for suspensions', () => {
    it('tells every process of one, and of its end, at once or within a second', async () => {
      verifies('suspensions.everywhere')
      const { open } = await underTest()
      let elapsed = 0
      const [one, other] = [await open(), await open({ elapsed: () => elapsed })]
      expect((await other.suspensions.of('alice')).inForce).toBeNull()
      const made = await one.suspensions.add(suspended('alice'))
      elapsed += 1_000
      expect(await other.suspensions.of('alice')).toEqual({ inForce: made, newest: made?.id })
      expect((await other.suspensions.of('bob')).inForce).toBeNull()
      expect(await one.suspensions.of('alice')).toEqual({ inForce: made, newest: made?.id })
      await one.suspensions.lift(made?.id ?? '', 'bob')
      elapsed += 1_000
      expect(await other.suspensions.of('alice')).toEqual({ inForce: null, newest: made?.id })
      expect(await other.suspensions.find(made?.id ?? '')).toMatchObject({ liftedBy: 'bob', madeBy: 'local' })
    })

    it('is asked of none that it has read, whoever is looked for', async () => {
      const { open } = await underTest()
      const { suspensions, database } = await open({ elapsed: () => 0 })
      await suspensions.add(suspended('alice'))
      await suspensions.of('alice')
      await database.db.deleteFrom('suspensions').execute()
      for (const subject of ['alice', 'alice', 'bob']) {
        expect((await suspensions.of(subject)).inForce === null).toBe(subject === 'bob')
      }
    })

    it('ends each when its time is over, by the calendar', async () => {
      const { open } = await underTest()
      let now = Date.parse('2026-05-01T12:00:00.000Z')
      const { suspensions } = await open({ now: () => now })
      const until = '2026-05-01T12:00:10.000Z'
      const made = await suspensions.add(suspended('alice', until))
      now += 9_999
      expect((await suspensions.of('alice')).inForce?.id).toBe(made?.id)
      now += 1
      expect(await suspensions.of('alice')).toEqual({ inForce: null, newest: made?.id })
      expect(await suspensions.lift(made?.id ?? '', 'bob')).toBeNull()
      expect(await suspensions.list({ isInForce: true, after: null, most: 10 })).toEqual([])
      expect(await suspensions.list({ isInForce: false, after: null, most: 10 })).toHaveLength(1)
    })

    it('keeps the one that keeps somebody out longest, and adds none that changes nothing', async () => {
      const { open } = await underTest()
      const { suspensions } = await open({ now: () => Date.parse('2026-05-01T12:00:00.000Z') })
      const throttle = await suspensions.add(throttled('alice', '2026-05-01T12:01:00.000Z'))
      expect((await suspensions.of('alice')).inForce?.id).toBe(throttle?.id)
      const short = await suspensions.add(suspended('alice', '2026-05-01T12:00:30.000Z'))
      expect(await suspensions.of('alice')).toEqual({ inForce: short, newest: short?.id })
      const long = await suspensions.add(suspended('alice'))
      expect((await suspensions.of('alice')).inForce?.id).toBe(long?.id)
      expect(await suspensions.add(suspended('alice', '2027-01-01T00:00:00.000Z'))).toBeNull()
      expect(await suspensions.add(throttled('alice', '2027-01-01T00:00:00.000Z'))).toBeNull()
      await suspensions.lift(long?.id ?? '', 'bob')
      expect((await suspensions.of('alice')).inForce?.id).toBe(short?.id)
    })

    it('makes one of those that are added at the same time', async () => {
      const { open } = await underTest()
      const storages = await Promise.all([open(), open(), open()])
      const made = await Promise.all(storages.map(({ suspensions }) => suspensions.add(suspended('alice'))))
      expect(made.filter((each) => each !== null)).toHaveLength(1)
    })

    it('lists them in pieces, newest first, without those that throttle', async () => {
      const { open } = await underTest()
      let now = Date.parse('2026-05-01T12:00:00.000Z')
      const { suspensions } = await open({ now: () => now })
      for (const name of ['a', 'b', 'c', 'd', 'e']) {
        await suspensions.add(suspended(name))
        now += 1
      }
      await suspensions.add(throttled('f', '2026-06-01T00:00:00.000Z'))
      const first = await suspensions.list({ isInForce: true, after: null, most: 3 })
      const rest = await suspensions.list({ isInForce: true, after: first.at(-1)?.id ?? null, most: 3 })
      expect([...first, ...rest].map(({ subject }) => subject)).toEqual(['e', 'd', 'c', 'b', 'a'])
    })

    it('shows an older copy by them, as it does by keys', async () => {
      verifies('suspensions.everywhere')
      const { open } = await underTest()
      const { suspensions, database } = await open()
      const revision = async () =>
        (await database.db.selectFrom('storage_facts').select('keys_revision').executeTakeFirstOrThrow()).keys_revision
      const before = await revision()
      const made = await suspensions.add(suspended('alice'))
      await suspensions.lift(made?.id ?? '', 'bob')
      expect(await revision()).toBe(before + 2)
    })

    it('forgets those that have been over for as long as revoked keys are remembered', async () => {
      const { open } = await underTest()
      let now = Date.parse('2026-05-01T12:00:00.000Z')
      const storage = await open({ now: () => now })
      const { suspensions, database } = storage
      const lifted = await suspensions.add(suspended('alice'))
      await suspensions.lift(lifted?.id ?? '', 'bob')
      await suspensions.add(suspended('bob', '2026-05-02T00:00:00.000Z'))
      const kept = await suspensions.add(suspended('carol'))
      now += 500 * 86_400_000
      const { retention } = storageOptions.parse({})
      const parts = { db: database.db, health: database.health, now: () => now, retention }
      expect((await sweep(parts, new AbortController().signal)).suspensions).toBe(2)
      const left = await suspensions.list({ isInForce: false, after: null, most: 10 })
      expect(left.map(({ id }) => id)).toEqual([kept?.id])
    })
  })
}
