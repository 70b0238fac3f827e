import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import type { KeyScope } from '../../../src/core/key-scopes.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import type { OidcProvider } from '../../../src/gateway/authenticate/web-sessions/oidc-provider.ts'
import { ofApp, startWebListeners, type WebListeners } from '../../support/http/web-listeners.ts'
import { verifies } from '../../support/verifies.ts'

const kept = 'k'.repeat(43)

/** What whoever brings a code may do. */
const codes: Readonly<Record<string, readonly KeyScope[]>> = { good: ['ask', 'models'], operator: ['admin'] }

/** A provider that has signed in whoever brings one of the codes, and refuses others. */
const oidc: OidcProvider = {
  name: 'Example Inc.',
  begin: async (redirectUri) => ({
    url: `https://id.example/authorize?redirect_uri=${encodeURIComponent(redirectUri)}`,
    kept: new Secret(kept),
  }),
  async finish({ kept: brought, given, redirectUri }) {
    const scopes = codes[given.get('code') ?? '']
    if (scopes === undefined || brought.reveal() !== kept || !redirectUri.endsWith('/oidc/callback'))
      throw new ServiceError('unauthenticated', 'Nobody is signed in there.')
    return { id: 'token-ada', kind: 'token', group: 'default', scopes }
  },
}

let web: WebListeners
beforeAll(async () => {
  web = await startWebListeners({ oidc })
})
afterAll(() => web[Symbol.asyncDispose]())

describe('a browser that signs in at an identity provider', () => {
  it('is told where, comes back from there, and is signed in by a cookie that is strict again', async () => {
    verifies('web.oidc')
    const ways = await web.ask('service', { path: '/v1/web/sign-in' })
    expect(JSON.parse(ways.text)).toEqual({
      object: 'web.sign_in',
      oidc: { name: 'Example Inc.', start: '/v1/web/oidc/start' },
    })
    const left = await web.ask('service', { path: '/v1/web/oidc/start' })
    const callback = `${web.urlOf('service')}/v1/web/oidc/callback`
    expect([left.status, left.headers.location]).toEqual([
      303,
      `https://id.example/authorize?redirect_uri=${encodeURIComponent(callback)}`,
    ])
    expect(left.headers['set-cookie']).toEqual([`sallyport_oidc=${kept}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax`])
    const back = await web.ask('service', {
      path: '/v1/web/oidc/callback?code=good&state=s',
      headers: { cookie: `sallyport_oidc=${kept}`, 'sec-fetch-site': 'cross-site' },
    })
    expect([back.status, back.headers.location]).toEqual([303, '/app/'])
    const [session = '', gone] = back.headers['set-cookie'] ?? []
    expect(session).toMatch(/^sallyport_session=spw_\S+; Path=\/; Max-Age=60; HttpOnly; SameSite=Strict$/)
    expect(gone).toBe('sallyport_oidc=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax')
    const who = await web.ask('service', {
      path: '/v1/web/session',
      headers: { ...ofApp, cookie: session.split(';')[0] ?? '' },
    })
    expect(JSON.parse(who.text)).toMatchObject({ principal: 'token-ada', signed_in_by: 'oidc', group: 'default' })
    expect(web.notices.at(-1)).toMatchObject({ event: 'web-sign-in', way: 'oidc', principal: 'token-ada' })
  })

  it.each([
    ['no cookie', 'code=good', {}],
    ['a cookie that is none', 'code=good', { cookie: 'sallyport_oidc=x' }],
    ['the cookie twice', 'code=good', { cookie: `sallyport_oidc=${kept}; sallyport_oidc=${kept}` }],
    ['a code of nobody', 'code=bad', { cookie: `sallyport_oidc=${kept}` }],
  ])(
    'comes back with %s to the sign-in page, which is told why, and is not signed in',
    async (_how, query, headers) => {
      verifies('web.oidc')
      const back = await web.ask('service', { path: `/v1/web/oidc/callback?${query}`, headers })
      expect(back.status).toBe(303)
      expect(back.headers.location).toMatch(/^\/app\/#\/sign-in\?failed=unauthenticated&request=[\w-]+$/)
      expect(back.headers['set-cookie']).toEqual(['sallyport_oidc=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax'])
    },
  )

  it('is not let to the operators without the scope for them', async () => {
    verifies('web.oidc')
    const back = await web.ask('operators', {
      path: '/admin/v1/web/oidc/callback?code=good',
      headers: { cookie: `sallyport_oidc=${kept}` },
    })
    expect(back.headers.location).toMatch(/failed=forbidden/)
  })

  /** What a browser says of a step from page to page. */
  const step = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-user': '?1' }
  const [start, finish] = ['/admin/v1/web/oidc/start', '/admin/v1/web/oidc/callback?code=operator']

  it('is an operator’s at their address, where a browser leaves from the app and comes back from another site', async () => {
    verifies('web.oidc')
    const left = await web.ask('operators', { path: start, headers: { ...step, 'sec-fetch-site': 'same-origin' } })
    expect([left.status, left.headers.location]).toEqual([303, expect.stringContaining('https://id.example/authorize')])
    const headers = { ...step, 'sec-fetch-site': 'cross-site', cookie: `sallyport_oidc=${kept}` }
    const back = await web.ask('operators', { path: finish, headers })
    expect([back.status, back.headers.location]).toEqual([303, '/app/'])
    const [cookie = ''] = back.headers['set-cookie'] ?? []
    const who = await web.ask('operators', {
      path: '/admin/v1/web/session',
      headers: { ...ofApp, cookie: cookie.split(';')[0] ?? '' },
    })
    expect(JSON.parse(who.text)).toMatchObject({ principal: 'token-ada', scopes: ['admin'] })
  })

  it.each([
    ['the start from a page of another site', start, { ...step, 'sec-fetch-site': 'cross-site' }],
    ['the start as a frame', start, { ...step, 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'iframe' }],
    ['the way back as a frame', finish, { ...step, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' }],
    ['the way back as a picture', finish, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['the way back by a script', finish, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another route as a step', '/admin/v1/keys', { ...step, 'sec-fetch-site': 'cross-site' }],
    ['the session as a step', '/admin/v1/web/session', { ...step, 'sec-fetch-site': 'cross-site' }],
  ])('does not take %s at the operators’ address', async (_what, path, headers) => {
    verifies('web.oidc')
    const cookie = `sallyport_oidc=${kept}`
    const { status, headers: answered } = await web.ask('operators', { path, headers: { ...headers, cookie } })
    expect([status, answered['set-cookie'], answered.location]).toEqual([400, undefined, undefined])
  })
})
