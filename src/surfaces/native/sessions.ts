import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { ObserveHeld } from '../../core/facts.ts'
import type { SessionElsewhere } from '../../core/held-sessions.ts'
import { ownModel } from '../../core/own-model.ts'
import type { Principal } from '../../core/principal.ts'
import type { RequestedLimits } from '../../core/requested-limits.ts'
import { mayRunPrograms } from '../../gateway/executions.ts'
import type { GrantFor } from '../../gateway/authorize/policy.ts'
import type { SessionSandbox } from '../../sessions/session.ts'
import type { SessionSummary } from '../../sessions/session-entry.ts'
import type { SessionLife, SessionStore } from '../../sessions/session-store.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { behind, sendList } from '../list-page.ts'
import { listQuery } from '../wire/files.ts'
import { sessionRequest, toSession, toSessionElsewhere } from '../wire/sessions.ts'
import { principalOf } from '../caller.ts'

/** A caller's own sessions. Another caller's is `not-found`, as one that never was. */
export interface SessionService {
  /** Rejects with `forbidden` for a group that may neither ask the own model nor run programs, `invalid-request` for limits above the group's ceilings, `quota-exceeded` for one session too many. */
  open(principal: Principal, limits: RequestedLimits, life?: SessionLife): Promise<SessionSummary>
  list(principal: Principal): Promise<readonly SessionSummary[]>
  /** Those that other processes of the service have; null, or absent, where one process serves. */
  elsewhere?(principal: Principal): Promise<readonly SessionElsewhere[] | null>
  /** One of them; null for none. Rejects with `wrong-replica` where another process has it, and with `not-found` where it was lost with its process. */
  find(principal: Principal, id: string): Promise<SessionSummary | null>
  /** What runs in it is cancelled; resolves when its sandbox is gone. */
  close(principal: Principal, id: string): Promise<void>
}

/** Sessions of a store, each under the ceilings of its caller's group. The store is asked for when somebody may use it. */
export function createSessionService<Held extends SessionSandbox>(
  sessions: () => Promise<SessionStore<Held>>,
  grantFor: GrantFor,
): SessionService {
  return {
    async open(principal, limits, life) {
      const grant = await grantFor(principal, 'http')
      if (!grant.models.includes(ownModel) && !mayRunPrograms(grant)) throw noUseOfSessions(principal.group)
      const { sandboxCeilings: ceilings } = grant
      return (await sessions()).open(principal.id, { limits, ceilings }, life)
    },
    list: async (principal) => (await sessions()).list(principal.id),
    elsewhere: async (principal) => (await sessions()).elsewhere(principal.id),
    find: async (principal, id) => (await sessions()).find(principal.id, id),
    close: async (principal, id) => (await sessions()).close(principal.id, id),
  }
}

/** A session is a sandbox that questions to the own model and programs of callers keep: nobody else has a use for one. */
export function noUseOfSessions(group: string): ServiceError {
  return new ServiceError(
    'forbidden',
    `The group "${group}" may neither ask "${ownModel}" nor run programs, for which sessions are.`,
    {
      advice: `Ask the operator: gateway.groups.${group}.models has to list ${ownModel}, or its tools run_python.`,
    },
  )
}

/** `POST /v1/sessions`: a session that chat completions can name, until it is closed or unused for too long. */
export function openSession(
  sessions: SessionService,
  { baseUrl, observe }: { readonly baseUrl: () => string; readonly observe: Pick<ObserveHeld, 'made'> },
): RequestHandler {
  return async (request, response) => {
    const { sandbox } = parseRequest(sessionRequest, request.body)
    const session = await sessions.open(principalOf(response), sandbox ?? {})
    await observe.made({ requestId: requestIdOf(response), of: 'session', id: session.id })
    response
      .status(201)
      .setHeader('location', `${new URL(baseUrl()).pathname.replace(/\/$/, '')}/v1/sessions/${session.id}`)
      .json(toSession(session))
  }
}

/**
 * `GET /v1/sessions`: the caller's own in this process, those of requests that run right now included; oldest first unless `order=desc`, a page at a time. The first page
 * says beside them which ones other processes have.
 */
export function listSessions(sessions: SessionService): RequestHandler {
  return async (request, response) => {
    const { after, limit = mostListed, order = 'asc' } = parseRequest(listQuery, request.query)
    const opened = await sessions.list(principalOf(response))
    const own = order === 'asc' ? opened : opened.toReversed()
    const found = behind(own, after).slice(0, limit + 1)
    const others = after === undefined ? await sessions.elsewhere?.(principalOf(response)) : null
    sendList(response, found.map(toSession), limit, others ? { elsewhere: others.map(toSessionElsewhere) } : {})
  }
}

/** Of a page where no limit is said. */
const mostListed = 1_000

/** `DELETE /v1/sessions/{id}` */
export function closeSession(sessions: SessionService): RequestHandler {
  return async (request, response) => {
    await sessions.close(principalOf(response), String(request.params['id']))
    response.status(204).end()
  }
}
