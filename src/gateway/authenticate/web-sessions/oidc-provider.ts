import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { ServiceError } from '../../../core/errors.ts'
import type { Principal } from '../../../core/principal.ts'
import { Secret } from '../../../core/secret.ts'
import type { IssuerOptions } from '../options.ts'
import { createIssuer } from '../tokens/issuer.ts'
import { KeySet } from '../tokens/key-set.ts'
import { discoverAddresses, readAnswer, readKeys } from '../tokens/read-keys.ts'
import { readTokenForm } from '../tokens/token-form.ts'
import type { OidcOptions } from './options.ts'

/** Signing in at an identity provider: OpenID Connect Core 1.0 (3.1), the authorization code with PKCE (RFC 7636). */
export interface OidcProvider {
  /** What the sign-in page calls it. */
  readonly name: string
  /**
   * Where a browser is sent, and what it keeps until it is back. Rejects with `identity-unavailable` where the provider does not
   * answer.
   */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly kept: Secret }>
  /**
   * Who came back, by what the browser has kept and the parameters of its address. Rejects with `unauthenticated` where any of it
   * is not of this sign-in, with `forbidden` where the claims give no group, and with `identity-unavailable`.
   */
  finish(back: {
    readonly kept: Secret
    readonly given: URLSearchParams
    readonly redirectUri: string
  }): Promise<Principal>
}

interface OidcProviderParts {
  readonly options: OidcOptions
  /** The issuer of `gateway.identity.issuers` that is the provider, under its name there. */
  readonly issuer: IssuerOptions
  /** Told of each look for the provider's keys that failed. */
  readonly onFault: (issuer: string, error: unknown) => void
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Milliseconds since any fixed moment. */
  readonly elapsed?: () => number
}

/**
 * The state, the nonce and the verifier of one sign-in follow from one secret that its browser keeps in a cookie. So nothing is
 * stored, every process can finish what another began, and an address with somebody else's code fits no browser but theirs.
 */
function partsOf(kept: Secret): { readonly state: string; readonly nonce: string; readonly verifier: string } {
  const derived = (use: string): string => createHmac('sha256', kept.reveal()).update(use).digest('base64url')
  return { state: derived('state'), nonce: derived('nonce'), verifier: derived('verifier') }
}

