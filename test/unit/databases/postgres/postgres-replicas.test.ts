import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { PostgresReplicas, type Replica } from '../../../../src/databases/postgres/postgres-replicas.ts'
import { vet } from '../../../../src/validators/vet.ts'
import { verifies } from '../../../support/verifies.ts'
import { clockJumps, jumpClock, withFalseWallClock } from '../../../support/clock-jumps.ts'

const never = new AbortController().signal
const statement = vet('sql', 'SELECT 1', { source: 'shop', relations: [], columns: [], functions: [], rowLimit: 1 })
const limits = { maximumRows: 1, maximumBytes: 1000, timeoutMilliseconds: 1000 }

interface FakeReplica extends Replica {
  lag: number | null
  fault: ServiceError | null
  stateFails: boolean
  asked: number
}

function fakeReplica(name: string, lag: number | null): FakeReplica {
  const replica: FakeReplica = {
    source: 'shop',
    kind: 'postgresql',
    lag,
    fault: null,
    stateFails: false,
    asked: 0,
    state: async () => {
      if (replica.stateFails) throw new ServiceError('database-unavailable', 'down')
      return {
        inRecovery: true,
        dates: { timeZone: 'UTC', dateOrder: 'YMD' },
        asOf: new Date(0),
        lagMilliseconds: replica.lag,
      }
    },
    query: async () => {
      replica.asked += 1
      if (replica.fault !== null) throw replica.fault
      return {
        columns: [],
        rows: [[name]],
        truncated: null,
        asOf: new Date(0),
        lagMilliseconds: replica.lag,
        milliseconds: 1,
      }
    },
    catalog: async () => Promise.reject(new Error('not asked in these tests')),
    estimate: async () => Promise.reject(new Error('not asked in these tests')),
    prove: async () => ({
      role: 'analyst',
      inRecovery: true,
      excess: name === 'careless' ? ['is a superuser'] : [],
    }),
    [Symbol.asyncDispose]: async () => {},
  }
  return replica
}

function setUp(replicas: readonly FakeReplica[]) {
  let now = 0
  const source = new PostgresReplicas({ source: 'shop', replicas, clock: () => now })
  const ask = async (): Promise<unknown> => (await source.query(statement, limits, never)).rows[0]?.[0]
  return { source, ask, later: (milliseconds: number) => (now += milliseconds) }
}

describe('several replicas as one source', () => {
  it('ask the one that is least behind, an unknown lag last', async () => {
    verifies('sources.least-behind')
    const { ask } = setUp([fakeReplica('unknown', null), fakeReplica('far', 900), fakeReplica('near', 20)])
    expect(await ask()).toBe('near')
  })

  it('ask another one while the best is down, and the best again when it is back', async () => {
    const [near, far] = [fakeReplica('near', 20), fakeReplica('far', 900)]
    const { ask, later } = setUp([near, far])
    near.stateFails = true
    expect(await ask()).toBe('far')
    near.stateFails = false
    later(6000)
    expect(await ask()).toBe('near')
  })

  it('go on to the next when one fails in the middle, and leave that one alone for a while', async () => {
    const [near, far] = [fakeReplica('near', 20), fakeReplica('far', 900)]
    const { ask } = setUp([near, far])
    near.fault = new ServiceError('database-unavailable', 'lost')
    expect([await ask(), await ask()]).toEqual(['far', 'far'])
    expect(near.asked).toBe(1)
  })

  it('do not repeat elsewhere what failed for its own sake', async () => {
    const [near, far] = [fakeReplica('near', 20), fakeReplica('far', 900)]
    const { ask } = setUp([near, far])
    near.fault = new ServiceError('query-failed', 'divides by zero')
    await expect(ask()).rejects.toMatchObject({ code: 'query-failed' })
    expect(far.asked).toBe(0)
  })

  it('say why when none can be asked', async () => {
    const only = fakeReplica('only', 1)
    only.stateFails = true
    only.fault = new ServiceError('database-unavailable', 'lost')
    await expect(setUp([only]).ask()).rejects.toMatchObject({ message: 'lost' })
  })

  it('are as old as the one that is least behind, of those that can be asked', async () => {
    verifies('operators.sources')
    const [near, far] = [fakeReplica('near', 20), fakeReplica('far', 900)]
    const { source, later } = setUp([far, near])
    expect(await source.state(never)).toMatchObject({ lagMilliseconds: 20 })
    near.stateFails = true
    later(6_000)
    expect(await source.state(never)).toMatchObject({ lagMilliseconds: 900 })
  })

  it('prove the role on each of them', async () => {
    const { source } = setUp([fakeReplica('careful', 1), fakeReplica('careless', 1)])
    expect((await source.prove(never)).excess).toEqual(['is a superuser'])
  })
})

describe.each(clockJumps)('what is known of a replica when the wall clock jumps a day %s', (_way, by) => {
  withFalseWallClock()

  it('counts for its time and no longer', async () => {
    let asked = 0
    const replica = {
      state: async () => {
        asked += 1
        return { inRecovery: true, asOf: new Date(0), lagMilliseconds: 0 }
      },
      query: async () => ({ columns: [], rows: [] }),
      [Symbol.asyncDispose]: async () => {},
    } as unknown as Replica
    const ask = async (stateMilliseconds: number) => {
      await using source = new PostgresReplicas({ source: 'shop', replicas: [replica], stateMilliseconds })
      asked = 0
      await source.query(statement, limits, never)
      jumpClock(by)
      await sleep(60)
      await source.query(statement, limits, never)
      return asked
    }
    expect(await ask(60_000)).toBe(1)
    expect(await ask(20)).toBe(2)
  })
})
