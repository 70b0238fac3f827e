import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { QuotaLedger } from '../../src/core/quotas.ts'
import { Secret } from '../../src/core/secret.ts'
import { StorageHealth } from '../../src/storage/health.ts'
import { openRedisQuotas } from '../../src/storage/redis/redis-quotas.ts'
import { ensureRedis, startRedis, type RedisServer } from '../support/databases/redis-server.ts'
import { verifies } from '../support/verifies.ts'
import { quotaContract } from './quota-contract.ts'
import { quotaRacesContract } from './quota-races-contract.ts'
import { join } from 'node:path'
import { temporaryFolder } from '../support/temporary-folder.ts'

const problem = ensureRedis()
if (problem !== null) process.stderr.write(`SKIPPED: the quotas in Redis, ${problem}\n`)

describe.skipIf(problem !== null)('Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const opened = (url: string, now: (() => number) | null) => {
    const health = new StorageHealth('redis', (thrown) => thrown)
    const ledger = openRedisQuotas({ url: new Secret(url), timeoutMilliseconds: 2_000, health, now })
    onTestFinished(() => ledger[Symbol.asyncDispose]())
    return { ledger, health }
  }

  quotaContract('Redis', async () => {
    const url = server.newUrl()
    return { open: async (now) => opened(url, now).ledger }
  })

  quotaRacesContract('Redis', async () => {
    const [quotas_url, folder] = [server.newUrl(), temporaryFolder('quotas-')]
    return {
      options: { path: join(folder, 'sallyport.db'), quotas_url },
      folder,
      ledger: opened(quotas_url, null).ledger,
    }
  })

  const holding = (ledger: QuotaLedger, tokens: number) =>
    ledger.hold({
      id: crypto.randomUUID(),
      limits: [{ account: 'key:a', unit: 'tokens', window: 'month', most: 100 }],
      bounds: { tokens },
      known: {},
      leaseMilliseconds: 30_000,
    })

  it('that is stopped is a named state in which nothing is admitted, and has all that was answered when it is back', async () => {
    verifies('quotas.store-gone')
    const { ledger, health } = opened(server.newUrl(), null)
    const held = await holding(ledger, 60)
    await server.end('SIGKILL')
    try {
      await expect(holding(ledger, 1)).rejects.toMatchObject({ code: 'storage-unavailable' })
      expect(health.state).toBe('unreachable')
      const settling = held.kind === 'held' ? ledger.settle(held.lease, { tokens: 42 }) : null
      await expect(settling).rejects.toMatchObject({ code: 'storage-unavailable' })
    } finally {
      await server.start()
    }
    await expect
      .poll(() =>
        ledger.recover().then(
          () => health.state,
          () => health.state,
        ),
      )
      .toBe('ready')
    if (held.kind === 'held') await ledger.settle(held.lease, { tokens: 42 })
    expect(await holding(ledger, 59)).toMatchObject({ kind: 'refused', standing: { used: 42, held: 0 } })
    expect(await holding(ledger, 58)).toMatchObject({ kind: 'held' })
  })

  it.each([
    ['volatile-lru', 'evicting'],
    ['allkeys-random', 'evicting'],
    ['noeviction', 'ready'],
  ])('that is full at some time and then by %s is %s, until that was changed', async (policy, expected) => {
    verifies('quotas.evicting')
    await using bounded = await startRedis(['--maxmemory', '100mb', '--maxmemory-policy', policy])
    const { ledger, health } = opened(bounded.newUrl(), null)
    const answer = await holding(ledger, 1).catch((thrown: unknown) => thrown)
    expect(health.state).toBe(expected)
    if (expected === 'evicting') expect(answer).toMatchObject({ code: 'storage-unavailable' })
    await bounded.configure('maxmemory-policy', 'noeviction')
    expect(await holding(ledger, 1)).toMatchObject({ kind: 'held' })
    expect(health.state).toBe('ready')
  })

  it('holds nothing in memory of an account whose windows have ended', async () => {
    const { ledger } = opened(server.newUrl(), null)
    const ask = { bounds: { tokens: 1 }, known: {}, leaseMilliseconds: 30_000 }
    const before = await server.usedBytes()
    const leases = await Promise.all(
      Array.from({ length: 2_000 }, async (_, index) => {
        const limits = [{ account: `key:${index}`, unit: 'tokens', window: '1s', most: 100 }] as const
        return ledger.hold({ ...ask, id: `${index}`, limits })
      }),
    )
    for (const held of leases) if (held.kind === 'held') await ledger.settle(held.lease, { tokens: 1 })
    await expect.poll(() => server.usedBytes()).toBeLessThan(before + 150_000)
  })
})
