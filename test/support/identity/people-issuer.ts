import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'

/** The only secret of its client. */
const secret = 'the secret of the client'
const clientId = 'sallyport'

/** Who may sign in there, with whatever password, and of which groups they are. */
const people: Readonly<Record<string, readonly string[]>> = { ada: ['engineering'], bo: ['sales'] }

/** What is wrong with it. */
interface IssuerFaults {
  /** Whatever begins with one of these is answered with 503. */
  down?: readonly string[]
  /** By how much its clock is off where it makes tokens, in milliseconds. */
  clockOff?: number
  /** Of its document (OpenID Connect Discovery 1.0, 4). */
  discovery?: Readonly<Record<string, unknown>>
}

const document = '/.well-known/openid-configuration'

/**
 * A provider of OpenID Connect as others run it (`oidc-provider`, which is certified), on the loopback, with its own pages on which people
 * sign in. It is at `localhost`, the service at 127.0.0.1: to a browser these are two sites.
 */
export class PeopleIssuer implements AsyncDisposable {
  readonly #server: Server
  readonly #off = new AsyncLocalStorage<number>()
  readonly #now = Date.now
  #provider: Provider | null = null
  faults: IssuerFaults = {}
  readonly client = { id: clientId, secret }

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response))
    // The provider asks nobody else what time it is, and is in this process.
    Date.now = () => this.#now() + (this.#off.getStore() ?? 0)
  }

  static async start(): Promise<PeopleIssuer> {
    const issuer = new PeopleIssuer()
    issuer.#server.listen(0, 'localhost')
    await once(issuer.#server, 'listening')
    return issuer
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  /** Signs by a new key from now on, and publishes no other. `redirectUris`: where its client may have people sent back to. */
  async signBy(kid: string, redirectUris: readonly string[]): Promise<void> {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const key = { ...(await exportJWK(privateKey)), kid, alg: 'ES256', use: 'sig' }
    this.#provider = new Provider(this.url, {
      jwks: { keys: [key] },
      clients: [
        {
          client_id: clientId,
          client_secret: secret,
          redirect_uris: [...redirectUris],
          grant_types: ['authorization_code'],
          response_types: ['code'],
          id_token_signed_response_alg: 'ES256',
        },
      ],
      cookies: { keys: ['the same whatever it signs by'] },
      claims: { openid: ['sub'], groups: ['groups'] },
      scopes: ['openid', 'groups'],
      // With most providers the ID token has what was asked for.
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 600, Session: 600, Grant: 600 },
      findAccount: (_context: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, groups: people[id] ?? [] }),
      }),
    } as never)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = '/' } = request
    const { down = [], clockOff = 0, discovery } = this.faults
    if (this.#provider === null || down.some((path) => url.startsWith(path))) {
      response.writeHead(503).end()
    } else if (discovery !== undefined && url === document) {
      const addresses = { authorization_endpoint: `${this.url}/auth`, token_endpoint: `${this.url}/token` }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/jwks`, ...addresses, ...discovery }))
    } else {
      const answer = this.#provider.callback()
      if (url.startsWith('/token')) this.#off.run(clockOff, () => void answer(request, response))
      else void answer(request, response)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    Date.now = this.#now
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
