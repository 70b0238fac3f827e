import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import type { OidcProvider } from '../../../src/gateway/authenticate/web-sessions/oidc-provider.ts'
import { ofApp, startWebListeners, type WebListeners } from '../../support/http/web-listeners.ts'
import { verifies } from '../../support/verifies.ts'

const kept = 'k'.repeat(43)

/** A provider that has signed in whoever brings the code `good`, and refuses others. */
const oidc: OidcProvider = {
  name: 'Example Inc.',
  begin: async (redirectUri) => ({
    url: `https://id.example/authorize?redirect_uri=${encodeURIComponent(redirectUri)}`,
    kept: new Secret(kept),
  }),
  async finish({ kept: brought, given, redirectUri }) {
    const isWhole = brought.reveal() === kept && given.get('code') === 'good' && redirectUri.endsWith('/oidc/callback')
    if (!isWhole) throw new ServiceError('unauthenticated', 'Nobody is signed in there.')
    return { id: 'token-ada', kind: 'token', group: 'default', scopes: ['ask', 'models'] }
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
})
