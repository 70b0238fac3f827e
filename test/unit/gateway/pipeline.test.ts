import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { Admitted } from '../../../src/core/request.ts'
import { createQuota } from '../../../src/gateway/admit/quota.ts'
import type { ServiceError } from '../../../src/core/errors.ts'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import type { KeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { createGrantFor } from '../../../src/gateway/authorize/groups.ts'
import { gatewayOptions, groupsInForce } from '../../../src/gateway/options.ts'
import { type Answerer, createPipeline } from '../../../src/gateway/pipeline.ts'
import { createScreenerFor } from '../../../src/gateway/screen/screener-for.ts'
import { sandboxCeilings } from '../../support/sandbox/sandbox-ceilings.ts'
import { collect, delta, end, received, replay, sqlCall, textOf } from '../../support/agent-events.ts'
import { chain, limits, never } from '../../support/filters/filter-fixtures.ts'
import { verifies } from '../../support/verifies.ts'

const keys = {
  find: async (key) => (key.reveal() === 'sp-test' ? { id: 'k1', kind: 'api-key', group: 'default' } : null),
} as KeyStore

interface Setup {
  readonly events?: readonly AgentEvent[]
  readonly run?: (request: Admitted) => AsyncIterable<AgentEvent>
  readonly tokensPerDay?: number
}

function pipeline({
  events = [delta('fine'), end()],
  run = () => replay(events),
  tokensPerDay = 1_000_000,
}: Setup = {}) {
  const { groups } = gatewayOptions.parse({ groups: { default: { budget: { tokens: 1_000 } } } })
  const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 2, tokensPerDay }) })
  const piped = createPipeline({
    identify: createIdentify(keys),
    grantFor: createGrantFor({ groups, dataSources: ['shop', 'other'], models: ['analyst'], sandboxCeilings }),
    quota,
    screenerFor: createScreenerFor({ chain, limits, profiles: {} }),
  })
  const answer: Answerer = (request, signal) => piped(request, run, signal)
  return { answer, quota }
}

const statement = 'SELECT country, count(*) FROM customers WHERE city = $1 GROUP BY country ORDER BY 2'

