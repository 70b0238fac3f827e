import type { RequestHandler } from 'express'
import type { Principal } from '../../core/principal.ts'
import { kindsOfColumn } from '../../filters/pii/column-kinds.ts'
import type { StatementReceived } from '../../gateway/statements.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { credentialOf, principalOf } from '../caller.ts'
import type { Route } from '../route.ts'
import { toDescribedSource, toSourceList, type ListedSource, type SeenSource } from '../wire/sources.ts'
import { during } from './during.ts'

/** Data sources as callers may see them. */
export interface SourceService {
  /** Those that a caller may ask in SQL, the one first that is asked where none is named; none for who may ask none. */
  list(principal: Principal): Promise<readonly ListedSource[]>
  /** What the caller's group may see of one. Rejects with `not-found` for one that it may not ask. */
  look(received: StatementReceived, signal: AbortSignal): Promise<SeenSource>
}

interface SourcesOptions {
  readonly sources: SourceService
  readonly stopping: AbortSignal
}

export function sourceRoutes(options: SourcesOptions): readonly Route[] {
  return [
    { method: 'get', path: '/v1/sources', access: 'sql', handlers: [listSources(options)] },
    { method: 'get', path: '/v1/sources/:name', access: 'sql', handlers: [showSource(options)], hasHead: false },
  ]
}

/** `GET /v1/sources` */
function listSources({ sources }: SourcesOptions): RequestHandler {
  return async (_request, response) => {
    const found = await sources.list(principalOf(response))
    response.setHeader('cache-control', 'no-store').json(toSourceList(found))
  }
}

/** `GET /v1/sources/{name}`: its tables and columns as the policy of the caller's group shows them, and how fresh they are. */
function showSource({ sources, stopping }: SourcesOptions): RequestHandler {
  return async (request, response) => {
    const received = {
      requestId: requestIdOf(response),
      channel: 'http',
      credential: credentialOf(request),
      dataSource: String(request.params['name']),
    } as const
    const seen = await during(response, stopping, (signal) => sources.look(received, signal))
    response.status(200).setHeader('cache-control', 'no-store').json(toDescribedSource(seen, kindsOfColumn))
  }
}
