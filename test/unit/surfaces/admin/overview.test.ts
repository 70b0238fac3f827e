import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleInput } from '../../../../src/gateway/authorize/example-inputs.ts'
import { startAdmin, type AdminService } from '../../../support/http/admin-service.ts'
import { verifies } from '../../../support/verifies.ts'

let service: AdminService
beforeAll(async () => {
  service = await startAdmin()
})
afterAll(() => service[Symbol.asyncDispose]())

const read = async (path: string) => (await service.ask('GET', `/admin/v1/${path}`)).json()

describe('what operators look at', () => {
  it('is traffic with the moments of its pieces, what waits, and which process has counted it', async () => {
    verifies('overview.traffic')
    const principal = `token-${'a'.repeat(43)}`
    await service.suspensions.add({ principal, person: null, note: null, lasts: null }, 'local')
    const latency = { p50: 120, p95: 900, p99: 2_000 }
    expect(await read('overview')).toEqual({
      counts_of: 'process',
      started: '2026-11-30T11:00:00.000Z',
      to: '2026-11-30T12:00:00.000Z',
      state: { ready: true, detail: 'sandboxes can be had' },
      traffic: { requests: 3, refused: 1, failed: 0, latency_ms: latency },
      points: [
        { from: '2026-11-30T11:59:00.000Z', requests: 3, refused: 1, failed: 0, latency_ms: latency },
        { from: '2026-11-30T12:00:00.000Z', requests: 0, refused: 0, failed: 0, latency_ms: null },
      ],
      refusals: [{ stage: 'request', reason: 'invalid-request', count: 1 }],
      spend: [{ group: 'sales', unit: 'tokens', amount: 15 }],
      sandboxes: { ready: 0, starting: 0, claimed: 1, waiting: 0, maximum: 16, maximum_ready: 4 },
      draining: false,
      waiting: { approvals: 0, suspensions: 1 },
    })
    expect(await read('overview?window=7d')).toMatchObject({ code: 'invalid-request' })
  })

  it('is providers with their breakers, and sources as they were last seen', async () => {
    verifies('operators.providers', 'operators.sources')
    expect(await read('models')).toMatchObject({
      own: { scripted: true },
      providers: [{ name: 'one', models: [{ name: 'm', model: 'm-1', breaker: 'open', priced: false }] }],
      routes: [{ name: 'fast', targets: [{ upstream: 'one', breaker: 'open' }] }],
    })
    expect(await read('sources')).toMatchObject({
      data: [
        { name: 'shop', state: 'usable', checked_ago_ms: 1_000, lag_ms: 250, as_of: '2026-11-30T12:00:00.000Z' },
        { name: 'down', state: 'unusable', role: null, fault: { code: 'database-unavailable', advice: 'Look.' } },
        { name: 'new', state: 'unchecked', checked_ago_ms: null },
      ],
    })
    const checked = await service.ask('POST', '/admin/v1/sources/shop/check', {})
    expect(await checked.json()).toMatchObject({ name: 'shop', state: 'usable' })
  })

  it('is the rules in force, which say of a question what they would decide, and nobody is told of it', async () => {
    verifies('operators.dry-run')
    const rules = (await read('policy')) as { revision: string; examples: { grant: object } }
    expect(rules).toMatchObject({ source: 'shipped', shadow: false, faults: [] })
    expect(rules.revision).toMatch(/./)
    const explain = async (body: object) => (await service.ask('POST', '/admin/v1/policy/explain', body)).json()
    const allowed = await explain({ decision: 'grant', input: rules.examples.grant })
    expect(allowed).toMatchObject({ decision: 'grant', outcome: 'allowed', revision: rules.revision, reason: null })
    const input = exampleInput('action')
    const wrong = await explain({ decision: 'action', input: { ...input, surprise: true } })
    expect(wrong).toMatchObject({ code: 'invalid-request' })
    const asked = service.changes.filter(({ action, done }) => action === 'policy.explain' && done === null)
    expect(asked.map(({ told }) => told)).toEqual([{ decision: 'grant' }, { decision: 'action' }])
  })
})
