import type { RequestHandler, Response } from 'express'
import { ServiceError } from '../../core/errors.ts'
import { defaultKeyScopes } from '../../core/key-scopes.ts'
import type { Principal } from '../../core/principal.ts'
import { Secret } from '../../core/secret.ts'
import type { Guesses } from '../../gateway/authenticate/guesses.ts'
import type { OidcProvider } from '../../gateway/authenticate/web-sessions/oidc-provider.ts'
import type { BrowserToken } from '../../gateway/authenticate/web-sessions/browser-token.ts'
import type { SignedIn, WebSignIns } from '../../gateway/authenticate/web-sessions/web-sign-ins.ts'
import type { GrantFor } from '../../gateway/authorize/policy.ts'
import type { AddressOf } from '../../http/caller-address.ts'
import { setCookie } from '../../http/cookies.ts'
import type { OnFault } from '../../http/errors.ts'
import { jsonBody } from '../../http/json-body.ts'
import { ownShape } from '../../http/json-shape.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import type { Know } from '../caller.ts'
import type { Route } from '../route.ts'
import { signInRequest, webContractsAt, type WebSessionObject, type WebSignInObject } from '../wire/web-sessions.ts'
import { createBrowserCredential, type BrowserCredential } from './browser-credential.ts'
import { oidcRoutes } from './oidc-routes.ts'
import {
  cookieTerms,
  isOfApp,
  requireOwnPage,
  sessionCookie,
  sessionCookieName,
  webHeader,
  type WebAddress,
} from './web-address.ts'

/** What browsers use of a listener beside its other routes. */
export interface WebUse {
  readonly signIns: WebSignIns
  /** null where there is no identity provider. */
  readonly oidc: OidcProvider | null
  /** Hears why a provider has signed nobody in, which nobody else is told. */
  readonly tellRefused: (fault: ServiceError, requestId: string) => void
  readonly grantFor: GrantFor
  /** What this installation permits. */
  readonly permits: WebSessionObject['permits']
  /** What a conversation may begin with, as the app offers it. */
  readonly questions: readonly string[]
  /** Of the folder that the app was built into. */
  readonly folder: string
}

export interface SessionRoutesOptions extends Omit<WebUse, 'folder'> {
  readonly address: WebAddress
  readonly addressOf: AddressOf
  /** Where callers reach the listener, without a stroke at the end. */
  readonly baseUrl: () => string
  /** Counts links and keys that are nobody's. */
  readonly guesses: Pick<Guesses, 'failed'>
  readonly onFault: OnFault
  /** Said before every answer; null for nothing. */
  readonly label: string | null
}

const bodyLimits = { limitBytes: 16_384, shape: ownShape }

/** How people sign in, who is signed in, and out, at the addresses of a listener. */
export function sessionRoutes(options: SessionRoutesOptions, know: Know): readonly Route[] {
  const contracts = webContractsAt(options.address.listener === 'operators' ? '/admin/v1' : '/v1')
  const browser = createBrowserCredential(options.address)
  return [
    {
      method: 'get',
      path: contracts.ways.path,
      access: 'open',
      handlers: [sendWays(options, contracts.startOidc.path)],
    },
    ...oidcRoutes(options, { start: contracts.startOidc.path, finish: contracts.finishOidc.path }),
    {
      method: 'get',
      path: contracts.show.path,
      access: 'open',
      handlers: [showSession(options, { browser, know })],
    },
    {
      method: 'post',
      path: contracts.begin.path,
      access: 'open',
      handlers: [requireApp(options), jsonBody(bodyLimits), beginSession(options, browser)],
    },
    {
      method: 'delete',
      path: contracts.end.path,
      access: 'open',
      handlers: [requireApp(options), endSession(options, browser)],
    },
  ]
}

function sendWays({ oidc }: SessionRoutesOptions, start: string): RequestHandler {
  return (_request, response) => {
    response.setHeader('cache-control', 'no-store')
    const told = oidc === null ? null : { name: oidc.name, start }
    response.json({ object: 'web.sign_in', oidc: told } satisfies WebSignInObject)
  }
}

