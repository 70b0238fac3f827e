import type { RequestHandler } from 'express'
import { requireLimits, type JsonBodyLimits } from '../../http/json-body.ts'
import { splitModel } from './wire/chat-completions.ts'

export interface ModelChoice {
  /** Answers for the service's own model. */
  readonly own: RequestHandler
  /** Narrower than those the body was read under. */
  readonly ownLimits: JsonBodyLimits
  /** Passes the call on. */
  readonly passed: RequestHandler
}

/** The name of the service's own model, alone or with a data source behind it. */
export const ownModel = 'analyst'

/**
 * One path serves the service's own model and those of upstreams. A body without a name of a model is the own model's to
 * refuse.
 */
export function chooseModel({ own, ownLimits, passed }: ModelChoice): RequestHandler {
  return (request, response, next) => {
    const body: unknown = request.body
    const name = typeof body === 'object' && body !== null && 'model' in body ? body.model : null
    const isOwn = typeof name !== 'string' || splitModel(name).model === ownModel
    if (isOwn) requireLimits(request, ownLimits)
    return (isOwn ? own : passed)(request, response, next)
  }
}
