import type { Container } from 'dockerode'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DuckdbDatabase } from '../../src/databases/duckdb/duckdb-database.ts'
import { databaseOptions } from '../../src/databases/options.ts'
import { PostgresReplicas, type Replica } from '../../src/databases/postgres/postgres-replicas.ts'
import { ArtifactStore } from '../../src/surfaces/artifact-store.ts'
import { removeContainer } from '../../src/sandbox/containers/docker/container-removal.ts'
import { SessionStore } from '../../src/sessions/session-store.ts'
import { vet } from '../../src/validators/vet.ts'
import { fileOf } from '../support/databases/files-source.ts'
import { RecordingSandbox } from '../support/sandbox/recording-sandbox.ts'

const never = new AbortController().signal
const day = 86_400_000
const statement = vet('sql', 'SELECT 1', { source: 'shop', relations: [], columns: [], functions: [], rowLimit: 3 })
const limits = { maximumRows: 2, maximumBytes: 1_000, timeoutMilliseconds: 60_000 }

// Only the wall clock is a false one: timers, and the clock that never jumps, are real.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

const jump = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds)
const ways = [
  ['forward', day],
  ['back', -day],
] as const

describe.each(ways)('when the wall clock jumps a day %s', (_way, by) => {
  const sessions = (idleMilliseconds: number) =>
    new SessionStore({ claim: async () => new RecordingSandbox(), idleMilliseconds, maximumPerTenant: 3 })

  it('an idle session lives as long as without the jump, and shows its end by the new time', async () => {
    await using store = sessions(60_000)
    const { id } = await store.open('ann', null)
    jump(by)
    await store.expire()
    const [session] = store.list('ann')
    expect(session?.id).toBe(id)
    const left = (session?.expiresAt?.getTime() ?? 0) - Date.now()
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000)
  })

  it('a session that was unused for its time is closed', async () => {
    await using store = sessions(20)
    await store.open('ann', null)
    jump(by)
    await sleep(60)
    await store.expire()
    expect(store.list('ann')).toEqual([])
  })

  it('the link to a chart lives as long as it was given', async () => {
    const open = async (timeToLiveMilliseconds: number) => {
      const artifacts = new ArtifactStore({ timeToLiveMilliseconds, maximumBytes: 100, baseUrl: () => 'http://x' })
      const link = new URL(artifacts.put({ name: 'a.png', mediaType: 'image/png', content: 'AAAA' }) ?? '')
      jump(by)
      await sleep(60)
      const [expires, signature] = [link.searchParams.get('expires') ?? '', link.searchParams.get('signature') ?? '']
      return artifacts.get(link.pathname.split('/').at(-1) ?? '', expires, signature)
    }
    expect(await open(60_000)).toMatchObject({ name: 'a.png' })
    expect(await open(20)).toBeNull()
  })

  it('an answer about a replica counts for its time and no longer', async () => {
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
      jump(by)
      await sleep(60)
      await source.query(statement, limits, never)
      return asked
    }
    expect(await ask(60_000)).toBe(1)
    expect(await ask(20)).toBe(2)
  })

  it('the removal of a container goes on', async () => {
    let looks = 0
    const gone = Object.assign(new Error('no such container'), { statusCode: 404 })
    const container = {
      remove: async () => {
        jump(by)
      },
      inspect: async () => {
        looks += 1
        if (looks === 3) throw gone
      },
    } as unknown as Container
    await removeContainer(container)
    expect(looks).toBe(3)
  })

  it('a query took the time that it took', async () => {
    const loaded = JSON.stringify({
      version: '2.0.0',
      tables: [
        {
          name: 'orders',
          rows: 1,
          definition: '',
          comment: null,
          columns: [{ name: 'id', type: 'BIGINT', nullable: true, comment: null }],
        },
      ],
    })
    const rows = [JSON.stringify({ columns: [{ name: 'id', type: 'BIGINT' }] }), JSON.stringify({ truncated: null })]
    const tables = { orders: { path: fileOf('orders.csv', 'id\n1\n') } }
    const options = databaseOptions.parse({ kind: 'files', tables })
    if (options.kind !== 'files') throw new Error('not files')
    await using database = new DuckdbDatabase({
      source: 'shop',
      tables: options.tables,
      openGuest: async () => ({
        alive: true,
        put: async (_name, content) => {
          for await (const _part of content);
        },
        ask: async (request) => {
          jump(by)
          const isLoad = (request as { operation: string }).operation === 'load'
          return { kind: 'answered', lines: isLoad ? [loaded] : rows }
        },
        [Symbol.asyncDispose]: async () => {},
      }),
      memoryMegabytes: 100,
      loadMilliseconds: 60_000,
      analyzeMilliseconds: 60_000,
    })
    const { milliseconds } = await database.query(statement, limits, never)
    expect(milliseconds).toBeGreaterThanOrEqual(0)
    expect(milliseconds).toBeLessThan(day / 2)
  })
})
