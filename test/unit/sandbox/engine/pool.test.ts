import { describe, expect, it } from 'vitest'
import { WarmPool } from '../../../../src/sandbox/engine/pool.ts'
import type { PoolSettings } from '../../../../src/sandbox/engine/pool-options.ts'
import { verifies } from '../../../support/verifies.ts'

const never = new AbortController().signal
const usual: PoolSettings = {
  minimumReady: 1,
  maximumReady: 3,
  maximum: 4,
  maximumPerTenant: 2,
  startsAtOnce: 4,
  queueCapacity: 4,
  queueMilliseconds: 1000,
}

interface Member extends AsyncDisposable {
  alive: boolean
  gone: boolean
  stopped: Promise<void>
}

function createPool(settings: Partial<PoolSettings> = {}) {
  const members: Member[] = []
  const state = {
    failures: 0,
    clock: 0,
    stuck: false,
    /** Does a member stop before it is removed? */
    stopsFirst: false,
    /** What a removal waits for. */
    removal: Promise.resolve(),
    faults: [] as unknown[],
  }
  const pool = new WarmPool<Member>({
    settings: { ...usual, ...settings },
    now: () => state.clock,
    onFault: (fault) => state.faults.push(fault),
    create: async () => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      if (state.failures > 0) {
        state.failures -= 1
        throw new Error('no docker')
      }
      const stop = Promise.withResolvers<void>()
      const member: Member = {
        alive: true,
        gone: false,
        stopped: stop.promise,
        [Symbol.asyncDispose]: async () => {
          if (state.stopsFirst) stop.resolve()
          await state.removal
          if (state.stuck) throw new Error('stuck')
          member.gone = true
          stop.resolve()
        },
      }
      members.push(member)
      return member
    },
  })
  return { pool, members, state }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('the pool', () => {
  it('keeps the floor ready without a claim after warm()', async () => {
    const { pool, members } = createPool()
    await settle()
    expect(members).toHaveLength(0)
    pool.warm()
    await settle()
    expect(pool.figures).toEqual({ ready: 1, starting: 0, claimed: 0, waiting: 0 })
  })

  it('gives each member to one tenant only, however many ask at once', async () => {
    verifies('security.one-tenant')
    const { pool } = createPool({ maximum: 10, maximumPerTenant: 10 })
    const claimed = await Promise.all(['a', 'b', 'c', 'd'].map((tenant) => pool.claim(tenant, never)))
    expect(new Set(claimed).size).toBe(4)
  })

  it('never has more alive than its maximum, those being removed included', async () => {
    const { pool, members } = createPool({ maximum: 2, queueMilliseconds: 50 })
    const first = await pool.claim('a', never)
    await pool.claim('b', never)
    await expect(pool.claim('c', never)).rejects.toMatchObject({ code: 'sandbox-busy' })
    expect(members).toHaveLength(2)
    const waiting = pool.claim('c', never)
    await pool.release(first)
    expect(await waiting).not.toBe(first)
    expect(first.gone).toBe(true)
  })

  it('gives the place of a member of which nothing runs any more to another, before it is removed', async () => {
    const { pool, state } = createPool({ maximum: 1 })
    const removal = Promise.withResolvers<void>()
    Object.assign(state, { stopsFirst: true, removal: removal.promise })
    const first = await pool.claim('a', never)
    const released = pool.release(first)
    expect(await pool.claim('b', never)).not.toBe(first)
    expect([first.gone, pool.figures.claimed]).toEqual([false, 1])
    removal.resolve()
    await released
    expect(first.gone).toBe(true)
  })

  it('keeps the place of a member that runs until it is gone', async () => {
    const { pool, state } = createPool({ maximum: 1, queueMilliseconds: 50 })
    const removal = Promise.withResolvers<void>()
    Object.assign(state, { removal: removal.promise })
    const released = pool.release(await pool.claim('a', never))
    await expect(pool.claim('b', never)).rejects.toMatchObject({ code: 'sandbox-busy' })
    removal.resolve()
    await released
    await pool.claim('b', never)
  })

  it('gives a member its place back that stopped and cannot be removed, and tries again', async () => {
    const { pool, state } = createPool({ maximum: 1, queueMilliseconds: 50 })
    Object.assign(state, { stopsFirst: true, stuck: true })
    const member = await pool.claim('a', never)
    await expect(pool.release(member)).rejects.toThrow('stuck')
    await expect(pool.claim('b', never)).rejects.toMatchObject({ code: 'sandbox-busy' })
    state.stuck = false
    await pool.tend()
    expect(member.gone).toBe(true)
    await pool.claim('b', never)
  })

  it('waits with its end for the removal of what stopped', async () => {
    const { pool, state } = createPool()
    const removal = Promise.withResolvers<void>()
    Object.assign(state, { stopsFirst: true, removal: removal.promise })
    const member = await pool.claim('a', never)
    void pool.release(member)
    await settle()
    let isClosed = false
    const closed = pool[Symbol.asyncDispose]().then(() => {
      isClosed = true
    })
    await settle()
    expect([isClosed, pool.figures.claimed]).toEqual([false, 0])
    removal.resolve()
    await closed
    expect(member.gone).toBe(true)
  })

  it('lets no tenant have more than its share while others wait', async () => {
    const { pool } = createPool({ maximumPerTenant: 1, queueMilliseconds: 100 })
    await pool.claim('greedy', never)
    const second = pool.claim('greedy', never)
    second.catch(() => {})
    await pool.claim('modest', never)
    await expect(second).rejects.toMatchObject({ code: 'sandbox-busy' })
  })

  it('serves the tenant that holds least first', async () => {
    const { pool } = createPool({ maximum: 2, maximumPerTenant: 2 })
    const held = await pool.claim('a', never)
    const other = await pool.claim('b', never)
    const order: string[] = []
    const more = pool.claim('a', never).then(() => order.push('a'))
    const fresh = pool.claim('c', never).then(() => order.push('c'))
    await pool.release(other)
    await fresh
    await pool.release(held)
    await more
    expect(order).toEqual(['c', 'a'])
  })

  it('bounds its queue: a tenant that fills it gives way long before its deadline, and who came later is served', async () => {
    const { pool } = createPool({ maximum: 1, queueCapacity: 3, queueMilliseconds: 600_000 })
    const held = await pool.claim('a', never)
    const greedy = [1, 2, 3].map(() => pool.claim('greedy', never).catch((fault: unknown) => fault))
    const modest = pool.claim('modest', never)
    expect(await greedy[2]).toMatchObject({ code: 'sandbox-busy', message: '3 claims are waiting already' })
    expect(pool.figures.waiting).toBe(3)
    await pool.release(held)
    await pool.release((await greedy[0]) as Member)
    await pool.release((await greedy[1]) as Member)
    await expect(modest).resolves.toMatchObject({ alive: true, gone: false })
  })

  it('destroys at once what was started for a claim that was given up, where no demand keeps it', async () => {
    const { pool, members } = createPool({ minimumReady: 0, maximumReady: 0 })
    pool.warm()
    const abort = new AbortController()
    const claim = pool.claim('a', abort.signal)
    abort.abort(new Error('gone'))
    await expect(claim).rejects.toThrow('gone')
    await settle()
    expect(members.map((member) => member.gone)).toEqual([true])
    expect(pool.figures).toEqual({ ready: 0, starting: 0, claimed: 0, waiting: 0 })
  })

  it('leaves the queue when a claim is cancelled', async () => {
    const { pool } = createPool({ maximum: 1 })
    await pool.claim('a', never)
    const stop = new AbortController()
    const waiting = pool.claim('b', stop.signal)
    stop.abort(new Error('changed my mind'))
    await expect(waiting).rejects.toThrow('changed my mind')
    expect(pool.figures.waiting).toBe(0)
  })

  it('tells a claim why no member could be started, and serves the next one', async () => {
    const { pool, state } = createPool()
    state.failures = 1
    await expect(pool.claim('a', never)).rejects.toThrow('no docker')
    await expect(pool.claim('a', never)).resolves.toMatchObject({ alive: true })
  })

  it('tells a claim that waited in vain with what the last start failed, and no more of it once one went well', async () => {
    const made = Promise.withResolvers<Member>()
    const starts = [Promise.reject(new Error('no room')), made.promise, new Promise<Member>(() => {})]
    const settings = { ...usual, minimumReady: 0, startsAtOnce: 1, queueMilliseconds: 50 }
    const create = (): Promise<Member> => starts.shift() ?? Promise.reject(new Error('too many'))
    const pool = new WarmPool<Member>({ settings, now: () => 0, onFault: () => {}, create })
    const refused = pool.claim('a', never)
    const waiting = pool.claim('b', never)
    await expect(refused).rejects.toThrow('no room')
    const busy = 'No sandbox became free within 50 ms'
    await expect(waiting).rejects.toMatchObject({ message: `${busy}: the last start failed (no room)` })
    made.resolve({ alive: true, gone: false, stopped: new Promise(() => {}), [Symbol.asyncDispose]: async () => {} })
    await pool.claim('c', never)
    await expect(pool.claim('d', never)).rejects.toMatchObject({ code: 'sandbox-busy', message: busy })
  })

  it('pauses spare starts that fail instead of spinning', async () => {
    const { pool, state } = createPool()
    state.failures = 100
    pool.warm()
    await settle()
    expect(state.faults).toHaveLength(1)
  })

  it.each([
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [7, 30_000],
  ])('tries a spare one again after %d failures in %d ms, and not before', async (failures, pause) => {
    const { pool, members, state } = createPool()
    state.failures = failures
    pool.warm()
    await settle()
    for (let failed = 1; failed < failures; failed += 1) {
      state.clock += 30_000
      await pool.tend()
      await settle()
    }
    expect(state.faults).toHaveLength(failures)
    state.clock += pause - 1
    await pool.tend()
    await settle()
    expect(members).toHaveLength(0)
    state.clock += 1
    await pool.tend()
    await settle()
    expect(pool.figures.ready).toBe(1)
  })

  it('starts what nobody waits for one by one while half of what is wanted stands ready', async () => {
    const { pool } = createPool({ minimumReady: 4, maximumReady: 4, maximum: 9, maximumPerTenant: 9 })
    pool.warm()
    expect(pool.figures).toMatchObject({ ready: 0, starting: 4 })
    await expect.poll(() => pool.figures, { timeout: 60_000 }).toMatchObject({ ready: 4, starting: 0 })
    const claims = [pool.claim('a', never), pool.claim('b', never)]
    expect(pool.figures).toMatchObject({ ready: 2, starting: 1, claimed: 2 })
    claims.push(pool.claim('c', never))
    expect(pool.figures).toMatchObject({ ready: 1, starting: 3, claimed: 3 })
    await Promise.all(claims)
    await expect.poll(() => pool.figures, { timeout: 60_000 }).toMatchObject({ ready: 4, starting: 0 })
    claims.push(...['d', 'e', 'f', 'g', 'h'].map((tenant) => pool.claim(tenant, never)))
    expect(pool.figures).toMatchObject({ ready: 0, waiting: 1, claimed: 7 })
    expect(pool.figures.starting).toBe(2)
    await Promise.all(claims)
    await pool[Symbol.asyncDispose]()
  })

  it('starts as many at once as it may, and no more', async () => {
    const { pool } = createPool({ maximum: 9, maximumPerTenant: 9, startsAtOnce: 2, queueCapacity: 9 })
    const claims = Array.from({ length: 5 }, () => pool.claim('a', never))
    expect(pool.figures.starting).toBe(2)
    expect(new Set(await Promise.all(claims)).size).toBe(5)
  })

  it('counts a place that is being filled to its tenant', async () => {
    const { pool } = createPool({ maximum: 9, maximumPerTenant: 1 })
    const made = Promise.withResolvers<Member>()
    const first = pool.claimMade('a', () => made.promise, never)
    const second = pool.claim('a', never)
    await settle()
    expect(pool.figures).toMatchObject({ starting: 1, waiting: 1 })
    const member: Member = {
      alive: true,
      gone: false,
      stopped: Promise.resolve(),
      [Symbol.asyncDispose]: async () => {},
    }
    made.resolve(member)
    await pool.release(await first)
    expect(await second).not.toBe(member)
  })

  it('discards members that died while ready', async () => {
    const { pool, members } = createPool()
    pool.warm()
    await settle()
    const [dead] = members
    if (dead !== undefined) dead.alive = false
    const claimed = await pool.claim('a', never)
    expect(claimed).not.toBe(dead)
    expect(dead?.gone).toBe(true)
  })

  it('follows demand up to its ceiling, and back to its floor', async () => {
    const { pool, state } = createPool({ maximum: 10, maximumPerTenant: 10 })
    pool.warm()
    for (let count = 0; count < 5; count += 1) await pool.release(await pool.claim('a', never))
    await settle()
    expect(pool.figures.ready).toBe(3)
    state.clock += 60_000
    await pool.tend()
    expect(pool.figures.ready).toBe(1)
  })

  it('keeps the place of a member whose removal is not confirmed, and tries again', async () => {
    const { pool, state } = createPool()
    const member = await pool.claim('a', never)
    state.stuck = true
    await expect(pool.release(member)).rejects.toThrow('stuck')
    expect(pool.figures.claimed).toBe(1)
    state.stuck = false
    await pool.tend()
    expect(pool.figures.claimed).toBe(0)
    expect(member.gone).toBe(true)
  })

  it('makes no more members for single claims at once than it may start, spare ones counted', async () => {
    const { pool, members } = createPool({ startsAtOnce: 2, maximum: 9, maximumPerTenant: 9 })
    const made: ((member: Member) => void)[] = []
    const make = () => new Promise<Member>((resolve) => made.push(resolve))
    const claims = [1, 2, 3].map(() => pool.claimMade('a', make, never))
    await settle()
    expect(made).toHaveLength(2)
    expect(pool.figures).toMatchObject({ starting: 2, waiting: 1 })
    const waiting = pool.claim('b', never)
    await settle()
    expect(members).toHaveLength(0)
    for (let index = 0; index < 3; index += 1) {
      made[index]?.({ alive: true, gone: false, stopped: Promise.resolve(), [Symbol.asyncDispose]: async () => {} })
      await settle()
    }
    await Promise.all([...claims, waiting])
    expect(pool.figures).toEqual({ ready: 0, starting: 0, claimed: 4, waiting: 0 })
  })

  it('counts a member that is being made for a tenant as one of its share', async () => {
    const { pool } = createPool({ maximumPerTenant: 2 })
    const made = Promise.withResolvers<Member>()
    const claim = pool.claimMade('a', () => made.promise, never)
    await settle()
    expect((await pool.claim('a', never)).alive).toBe(true)
    const third = pool.claim('a', never)
    third.catch(() => {})
    await settle()
    expect(pool.figures.waiting).toBe(1)
    made.resolve({ alive: true, gone: false, stopped: Promise.resolve(), [Symbol.asyncDispose]: async () => {} })
    await claim
    await pool[Symbol.asyncDispose]()
  })

  it('keeps what was started for a claim that was given up for one that waits for its share', async () => {
    const { pool, members } = createPool({ maximumPerTenant: 1 })
    const first = await pool.claim('a', never)
    const second = pool.claim('a', never)
    const stop = new AbortController()
    const given = pool.claim('b', stop.signal)
    stop.abort(new Error('gone'))
    await expect(given).rejects.toThrow('gone')
    await settle()
    expect(pool.figures).toMatchObject({ ready: 1, waiting: 1 })
    await pool.release(first)
    await second
    expect(members).toHaveLength(2)
  })

  it('waits, when it closes, for a member that is being made for a claim, and destroys it', async () => {
    const { pool } = createPool()
    const made = Promise.withResolvers<Member>()
    let stopped = false
    const claim = pool.claimMade(
      'a',
      (signal) => {
        signal.addEventListener('abort', () => (stopped = true))
        return made.promise
      },
      never,
    )
    claim.catch(() => {})
    await settle()
    const closed = pool[Symbol.asyncDispose]()
    const late: Member = {
      alive: true,
      gone: false,
      stopped: Promise.resolve(),
      [Symbol.asyncDispose]: async () => {
        late.gone = true
      },
    }
    await settle()
    expect(stopped).toBe(true)
    made.resolve(late)
    await closed
    expect(late.gone).toBe(true)
    expect(pool.figures).toEqual({ ready: 0, starting: 0, claimed: 0, waiting: 0 })
  })

  it('says to what it is starting that it closes', async () => {
    const reasons: unknown[] = []
    const pool = new WarmPool<Member>({
      settings: usual,
      now: () => 0,
      onFault: () => {},
      create: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason)
            reject(signal.reason)
          })
        }),
    })
    pool.warm()
    await pool[Symbol.asyncDispose]()
    expect(reasons).toEqual([
      expect.objectContaining({ code: 'shutting-down', message: 'The sandboxes are being closed' }),
    ])
  })

  it('says to what it is starting that somebody waits for it, to the oldest first and to no more than are waited for', async () => {
    const starts: { readonly wanted: AbortSignal; readonly made: PromiseWithResolvers<Member> }[] = []
    const pool = new WarmPool<Member>({
      settings: { ...usual, minimumReady: 3 },
      now: () => 0,
      onFault: () => {},
      create: (_signal, wanted) => {
        const made = Promise.withResolvers<Member>()
        starts.push({ wanted, made })
        return made.promise
      },
    })
    const areWanted = (): readonly boolean[] => starts.map(({ wanted }) => wanted.aborted)
    pool.warm()
    expect(areWanted()).toEqual([false, false, false])
    const first = pool.claim('a', never)
    expect(areWanted()).toEqual([true, false, false, false])
    const second = pool.claim('b', never)
    expect(areWanted()).toEqual([true, true, false, false])
    const member = (): Member => ({
      alive: true,
      gone: false,
      stopped: Promise.resolve(),
      [Symbol.asyncDispose]: async () => {},
    })
    for (const { made } of starts) made.resolve(member())
    expect(await first).not.toBe(await second)
    await pool[Symbol.asyncDispose]()
  })

  it('says so to what it starts ahead of the first claim', async () => {
    const wishes: AbortSignal[] = []
    const pool = new WarmPool<Member>({
      settings: usual,
      now: () => 0,
      onFault: () => {},
      create: async (_signal, wanted) => {
        wishes.push(wanted)
        throw new Error('no docker')
      },
    })
    pool.startAhead()
    expect(wishes.map(({ aborted }) => aborted)).toEqual([true])
    await pool[Symbol.asyncDispose]()
  })

  it('leaves nothing when it closes', async () => {
    const { pool, members } = createPool({ maximum: 1 })
    await pool.claim('a', never)
    const waiting = pool.claim('b', never)
    const refused = waiting.catch((fault: unknown) => fault)
    await pool[Symbol.asyncDispose]()
    expect(await refused).toMatchObject({ code: 'shutting-down' })
    expect(members.every((member) => member.gone)).toBe(true)
    await expect(pool.claim('c', never)).rejects.toMatchObject({ code: 'shutting-down' })
  })
})
