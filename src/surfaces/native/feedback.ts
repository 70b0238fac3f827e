import type { RequestHandler } from 'express'
import type { Complaining, Subject } from '../../feedback/complaints/complaining.ts'
import { signalFor } from '../../http/caller-signal.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { principalOf } from '../caller.ts'
import type { Route } from '../route.ts'
import { appealRequest, feedbackRequest, toAppeal, toFeedback } from '../wire/feedback.ts'
import { readQuietly } from './quiet-request.ts'

/** One with the longest comment, each character of which is escaped. */
const limits = { limitBytes: 16_384, shape: { maximumDepth: 2, maximumValues: 20 } }

const thumbForm = { schema: feedbackRequest, what: 'feedback', limits }
const appealForm = { schema: appealRequest, what: 'appeal', limits }

const subjectOf = (id: string): Subject => (id.startsWith('dec-') ? { decision: id } : { answer: id })

/**
 * `POST /v1/feedback`: about an answer or a decision of the caller's own. Nothing of a comment is in an answer, an error,
 * the log or the trail. What was taken before is answered as it was then.
 */
function postFeedback(complaining: Complaining, stopping: AbortSignal): RequestHandler {
  return async (request, response) => {
    const { about, ...said } = await readQuietly(request, thumbForm)
    const asked = { requestId: requestIdOf(response), signal: signalFor(response, stopping) }
    const { complaint } = await complaining.thumb(principalOf(response), { about: subjectOf(about), ...said }, asked)
    response.setHeader('cache-control', 'no-store').json(toFeedback(complaint))
  }
}

/** `POST /v1/appeals`: about a decision on a call of the caller's own, as quietly. */
function postAppeal(complaining: Complaining, stopping: AbortSignal): RequestHandler {
  return async (request, response) => {
    const { decision, ...said } = await readQuietly(request, appealForm)
    const asked = { requestId: requestIdOf(response), signal: signalFor(response, stopping) }
    const caller = principalOf(response)
    const { complaint, isNew } = await complaining.appeal(caller, { about: subjectOf(decision), ...said }, asked)
    const standing = isNew ? { ...complaint, outcome: null } : await complaining.standing(caller, complaint.id)
    response.setHeader('cache-control', 'no-store').json(toAppeal(standing))
  }
}

/** `GET /v1/appeals/:id`: for its maker. */
function getAppeal(complaining: Complaining): RequestHandler {
  return async (request, response) => {
    const standing = await complaining.standing(principalOf(response), String(request.params['id']))
    response.setHeader('cache-control', 'no-store').json(toAppeal(standing))
  }
}

/** What callers may say of answers and decisions; nothing is served of it where nobody listens. */
export function feedbackRoutes(complaining: Complaining, stopping: AbortSignal): readonly Route[] {
  return [
    { method: 'post', path: '/v1/feedback', access: 'key', handlers: [postFeedback(complaining, stopping)] },
    { method: 'post', path: '/v1/appeals', access: 'key', handlers: [postAppeal(complaining, stopping)] },
    { method: 'get', path: '/v1/appeals/:id', access: 'key', handlers: [getAppeal(complaining)] },
  ]
}