describe('pipeline', () => {
  it('answers a request from end to end', async () => {
    const { answer } = pipeline()
    expect(textOf(await collect(answer(received(), never)))).toBe('fine')
  })

  it('runs nothing for a caller without a known key', async () => {
    verifies('path.order')
    let ran = false
    const { answer } = pipeline({ run: () => ((ran = true), replay([])) })
    await expect(collect(answer(received({ credential: null }), never))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    expect(ran).toBe(false)
  })

  it.each([
    ['a model', received({ model: 'gpt' }), 'There is no model "gpt".'],
    ['a data source', received({ dataSource: 'payroll' }), 'There is no data source "payroll".'],
  ])('does not know %s outside the grant', async (_claim, request, message) => {
    verifies('security.group-decides')
    await expect(collect(pipeline().answer(request, never))).rejects.toMatchObject({ code: 'model-not-found', message })
  })

  it("grants the sandbox ceilings of the group, and the defaults' where it names none", async () => {
    const { groups } = gatewayOptions.parse({ groups: { default: { sandbox: { memory_mb: 64, cpus: 2.5 } } } })
    const grantFor = createGrantFor({ groups, dataSources: [], models: [], sandboxCeilings })
    const grant = grantFor({ id: 'k1', kind: 'api-key', group: 'default' })
    expect(grant.sandboxCeilings).toEqual({ ...sandboxCeilings, memory_mb: 64, cpus: 2.5 })
    expect(() => gatewayOptions.parse({ groups: { default: { sandbox: { gpus: 1 } } } })).toThrow('gpus')
    expect(() => gatewayOptions.parse({ groups: { default: { sandbox: { memory_mb: -1 } } } })).toThrow('memory_mb')
  })

  it('takes the first data source of the group where none is named', async () => {
    let source: string | null = null
    const { answer } = pipeline({ run: (request) => ((source = request.dataSource), replay([end()])) })
    await collect(answer(received(), never))
    expect(source).toBe('shop')
  })

  it('takes secrets out of what the model reads, and leaves personal data that the question is about', async () => {
    verifies('path.redacted')
    let seen = ''
    const { answer } = pipeline({ run: (request) => ((seen = request.messages[0]?.content ?? ''), replay([end()])) })
    const content = 'Find bob@example.com with postgresql://app:hunter2@db/shop'
    await collect(answer(received({ messages: [{ role: 'user', content }] }), never))
    expect(seen).toBe('Find bob@example.com with postgresql://app:[secret]@db/shop')
  })

  it('shows SQL in the answer only where the question asks for it', async () => {
    const events = [sqlCall(statement), delta(`I ran ${statement}`), end()]
    const { answer } = pipeline({ events })
    expect(textOf(await collect(answer(received(), never)))).toBe('I ran [SQL withheld]')
    const asking = received({ messages: [{ role: 'user', content: 'Revenue? Show me the SQL.' }] })
    expect(textOf(await collect(answer(asking, never)))).toBe(`I ran ${statement}`)
    const declining = received({ messages: [{ role: 'user', content: 'Revenue? Do not show the SQL.' }] })
    expect(textOf(await collect(answer(declining, never)))).toBe('I ran [SQL withheld]')
  })

  it('charges what the provider counted', async () => {
    verifies('path.provider-counts')
    const { answer, quota } = pipeline({ tokensPerDay: 1_010 })
    await collect(answer(received(), never))
    const principal = { id: 'k1', kind: 'api-key', group: 'default' } as const
    expect(() => quota.reserve(principal, 1_000)).toThrow(/995 are left/)
  })

  it('charges an estimate when the caller leaves midway, and gives the rest back', async () => {
    verifies('path.settled')
    const { answer, quota } = pipeline({
      events: [delta('x'.repeat(400)), sqlCall('SELECT 1'), delta('more'), end()],
      tokensPerDay: 1_100,
    })
    for await (const event of answer(received(), never)) if (event.type === 'tool-call') break
    const principal = { id: 'k1', kind: 'api-key', group: 'default' } as const
    expect(() => quota.reserve(principal, 1_000)).toThrow(/(9\d\d) are left/)
  })
})

describe('quota', () => {
  const principal = { id: 'p', kind: 'api-key', group: 'default' } as const

  it('lets no two requests share the last token', () => {
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 10, tokensPerDay: 1_500 }) })
    quota.reserve(principal, 1_000)
    expect(() => quota.reserve(principal, 1_000)).toThrow(/500 are left/)
  })

  it('limits requests at the same time, and frees a place on leaving scope, once', async () => {
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 1, tokensPerDay: 1_000_000 }) })
    const first = quota.reserve(principal, 10)
    expect(() => quota.reserve(principal, 10)).toThrow('1 requests of yours are already running.')
    await first[Symbol.asyncDispose]()
    await first[Symbol.asyncDispose]()
    const second = quota.reserve(principal, 10)
    expect(() => quota.reserve(principal, 10)).toThrow('already running')
    await second[Symbol.asyncDispose]()
  })

  const dayBegan = 86_400_000 * 20_000

  async function spend(quota: ReturnType<typeof createQuota>, tokens: number) {
    await using held = quota.reserve(principal, tokens)
    held.use(tokens)
  }

  it("C2: a day's quota that is spent is nothing to repeat, and says when the next is given", async () => {
    let time = dayBegan + 3_600_000
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 10, tokensPerDay: 100 }), now: () => time })
    await spend(quota, 100)
    expect(() => quota.reserve(principal, 100)).toThrow(
      expect.objectContaining({ code: 'quota-exceeded', resetsAt: new Date(dayBegan + 86_400_000) }),
    )
    time += 86_400_000
    expect(() => quota.reserve(principal, 100)).not.toThrow()
  })

  it('C2: within a minute of the next day a client may wait for it', async () => {
    const now = () => dayBegan + 86_400_000 - 42_500
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 10, tokensPerDay: 100 }), now })
    await spend(quota, 100)
    expect(() => quota.reserve(principal, 100)).toThrow(
      expect.objectContaining({ code: 'rate-limited', retryAfterSeconds: 43 }),
    )
  })

  it('C2: what running requests hold comes back with them, not with the next day', () => {
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 10, tokensPerDay: 100 }) })
    quota.reserve(principal, 100)
    expect(() => quota.reserve(principal, 100)).toThrow(
      expect.objectContaining({ code: 'rate-limited', retryAfterSeconds: 5 }),
    )
  })

  it("S8: says when a place will be free by how long this caller's requests take", async () => {
    let elapsed = 0
    const limitsFor = () => ({ concurrentRequests: 1, tokensPerDay: 1_000_000 })
    const quota = createQuota({ limitsFor, elapsed: () => elapsed })
    for (let round = 0; round < 20; round += 1) {
      await using _held = quota.reserve(principal, 1)
      elapsed += 20_000
    }
    quota.reserve(principal, 1)
    elapsed += 12_000
    expect(() => quota.reserve(principal, 1)).toThrow(
      expect.objectContaining({ code: 'rate-limited', retryAfterSeconds: 8 }),
    )
    elapsed += 600_000
    expect(() => quota.reserve(principal, 1)).toThrow(expect.objectContaining({ retryAfterSeconds: 1 }))
  })

  it('S8: of 300 requests at once as many run as the limit allows', () => {
    const quota = createQuota({ limitsFor: () => ({ concurrentRequests: 100, tokensPerDay: 1_000_000 }) })
    const codes = Array.from({ length: 300 }, () => {
      try {
        quota.reserve(principal, 10)
        return 'held'
      } catch (thrown) {
        return (thrown as ServiceError).code
      }
    })
    expect(Map.groupBy(codes, (code) => code).get('held')).toHaveLength(100)
    expect(Map.groupBy(codes, (code) => code).get('rate-limited')).toHaveLength(200)
  })
})

describe('groups', () => {
  it('keep the local operator when a file names other groups only', () => {
    const options = gatewayOptions.parse({ groups: { default: { tools: ['run_sql'] } } })
    expect(Object.keys(groupsInForce(options))).toEqual(['operator', 'monitoring', 'default'])
    expect(groupsInForce(gatewayOptions.parse({ groups: { operator: { tools: [] } } }))['operator']?.tools).toEqual([])
  })
})
