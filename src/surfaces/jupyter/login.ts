import { randomBytes } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { readLimitedBody } from '../../http/limited-body.ts'
import { requireScope } from '../../gateway/authorize/scopes.ts'
import { credentialOf } from '../caller.ts'
import type { JupyterOptions } from './jupyter-options.ts'
import { cookieOf } from '../../http/cookies.ts'
import { crossSiteCookie, isSame, loginCookie } from './known-caller.ts'

const formBytes = 32_768

/** Without a path, so that it is sent to what is beside the login, below whatever path a proxy has put in front. */
function setCookie(
  response: Response,
  { baseUrl }: Pick<JupyterOptions, 'baseUrl'>,
  [name, value, ...more]: readonly [string, string, ...string[]],
): void {
  const secure = baseUrl().startsWith('https:') ? ['Secure'] : []
  response.append('set-cookie', [`${name}=${value}`, 'SameSite=Strict', ...secure, ...more].join('; '))
}

/** `GET /jupyter/login`: the cookie that the form has to repeat. There is no page: programs log in here. */
export function showLogin(options: Pick<JupyterOptions, 'baseUrl'>): RequestHandler {
  return (_request, response) => {
    setCookie(response, options, [crossSiteCookie, randomBytes(24).toString('base64url')])
    response.setHeader('cache-control', 'no-store').type('text/plain').send('Send password and _xsrf as a form.\n')
  }
}

/** `POST /jupyter/login`: the password is an API key. */
export function logIn(options: Pick<JupyterOptions, 'baseUrl' | 'know' | 'logins'>): RequestHandler {
  return async (request, response) => {
    const type = request.headers['content-type'] ?? ''
    if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)) {
      throw new ServiceError('unsupported-media-type', 'The body is no form.', { advice: 'Send a form of fields.' })
    }
    const body = await readLimitedBody(request, { bytes: formBytes, ratio: Number.POSITIVE_INFINITY })
    const fields = new URLSearchParams(body.toString('utf8'))
    const [shown, wanted] = [fields.get(crossSiteCookie), cookieOf(request, crossSiteCookie)]
    if (shown === null || wanted === null || !isSame(shown, wanted)) {
      throw new ServiceError('forbidden', 'The field _xsrf does not repeat the cookie of that name.')
    }
    request.headers.authorization = `Bearer ${fields.get('password') ?? ''}`
    requireScope(await options.know(request), 'execute')
    const credential = credentialOf(request)
    if (credential === null) throw new ServiceError('unauthenticated', 'The form has no password.')
    setCookie(response, options, [loginCookie, options.logins.add(credential), 'HttpOnly'])
    response.setHeader('cache-control', 'no-store').type('text/plain').send('Logged in.\n')
  }
}