/** What changes a session comes from the app itself: otherwise another site could sign its visitors in as somebody else, and out. */
function requireApp({ address }: SessionRoutesOptions): RequestHandler {
  return ({ headers }, response, next) => {
    response.setHeader('cache-control', 'no-store')
    if (!isOfApp(headers)) {
      throw new ServiceError('forbidden', `The request does not come from the app: it has no header ${webHeader}.`, {
        advice: 'Open the app, /app/, and sign in there; a program sends its API key with each request.',
      })
    }
    requireOwnPage(headers, address)
    next()
  }
}

function forget(response: Response, address: WebAddress): void {
  response.setHeader('set-cookie', setCookie(sessionCookieName(address), '', cookieTerms(address, 0)))
}

function showSession(
  options: SessionRoutesOptions,
  { browser, know }: { readonly browser: BrowserCredential; readonly know: Know },
): RequestHandler {
  return async (request, response) => {
    response.setHeader('cache-control', 'no-store')
    const principal = await know(request).catch((thrown: unknown) => {
      // A browser is told to forget a cookie by which nobody is signed in.
      const isOver = thrown instanceof ServiceError && thrown.code === 'unauthenticated'
      if (isOver && isOfApp(request.headers)) forget(response, options.address)
      throw thrown
    })
    const token = browser(request)
    const session = token === null ? null : await options.signIns.show(token)
    response.json(await toSession({ principal, session }, response, options))
  }
}

function beginSession(options: SessionRoutesOptions, browser: BrowserCredential): RequestHandler {
  const { signIns, address, guesses, addressOf } = options
  return async (request, response) => {
    const { link, key = '' } = parseRequest(signInRequest, request.body)
    const by = link === undefined ? { key: new Secret(key) } : { link: new Secret(link) }
    const about = { listener: address.listener, requestId: requestIdOf(response) }
    let signedIn: SignedIn
    try {
      signedIn = await signIns.signIn(by, about)
    } catch (thrown) {
      const isGuess = thrown instanceof ServiceError && thrown.code === 'unauthenticated'
      throw (isGuess ? guesses.failed(addressOf(request)) : null) ?? thrown
    }
    const { principal, ...session } = signedIn
    // Whoever was signed in by this browser is not any more.
    const before = tokenOf(request, browser)
    if (before !== null) await signIns.end(before, about)
    const answer = await toSession({ principal, session }, response, options)
    response.setHeader('set-cookie', sessionCookie(signedIn, address))
    response.json(answer)
  }
}

function endSession({ signIns, address }: SessionRoutesOptions, browser: BrowserCredential): RequestHandler {
  return async (request, response) => {
    const token = tokenOf(request, browser)
    if (token !== null) await signIns.end(token, { listener: address.listener, requestId: requestIdOf(response) })
    forget(response, address)
    response.status(204).end()
  }
}

/** The token of a request that is known to come from the app; null where nobody is signed in. */
function tokenOf(request: Parameters<BrowserCredential>[0], browser: BrowserCredential): BrowserToken | null {
  try {
    return browser(request)
  } catch (thrown) {
    if (thrown instanceof ServiceError && thrown.code === 'unauthenticated') return null
    throw thrown
  }
}

interface Known {
  readonly principal: Principal
  readonly session: Pick<SignedIn, 'way' | 'expires'> | null
}

async function toSession(
  { principal, session }: Known,
  response: Response,
  { grantFor, permits, questions, label }: SessionRoutesOptions,
): Promise<WebSessionObject> {
  const grant = await grantFor(principal, 'http', requestIdOf(response))
  const { id, group, scopes = defaultKeyScopes } = principal
  return {
    object: 'web.session',
    principal: id,
    group,
    scopes: [...scopes],
    models: [...grant.models],
    sources: [...grant.dataSources],
    profiles: { filter: grant.filterProfile, privacy: grant.privacyProfile, calls: grant.callFilterProfile },
    signed_in_by: session?.way ?? null,
    expires_at: session?.expires ?? null,
    label,
    questions: [...questions],
    permits: { ...permits },
  }
}
