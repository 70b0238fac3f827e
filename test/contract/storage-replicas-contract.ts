import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Replicas } from '../../src/core/held-sessions.ts'
import { migrations } from '../../src/storage/migrations.ts'
import { DeadLeases } from '../../src/storage/history/dead-leases.ts'
import { holdsLease } from '../../src/storage/history/holds-lease.ts'
import { ServerClock } from '../../src/storage/history/server-clock.ts'
import { openStorage, type OpenedStorage } from '../../src/storage/open-storage.ts'
import type { StorageConfig } from '../../src/storage/options.ts'
import { machineTime } from '../../src/storage/storage-time.ts'
import type { Tables } from '../../src/storage/tables.ts'
import { verifies } from '../support/verifies.ts'
import { contents, runIn, vaultOf, wellEnded } from './storage-history-contract.ts'

const noon = Date.UTC(2026, 0, 10, 12)
const leaseMilliseconds = 1_000
const said = (content: string) => ({ type: 'message', role: 'assistant', content }) as const

/** A server's storage that several processes serve from. `config` is one of an empty database. */
export function replicasContract(config: () => Promise<StorageConfig>): void {
  const underTest = async () => {
    const given = await config()
    const open = async (
      replica: string | null,
      now: () => number,
      elapsed?: () => number,
      lease = leaseMilliseconds,
    ) => {
      const storage = { ...given.storage, lease_ms: lease, replica }
      const clocks = { now, ...(elapsed === undefined ? {} : { elapsed }) }
      const opened = await openStorage({ ...given, storage }, { for: 'service', ...clocks })
      onTestFinished(() => opened[Symbol.asyncDispose]())
      return { ...opened, together: replicasOf(opened) }
    }
    return { open }
  }

  describe('for processes that serve together', () => {
    it('takes the lease of one that says nothing for its length, refuses what it writes then, and lets it go on under a higher number once it has ended all', async () => {
      verifies('replicas.fenced')
      const { open } = await underTest()
      // So long that a machine which does much else takes nobody's away.
      const lease = 12_000
      // Its clock stands still: it says that it lives, and nobody sees that it has.
      const stopped = await open('stopped', () => noon, undefined, lease)
      using _held = await stopped.together.lease.hold()
      const vault = vaultOf(stopped)
      const writer = await vault.begin('alice', runIn(null))
      await writer.add([said('half')])
      await stopped.together.sessions.add({ id: 'session_1', principal: 'alice' })
      const [lost] = await numbersOf(stopped)
      const seen: unknown[] = []
      stopped.together.lease.onLost(async () => {
        await sleep(200)
        seen.push(['ended', await numbersOf(stopped)])
      })
      let own = 0
      const other = await open(
        'other',
        () => noon + 5 * lease,
        () => own,
        lease,
      )
      // After the storage was away, everybody is silent: who has not spoken for a lease calls nobody dead.
      expect(await other.together.sessions.placeOf('alice', 'session_1')).toEqual({ replica: 'stopped', state: 'open' })
      for (let times = 0; times < 4; times += 1) {
        own += lease / 2
        const held = await other.together.lease.hold()
        held[Symbol.dispose]()
      }
      await expect
        .poll(() => other.together.sessions.placeOf('alice', 'session_1'), { interval: 300 })
        .toEqual({ replica: 'stopped', state: 'lost' })
      expect(await vaultOf(other).showRun('alice', writer.run.id)).toMatchObject({ state: 'interrupted' })
      await expect(writer.add([said('late')])).rejects.toMatchObject({ code: 'conflict' })
      await expect(writer.end('completed', wellEnded)).rejects.toMatchObject({ code: 'conflict' })
      await expect.poll(() => writer.signal.reason).toMatchObject({ code: 'sandbox-lost' })
      const next = await vaultOf(stopped).begin('alice', runIn(writer.run.conversation))
      expect(contents(await vault.runItems('alice', writer.run.id))).toEqual(['how many?', 'half'])
      const numbers = await numbersOf(stopped)
      expect(Math.max(...numbers)).toBeGreaterThan(lost ?? 0)
      // Nothing was under a lease of its own when the last sandbox ended.
      expect(seen).toEqual([['ended', numbers.filter((number) => number !== Math.max(...numbers))]])
      await next.end('completed', wellEnded)
    })

    it('tells the owner of a session which process has it, everybody else as of one that never was, and forgets it when it is closed', async () => {
      verifies('replicas.sessions')
      const { open } = await underTest()
      const one = await open(null, () => noon)
      const other = await open('other', () => noon)
      await one.together.sessions.add({ id: 'session_1', principal: 'alice' })
      const [number] = await numbersOf(one)
      expect(await other.together.sessions.placeOf('alice', 'session_1')).toEqual({
        replica: String(number),
        state: 'open',
      })
      expect(await other.together.sessions.placeOf('bob', 'session_1')).toBeNull()
      expect(await other.together.sessions.placeOf('alice', 'session_2')).toBeNull()
      await one.together.sessions.remove('session_1')
      expect(await other.together.sessions.placeOf('alice', 'session_1')).toBeNull()
      await one.together.sessions.add({ id: 'session_3', principal: 'alice' })
      await one[Symbol.asyncDispose]()
      expect(await other.together.sessions.placeOf('alice', 'session_3')).toMatchObject({ state: 'lost' })
    })

    it('takes nobody for dead by a clock that has jumped, as after a failover to a server that is ahead', async () => {
      verifies('replicas.clocks')
      const { open } = await underTest()
      let [server, own] = [noon, 0]
      const looking = await open(
        'looking',
        () => server,
        () => own,
      )
      const pass = async (milliseconds: number) => {
        own += milliseconds
        server += milliseconds
        const held = await looking.together.lease.hold()
        held[Symbol.dispose]()
      }
      for (let times = 0; times < 4; times += 1) await pass(leaseMilliseconds / 2)
      const other = await open('other', () => server)
      await other.together.sessions.add({ id: 'session_1', principal: 'alice' })
      const placeOf = async () => {
        // It looks once a second at most.
        await sleep(1_001)
        return looking.together.sessions.placeOf('alice', 'session_1')
      }
      server += 60 * leaseMilliseconds
      expect(await placeOf()).toMatchObject({ state: 'open' })
      // One that says nothing for a lease by the new clock is dead.
      for (let times = 0; times < 4; times += 1) await pass(leaseMilliseconds / 2)
      expect(await placeOf()).toMatchObject({ state: 'lost' })
    })

    it('keeps a lease as long as a write is under way that has looked at it, and one whose process has spoken meanwhile', async () => {
      verifies('replicas.fenced')
      const { open } = await underTest()
      const one = await open('one', () => noon)
      await one.together.sessions.add({ id: 'session_1', principal: 'alice' })
      const { db, health } = one.database
      const { id, seen } = await db.selectFrom('process_leases').selectAll().executeTakeFirstOrThrow()
      const dead = new DeadLeases({
        db,
        health,
        time: machineTime(() => noon),
        leaseMilliseconds,
        silenceTells: true,
        clock: new ServerClock(leaseMilliseconds, () => 0),
      })
      expect(await dead.take({ id, seen: '2020-01-01T00:00:00.000Z' })).toBe(false)
      expect(await one.together.sessions.placeOf('alice', 'session_1')).toMatchObject({ state: 'open' })
      const order: string[] = []
      let taking: Promise<unknown> = Promise.resolve()
      await db.transaction().execute(async (transaction) => {
        expect(await holdsLease(transaction, id)).toBe(true)
        taking = dead.take({ id, seen }).then((isTaken) => order.push(`taken ${isTaken}`))
        await waitsForLock(db)
        order.push('written')
      })
      await taking
      expect(order).toEqual(['written', 'taken true'])
      expect(await db.transaction().execute((transaction) => holdsLease(transaction, id))).toBe(false)
    })

    it('begins nothing under a lease that is gone: what begins at that moment begins under the next one', async () => {
      verifies('replicas.fenced')
      const { open } = await underTest()
      const one = await open('one', () => noon)
      const vault = vaultOf(one)
      await (await vault.begin('alice', runIn(null))).end('completed', wellEnded)
      const { db } = one.database
      const { id: first } = await db.selectFrom('process_leases').selectAll().executeTakeFirstOrThrow()
      await db.deleteFrom('process_leases').execute()
      const writer = await vault.begin('alice', runIn(null))
      const { owner } = await db
        .selectFrom('conversation_runs')
        .select('owner')
        .where('id', '=', writer.run.id)
        .executeTakeFirstOrThrow()
      expect(owner).not.toBe(first)
      expect(await db.selectFrom('process_leases').select('id').execute()).toEqual([{ id: owner }])
      await writer.end('completed', wellEnded)
    })

    it('looks whether it still has its lease after a silence, before it begins anything', async () => {
      verifies('replicas.fenced')
      const { open } = await underTest()
      let time = 0
      const one = await open(
        'one',
        () => noon,
        () => time,
      )
      await one.together.sessions.add({ id: 'session_1', principal: 'alice' })
      const { db, health } = one.database
      const [{ id } = { id: '' }] = await db.selectFrom('process_leases').select('id').execute()
      await new DeadLeases({
        db,
        health,
        time: machineTime(() => noon),
        leaseMilliseconds,
        silenceTells: true,
        clock: new ServerClock(leaseMilliseconds, () => 0),
      }).take({ id, seen: null })
      const ended: string[] = []
      one.together.lease.onLost(async () => ended.push('ended'))
      time += leaseMilliseconds + 1
      await one.together.sessions.add({ id: 'session_2', principal: 'alice' })
      expect(ended).toEqual(['ended'])
      expect(await one.together.sessions.placeOf('alice', 'session_1')).toMatchObject({ state: 'lost' })
    })

    it('refuses what would begin as long as something of the lost lease has not ended', async () => {
      verifies('replicas.fenced')
      const { open } = await underTest()
      const one = await open('one', () => noon)
      await one.together.sessions.add({ id: 'session_1', principal: 'alice' })
      const ended = Promise.withResolvers<void>()
      one.together.lease.onLost(() => ended.promise)
      // Signs of life go on, by which the loss is found.
      using _held = await one.together.lease.hold()
      await one.database.db.deleteFrom('process_leases').execute()
      await expect
        .poll(() => refusalOf(one.together.sessions.add({ id: 'session_2', principal: 'alice' })))
        .toBe('service-unavailable')
      expect(await numbersOf(one)).toEqual([])
      ended.resolve()
      await expect
        .poll(() => refusalOf(one.together.sessions.add({ id: 'session_3', principal: 'alice' })))
        .toBe('none')
      expect(await numbersOf(one)).toHaveLength(1)
    })

    it('refuses what would begin where something of the lost lease could not be ended, and tries it again', async () => {
      verifies('replicas.fenced')
      const { open } = await underTest()
      let time = 0
      const one = await open(
        'one',
        () => noon,
        () => time,
      )
      await one.together.sessions.add({ id: 'session_1', principal: 'alice' })
      let tries = 0
      one.together.lease.onLost(async () => {
        tries += 1
        if (tries < 3) throw new Error('the sandbox is still there')
      })
      await one.database.db.deleteFrom('process_leases').execute()
      time += leaseMilliseconds + 1
      const add = () => refusalOf(one.together.sessions.add({ id: 'session_2', principal: 'alice' }))
      expect([await add(), await add(), await add()]).toEqual(['service-unavailable', 'service-unavailable', 'none'])
    })

    it('ends what runs under a lease that it could not renew, without waiting for the storage, and goes on by itself under the next one', async () => {
      verifies('replicas.cut-off')
      const { open } = await underTest()
      const one = await open('one', () => noon)
      using _held = await one.together.lease.hold()
      await one.together.sessions.add({ id: 'session_1', principal: 'alice' })
      const [first] = await numbersOf(one)
      const ended: string[] = []
      one.together.lease.onLost(async () => ended.push('ended'))
      const { db } = one.database
      await sql`alter table sallyport.process_leases rename to away`.execute(db)
      await expect.poll(() => ended).toEqual(['ended'])
      expect(await refusalOf(one.together.sessions.add({ id: 'session_2', principal: 'alice' }))).not.toBe('none')
      await sql`alter table sallyport.away rename to process_leases`.execute(db)
      // Nobody asks it for anything meanwhile.
      await expect.poll(() => numbersOf(one)).toEqual([(first ?? 0) + 1])
      expect(await one.together.sessions.placeOf('alice', 'session_1')).toMatchObject({ state: 'lost' })
      expect(await refusalOf(one.together.sessions.add({ id: 'session_3', principal: 'alice' }))).toBe('none')
      expect(ended).toEqual(['ended'])
    })

    it('lists to the owner of sessions those that other processes have, and to nobody else', async () => {
      verifies('replicas.listed')
      const { open } = await underTest()
      const one = await open('one', () => noon)
      const other = await open('other', () => noon)
      await one.together.sessions.add({ id: 'session_1', principal: 'alice' })
      await other.together.sessions.add({ id: 'session_2', principal: 'alice' })
      expect(await other.together.sessions.elsewhere('alice')).toEqual([
        { id: 'session_1', openedAt: new Date(noon), replica: 'one' },
      ])
      expect(await other.together.sessions.elsewhere('bob')).toEqual([])
      await one[Symbol.asyncDispose]()
      expect(await other.together.sessions.elsewhere('alice')).toEqual([])
    })

    it('gives the key of a request to one process, whatever comes at once, and tells the others where it is and what became of it', async () => {
      verifies('execute.once-anywhere')
      const { open } = await underTest()
      let now = noon
      const one = await open('one', () => now)
      const other = await open('other', () => now)
      const named = { principal: 'alice', key: 'k' }
      const keysOf = ({ together: { requestKeys } }: typeof one) => requestKeys
      const taken = await Promise.all(
        [one, other, one, other].map((each) => keysOf(each).take({ ...named, key: 'race' })),
      )
      expect(taken.filter((place) => place === null).length).toBeGreaterThan(0)
      expect(new Set(taken.flatMap((place) => place?.replica ?? [])).size).toBe(1)
      expect(await keysOf(one).take(named)).toBeNull()
      expect(await keysOf(other).take(named)).toEqual({ replica: 'one', state: 'running' })
      expect(await keysOf(other).take({ ...named, principal: 'bob' })).toBeNull()
      await keysOf(one).end(named, 1_000)
      expect(await keysOf(other).take(named)).toEqual({ replica: 'one', state: 'answered' })
      now += 1_001
      expect(await keysOf(other).take(named)).toBeNull()
      await keysOf(other).release(named)
      expect(await keysOf(one).take(named)).toBeNull()
      await one[Symbol.asyncDispose]()
      expect(await keysOf(other).take(named)).toEqual({ replica: 'one', state: 'lost' })
      const texts = await other.database.db.selectFrom('request_keys').selectAll().execute()
      expect(JSON.stringify(texts)).not.toContain('alice')
    })

    it('has one key that seals: whoever knows it may change it, and nobody else', async () => {
      verifies('replicas.one-key')
      const { open } = await underTest()
      const { sealingKey } = (await open('one', () => noon)).together
      const holds = (name: string, ...known: readonly string[]) =>
        sealingKey.hold(name, (other) => known.includes(other))
      expect(await holds('a:', 'a:')).toBe(true)
      expect(await holds('b:', 'b:')).toBe(false)
      expect(await holds('a:', 'a:')).toBe(true)
      expect(await holds('b:', 'b:', 'a:')).toBe(true)
      expect(await holds('a:', 'a:')).toBe(false)
    })

    it('is made by one of several that start at once, while the others wait', async () => {
      verifies('storage.one-migrates')
      const { open } = await underTest()
      const all = await Promise.all(['one', 'two', 'three', 'four'].map((name) => open(name, () => noon)))
      const [one] = all
      if (one === undefined) throw new Error('there are four')
      const { rows } = await sql<{ readonly name: string }>`
        select name from sallyport.storage_migrations order by name`.execute(one.database.db)
      expect(rows.map(({ name }) => name)).toEqual(Object.keys(migrations))
      expect(await Promise.all(all.map(({ together }) => refusalOf(together.lease.hold())))).toEqual(
        all.map(() => 'none'),
      )
    })
  })
}

function replicasOf({ replicas }: OpenedStorage): Replicas {
  if (replicas === null) throw new Error('the storage of a server is for several processes')
  return replicas
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (thrown: { readonly code: string }) => thrown.code,
  )
}

async function numbersOf({ database }: OpenedStorage): Promise<readonly number[]> {
  const rows = await database.db.selectFrom('process_leases').select('number').orderBy('number').execute()
  return rows.map(({ number }) => Number(number))
}

/** Resolves when somebody waits for a lock of another transaction. */
async function waitsForLock(db: Kysely<Tables>): Promise<void> {
  await expect
    .poll(
      async () =>
        (
          await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
            db,
          )
        ).rows.length,
      { interval: 20 },
    )
    .toBeGreaterThan(0)
}
