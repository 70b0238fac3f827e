import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WebListener } from '../../../src/core/web-sessions.ts'
import { ofApp, startWebListeners, type RawRequest, type WebListeners } from '../../support/http/web-listeners.ts'
import { verifies } from '../../support/verifies.ts'

let now = Date.parse('2026-05-01T12:00:00.000Z')
/** One for all tests: each signs in for itself. */
let web: WebListeners
beforeAll(async () => {
  web = await startWebListeners({ now: () => now })
})
afterAll(() => web[Symbol.asyncDispose]())

const sessionAt = { service: '/v1/web/session', operators: '/admin/v1/web/session' } as const

async function linkFor(listener: WebListener): Promise<string> {
  return (await web.signIns.makeLink(listener)).secret.reveal()
}

async function statusOf(listener: WebListener, cookie: string, request: RawRequest = {}): Promise<number> {
  const headers = { ...ofApp, cookie, ...request.headers }
  return (await web.ask(listener, { path: sessionAt[listener], ...request, headers })).status
}

describe('signing in by a link', () => {
  it('works once, in its time, and at the listener that it is for', async () => {
    verifies('web.links')
    const link = await linkFor('service')
    await expect(web.signIn('operators', { link })).rejects.toThrow('was taken before')
    const cookie = await web.signIn('service', { link })
    expect(await statusOf('service', cookie)).toBe(200)
    await expect(web.signIn('service', { link })).rejects.toThrow('was taken before')
    const late = await linkFor('service')
    now += 10_000
    await expect(web.signIn('service', { link: late })).rejects.toThrow('its time is over')
  })

  it('makes the same caller each time, who has no right of the command line', async () => {
    const cookies = [
      await web.signIn('service', { link: await linkFor('service') }),
      await web.signIn('service', { link: await linkFor('service') }),
    ]
    const known = await Promise.all(
      cookies.map(async (cookie) => {
        const { text } = await web.ask('service', { path: sessionAt.service, headers: { ...ofApp, cookie } })
        return JSON.parse(text) as { principal: string; scopes: string[] }
      }),
    )
    expect(known[0]).toEqual(known[1])
    expect(known[0]).toMatchObject({
      object: 'web.session',
      principal: expect.stringMatching(/^token-/) as string,
      group: 'default',
      models: ['analyst'],
      sources: ['shop'],
      signed_in_by: 'link',
      expires_at: new Date(now + 60_000).toISOString(),
      questions: ['What sold best?'],
      permits: { shares: true, anonymous_shares: false },
    })
    expect(known[0]?.scopes).not.toContain('admin')
    expect(await statusOf('service', cookies[0] ?? '', { path: '/v1/models' })).toBe(200)
    expect(await statusOf('service', cookies[0] ?? '', { path: '/metrics' })).toBe(403)
  })

  it('opens the operators’ routes at their address', async () => {
    const cookie = await web.signIn('operators', { link: await linkFor('operators') })
    expect(await statusOf('operators', cookie, { path: '/admin/v1/keys' })).toBe(200)
    const { text } = await web.ask('operators', { path: sessionAt.operators, headers: { ...ofApp, cookie } })
    // What waits for a person is decided there as at the command line, by who has started the service.
    expect(JSON.parse(text)).toMatchObject({ scopes: ['metrics', 'approve', 'admin'] })
  })
})

describe('signing in by a key', () => {
  it('is asking with the key, and ends with it', async () => {
    verifies('web.sessions')
    const { id, key } = await web.makeKey(['ask', 'models'])
    const cookie = await web.signIn('service', { key })
    const { text } = await web.ask('service', { path: sessionAt.service, headers: { ...ofApp, cookie } })
    expect(JSON.parse(text)).toMatchObject({ principal: id, scopes: ['ask', 'models'], signed_in_by: 'key' })
    expect(await statusOf('service', cookie, { path: '/v1/sessions' })).toBe(403)
    await web.keys.rotate(id)
    expect(await statusOf('service', cookie)).toBe(401)
  })

  it('takes keys for operators alone at their address', async () => {
    const { key } = await web.makeKey()
    await expect(web.signIn('operators', { key })).rejects.toThrow('has no scope')
    const { id, key: operator } = await web.makeKey(['admin'])
    const cookie = await web.signIn('operators', { key: operator })
    expect(await statusOf('operators', cookie, { path: '/admin/v1/groups' })).toBe(200)
    await web.keys.revoke(id)
    expect(await statusOf('operators', cookie, { path: '/admin/v1/groups' })).toBe(401)
  })

  it('refuses one that is nobody’s, a body that is none, and a caller who is kept out', async () => {
    await expect(web.signIn('service', { key: 'sp-nobody' })).rejects.toThrow('is not valid')
    await expect(web.signIn('service', { key: 'a', link: 'b' })).rejects.toThrow('invalid-request')
    await expect(web.signIn('service', {})).rejects.toThrow('invalid-request')
    const { id, key } = await web.makeKey()
    const cookie = await web.signIn('service', { key })
    const { id: suspension } = await web.admin.suspensions.add(
      { principal: id, person: null, note: null, lasts: null },
      'operator',
    )
    expect(await statusOf('service', cookie)).toBe(403)
    await expect(web.signIn('service', { key })).rejects.toThrow('suspended')
    await web.admin.suspensions.lift(suspension, 'operator')
    expect(await statusOf('service', cookie)).toBe(200)
  })
})

