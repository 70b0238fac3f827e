import type { Request, RequestHandler, Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import type { OidcProvider } from '../../gateway/authenticate/web-sessions/oidc-provider.ts'
import { cookieOf, setCookie, type CookieTerms } from '../../http/cookies.ts'
import { requestIdOf } from '../../http/request-id.ts'
import type { Route } from '../route.ts'
import type { SessionRoutesOptions } from './session-routes.ts'
import { cookieTerms, sessionCookie, type WebAddress } from './web-address.ts'

interface OidcPaths {
  readonly start: string
  readonly finish: string
}

/** How long somebody has to sign in at the provider, in seconds. */
const patienceSeconds = 600

const cookieName = 'sallyport_oidc'

/** Where a browser leaves for the identity provider, and where it comes back. */
export function oidcRoutes(options: SessionRoutesOptions, { start, finish }: OidcPaths): readonly Route[] {
  return [
    { method: 'get', path: start, access: 'open', hasHead: false, handlers: [leave(options, finish)] },
    { method: 'get', path: finish, access: 'open', hasHead: false, handlers: [comeBack(options, finish)] },
  ]
}

/**
 * Of the cookie that a sign-in goes on with. The provider sends its visitor back, who comes from another site then: a cookie that is
 * strict would stay behind. It is good for nothing but the one address, together with a code of this sign-in.
 */
function terms(address: WebAddress, maximumAgeSeconds: number): CookieTerms {
  return { ...cookieTerms(address, maximumAgeSeconds), sameSite: 'Lax' }
}

function providerOf({ oidc }: SessionRoutesOptions): OidcProvider {
  if (oidc !== null) return oidc
  throw new ServiceError('not-found', 'There is no identity provider here.', {
    advice: 'Sign in with a link or a key.',
  })
}

function leave(options: SessionRoutesOptions, finish: string): RequestHandler {
  return async (_request, response) => {
    const { address, baseUrl } = options
    await orToApp(options, response, async () => {
      const { url, kept } = await providerOf(options).begin(baseUrl() + finish)
      response.setHeader('set-cookie', setCookie(cookieName, kept.reveal(), terms(address, patienceSeconds)))
      return url
    })
  }
}

function comeBack(options: SessionRoutesOptions, finish: string): RequestHandler {
  return async (request, response) => {
    const { address, baseUrl, signIns } = options
    await orToApp(options, response, async () => {
      const provider = providerOf(options)
      const kept = keptOf(request)
      const given = new URL(request.originalUrl, 'http://localhost').searchParams
      const found = await provider.finish({ kept, given, redirectUri: baseUrl() + finish })
      const at = { listener: address.listener, requestId: requestIdOf(response) }
      const signedIn = await signIns.signIn({ found }, at)
      const gone = setCookie(cookieName, '', terms(address, 0))
      response.setHeader('set-cookie', [sessionCookie(signedIn, address), gone])
      return appOf(address)
    })
  }
}

function keptOf(request: Request): Secret {
  const value = cookieOf(request, cookieName)
  if (value !== null && /^[\w-]{43}$/.test(value)) return new Secret(value)
  throw new ServiceError('unauthenticated', 'This browser has begun no sign-in, or its time is over.')
}

/**
 * Sends a browser on, and where that cannot be to the sign-in page, with the code of what is wrong and the id by which the log has
 * the rest: whoever sits there reads a page, not a document. Where there is no provider the answer is a document all the same.
 */
async function orToApp(
  { address, onFault, tellRefused }: SessionRoutesOptions,
  response: Response,
  work: () => Promise<string>,
): Promise<void> {
  response.setHeader('cache-control', 'no-store')
  let location: string
  try {
    location = await work()
  } catch (thrown) {
    if (!(thrown instanceof ServiceError) || thrown.code === 'not-found') throw thrown
    onFault(thrown, requestIdOf(response))
    tellRefused(thrown, requestIdOf(response))
    const told = new URLSearchParams({ failed: thrown.code, request: requestIdOf(response) })
    location = `${appOf(address)}#/sign-in?${told.toString()}`
    response.setHeader('set-cookie', setCookie(cookieName, '', terms(address, 0)))
  }
  response.status(303).setHeader('location', location)
  response.end()
}

const appOf = ({ basePath }: WebAddress): string => `${basePath ?? ''}/app/`
