import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { makeKey, tokenOf, type TestKey } from './test-issuer.ts'

/** What a provider does otherwise than it should. */
export interface ProviderFaults {
  /** It answers nothing but 503. */
  down?: boolean
  /** Its token endpoint alone does. */
  tokenDown?: boolean
  /** Members of the ID token that are not as they should be; undefined leaves one out. */
  claims?: Readonly<Record<string, unknown>>
  header?: Readonly<Record<string, unknown>>
  /** Signs by a key that it does not publish. */
  signsByAnother?: boolean
  tokenAnswer?: string
  /** Of its document. */
  discovery?: Readonly<Record<string, unknown>>
}

/**
 * A provider of OpenID Connect on the loopback at which `ada` is signed in already: it checks what one has to of the code flow
 * with PKCE (RFC 6749, RFC 7636), and gives a code once.
 */
export class SignInProvider implements AsyncDisposable {
  readonly #server: Server
  readonly #codes = new Map<string, { readonly asked: URLSearchParams }>()
  #key: TestKey = makeKey('ES256', 'first')
  faults: ProviderFaults = {}
  readonly clientId = 'sallyport'
  readonly secret = 'a secret: of the client'

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  static async start(): Promise<SignInProvider> {
    const provider = new SignInProvider()
    provider.#server.listen(0, '127.0.0.1')
    await once(provider.#server, 'listening')
    return provider
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Signs by a new key from now on, and publishes no other. */
  rotate(): void {
    this.#key = makeKey('ES256', randomUUID())
  }

  /** The parameters with which the browser comes back from where it was sent. */
  async visit(url: string): Promise<URLSearchParams> {
    const answer = await fetch(url, { redirect: 'manual' })
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`)
    return new URL(location).searchParams
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url)
    const send = (status: number, body: object | string, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    if (this.faults.down === true) return send(503, {})
    if (pathname === '/.well-known/openid-configuration') {
      const addresses = {
        authorization_endpoint: `${this.url}/authorize`,
        token_endpoint: `${this.url}/token`,
        jwks_uri: `${this.url}/keys`,
      }
      return send(200, { issuer: this.url, ...addresses, ...this.faults.discovery })
    }
    if (pathname === '/keys') return send(200, { keys: [this.#key.jwk] })
    if (pathname === '/authorize') {
      const isWhole =
        searchParams.get('response_type') === 'code' &&
        searchParams.get('client_id') === this.clientId &&
        searchParams.get('code_challenge_method') === 'S256' &&
        searchParams.get('scope')?.split(' ').includes('openid') === true
      if (!isWhole) return send(400, { error: 'invalid_request' })
      const code = randomUUID()
      this.#codes.set(code, { asked: searchParams })
      const back = new URL(searchParams.get('redirect_uri') ?? '')
      for (const [name, value] of [
        ['code', code],
        ['state', searchParams.get('state') ?? ''],
        ['iss', this.url],
      ] as const)
        back.searchParams.set(name, value)
      return send(302, '', { location: back.href })
    }
    return send(...(await this.#token(request)))
  }

  async #token(request: IncomingMessage): Promise<[status: number, body: object | string]> {
    if (this.faults.tokenDown === true) return [502, {}]
    const form = new URLSearchParams(await text(request))
    const encoded = (part: string) => new URLSearchParams([['', part]]).toString().slice(1)
    const basic = Buffer.from(`${encoded(this.clientId)}:${encoded(this.secret)}`).toString('base64')
    if (request.headers.authorization !== `Basic ${basic}`) return [401, { error: 'invalid_client' }]
    const code = form.get('code') ?? ''
    const asked = this.#codes.get(code)?.asked
    this.#codes.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const fits =
      form.get('grant_type') === 'authorization_code' &&
      asked?.get('code_challenge') === challenge &&
      asked.get('redirect_uri') === form.get('redirect_uri')
    if (!fits) return [400, { error: 'invalid_grant' }]
    if (this.faults.tokenAnswer !== undefined) return [200, this.faults.tokenAnswer]
    const seconds = Math.floor(Date.now() / 1_000)
    const claims = {
      iss: this.url,
      aud: this.clientId,
      sub: 'ada',
      groups: ['engineering'],
      iat: seconds,
      exp: seconds + 300,
      nonce: asked.get('nonce'),
      ...this.faults.claims,
    }
    const { alg, jwk } = this.#key
    const header = { alg, typ: 'JWT', kid: jwk['kid'], ...this.faults.header }
    const by = this.faults.signsByAnother === true ? makeKey('ES256', 'first') : this.#key
    return [200, { access_token: 'a', token_type: 'Bearer', id_token: tokenOf(header, claims, by) }]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
