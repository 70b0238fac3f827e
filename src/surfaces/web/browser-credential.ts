import { ServiceError } from '../../core/errors.ts'
import { browserTokenIn, type BrowserToken } from '../../gateway/authenticate/web-sessions/browser-token.ts'
import type { CallerHead } from '../../http/caller-address.ts'
import { cookieOf } from '../../http/cookies.ts'
import { isOfApp, requireOwnPage, sessionCookieName, type WebAddress } from './web-address.ts'

/**
 * The credential of a request of the app; null for a request that is none. Without the header of the app a cookie counts for
 * nothing, whatever sends it. Throws `forbidden` for a page of another origin, `invalid-request` where there is an API key
 * besides, and `unauthenticated` where there is no cookie: whoever asks from the app is not taken for one who sends no
 * credential.
 */
export type BrowserCredential = (request: CallerHead) => BrowserToken | null

export function createBrowserCredential(address: WebAddress): BrowserCredential {
  return (request) => {
    const { headers } = request
    if (!isOfApp(headers)) return null
    requireOwnPage(headers, address)
    if (headers.authorization !== undefined || headers['x-api-key'] !== undefined) {
      throw new ServiceError('invalid-request', 'The request holds an API key and comes from the app.', {
        advice: 'Send the key without the header x-sallyport-web.',
      })
    }
    const value = cookieOf(request, sessionCookieName(address))
    const token = value === null ? null : browserTokenIn(value, address.listener)
    if (token === null) throw new ServiceError('unauthenticated', 'Nobody is signed in.', { advice: 'Sign in.' })
    return token
  }
}
