import type { RequestHandler } from 'express'
import { ServiceError } from '../core/errors.ts'
import type { Route } from './route.ts'

/** What an address takes, as its `Allow` says it. */
type Taken = Pick<Route, 'method' | 'hasHead'>

const allowedBy = { get: 'GET, HEAD', post: 'POST', put: 'PUT', delete: 'DELETE' } as const

/** Answers whatever is no method of an address with those that are. */
export function refuseOtherMethods(taken: readonly Taken[]): RequestHandler {
  const named = taken.map(({ method, hasHead }) => (hasHead === false ? method.toUpperCase() : allowedBy[method]))
  const allowed = [...new Set([...named, 'OPTIONS'])].join(', ')
  return (request, response, next) => {
    response.setHeader('allow', allowed)
    if (request.method === 'OPTIONS') response.status(204).end()
    else next(new ServiceError('method-not-allowed', `${request.method} is not allowed on ${request.path}.`))
  }
}
