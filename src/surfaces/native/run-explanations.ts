import type { RequestHandler } from 'express'
import type { Conversations } from '../../core/conversations.ts'
import { ServiceError } from '../../core/errors.ts'
import { explainRun } from '../../sessions/explain-run.ts'
import { principalOf } from '../caller.ts'
import { toRunExplanation } from '../wire/run-explanation.ts'

/** `GET /v1/runs/{id}/explanation`: why calls of a run of the caller's were stopped, and what it was made of. */
export function sendRunExplanation(vault: () => Promise<Conversations>): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const [conversations, principal] = [await vault(), principalOf(response).id]
    const run = await conversations.showRun(principal, id)
    const items = run === null ? null : await conversations.runItems(principal, id)
    if (run === null || items === null) {
      throw new ServiceError('not-found', `There is no run "${id.slice(0, 100)}" of yours.`, {
        advice: 'Items of GET /v1/conversations/{id}/items name their runs.',
      })
    }
    response.setHeader('cache-control', 'no-store').json(toRunExplanation(explainRun(run, items)))
  }
}
