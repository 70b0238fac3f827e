import type { RequestHandler, Response } from 'express'
import { ServiceError } from '../core/errors.ts'
import type { KeyScope } from '../core/key-scopes.ts'
import { endUserHeader, type Principal } from '../core/principal.ts'
import { Secret } from '../core/secret.ts'
import type { Identify } from '../gateway/authenticate/authenticate.ts'
import type { Guesses } from '../gateway/authenticate/guesses.ts'
import { BrowserToken } from '../gateway/authenticate/web-sessions/browser-token.ts'
import { requireScope } from '../gateway/authorize/scopes.ts'
import type { AddressOf, CallerHead } from '../http/caller-address.ts'
import type { BrowserCredential } from './web/browser-credential.ts'

const credentials = new WeakMap<CallerHead, Secret>()

/**
 * The credential of `Authorization: Bearer KEY`, or of `x-api-key`, which Anthropic's clients send; null where there is none.
 * Of one request it is one `Secret`. Throws `invalid-request` where the two headers differ: which of them counts would be
 * another one for every reader; and `unauthenticated` where there is one that cannot be read, since whoever means to be known
 * is not taken for one who sends none.
 */
export function credentialOf(request: CallerHead): Secret | null {
  const known = credentials.get(request)
  if (known !== undefined) return known
  const { authorization, 'x-api-key': apiKey } = request.headers
  const bearer = /^Bearer +([!-~]{1,12000})$/i.exec(authorization ?? '')?.[1]
  const key = /^([!-~]{1,12000})$/.exec(String(apiKey ?? ''))?.[1]
  if (authorization !== undefined && apiKey !== undefined && bearer !== key) {
    throw new ServiceError('invalid-request', 'The headers Authorization and x-api-key hold two credentials.', {
      advice: 'Send one of them.',
    })
  }
  const found = bearer ?? key
  if (found === undefined) {
    if (authorization === undefined && apiKey === undefined) return null
    throw new ServiceError('unauthenticated', 'The request carries no API key that can be read.', {
      advice: 'Send "Authorization: Bearer KEY", or "x-api-key: KEY".',
    })
  }
  const credential = new Secret(found)
  credentials.set(request, credential)
  return credential
}

/** Knows the caller of a request before anything else of it is read. */
export type Know = (request: CallerHead) => Promise<Principal>

export interface KnowOptions {
  readonly identify: Identify
  readonly guesses: Pick<Guesses, 'failed'>
  readonly addressOf: AddressOf
  /** Finds the session of a browser; absent where no browser has one. */
  readonly browser?: BrowserCredential | null
  /** Told of each request whose caller is known. */
  readonly onKnown?: (request: CallerHead, principal: Principal) => void
}

/**
 * Failures count by the address they come from; a request without a credential is none, nor is a session of a browser that is
 * over, whose token nobody guesses.
 */
export function createKnow({ identify, guesses, addressOf, browser, onKnown }: KnowOptions): Know {
  return async (request) => {
    const token = browser?.(request) ?? null
    if (token !== null) credentials.set(request, token)
    const credential = credentialOf(request)
    const signed = request.headers[endUserHeader]
    try {
      const principal = await identify('http', credential, signed === undefined ? null : new Secret(String(signed)))
      onKnown?.(request, principal)
      return principal
    } catch (thrown) {
      const isKey = credential !== null && !(credential instanceof BrowserToken)
      const isGuess = isKey && thrown instanceof ServiceError && thrown.code === 'unauthenticated'
      throw (isGuess ? guesses.failed(addressOf(request)) : null) ?? thrown
    }
  }
}

/** Stops a request without a valid key, or whose key has not the scope, before its body is read. */
export function requireKey(know: Know, scope: KeyScope | null): RequestHandler {
  return async (request, response, next) => {
    const principal = await know(request)
    if (scope !== null) requireScope(principal, scope)
    response.locals['principal'] = principal
    next()
  }
}

export function principalOf(response: Response): Principal {
  return response.locals['principal'] as Principal
}
