import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { ServiceError } from '../core/errors.ts'
import type { CorsOptions } from './options.ts'
import { pathOf } from './path-of.ts'

export interface FrontOptions {
  /** `/sallyport`; null for the root. */
  readonly basePath: string | null
  readonly cors: CorsOptions
  /** Answers with a problem. */
  readonly refuse: (error: ServiceError, request: IncomingMessage, response: ServerResponse) => void
}

/** Where probes of the machine ask, past a proxy. */
const atRoot: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics'])

const allowedHeaders = [
  'authorization',
  'x-api-key',
  'content-type',
  'idempotency-key',
  'anthropic-version',
  'last-event-id',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
].join(', ')

/** What a page may read of an answer beside what browsers show anyway. */
const exposedHeaders = [
  'x-request-id',
  'retry-after',
  'location',
  'ratelimit',
  'ratelimit-policy',
  'idempotency-replayed',
  'x-sallyport-privacy-receipt',
  'x-sallyport-ignored',
  'x-sallyport-route',
  'x-sallyport-conversation',
  'x-sallyport-run',
  'x-sallyport-replica',
].join(', ')

/**
 * What stands in front of every route: which pages of browsers may read its answers, and the path below which it is served.
 * No cookie counts for a page of another origin, so that one that is named here has what its key has and nothing more.
 */
export function createFront({ basePath, cors, refuse }: FrontOptions, app: RequestListener): RequestListener {
  const origins = new Set(cors.origins)
  const maximumAge = String(Math.floor(cors.max_age_ms / 1_000))
  const allow = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (origins.size === 0) return false
    response.appendHeader('vary', 'Origin')
    const { origin } = request.headers
    if (origin === undefined || !origins.has(origin)) return false
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-expose-headers', exposedHeaders)
    return true
  }
  return (request, response) => {
    const isAllowed = allow(request, response)
    if (basePath !== null && !enter(request, basePath)) {
      const path = pathOf(request).slice(0, 200)
      refuse(new ServiceError('not-found', `There is nothing at ${path}; all is below ${basePath}.`), request, response)
      return
    }
    const method = request.headers['access-control-request-method']
    if (isAllowed && request.method === 'OPTIONS' && method !== undefined) {
      response.setHeader('access-control-allow-methods', 'GET, POST, DELETE')
      response.setHeader('access-control-allow-headers', allowedHeaders)
      response.setHeader('access-control-max-age', maximumAge)
      response.writeHead(204).end()
      return
    }
    app(request, response)
  }
}

/** Takes the path away that everything is below; false for what is elsewhere. */
function enter(request: IncomingMessage, basePath: string): boolean {
  const { url = '' } = request
  const rest = url.slice(basePath.length)
  if (url.startsWith(basePath) && rest.startsWith('/')) {
    request.url = rest
    return true
  }
  return atRoot.has(pathOf(request))
}
