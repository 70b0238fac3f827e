import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { identityOptions } from '../../../../../src/gateway/authenticate/options.ts'
import { readKeys } from '../../../../../src/gateway/authenticate/tokens/read-keys.ts'
import { gatewayOptions } from '../../../../../src/gateway/options.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'
import { verifies } from '../../../../support/verifies.ts'

async function served(listener: (url: string) => RequestListener): Promise<string> {
  const server = createServer((request, response) => listener(url)(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return url
}

const read = async (own: object) => {
  const given = { audience: 'sallyport', groups: { map: { a: 'default' } }, timeout_ms: 200, ...own }
  const { issuers } = identityOptions.parse({ issuers: { corp: given } })
  const options = issuers['corp']
  if (options === undefined) throw new Error('the test has no issuer')
  return readKeys(options)
}

const json =
  (value: unknown): RequestListener =>
  (_, response) =>
    response.end(JSON.stringify(value))

describe('the keys of an issuer', () => {
  it('are where its openid-configuration says', async () => {
    const url = await served((own) => (request, response) => {
      const isDocument = request.url === '/tenant/.well-known/openid-configuration'
      const document = { issuer: `${own}/tenant/`, jwks_uri: `${own}/keys` }
      json(isDocument ? document : { keys: [request.url] })(request, response)
    })
    expect(await read({ issuer: `${url}/tenant/` })).toBe('{"keys":["/keys"]}')
  })

  it('may be in a file', async () => {
    const path = join(temporaryFolder('keys-'), 'keys.json')
    writeFileSync(path, '{"keys":[]}')
    expect(await read({ issuer: 'corp', keys_file: path })).toBe('{"keys":[]}')
    await expect(read({ issuer: 'corp', keys_file: `${path}.none` })).rejects.toThrow(/none/)
  })

  it.each<readonly [string, (own: string) => unknown, RegExp]>([
    ['of another issuer', (own) => ({ issuer: `${own}/evil`, jwks_uri: `${own}/keys` }), /of another issuer/],
    ['without an address', (own) => ({ issuer: own }), /does not say where/],
    ['with what is no address', (own) => ({ issuer: own, jwks_uri: 'keys' }), /does not say where/],
    ['with an address that is not safe', (own) => ({ issuer: own, jwks_uri: 'http://example.com/keys' }), /not safe/],
    ['with a file', (own) => ({ issuer: own, jwks_uri: 'file:///etc/passwd' }), /not safe/],
    ['null', () => null, /of another issuer/],
  ])('are not looked for by a document that is %s', async (_case, document, reason) => {
    const url = await served((own) => json(document(own)))
    await expect(read({ issuer: url })).rejects.toThrow(reason)
  })

  it.each<readonly [string, RequestListener, RegExp]>([
    ['elsewhere', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), /fetch failed/],
    ['not there', (_, response) => response.writeHead(500).end('x'), /answered 500/],
    ['more than anybody has', (_, response) => response.end('x'.repeat(262_145)), /more than 262144 bytes/],
    ['never sent', () => undefined, /timeout/],
    ['never sent to the end', (_, response) => response.write('{'), /timeout/],
    ['no UTF-8', (_, response) => response.end(Buffer.from([0xff])), /encoded data/],
  ])('that are %s are none', async (_case, listener, reason) => {
    verifies('identity.keys-down')
    const url = await served(() => listener)
    await expect(read({ issuer: 'corp', keys_url: `${url}/keys` })).rejects.toThrow(reason)
  })
})

describe('the configuration of an issuer', () => {
  const parse = (own: object) => {
    const given = { issuer: 'https://a.example', audience: 'x', groups: { map: {} }, ...own }
    return identityOptions.safeParse({ issuers: { corp: given } })
  }

  it.each<readonly [object, RegExp]>([
    [{ keys_url: 'http://a.example/keys' }, /https address; http is for loopback only/],
    [{ keys_url: 'https://user:word@a.example/keys' }, /https address/],
    [{ keys_url: 'https://a.example/keys', keys_file: '/k' }, /exclude another/],
    [{ keys_url: 'http://127.0.0.1.evil.example/keys' }, /https address/],
    [{ issuer: 'http://a.example' }, /https address/],
    [{ algorithms: ['HS256'] }, /Invalid option/],
    [{ algorithms: ['none'] }, /Invalid option/],
    [{ algorithms: [] }, /Too small/],
    [{ types: [] }, /Too small/],
    [{ stale_ms: 100_000 }, /must not be below refresh_ms/],
    [{ audience: [] }, /Too small/],
    [{ audiences: 'x' }, /Unrecognized key/],
  ])('with %j is refused', (own, message) => {
    const parsed = parse(own)
    expect(parsed.success).toBe(false)
    expect(String(parsed.error)).toMatch(message)
  })

  it('whose map names a group that there is not is refused with its place', () => {
    const groups = { map: { a: 'default', b: 'nobody' } }
    const corp = { issuer: 'https://a.example', audience: 'x', groups }
    const parsed = gatewayOptions.safeParse({ identity: { issuers: { corp } } })
    expect(parsed.error?.issues).toMatchObject([
      {
        path: ['identity', 'issuers', 'corp', 'groups', 'map', 'b'],
        message: 'there is no group "nobody" in gateway.groups',
      },
    ])
  })

  it('takes an issuer without an address where its keys are in a file, or at a safe one', () => {
    expect(parse({ issuer: 'corp', keys_file: '/keys.json' }).success).toBe(true)
    expect(parse({ issuer: 'corp', keys_url: 'http://localhost:1/keys' }).success).toBe(true)
    expect(parse({}).success).toBe(true)
  })
})
