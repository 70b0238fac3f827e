import { timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { cookieOf } from '../../http/cookies.ts'
import { requireKey } from '../caller.ts'
import type { JupyterOptions } from './jupyter-options.ts'

/** Of the login; its name in a browser's jar. */
export const loginCookie = 'sallyport-jupyter'
export const crossSiteCookie = '_xsrf'

export function isSame(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * The key of a request in the ways that Jupyter's clients carry one: `Authorization: token KEY`, `?token=KEY`, or the cookie of a login beside the header
 * `X-XSRFToken`, which no page of another origin can send and no page at all with a WebSocket.
 */
function keyOf(request: Request, { logins }: Pick<JupyterOptions, 'logins'>): string | null {
  const { token } = request.query
  const named = /^token +([!-~]{1,12000})$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
  if (token !== undefined && (typeof token !== 'string' || !/^[!-~]{1,12000}$/.test(token))) {
    throw new ServiceError('unauthenticated', 'The token of the address cannot be read.')
  }
  if (token !== undefined && request.headers.authorization !== undefined && named !== token) {
    throw new ServiceError('invalid-request', 'The address and the header Authorization hold two credentials.', {
      advice: 'Send one of them.',
    })
  }
  if (token !== undefined || named !== null) return token ?? named
  const login = cookieOf(request, loginCookie)
  if (login === null || request.headers.authorization !== undefined) return null
  const [shown, wanted] = [request.headers['x-xsrftoken'], cookieOf(request, crossSiteCookie)]
  if (typeof shown !== 'string' || wanted === null || !isSame(shown, wanted)) {
    throw new ServiceError('forbidden', 'The header X-XSRFToken does not repeat the cookie _xsrf.', {
      advice: 'Send both, as they came with the login; a program may send its key in place of a cookie.',
    })
  }
  return logins.find(login)?.reveal() ?? null
}

/** Stops a request without a key that may run programs, however it carries it. */
export function requireJupyterKey(options: Pick<JupyterOptions, 'logins' | 'know'>): RequestHandler {
  const known = requireKey(options.know, 'execute')
  return async (request, response, next) => {
    const key = keyOf(request, options)
    // From here on it is a request as any other.
    if (key !== null) request.headers.authorization = `Bearer ${key}`
    await known(request, response, next)
  }
}
