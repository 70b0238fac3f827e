import type { CallerHead } from '../../http/caller-address.ts'
import { ServiceError } from '../../core/errors.ts'
import type { AskedKept, KeptResponsePart } from '../calls/kept-call.ts'
import { modelRoutes, type ModelRoute } from '../calls/model-routes.ts'
import type { EnvoyHeader } from './services.ts'

/** The head of a request as Envoy has read it. */
export interface EnvoyHead extends CallerHead {
  readonly method: string
  /** With its query, from its `/` on. */
  readonly target: string
  /** Name, value, name, value; names in lower case, without those that begin with a colon. */
  readonly raw: readonly string[]
}

/** The address up to its query. */
export const pathIn = (target: string): string => target.split('?', 1)[0] ?? ''

export function headerPairs(headers: readonly EnvoyHeader[]): readonly string[] {
  return headers.flatMap(({ key, value, rawValue }) => [key, rawValue.length > 0 ? rawValue.toString('latin1') : value])
}

/** The value of a header; several of one name are one text, which is no credential and no length. */
export function valueOf(raw: readonly string[], name: string): string | undefined {
  const values = raw.filter((_value, at) => at % 2 === 1 && raw[at - 1] === name)
  return values.length === 0 ? undefined : values.join(', ')
}

/** A head out of names and values; `address` is who Envoy says has sent it. */
export function headOf(pairs: readonly string[], address: string): EnvoyHead {
  const raw = pairs.flatMap((name, at) => (at % 2 === 0 && !name.startsWith(':') ? [name, pairs[at + 1] ?? ''] : []))
  const names = new Set(raw.filter((_name, at) => at % 2 === 0))
  const headers = Object.fromEntries([...names].map((name) => [name, valueOf(raw, name)]))
  const target = valueOf(pairs, ':path') ?? ''
  return { method: valueOf(pairs, ':method') ?? '', target, raw, headers, socket: { remoteAddress: address } }
}

const routes: ReadonlyMap<string, ModelRoute> = new Map(Object.values(modelRoutes).map((route) => [route.path, route]))

/** Where a request goes: `asked` is there of a response that the provider has kept, which is asked for without a body. */
export type EnvoyRoute = Pick<ModelRoute, 'api' | 'below'> & { readonly asked?: AskedKept }

/**
 * Where a request goes whose head could be that of a call. Throws a ServiceError for any other address or method, and for
 * what no filter could read as it goes by: a connection that becomes another protocol, a part of a body, one that is encoded.
 */
export function routeOf(head: EnvoyHead): EnvoyRoute {
  const route = keptRoute(head) ?? bodyRoute(head)
  requireReadable(head)
  return route
}

function bodyRoute({ method, target }: EnvoyHead): EnvoyRoute {
  const path = pathIn(target)
  const route = routes.get(path)
  if (route === undefined) throw new ServiceError('not-found', `There is nothing at ${path.slice(0, 200)}.`)
  if (method !== 'POST') throw notAllowed(method, path, ['POST'])
  return route
}

const keptMethods: Readonly<Record<KeptResponsePart, readonly AskedKept['method'][]>> = {
  '': ['GET', 'DELETE'],
  '/cancel': ['POST'],
  '/input_items': ['GET'],
}

function keptRoute({ method, target }: EnvoyHead): EnvoyRoute | null {
  const path = pathIn(target)
  const [, id, part] = /^\/v1\/responses\/([^/]+)(|\/cancel|\/input_items)$/.exec(path) ?? []
  if (id === undefined) return null
  const methods = keptMethods[part as KeptResponsePart]
  const asked = methods.find((name) => name === method)
  // OpenAI's own endpoints share this place with ids of responses: /v1/responses/compact.
  if (asked === undefined && method === 'POST') return null
  if (asked === undefined) throw notAllowed(method, path, methods)
  return {
    api: 'responses',
    below: path.slice('/v1'.length),
    asked: { method: asked, id, part: part as KeptResponsePart },
  }
}

const notAllowed = (method: string, path: string, allowed: readonly string[]): ServiceError =>
  new ServiceError('method-not-allowed', `${method.slice(0, 20)} is not allowed on ${path.slice(0, 200)}.`, {
    headers: ['allow', allowed.join(', ')],
  })

function requireReadable({ headers }: EnvoyHead): void {
  if (headers.upgrade !== undefined) {
    throw new ServiceError('invalid-request', 'The connection would become another protocol, which no filter reads.')
  }
  if (headers['content-range'] !== undefined || headers.range !== undefined) {
    throw new ServiceError('invalid-request', 'A part of a body, or of an answer, cannot be read by a filter.')
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw new ServiceError('unsupported-media-type', 'The body is encoded, and no filter could read it.', {
      advice: 'Send it without a Content-Encoding.',
    })
  }
}
