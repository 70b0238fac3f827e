import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { createIdentify } from '../../src/gateway/authenticate/authenticate.ts'
import { identityOptions } from '../../src/gateway/authenticate/options.ts'
import { createTokens } from '../../src/gateway/authenticate/tokens/tokens.ts'
import { startService } from '../support/http/http-service.ts'
import { OidcIssuer } from '../support/identity/oidc-issuer.ts'
import { verifies } from '../support/verifies.ts'

let issuer: OidcIssuer
beforeAll(async () => {
  issuer = await OidcIssuer.start()
})
afterAll(() => issuer[Symbol.asyncDispose]())

const begin = (alg: string, kid: string) => issuer.signBy(alg, kid)
const tokenFor = (resource: string, client?: string) => issuer.tokenFor(resource, client)

function world() {
  const clock = { seconds: 0 }
  const groups = { claim: 'client_id', map: { reports: 'default' } }
  const { issuers } = identityOptions.parse({
    issuers: { corp: { issuer: issuer.url, audience: 'sallyport', groups } },
  })
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
