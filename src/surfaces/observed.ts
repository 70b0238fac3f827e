import type { RequestHandler } from 'express'
import type { HeldAct, ObserveHeld } from '../core/facts.ts'
import { requestIdOf } from '../http/request-id.ts'
import { principalOf } from './caller.ts'

/** A handler for a known caller. What it does is on the trail before it is done, and how it failed before its caller is told. */
export function observed(observe: ObserveHeld, held: HeldAct, handler: RequestHandler): RequestHandler {
  return async (request, response, next) => {
    const { id: principal, group } = principalOf(response)
    const { id = null } = request.params
    const about = { requestId: requestIdOf(response), channel: 'http', principal, group } as const
    const seen = { ...about, ...held, id: id === null ? null : String(id) }
    await observe.act(seen, async () => handler(request, response, next))
  }
}