describe('a session', () => {
  it('ends when somebody signs out, signs in as another, or its time is over', async () => {
    verifies('web.sessions')
    const { key } = await web.makeKey()
    const one = await web.signIn('service', { key })
    const out = await web.ask('service', {
      method: 'DELETE',
      path: sessionAt.service,
      headers: { ...ofApp, cookie: one },
    })
    expect([out.status, out.headers['set-cookie']?.[0]]).toEqual([
      204,
      'sallyport_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
    ])
    expect(await statusOf('service', one)).toBe(401)
    expect(await statusOf('service', one, { method: 'DELETE' })).toBe(204)
    const before = await web.signIn('service', { key })
    const headers = { ...ofApp, cookie: before, 'content-type': 'application/json' }
    await web.ask('service', { method: 'POST', path: sessionAt.service, headers, body: JSON.stringify({ key }) })
    expect(await statusOf('service', before)).toBe(401)
    const last = await web.signIn('service', { key })
    now += 59_999
    expect(await statusOf('service', last)).toBe(200)
    now += 1
    const over = await web.ask('service', { path: sessionAt.service, headers: { ...ofApp, cookie: last } })
    expect([over.status, over.headers['set-cookie']?.[0]]).toEqual([
      401,
      'sallyport_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
    ])
  })

  it('is on the trail with who and how, and never its token', async () => {
    verifies('web.audited')
    const { id, key } = await web.makeKey()
    const from = web.notices.length
    const cookie = await web.signIn('service', { key })
    await statusOf('service', cookie, { method: 'DELETE' })
    const told = web.notices.slice(from)
    const about = { listener: 'service', way: 'key', principal: id, group: 'default' }
    expect(told).toEqual([
      { event: 'web-sign-in', ...about, requestId: expect.any(String), expires: expect.any(String) },
      { event: 'web-sign-out', ...about, requestId: expect.any(String), expires: expect.any(String) },
    ])
    expect(JSON.stringify(told)).not.toContain('spw_')
  })

  it('is not begun, nor a link made, where the trail cannot be written', async () => {
    verifies('web.audited')
    await using broken = await startWebListeners({ isTrailBroken: true })
    const { key } = await broken.makeKey()
    await expect(broken.signIn('service', { key })).rejects.toThrow('internal')
    await expect(broken.signIns.makeLink('service')).rejects.toThrow('the trail is full')
    for (const table of ['web_sessions', 'web_links'] as const) {
      expect(await broken.storage.database.db.selectFrom(table).selectAll().execute()).toEqual([])
    }
  })
})

