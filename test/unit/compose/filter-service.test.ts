import { afterAll, describe, expect, it } from 'vitest'
import { openFilterService } from '../../../src/compose/filter-service.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import { FakeServer } from '../../support/filters/remote/fake-server.ts'
import { startFakeWebhook, webhookKey } from '../../support/filters/remote/fake-webhook.ts'
import { configWith, serviceKey, startFilterService } from '../../support/filters/service/filter-service.ts'
import { verifies } from '../../support/verifies.ts'

const webhookAt = (url: string) => ({ kind: 'webhook', url, categories: ['guard/threat'], signing_key: webhookKey })
const webhook = await startFakeWebhook()
const service = await startFilterService({ detectors: { own: webhookAt(webhook.url) } })
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await webhook[Symbol.asyncDispose]()
})

const check = {
  version: 1,
  profile: { name: 'staff', version: 1, inbound: { pii: { action: 'mask' } }, outbound: {} },
  context: { direction: 'inbound', group: 'staff', executed_sql: [] },
  parts: [{ text: 'mail anna@example.com', provenance: 'user' }],
}

function ask(path: string, { key = serviceKey, body, method }: { key?: string; body?: unknown; method?: string } = {}) {
  const headers = { ...(key === '' ? {} : { authorization: `Bearer ${key}` }), 'content-type': 'application/json' }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  return fetch(service.url + path, { method: method ?? (body === undefined ? 'GET' : 'POST'), headers, ...sent })
}

const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ServiceError ? `${thrown.code}: ${thrown.message}` : thrown),
  )

describe('a process of filters', () => {
  it('answers a check to whoever shows the key', async () => {
    const response = await ask('/v1/filters/check', { body: check })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ version: 1, action: 'mask', findings: [{ category: 'pii/email' }] })
  })

  it.each(['', 'another-key-between-processes-of-nobody', serviceKey.slice(0, -1), `${serviceKey}x`])(
    'serves nothing of what it sees to whoever shows %j',
    async (key) => {
      verifies('filter-service.key')
      for (const asked of [ask('/v1/filters/check', { key, body: check }), ask('/metrics', { key })]) {
        const response = await asked
        expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sallyport"'])
        expect(await response.text()).not.toMatch(/pii|sallyport_/)
      }
    },
  )

  it('does not start without a key, and is no place to ask without one', async () => {
    verifies('filter-service.key')
    expect(await refusalOf(openFilterService(configWith({})))).toBe(
      'invalid-config: A process of filters needs filters.content.service.key.',
    )
    expect(() => configWith({ content: { service: { urls: ['http://127.0.0.1:1'] } } })).toThrow(
      /no process takes a check without it/,
    )
    expect(() => configWith({ content: { service: { key: 'short' } } })).toThrow(/32 characters or more/)
  })

  it('says that it is well to anybody, and its figures to whoever shows the key', async () => {
    expect(await (await ask('/livez', { key: '' })).json()).toEqual({ status: 'alive' })
    expect(await (await ask('/readyz', { key: '' })).json()).toMatchObject({ status: 'ready' })
    expect(await (await ask('/metrics')).text()).toContain('sallyport_http_')
  })

  it.each<readonly [what: string, status: number, path: string, asked: { body?: unknown; method?: string }]>([
    ['another path', 404, '/v1/models', {}],
    ['the prototype of its routes', 404, '/constructor', {}],
    ['another method', 405, '/v1/filters/check', { method: 'PUT', body: check }],
    ['a later contract', 400, '/v1/filters/check', { body: { ...check, version: 2 } }],
    [
      'a member that it does not know, which could mean that more is wanted',
      400,
      '/v1/filters/check',
      {
        body: { ...check, strict: true },
      },
    ],
    [
      'a category that nothing here looks for',
      400,
      '/v1/filters/check',
      {
        body: { ...check, profile: { ...check.profile, inbound: { 'guard/unheard-of': { action: 'block' } } } },
      },
    ],
    [
      'a detector that it does not have',
      400,
      '/v1/filters/check',
      {
        body: {
          ...check,
          profile: { ...check.profile, inbound: { pii: { action: 'mask', detectors: { other: 1 } } } },
        },
      },
    ],
  ])('refuses %s with a problem', async (_what, status, path, asked) => {
    const response = await ask(path, asked)
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ])
  })

  it('is not ready where a detector that must answer does not', async () => {
    await using broken = await FakeServer.start(() => ({ status: 500, body: {} }))
    const profiles = { staff: { inbound: { guard: { action: 'block' } } } }
    await using other = await startFilterService({ detectors: { own: webhookAt(broken.url) }, profiles })
    const response = await fetch(`${other.url}/readyz`)
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'not ready', detail: 'texts cannot be looked through' },
    ])
  })

  it('lets checks that run come to their end, while it says that it is about to go', async () => {
    const held = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    await using slow = await startFakeWebhook()
    slow.answer = (response, question) => {
      asked.resolve()
      const { status, body } = slow.answerTo(question)
      void held.promise.then(() =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      )
    }
    const detectors = { own: webhookAt(slow.url) }
    const draining = await startFilterService({ detectors }, { drain_grace_ms: 2_000, drain_ms: 60_000 })
    const guarded = { ...check, profile: { ...check.profile, inbound: { 'guard/threat': { action: 'block' } } } }
    const headers = { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' }
    const running = fetch(`${draining.url}/v1/filters/check`, {
      method: 'POST',
      headers,
      body: JSON.stringify(guarded),
    })
    await asked.promise
    const gone = draining[Symbol.asyncDispose]()
    const ready = await fetch(`${draining.url}/readyz`)
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close'])
    held.resolve()
    expect((await running).status).toBe(200)
    await gone
  })

  it('answers checks that take longer than a shutdown may with 503, so that another process is asked', async () => {
    const asked = Promise.withResolvers<void>()
    await using hanging = await startFakeWebhook()
    hanging.answer = () => asked.resolve()
    const detectors = { own: { ...webhookAt(hanging.url), deadline_ms: 60_000 } }
    const filters = { detectors, content: { deadline_ms: 60_000 } }
    const draining = await startFilterService(filters, { drain_grace_ms: 0, drain_ms: 50 })
    const guarded = { ...check, profile: { ...check.profile, inbound: { 'guard/threat': { action: 'block' } } } }
    const headers = { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' }
    const running = fetch(`${draining.url}/v1/filters/check`, {
      method: 'POST',
      headers,
      body: JSON.stringify(guarded),
    })
    await asked.promise
    await draining[Symbol.asyncDispose]()
    const response = await running
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'shutting-down' }])
  })
})
