import type { IncomingMessage } from 'node:http'
import type { RequestHandler, Response } from 'express'
import type { KeyScope } from '../core/key-scopes.ts'
import type { Principal } from '../core/principal.ts'
import { Secret } from '../core/secret.ts'
import type { Identify } from '../gateway/authenticate/authenticate.ts'
import { requireScope } from '../gateway/authorize/scopes.ts'

/** The key of `Authorization: Bearer KEY`, or of `x-api-key`, which Anthropic's clients send; null where there is none. */
export function credentialOf({ headers }: IncomingMessage): Secret | null {
  const bearer = /^Bearer +(\S{1,12000})$/i.exec(headers.authorization ?? '')?.[1]
  const key = bearer ?? /^(\S{1,512})$/.exec(String(headers['x-api-key'] ?? ''))?.[1]
  return key === undefined ? null : new Secret(key)
}

/** Stops a request without a valid key, or whose key has not the scope, before its body is read. */
export function requireKey(identify: Identify, scope: KeyScope | null): RequestHandler {
  return async (request, response, next) => {
    const principal = await identify('http', credentialOf(request))
    if (scope !== null) requireScope(principal, scope)
    response.locals['principal'] = principal
    next()
  }
}

export function principalOf(response: Response): Principal {
  return response.locals['principal'] as Principal
}
