import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { createIdentify } from '../../src/gateway/authenticate/authenticate.ts'
import { identityOptions } from '../../src/gateway/authenticate/options.ts'
import { createTokens } from '../../src/gateway/authenticate/tokens/tokens.ts'
import { startService } from '../support/http/http-service.ts'
import { verifies } from '../support/verifies.ts'

/** An issuer as others run it, of which the tests change the keys while it listens. */
let server: Server
let issuer = ''
let provider: Provider

async function begin(alg: string, kid: string): Promise<void> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' }
  const application = {
    client_secret: 'the secret of it',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    id_token_signed_response_alg: alg,
  }
  provider = new Provider(issuer, {
    jwks: { keys: [key] },
    clients: ['reports', 'stranger'].map((client_id) => Object.assign({ client_id }, application)) as never,
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          scope: 'ask',
          audience: resource.replace('urn:', ''),
          accessTokenTTL: 60,
          ...(resource.endsWith('opaque')
            ? { accessTokenFormat: 'opaque' }
            : { accessTokenFormat: 'jwt', jwt: { sign: { alg } } }),
        }),
      },
    },
  } as never)
}

beforeAll(async () => {
  server = createServer((request, response) => void provider.callback()(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** Asks the issuer as an application does (RFC 6749, 4.4). */
async function tokenFor(resource: string, client = 'reports'): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:the+secret+of+it`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope: 'ask' }),
  })
  const answer = (await response.json()) as { readonly access_token?: string }
  const { access_token: token } = answer
  if (token === undefined) throw new Error(`the issuer gave no token: ${JSON.stringify(answer)}`)
  return token
}

function world() {
  const clock = { seconds: 0 }
  const groups = { claim: 'client_id', map: { reports: 'default' } }
  const { issuers } = identityOptions.parse({ issuers: { corp: { issuer, audience: 'sallyport', groups } } })
  const tokens = createTokens({ issuers, onFault: () => undefined, elapsed: () => clock.seconds * 1_000 })
  return { clock, identify: createIdentify({ find: async () => null }, { tokens }) }
}

describe('a real issuer', () => {
  it('gives an application a token by its credentials, with which the service answers it', async () => {
    verifies('identity.client-credentials')
    await begin('ES256', 'first')
    const { identify } = world()
    await using service = await startService({ identify })
    const ask = async (token: string) => {
      const response = await fetch(`${service.url}/v1/models`, { headers: { authorization: `Bearer ${token}` } })
      await response.body?.cancel()
      return response.status
    }
    expect(await ask(await tokenFor('urn:sallyport'))).toBe(200)
    expect(await ask(await tokenFor('urn:sallyport', 'stranger'))).toBe(403)
    expect(await ask(await tokenFor('urn:another-service'))).toBe(401)
  })

  it('gives the same application the same caller each time', async () => {
    await begin('ES256', 'first')
    const { identify } = world()
    const who = async () => identify('http', new Secret(await tokenFor('urn:sallyport')))
    const [one, other] = [await who(), await who()]
    expect(other).toEqual(one)
    expect(one).toMatchObject({ kind: 'token', group: 'default' })
  })

  it('gives tokens that only it can read, which are nobody’s here', async () => {
    await begin('ES256', 'first')
    const token = await tokenFor('urn:opaque')
    expect(token).not.toContain('.')
    await expect(world().identify('http', new Secret(token))).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('takes another key: its new tokens count after one look, and the old ones end with the next', async () => {
    verifies('identity.key-rotation')
    await begin('ES256', 'first')
    const { clock, identify } = world()
    const old = await tokenFor('urn:sallyport')
    expect(await identify('http', new Secret(old))).toMatchObject({ group: 'default' })
    await begin('PS256', 'second')
    const fresh = await tokenFor('urn:sallyport')
    // The cool-down of the first look is not over.
    await expect(identify('http', new Secret(fresh))).rejects.toMatchObject({ code: 'unauthenticated' })
    clock.seconds += 30
    expect(await identify('http', new Secret(fresh))).toMatchObject({ group: 'default' })
    await expect(identify('http', new Secret(old))).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})
