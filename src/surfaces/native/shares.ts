import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { HeldAct, ObserveHeld } from '../../core/facts.ts'
import { isId } from '../../core/new-id.ts'
import type { Principal } from '../../core/principal.ts'
import type { Sharing } from '../../core/shares.ts'
import { signalFor } from '../../http/caller-signal.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { principalOf } from '../caller.ts'
import { sendList } from '../list-page.ts'
import { observed } from '../observed.ts'
import {
  openShareRequest,
  shareListQuery,
  shareRequest,
  toMadeShare,
  toShare,
  toShareFacts,
  toShareReaders,
  toShareWish,
} from '../wire/shares.ts'

interface ShareRoutesOptions {
  readonly sharing: Sharing
  /** Rejects with `forbidden` for somebody who has no use for conversations. */
  readonly mayKeep: (principal: Principal) => Promise<void>
  readonly observe: ObserveHeld
  /** Reads a body of JSON. */
  readonly body: RequestHandler
  readonly stopping: AbortSignal
}

/** `POST /v1/shares` */
function makeShare({ sharing, mayKeep, observe, stopping }: ShareRoutesOptions): RequestHandler {
  return async (request, response) => {
    const principal = principalOf(response)
    await mayKeep(principal)
    const wish = toShareWish(parseRequest(shareRequest, request.body))
    const requestId = requestIdOf(response)
    const made = await sharing.make(principal, wish, { requestId }, signalFor(response, stopping))
    const { id, conversation, audience, group, expires, leftOut } = made.share
    const told = { conversation, audience, group, expires: expires.toISOString(), leftOut }
    await observe.made({ requestId, of: 'share', id, ...told })
    response.status(201).setHeader('cache-control', 'no-store').json(toMadeShare(made, principal.id))
  }
}

/** `GET /v1/shares`: newest first, without what they show. */
function listShares({ sharing }: ShareRoutesOptions): RequestHandler {
  return async (request, response) => {
    const { after, limit = 20, of = 'mine' } = parseRequest(shareListQuery, request.query)
    if (after !== undefined && !isId('shr', after)) {
      throw new ServiceError('invalid-request', 'after: is no id of a share.', { parameter: 'after' })
    }
    const principal = principalOf(response)
    const found = await sharing.list(principal, of, { after, most: limit + 1 })
    sendList(
      response,
      found.map((share) => toShareFacts(share, principal.id)),
      limit,
    )
  }
}

/** `GET /v1/shares/{id}`: for its maker, and for callers of its group. */
function readShare({ sharing }: ShareRoutesOptions): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    const principal = principalOf(response)
    const opened = await sharing.read(principal, id)
    if (opened === null) throw noShare(id)
    response.setHeader('cache-control', 'no-store').json(toShare(opened, principal.id))
  }
}

/** `DELETE /v1/shares/{id}`: nobody opens it any more. */
function revokeShare({ sharing }: ShareRoutesOptions): RequestHandler {
  return async (request, response) => {
    const id = String(request.params['id'])
    if (!(await sharing.revoke(principalOf(response), id))) throw noShare(id)
    response.json({ id, object: 'share.deleted', deleted: true })
  }
}

/**
 * `POST /v1/shares/{id}/open`: the secret is the permission, and comes in the body, which stands in no log. What is no link of ours may be
 * anything, as often as anybody likes: it is not on the trail.
 */
function openShare({ sharing, observe }: ShareRoutesOptions): RequestHandler {
  return async (request, response) => {
    const { secret } = parseRequest(openShareRequest, request.body)
    const id = String(request.params['id'])
    const share = await sharing.findByLink(id, secret)
    if (share === null) throw noShare(id)
    const about = { of: 'share', action: 'read-by-link', requestId: requestIdOf(response), channel: 'http' } as const
    await observe.act({ ...about, principal: share.principal, group: null, id }, async () => {
      const content = await sharing.content(id)
      if (content === null) throw noShare(id)
      response.setHeader('cache-control', 'no-store').json(toShare({ share, content }, null))
    })
  }
}

function noShare(id: string): ServiceError {
  return new ServiceError('not-found', `There is no share "${id.slice(0, 100)}" for you.`, {
    advice: 'It was revoked, has expired, went with its conversation, or is for others.',
  })
}

interface ShareRoute {
  readonly method: 'get' | 'post' | 'delete'
  readonly path: string
  readonly access: 'open' | 'sessions'
  readonly handlers: readonly RequestHandler[]
  readonly hasHead?: boolean
}

/** The places of shares. */
export function shareRoutes(options: ShareRoutesOptions): readonly ShareRoute[] {
  const { sharing, observe, body } = options
  const one = '/v1/shares/:id'
  const access = 'sessions' as const
  const act = (action: Extract<HeldAct, { readonly of: 'share' }>['action'], handler: RequestHandler) =>
    observed(observe, { of: 'share', action }, handler)
  const readers: RequestHandler = (_request, response) => {
    response.setHeader('cache-control', 'no-store').json(toShareReaders(sharing.readers(principalOf(response))))
  }
  return [
    { method: 'get', path: '/v1/shares/audiences', access, handlers: [readers] },
    { method: 'get', path: '/v1/shares', access, handlers: [listShares(options)] },
    { method: 'post', path: '/v1/shares', access, handlers: [body, act('make', makeShare(options))] },
    { method: 'get', path: one, access, handlers: [act('read', readShare(options))], hasHead: false },
    { method: 'delete', path: one, access, handlers: [act('revoke', revokeShare(options))] },
    { method: 'post', path: `${one}/open`, access: 'open', handlers: [body, openShare(options)] },
  ] as const
}
