import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import { Provider } from 'oidc-provider'

/** The only secret of its applications. */
const secret = 'the secret of it'

/** An issuer as others run it, on the loopback, whose applications `reports` and `stranger` sign in by themselves. */
export class OidcIssuer implements AsyncDisposable {
  readonly #server: Server
  #provider: Provider | null = null

  private constructor() {
    this.#server = createServer((request, response) => void this.#provider?.callback()(request, response))
  }

  static async start(): Promise<OidcIssuer> {
    const issuer = new OidcIssuer()
    issuer.#server.listen(0, '127.0.0.1')
    await once(issuer.#server, 'listening')
    return issuer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Signs by a new key from now on, and publishes no other. */
  async signBy(alg: string, kid: string): Promise<void> {
    const { privateKey } = await generateKeyPair(alg, { extractable: true })
    const key = { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' }
    const application = {
      client_secret: secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: alg,
    }
    this.#provider = new Provider(this.url, {
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

  /** Asks for a token as an application does (RFC 6749, 4.4). */
  async tokenFor(resource: string, client = 'reports'): Promise<string> {
    const credentials = `${client}:${secret.replaceAll(' ', '+')}`
    const response = await fetch(`${this.url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope: 'ask' }),
    })
    const answer = (await response.json()) as { readonly access_token?: string }
    const { access_token: token } = answer
    if (token === undefined) throw new Error(`the issuer gave no token: ${JSON.stringify(answer)}`)
    return token
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
