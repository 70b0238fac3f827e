import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../../../../src/core/secret.ts'
import { identityOptions } from '../../../../../src/gateway/authenticate/options.ts'
import { tokenPrincipalId } from '../../../../../src/gateway/authenticate/tokens/principal-id.ts'
import {
  createOidcProvider,
  type OidcProvider,
} from '../../../../../src/gateway/authenticate/web-sessions/oidc-provider.ts'
import { webOptions } from '../../../../../src/gateway/authenticate/web-sessions/options.ts'
import { SignInProvider, type ProviderFaults } from '../../../../support/identity/sign-in-provider.ts'
import { verifies } from '../../../../support/verifies.ts'

const redirectUri = 'http://127.0.0.1:8080/v1/web/oidc/callback'

let there: SignInProvider
let elapsed = 0
beforeAll(async () => {
  there = await SignInProvider.start()
})
afterAll(() => there[Symbol.asyncDispose]())
afterEach(() => {
  there.faults = {}
})

/** The service's side, of which each test has its own: what it knows of keys is no other's. */
function service(): OidcProvider {
  const { issuers } = identityOptions.parse({
    issuers: {
      corporate: {
        issuer: there.url,
        audience: 'an-api',
        groups: { claim: 'groups', map: { engineering: 'default' } },
        scopes: ['ask', 'sql'],
        timeout_ms: 2_000,
      },
    },
  })
  const { oidc } = webOptions.parse({
    oidc: { issuer: 'corporate', client_id: there.clientId, client_secret: there.secret },
  })
  const issuer = issuers['corporate']
  if (issuer === undefined || oidc === null) throw new Error('the options have no provider')
  return createOidcProvider({ options: oidc, issuer, onFault: () => undefined, elapsed: () => elapsed })
}

/** Signs in; `change` has its way with what the browser brings back. */
async function signIn(
  here: OidcProvider,
  change: (given: URLSearchParams, kept: Secret) => Secret | void = () => undefined,
) {
  const { url, kept } = await here.begin(redirectUri)
  const given = await there.visit(url)
  const other = change(given, kept)
  return here.finish({ kept: other ?? kept, given, redirectUri })
}

describe('signing in at an identity provider', () => {
  it('gives the caller whom its tokens give, in the group and with the scopes of the issuer', async () => {
    verifies('web.oidc')
    expect(await signIn(service())).toEqual({
      id: tokenPrincipalId(there.url, 'ada'),
      kind: 'token',
      group: 'default',
      scopes: ['ask', 'sql'],
    })
  })

  it('goes on when the provider rotates its keys', async () => {
    verifies('web.oidc')
    const here = service()
    await signIn(here)
    there.rotate()
    elapsed += 60_000
    expect(await signIn(here)).toMatchObject({ group: 'default' })
  })

  const seconds = () => Math.floor(Date.now() / 1_000)
  const wrong: readonly (readonly [what: string, faults: () => ProviderFaults, code: string])[] = [
    ['an ID token of another sign-in', () => ({ claims: { nonce: 'other' } }), 'unauthenticated'],
    ['an ID token without a nonce', () => ({ claims: { nonce: undefined } }), 'unauthenticated'],
    ['an ID token of another issuer', () => ({ claims: { iss: 'https://evil.example' } }), 'unauthenticated'],
    ['an ID token for another client', () => ({ claims: { aud: 'other' } }), 'unauthenticated'],
    ['an ID token for the service as an API', () => ({ claims: { aud: 'an-api' } }), 'unauthenticated'],
    ['an ID token that another client was given', () => ({ claims: { azp: 'other' } }), 'unauthenticated'],
    ['an ID token that is over', () => ({ claims: { exp: seconds() - 3_600 } }), 'unauthenticated'],
    ['an ID token without an end', () => ({ claims: { exp: undefined } }), 'unauthenticated'],
    ['an ID token of the future', () => ({ claims: { iat: seconds() + 3_600 } }), 'unauthenticated'],
    ['an ID token by a key that is not published', () => ({ signsByAnother: true }), 'unauthenticated'],
    ['an ID token that is not signed', () => ({ header: { alg: 'none' } }), 'unauthenticated'],
    ['an access token in its place', () => ({ header: { typ: 'at+jwt' } }), 'unauthenticated'],
    ['nobody’s name', () => ({ claims: { sub: '' } }), 'unauthenticated'],
    ['somebody of no group', () => ({ claims: { groups: ['sales'] } }), 'forbidden'],
    ['no ID token', () => ({ tokenAnswer: '{}' }), 'unauthenticated'],
    ['no JSON', () => ({ tokenAnswer: '<html>' }), 'unauthenticated'],
    ['more than anybody reads', () => ({ tokenAnswer: 'x'.repeat(300_000) }), 'identity-unavailable'],
    ['a fault of its token endpoint', () => ({ tokenDown: true }), 'identity-unavailable'],
  ]
  it.each(wrong)('refuses %s', async (_what, faults, code) => {
    verifies('web.oidc')
    there.faults = faults()
    await expect(signIn(service())).rejects.toMatchObject({ code })
  })

  it.each([
    ['another state', (given: URLSearchParams) => given.set('state', 'other')],
    ['no state', (given: URLSearchParams) => given.delete('state')],
    ['two states', (given: URLSearchParams) => given.append('state', 'other')],
    ['two codes', (given: URLSearchParams) => given.append('code', 'other')],
    ['no code', (given: URLSearchParams) => given.delete('code')],
    ['a code of nobody', (given: URLSearchParams) => given.set('code', 'other')],
    ['another issuer', (given: URLSearchParams) => given.set('iss', 'https://evil.example')],
    ['what the provider refused', (given: URLSearchParams) => given.set('error', 'access_denied')],
    ['the cookie of another browser', () => new Secret('x'.repeat(43))],
  ])('refuses an address with %s', async (_what, change) => {
    verifies('web.oidc')
    await expect(signIn(service(), change)).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('takes a code once', async () => {
    verifies('web.oidc')
    const here = service()
    const { url, kept } = await here.begin(redirectUri)
    const given = await there.visit(url)
    await here.finish({ kept, given, redirectUri })
    await expect(here.finish({ kept, given, redirectUri })).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('does not put another browser’s code into this one', async () => {
    verifies('web.oidc')
    const here = service()
    const [mine, theirs] = [await here.begin(redirectUri), await here.begin(redirectUri)]
    const given = await there.visit(theirs.url)
    await expect(here.finish({ kept: mine.kept, given, redirectUri })).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    given.set('state', (await there.visit(mine.url)).get('state') ?? '')
    await expect(here.finish({ kept: mine.kept, given, redirectUri })).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('says that the provider is down, and sends nobody to another’s addresses', async () => {
    verifies('web.oidc')
    const here = service()
    there.faults = { down: true }
    await expect(here.begin(redirectUri)).rejects.toMatchObject({ code: 'identity-unavailable' })
    for (const discovery of [
      { issuer: 'https://evil.example' },
      { authorization_endpoint: 'http://evil.example/authorize' },
      { token_endpoint: 'http://10.0.0.1/token' },
      { token_endpoint: undefined },
    ]) {
      there.faults = { discovery }
      await expect(here.begin(redirectUri)).rejects.toMatchObject({ code: 'identity-unavailable' })
    }
  })
})