export function createOidcProvider(parts: OidcProviderParts): OidcProvider {
  const { options, issuer: known, onFault, now = Date.now, elapsed = () => performance.now() } = parts
  // An ID token is for the client, and is no access token (RFC 9068): neither is taken for the other.
  const issuerOptions: IssuerOptions = { ...known, audience: options.client_id, types: ['JWT', 'absent'] }
  const keys = new KeySet({
    read: () => readKeys(known),
    refreshMilliseconds: known.refresh_ms,
    cooldownMilliseconds: known.cooldown_ms,
    staleMilliseconds: known.stale_ms,
    onFault: (error) => onFault(options.issuer, error),
    elapsed,
  })
  const issuer = createIssuer({ name: options.issuer, options: issuerOptions, keys, now })
  const addresses = async (signal: AbortSignal) =>
    discoverAddresses(known.issuer, ['authorization_endpoint', 'token_endpoint'], signal).catch((cause: unknown) => {
      throw unavailable(options.issuer, cause)
    })

  return {
    name: options.name,
    async begin(redirectUri) {
      const { authorization_endpoint: address } = await addresses(AbortSignal.timeout(known.timeout_ms))
      const kept = new Secret(randomBytes(32).toString('base64url'))
      const { state, nonce, verifier } = partsOf(kept)
      const url = new URL(address)
      const asked = {
        response_type: 'code',
        client_id: options.client_id,
        redirect_uri: redirectUri,
        scope: options.scopes.join(' '),
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
      return { url: url.href, kept }
    },
    async finish({ kept, given, redirectUri }) {
      const { state, nonce, verifier } = partsOf(kept)
      const code = codeIn(given, { state, issuer: known.issuer })
      const signal = AbortSignal.timeout(known.timeout_ms)
      const { token_endpoint: address } = await addresses(signal)
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
      const token = await exchange(address, { form, options, signal })
      return await principalOf(token, nonce)
    },
  }

  async function principalOf(token: string, nonce: string): Promise<Principal> {
    try {
      const form = readTokenForm(token)
      if (form.claims['iss'] !== known.issuer) throw new Error('the ID token is of another issuer')
      const { principal } = await issuer.verify(token, form)
      if (!isSame(form.claims['nonce'], nonce)) throw new Error('the ID token is of another sign-in')
      const { azp } = form.claims
      if (azp !== undefined && azp !== options.client_id) throw new Error('the ID token is for another client')
      return principal
    } catch (thrown) {
      throw thrown instanceof ServiceError ? thrown : notSignedIn(thrown)
    }
  }
}

/** The code in the address that a browser came back with. */
function codeIn(given: URLSearchParams, known: { readonly state: string; readonly issuer: string }): string {
  const once = (name: string): string | null => {
    const values = given.getAll(name)
    if (values.length > 1) throw notSignedIn(new Error(`${name} stands twice in the address`))
    return values[0] ?? null
  }
  if (!isSame(once('state'), known.state)) throw notSignedIn(new Error('the address is of another sign-in'))
  const [issuer, error, code] = [once('iss'), once('error'), once('code')]
  // RFC 9207: a provider that names itself is the one that was asked.
  if (issuer !== null && issuer !== known.issuer) throw notSignedIn(new Error('the address is of another issuer'))
  if (error !== null) throw notSignedIn(new Error(`the provider says ${error.slice(0, 100)}`))
  if (code === null || code === '') throw notSignedIn(new Error('the address has no code'))
  return code
}

interface Exchange {
  readonly form: Readonly<Record<string, string>>
  readonly options: OidcOptions
  readonly signal: AbortSignal
}

/** Takes the ID token for the code, which a provider gives once. */
async function exchange(address: string, { form, options, signal }: Exchange): Promise<string> {
  const { client_id: client, client_secret: secret, issuer } = options
  const encoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1)
  const basic =
    secret === null ? null : Buffer.from(`${encoded(client)}:${encoded(secret.reveal())}`).toString('base64')
  let text: string
  let status: number
  try {
    const response = await fetch(address, {
      method: 'POST',
      redirect: 'error',
      signal,
      headers: { accept: 'application/json', ...(basic === null ? {} : { authorization: `Basic ${basic}` }) },
      body: new URLSearchParams(basic === null ? { ...form, client_id: client } : form),
    })
    status = response.status
    text = await readAnswer(response, address)
  } catch (cause) {
    throw unavailable(issuer, cause)
  }
  if (status >= 500) throw unavailable(issuer, new Error(`${address} answered ${status}`))
  const { id_token: token, error } = membersOf(text)
  // RFC 6749 (5.2): a client that it does not know, or a code that it has not given, or not to us.
  if (status !== 200) throw notSignedIn(new Error(`${address} answered ${status}: ${String(error).slice(0, 100)}`))
  if (typeof token === 'string') return token
  throw notSignedIn(new Error(`${address} gives no ID token`))
}

function membersOf(text: string): { readonly id_token?: unknown; readonly error?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as object
  } catch {
    return {}
  }
}

function isSame(given: unknown, wanted: string): boolean {
  if (typeof given !== 'string') return false
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** One answer for whatever is wrong; the reason is for the log. */
function notSignedIn(cause: unknown): ServiceError {
  return new ServiceError('unauthenticated', 'The identity provider has signed nobody in here.', {
    cause,
    advice: 'Begin again on the sign-in page of the app.',
  })
}

function unavailable(issuer: string, cause: unknown): ServiceError {
  return new ServiceError('identity-unavailable', `The identity provider ${issuer} does not answer.`, { cause })
}
