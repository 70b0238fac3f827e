import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { SessionSandbox } from '../../../src/sessions/session.ts'
import { SessionStore } from '../../../src/sessions/session-store.ts'
import { clockJumps, jumpClock, withFalseWallClock } from '../../support/clock-jumps.ts'
import { RecordingSandbox } from '../../support/sandbox/recording-sandbox.ts'
import { verifies } from '../../support/verifies.ts'

const sessions = (idleMilliseconds: number) =>
  new SessionStore({ claim: async () => new RecordingSandbox(), idleMilliseconds, maximumPerTenant: 3 })

describe.each(clockJumps)('sessions when the wall clock jumps a day %s', (_way, by) => {
  withFalseWallClock()

  it('live as long as without the jump, and show their end by the new time', async () => {
    await using store = sessions(60_000)
    const { id } = await store.open('ann', null)
    jumpClock(by)
    await store.expire()
    const [session] = store.list('ann')
    expect(session?.id).toBe(id)
    const left = (session?.expiresAt?.getTime() ?? 0) - Date.now()
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  it('are closed when they were unused for their time', async () => {
    await using store = sessions(20)
    await store.open('ann', null)
    jumpClock(by)
    await sleep(60)
    await store.expire()
    expect(store.list('ann')).toEqual([])
  })
})

describe('a session with a lifetime', () => {
  it('is closed at its end though it is used, and says why it is gone', async () => {
    const sandbox = new RecordingSandbox()
    await using store = new SessionStore({ claim: async () => sandbox, idleMilliseconds: 60_000, maximumPerTenant: 3 })
    const { id, expiresAt } = await store.open('ann', null, { lifetimeMilliseconds: 500 })
    expect(expiresAt?.getTime()).toBeLessThanOrEqual(Date.now() + 500)
    await using lease = store.lease('ann', id)
    await lease.session.sandbox(new AbortController().signal)
    await expect.poll(() => store.list('ann')).toEqual([])
    expect(() => store.lease('ann', id)).toThrow('has reached the end of its lifetime')
    expect(() => store.lease('bob', id)).toThrow(`There is no session "${id}"`)
    await expect.poll(() => sandbox.alive).toBe(false)
  })

  it('is not closed for being idle, and takes another lifetime', async () => {
    let now = 0
    await using store = new SessionStore({
      claim: async () => new RecordingSandbox(),
      idleMilliseconds: 10,
      maximumPerTenant: 3,
      now: () => now,
    })
    const { id } = await store.open('ann', null, { lifetimeMilliseconds: 60_000 })
    now = 59_000
    await store.expire()
    expect(store.list('ann').map((session) => session.id)).toEqual([id])
    store.endIn('ann', id, 30_000)
    expect(() => store.endIn('bob', id, 30_000)).toThrow('There is no session')
    now = 88_999
    expect(() => store.lease('ann', id)).not.toThrow()
    now = 89_000
    // Whatever the alarm does: nothing begins in it any more.
    expect(() => store.lease('ann', id)).toThrow('has reached the end of its lifetime')
  })
})

describe('a session that is restarted', () => {
  it('has the files of its sandbox in a fresh one, and the old one is gone', async () => {
    const made: FilingSandbox[] = []
    await using store = new SessionStore({
      claim: async () => {
        made.push(new FilingSandbox())
        return made.at(-1) ?? new FilingSandbox()
      },
      idleMilliseconds: 60_000,
      maximumPerTenant: 3,
    })
    await using lease = store.lease('ann', null)
    const { signal } = new AbortController()
    await lease.session.restart(signal)
    expect(made).toEqual([])
    const old = await lease.session.sandbox(signal)
    old.held.set('a/b.bin', Buffer.from([1, 255]))
    await lease.session.restart(signal)
    expect(made.map(({ alive }) => alive)).toEqual([false, true])
    const fresh = await lease.session.sandbox(signal)
    expect([fresh === made[1], [...fresh.held]]).toEqual([true, [['a/b.bin', Buffer.from([1, 255])]]])
  })

  it('stays as it is where its files cannot be had', async () => {
    const made: FilingSandbox[] = []
    await using store = new SessionStore({
      claim: async () => {
        made.push(new FilingSandbox(made.length === 0 ? 'broken' : null))
        return made.at(-1) ?? new FilingSandbox()
      },
      idleMilliseconds: 60_000,
      maximumPerTenant: 3,
    })
    await using lease = store.lease('ann', null)
    const { signal } = new AbortController()
    const old = await lease.session.sandbox(signal)
    old.held.set('broken', Buffer.from('x'))
    await expect(lease.session.restart(signal)).rejects.toThrow('cannot be read')
    expect(made.map(({ alive }) => alive)).toEqual([true, false])
    expect(await lease.session.sandbox(signal)).toBe(old)
  })
})

/** A sandbox that holds files, of which one may not be read. */
class FilingSandbox implements SessionSandbox {
  readonly held = new Map<string, Buffer>()
  readonly #broken: string | null
  alive = true

  constructor(broken: string | null = null) {
    this.#broken = broken
  }

  readonly files = {
    put: async (path: string, content: AsyncIterable<Uint8Array>): Promise<void> => {
      const pieces: Uint8Array[] = []
      for await (const piece of content) pieces.push(piece)
      this.held.set(path, Buffer.concat(pieces))
    },
    list: async () => [...this.held.keys()].map((path) => ({ path })),
    get: (path: string): AsyncIterable<Uint8Array> => {
      if (path === this.#broken) throw new Error(`${path} cannot be read`)
      return ReadableStream.from([this.held.get(path) ?? Buffer.alloc(0)])
    },
    delete: async (path: string): Promise<void> => void this.held.delete(path),
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.alive = false
  }
}

describe('sessions that give way', () => {
  const { signal } = new AbortController()
  const givesWay = { givesWay: true }

  /** A store whose tenants may have two sandboxes each, and three together. */
  const bounded = () =>
    new SessionStore({
      claim: async () => new RecordingSandbox(),
      idleMilliseconds: 60_000,
      maximumPerTenant: 10,
      sandboxes: { perTenant: 2, all: 3 },
    })

  /** Opens one that has a sandbox and is unused. */
  async function unused(store: ReturnType<typeof bounded>, tenant: string, life = {}): Promise<string> {
    const { id } = await store.open(tenant, null, life)
    await using lease = store.lease(tenant, id)
    await lease.session.sandbox(signal)
    return id
  }

  const idsOf = (store: ReturnType<typeof bounded>, tenant: string) => store.list(tenant).map(({ id }) => id)

  it('are closed where their owner would wait for a sandbox, the longest unused first', async () => {
    verifies('librechat.gives-way')
    await using store = bounded()
    const [first, second] = [await unused(store, 'ann', givesWay), await unused(store, 'ann', givesWay)]
    const third = await unused(store, 'ann')
    expect(idsOf(store, 'ann')).toEqual([second, third])
    expect(first).not.toBe(second)
    // Without a sandbox of its own it would not help.
    await store.open('ann', null, givesWay)
    await using lease = store.lease('ann', null)
    await lease.session.sandbox(signal)
    expect(idsOf(store, 'ann')).toHaveLength(3)
    expect(idsOf(store, 'ann')).not.toContain(second)
  })

  it('are left where nobody waits, and never closed for another owner, while they are used, or where they do not give way', async () => {
    await using store = bounded()
    const [bobs, kept] = [await unused(store, 'bob', givesWay), await unused(store, 'ann')]
    const used = await store.open('ann', null, givesWay)
    await using running = store.lease('ann', used.id)
    await running.session.sandbox(signal)
    await using further = store.lease('ann', null)
    await further.session.sandbox(signal)
    expect([idsOf(store, 'bob'), idsOf(store, 'ann').slice(0, 2)]).toEqual([[bobs], [kept, used.id]])
  })

  it('make room for as many as ask at once', async () => {
    await using store = bounded()
    await unused(store, 'ann', givesWay)
    await unused(store, 'ann', givesWay)
    const leases = [store.lease('ann', null), store.lease('ann', null)]
    await Promise.all(leases.map(({ session }) => session.sandbox(signal)))
    expect(idsOf(store, 'ann')).toEqual(leases.map(({ session }) => session.id))
    for (const lease of leases) await lease[Symbol.asyncDispose]()
  })
})