/** What a browser, or whoever has its cookie, sends besides, and what becomes of it at each listener. */
const requests: readonly (readonly [
  how: string,
  headers: Readonly<Record<string, string>>,
  atService: number,
  atOperators: number,
])[] = [
  ['the app, which browsers say nothing about', { ...ofApp }, 200, 200],
  ['the app of this origin', { ...ofApp, origin: 'OWN', 'sec-fetch-site': 'same-origin' }, 200, 200],
  ['the app, by a browser that says only the origin', { ...ofApp, origin: 'OWN' }, 200, 200],
  ['the app, by a browser that says only the site', { ...ofApp, 'sec-fetch-site': 'same-origin' }, 200, 200],
  ['no header: a picture or a link', {}, 401, 401],
  ['no header, from an address that somebody typed', { 'sec-fetch-site': 'none' }, 401, 401],
  ['no header, of the same origin', { 'sec-fetch-site': 'same-origin' }, 401, 400],
  ['another value of the header', { 'x-sallyport-web': 'true' }, 400, 400],
  ['an empty header', { 'x-sallyport-web': '' }, 400, 400],
  ['a page of another site', { ...ofApp, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403, 403],
  [
    'a page of another site that hides where it is from',
    { ...ofApp, origin: 'OWN', 'sec-fetch-site': 'cross-site' },
    403,
    403,
  ],
  [
    'a page of another site, by a browser that says only the origin',
    { ...ofApp, origin: 'https://evil.example' },
    403,
    403,
  ],
  ['a page of another site, by one that says only the site', { ...ofApp, 'sec-fetch-site': 'cross-site' }, 403, 403],
  ['a page of no origin: a sandboxed frame, a file', { ...ofApp, origin: 'null' }, 403, 403],
  ['a page of another port of the machine', { ...ofApp, origin: 'SIBLING', 'sec-fetch-site': 'same-site' }, 403, 403],
  ['another port, by a browser that says only the origin', { ...ofApp, origin: 'SIBLING' }, 403, 403],
  ['another name of the site', { ...ofApp, 'sec-fetch-site': 'same-site' }, 403, 403],
  ['another scheme of the same host', { ...ofApp, origin: 'HTTPS' }, 403, 403],
  ['an address that somebody typed', { ...ofApp, 'sec-fetch-site': 'none' }, 403, 403],
  ['an origin that only begins like ours', { ...ofApp, origin: 'OWN.evil.example' }, 403, 403],
  ['two origins', { ...ofApp, origin: 'OWN, https://evil.example' }, 403, 403],
  ['an API key besides', { ...ofApp, authorization: 'Bearer sp-nobody' }, 400, 400],
  ['an API key in the other header besides', { ...ofApp, 'x-api-key': 'sp-nobody' }, 400, 400],
]

describe.each(['service', 'operators'] as const)('the cookie of a session at the listener of the %s', (listener) => {
  let cookie: string
  beforeAll(async () => {
    cookie = await web.signIn(listener, { link: await linkFor(listener) })
  })
  const at = listener === 'service' ? 2 : 3
  const path = listener === 'service' ? '/v1/models' : '/admin/v1/groups'

  it.each(requests.map((row) => [row[0], row[1], row[at]] as const))('sent by %s', async (_how, headers, status) => {
    verifies('web.same-origin')
    const own = web.urlOf(listener)
    const places: Record<string, string> = {
      OWN: own,
      SIBLING: own.replace(/:\d+$/, ':3000'),
      HTTPS: own.replace('http:', 'https:'),
    }
    const meant = Object.entries(headers).map(([name, value]) => [
      name,
      name === 'origin' ? value.replace(/OWN|SIBLING|HTTPS/, (place) => places[place] ?? '') : value,
    ])
    const sent = Object.fromEntries(meant) as Record<string, string>
    expect((await web.ask(listener, { path, headers: { ...sent, cookie } })).status).toBe(status)
  })

  it.each([
    ['a form of another site', { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' }],
    ['a form of its own site', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['plain text, which needs no leave', { 'content-type': 'text/plain' }],
    ['a form with files', { 'content-type': 'multipart/form-data; boundary=b' }],
    ['JSON without the header', { 'content-type': 'application/json' }],
  ])('does nothing for %s', async (_how, headers) => {
    verifies('web.same-origin')
    for (const method of ['POST', 'DELETE']) {
      const request = { method, path: sessionAt[listener], headers: { ...headers, cookie }, body: '{"key":"sp-x"}' }
      const { status, headers: answered } = await web.ask(listener, request)
      expect([400, 403]).toContain(status)
      expect(answered['set-cookie']).toBeUndefined()
    }
    expect(await statusOf(listener, cookie)).toBe(200)
  })

  it('is nobody’s as an API key, twice, under another name, or cut', async () => {
    verifies('web.same-origin')
    const [name = '', token = ''] = cookie.split('=')
    const sent: Record<string, string>[] = [
      { authorization: `Bearer ${token}` },
      { 'x-api-key': token },
      { ...ofApp, cookie: `${cookie}; ${cookie}` },
      { ...ofApp, cookie: `${name}=spw_x; ${cookie}` },
      { ...ofApp, cookie: `other=${token}` },
      { ...ofApp, cookie: `${name}=${token.slice(0, -1)}` },
      { ...ofApp, cookie: `${name}=sp-test` },
      { ...ofApp },
    ]
    for (const headers of sent) expect((await web.ask(listener, { path, headers })).status).toBe(401)
  })

  it('is nobody’s at the other listener, under either name', async () => {
    verifies('web.same-origin')
    const [, token = ''] = cookie.split('=')
    const other = listener === 'service' ? 'operators' : 'service'
    const otherPath = listener === 'service' ? '/admin/v1/groups' : '/v1/models'
    for (const name of ['sallyport_session', 'sallyport_operator']) {
      const headers = { ...ofApp, cookie: `${name}=${token}` }
      expect((await web.ask(other, { path: otherPath, headers })).status).toBe(401)
    }
  })

  it('is not given to a page that asks whether it may send the header', async () => {
    verifies('web.same-origin')
    const { headers } = await web.ask(listener, {
      method: 'OPTIONS',
      path,
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'x-sallyport-web',
      },
    })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('comes with the page of the app, which nobody frames', async () => {
    verifies('web.policy')
    const page = await web.ask(listener, { path: '/app/' })
    expect(page.text).toContain(`content="${listener}"`)
    const { 'content-security-policy': policy = '', 'x-frame-options': frames } = page.headers
    expect(frames).toBe('DENY')
    const directives = new Map(
      String(policy)
        .split('; ')
        .map((each) => [each.split(' ')[0], each]),
    )
    // Of a directive that stands twice browsers take the first and say so.
    expect(directives.size).toBe(String(policy).split('; ').length)
    expect(directives.get('default-src')).toBe("default-src 'none'")
    expect(directives.get('script-src')).toBe("script-src 'self'")
    expect(directives.get('style-src')).toBe("style-src 'self'")
    expect(directives.get('connect-src')).toBe("connect-src 'self'")
    expect(directives.get('frame-ancestors')).toBe("frame-ancestors 'none'")
    expect(directives.get('require-trusted-types-for')).toBe("require-trusted-types-for 'script'")
    expect(String(policy)).not.toMatch(/unsafe-|\*/)
  })
})

describe('a page of another origin that may call the service', () => {
  it('may with its key, and never with the session of a browser', async () => {
    verifies('web.same-origin')
    const origin = 'https://app.example'
    await using open = await startWebListeners({ settings: { cors: { origins: [origin], max_age_ms: 0 } } })
    const { key } = await open.makeKey()
    const cookie = await open.signIn('service', { key })
    const asked = {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'x-sallyport-web',
    }
    const { headers } = await open.ask('service', { method: 'OPTIONS', path: '/v1/models', headers: asked })
    expect(headers['access-control-allow-origin']).toBe(origin)
    expect(String(headers['access-control-allow-headers'])).not.toContain('x-sallyport-web')
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    const statusWith = async (sent: Record<string, string>) =>
      (await open.ask('service', { path: '/v1/models', headers: { origin, ...sent } })).status
    expect(await statusWith({ authorization: `Bearer ${key}` })).toBe(200)
    expect(await statusWith({ cookie })).toBe(401)
    expect(await statusWith({ ...ofApp, cookie })).toBe(403)
  })
})

describe('behind a proxy', () => {
  it('the configured address is the app’s own, and cookies are for TLS where it is', async () => {
    verifies('web.same-origin')
    await using proxied = await startWebListeners({ settings: { base_url: 'https://ai.example', base_path: null } })
    const { key } = await proxied.makeKey()
    const request = (origin: string) => ({
      method: 'POST',
      path: sessionAt.service,
      headers: { ...ofApp, origin, 'content-type': 'application/json', host: 'inner:8080' },
      body: JSON.stringify({ key }),
    })
    const answer = await proxied.ask('service', request('https://ai.example'))
    expect(answer.status).toBe(200)
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^__Host-sallyport_session=spw_[\w-]{43}; Path=\/; Max-Age=60; HttpOnly; SameSite=Strict; Secure$/,
    )
    expect((await proxied.ask('service', request('https://inner:8080'))).status).toBe(403)
    expect((await proxied.ask('service', request('http://ai.example'))).status).toBe(403)
  })

  it('a path of it is that of the cookie, which has the prefix that goes with one', async () => {
    const settings = { base_url: 'https://ai.example/tools', base_path: '/tools' }
    await using proxied = await startWebListeners({ settings })
    const { key } = await proxied.makeKey()
    const answer = await proxied.ask('service', {
      method: 'POST',
      path: `/tools${sessionAt.service}`,
      headers: { ...ofApp, 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    })
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Secure-sallyport_session=\S+; Path=\/tools; /)
    expect((await proxied.ask('service', { path: '/tools/app/' })).status).toBe(200)
  })
})
