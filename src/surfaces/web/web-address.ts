import type { IncomingHttpHeaders } from 'node:http'
import { ServiceError } from '../../core/errors.ts'
import type { WebListener } from '../../core/web-sessions.ts'
import type { SignedIn } from '../../gateway/authenticate/web-sessions/web-sign-ins.ts'
import { setCookie, type CookieTerms } from '../../http/cookies.ts'

/** Where browsers reach a listener. */
export interface WebAddress {
  readonly listener: WebListener
  /** Does the listener itself speak TLS? */
  readonly isTls: boolean
  /** Where callers reach it, where that is configured. */
  readonly baseUrl: string | null
  /** The path below which it is served; null is the root. */
  readonly basePath: string | null
}

/** The header that a request of the app carries. A page of another origin cannot set it without asking, and is told no. */
export const webHeader = 'x-sallyport-web'

/** Does a request say that it is one of the app? Throws `invalid-request` for a value that is none of the app's. */
export function isOfApp(headers: IncomingHttpHeaders): boolean {
  const said = headers[webHeader]
  if (said === undefined) return false
  if (said === '1') return true
  throw new ServiceError('invalid-request', `The header ${webHeader} is 1 or is not there.`, {
    advice: `Leave ${webHeader} out: requests with an API key need none.`,
  })
}

/**
 * Throws `forbidden` for a request that a browser says comes from a page of another origin: another site, another port of the
 * same machine, a page without any origin, or somebody who only follows a link. A request that says nothing about it was made by
 * a page all the same, since nobody but a page of this origin could set the header; or by a program, which has no cookies of
 * others.
 */
export function requireOwnPage(headers: IncomingHttpHeaders, address: WebAddress): void {
  const { origin, 'sec-fetch-site': site } = headers
  if (site !== undefined && site !== 'same-origin') throw otherPage()
  if (origin !== undefined && !isOwnOrigin(origin, headers.host, address)) throw otherPage()
}

function isOwnOrigin(origin: string, host: string | undefined, { isTls, baseUrl }: WebAddress): boolean {
  if (baseUrl !== null && origin === new URL(baseUrl).origin) return true
  return host !== undefined && origin === `${isTls ? 'https' : 'http'}://${host.toLowerCase()}`
}

function otherPage(): ServiceError {
  return new ServiceError('forbidden', 'A page of another origin asks nothing with the session of a browser.', {
    advice: 'Open the app itself, /app/. Behind a proxy, http.base_url has to be the address that browsers show.',
  })
}

/** Is what browsers are told to keep for TLS alone? It is where they reach the listener over TLS, also by a proxy. */
function isSecure({ isTls, baseUrl }: WebAddress): boolean {
  return isTls || (baseUrl !== null && new URL(baseUrl).protocol === 'https:')
}

const names = { service: 'sallyport_session', operators: 'sallyport_operator' } as const

/**
 * The name of the cookie. Over TLS it has the prefix by which browsers let no other name of the host, and no connection without
 * TLS, put one of their own in its place; `__Host-` goes with the root alone.
 */
export function sessionCookieName(address: WebAddress): string {
  const prefix = isSecure(address) ? (address.basePath === null ? '__Host-' : '__Secure-') : ''
  return prefix + names[address.listener]
}

/** The cookie of a session that has begun. */
export function sessionCookie(
  { token, made, expires }: Pick<SignedIn, 'token' | 'made' | 'expires'>,
  address: WebAddress,
): string {
  const lifeSeconds = Math.max(0, Math.floor((Date.parse(expires) - made) / 1_000))
  return setCookie(sessionCookieName(address), token.reveal(), cookieTerms(address, lifeSeconds))
}

/** What goes with each of the cookies. A session goes to its own site alone (`Strict`). */
export function cookieTerms(address: WebAddress, maximumAgeSeconds: number): CookieTerms {
  return { path: address.basePath ?? '/', isSecure: isSecure(address), sameSite: 'Strict', maximumAgeSeconds }
}
