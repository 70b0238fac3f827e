import { describe, expect, it } from 'vitest'
import { httpOptions } from '../../../src/http/options.ts'
import { key, startService } from '../../support/http/http-service.ts'
import { verifies } from '../../support/verifies.ts'

const origin = 'https://app.example.com'
const cors = { origins: [origin], max_age_ms: 60_000 }

describe('pages of browsers', () => {
  it('may read answers where their origin is listed, in full', async () => {
    await using service = await startService({ settings: { cors } })
    const answer = await fetch(`${service.url}/v1/models`, { headers: { origin, authorization: `Bearer ${key}` } })
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('access-control-allow-credentials')).toBe(null)
    const shown = (answer.headers.get('access-control-expose-headers') ?? '').split(', ')
    // By the last one a page knows where its answer is kept.
    expect(shown).toEqual(expect.arrayContaining(['x-request-id', 'retry-after', 'x-sallyport-conversation']))
    expect(answer.headers.get('vary')).toContain('Origin')
    const refused = await fetch(`${service.url}/v1/models`, { headers: { origin } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin])
    const chat = await service.post({ model: 'analyst', messages: [{ role: 'user', content: 'x' }] }, { origin })
    expect([chat.status, chat.headers.get('access-control-allow-origin')]).toEqual([200, origin])
    expect(chat.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('are told before what they may send', async () => {
    await using service = await startService({ settings: { cors } })
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    }
    for (const path of ['/v1/execute', '/v1/chat/completions']) {
      const answer = await fetch(`${service.url}${path}`, { method: 'OPTIONS', headers })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.headers.get('access-control-allow-headers')).toContain('idempotency-key')
      expect(answer.headers.get('access-control-max-age')).toBe('60')
    }
  })

  it.each(['https://app.example.com.evil.example', 'http://app.example.com', 'https://app.example.com:444', 'null'])(
    'of %s are allowed nothing',
    async (other) => {
      await using service = await startService({ settings: { cors } })
      const headers = { origin: other, 'access-control-request-method': 'POST' }
      for (const method of ['GET', 'OPTIONS']) {
        const answer = await fetch(`${service.url}/v1/models`, { method, headers })
        expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
        expect(answer.headers.get('vary')).toContain('Origin')
      }
    },
  )

  it('are allowed nothing where no origin is listed', async () => {
    verifies('execute.origins')
    await using service = await startService()
    const answer = await fetch(`${service.url}/livez`, { headers: { origin } })
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it.each([
    '*',
    'null',
    'https://a.example/',
    'https://a.example/path',
    'app.example.com',
    'HTTPS://a.example',
    'https://a.example:443',
  ])('cannot be configured as %j', (wrong) => {
    expect(httpOptions.safeParse({ cors: { origins: [wrong] } }).success).toBe(false)
  })
})

describe('a service below a path', () => {
  it('answers there and nowhere else, but for probes, and says so in its addresses', async () => {
    verifies('execute.base-path')
    await using service = await startService({ settings: { base_path: '/tools/sallyport' } })
    const root = new URL(service.url).origin
    expect(service.url).toBe(`${root}/tools/sallyport`)
    const headers = { authorization: `Bearer ${key}` }
    expect((await fetch(`${service.url}/v1/models`, { headers })).status).toBe(200)
    expect((await service.post({ model: 'analyst', messages: [{ role: 'user', content: 'x' }] })).status).toBe(200)
    for (const path of ['/v1/models', '/tools/sallyportv1/models', '/tools/sallyport', '/tools', '/openapi.json']) {
      const answer = await fetch(`${root}${path}`, { headers })
      expect([path, answer.status]).toEqual([path, 404])
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
    for (const path of ['/livez', '/tools/sallyport/livez']) expect((await fetch(`${root}${path}`)).status).toBe(200)
    const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as { servers: unknown }
    expect(document.servers).toEqual([{ url: service.url }])
  })

  it('gives the addresses of its public name where a proxy takes the path away', async () => {
    const base = 'https://data.example.com/sallyport'
    const opened = {
      id: 's1',
      openedAt: new Date(),
      inUse: false,
      expiresAt: null,
      leftMilliseconds: null,
      limits: {},
      usedAt: new Date(),
      losses: 0,
    }
    await using service = await startService({
      settings: { base_url: `${base}/` },
      sessions: { open: async () => opened, list: async () => [], find: async () => null, close: async () => {} },
    })
    const at = `http://127.0.0.1:${service.server.port}`
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const session = await fetch(`${at}/v1/sessions`, { method: 'POST', headers, body: '{}' })
    expect(session.headers.get('location')).toBe('/sallyport/v1/sessions/s1')
    const document = (await (await fetch(`${at}/openapi.json`)).json()) as { servers: unknown }
    expect(document.servers).toEqual([{ url: base }])
  })

  it.each(['/', 'x', '/x/', '//x', '/../x', '/x?y', '/x y'])('cannot be configured as %j', (wrong) => {
    expect(httpOptions.safeParse({ base_path: wrong }).success).toBe(false)
  })
})
