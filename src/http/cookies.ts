import type { IncomingHttpHeaders } from 'node:http'

/** A cookie of a request by its name; null for none, and for one that stands there twice. */
export function cookieOf(
  { headers: { cookie = '' } }: { readonly headers: IncomingHttpHeaders },
  name: string,
): string | null {
  const values = cookie.split(';').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at > 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : []
  })
  return values.length === 1 ? (values[0] ?? null) : null
}

export interface CookieTerms {
  readonly path: string
  /** Is it sent over TLS alone? */
  readonly isSecure: boolean
  /** `Lax` lets one along that another site sends its visitor with. */
  readonly sameSite: 'Strict' | 'Lax'
  /** Seconds; 0 takes it away. */
  readonly maximumAgeSeconds: number
}

/** `Set-Cookie` of a cookie that no script reads. Name and value are tokens of RFC 6265. */
export function setCookie(name: string, value: string, terms: CookieTerms): string {
  const { path, isSecure, sameSite, maximumAgeSeconds } = terms
  return [
    `${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${maximumAgeSeconds}`,
    'HttpOnly',
    `SameSite=${sameSite}`,
    ...(isSecure ? ['Secure'] : []),
  ].join('; ')
}
