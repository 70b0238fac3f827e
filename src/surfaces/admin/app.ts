import type { RequestListener } from 'node:http'
import express, { type Express, type Request, type RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'
import type { OperatorChange } from '../../core/facts.ts'
import type { JsonValue } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import { reasonOf, signalFor } from '../../http/caller-signal.ts'
import { answerErrors, type OnFault } from '../../http/errors.ts'
import { readJson } from '../../http/json-body.ts'
import { ownShape } from '../../http/json-shape.ts'
import { setOwnHeaders } from '../../http/own-headers.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { nameRoute } from '../../http/route-name.ts'
import { principalOf, requireKey, type Know } from '../caller.ts'
import { hasAnswer, hasBody, type RouteContract } from '../openapi/contract.ts'
import { besideApp } from '../web/app-listener.ts'
import { sessionRoutes } from '../web/session-routes.ts'
import type { WebSurface } from '../web/web-surface.ts'
import { createBrowserGuard } from './guards.ts'
import type { AdminRoute } from './handlers.ts'

export interface AdminAppOptions {
  readonly know: Know
  readonly routes: readonly AdminRoute[]
  /** Names by which it is asked, beside those of loopback. */
  readonly names: readonly string[]
  /** null where no app is served. */
  readonly web: WebSurface | null
  /** How long a caller may take none of its answer, in milliseconds. */
  readonly stallMilliseconds: number
  /** Rejects where the trail cannot be written; then nothing is changed. */
  readonly onChange: (change: OperatorChange) => Promise<void>
  readonly stopping: AbortSignal
  readonly onFault: OnFault
}

const bodyLimits = { limitBytes: 65_536, shape: ownShape }

/**
 * The routes for operators. In front of each stand the same things in the same order: what a browser's page could send is
 * refused, the caller is known and has the scope, the request is read by its contract; a change is on the trail before it is
 * made. What is answered is checked by the contract too, so that nothing leaves that it does not name.
 */
export function createAdminApp(options: AdminAppOptions): RequestListener {
  const { web, know } = options
  const guard = createBrowserGuard(options.names, web?.address ?? null)
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.enable('strict routing')
  app.enable('case sensitive routing')
  app.use((request, response, next) => {
    setOwnHeaders(response)
    response.setHeader('cache-control', 'no-store')
    guard.requireName(request)
    guard.requireOwnPage(request)
    next()
  })
  for (const { method, path, handlers } of web === null ? [] : sessionRoutes(web, know)) {
    const name: RequestHandler = (_request, response, next) => {
      nameRoute(response, path)
      next()
    }
    app[method](path, name, ...handlers)
  }
  app.use(requireKey(know, 'admin'))
  for (const [path, routes] of Map.groupBy(options.routes, ({ contract }) => contract.path))
    addRoutes(app, path, routes, options)
  app.use((request: Request) => {
    throw new ServiceError('not-found', `There is nothing at ${request.path.slice(0, 200)}.`, {
      advice: 'GET /admin/v1/openapi.json lists what there is.',
    })
  })
  app.use(answerErrors({ onFault: options.onFault, bodyFor: () => (problem) => problem }))
  return besideApp(app, { ...options, files: web?.files ?? null, mayOpen: guard.requireName, isRefusing: () => false })
}

function addRoutes(app: Express, path: string, routes: readonly AdminRoute[], options: AdminAppOptions): void {
  const address = path.replace(/\{(\w+)\}/g, ':$1')
  for (const route of routes) app[route.contract.method](address, answerBy(route, options))
  const methods = routes.map(({ contract }) => contract.method.toUpperCase())
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ')
  app.all(address, (request, response) => {
    response.setHeader('allow', allowed)
    throw new ServiceError('method-not-allowed', `${request.method} is not allowed on ${request.path.slice(0, 200)}.`)
  })
}

function answerBy({ contract, answer }: AdminRoute, options: AdminAppOptions): RequestHandler {
  return async (request, response) => {
    nameRoute(response, contract.path)
    const principal = principalOf(response)
    const asked = {
      params: parseRequest(contract.params, { ...request.params }),
      query: parseRequest(contract.query, queryOf(request)),
      body: hasBody(contract) ? parseRequest(contract.body, await bodyOf(request)) : undefined,
    }
    const signal = signalFor(response, options.stopping)
    const requestId = requestIdOf(response)
    const work = () => answer({ ...asked, principal, requestId, signal })
    const change = { requestId, principal, asked }
    const given = contract.method === 'get' ? work() : onTrail(contract, change, work, options.onChange)
    const answered = await given.catch((thrown: unknown) => {
      throw reasonOf(thrown, signal)
    })
    response.status(contract.status)
    if (hasAnswer(contract)) response.json(contract.answer.parse(answered))
    else response.end()
  }
}

interface ChangeAsked {
  readonly requestId: string
  readonly principal: Principal
  readonly asked: { readonly params: unknown; readonly body: unknown }
}

/** Nothing is changed that the trail does not know before. */
async function onTrail<T>(
  { id: action, told = [] }: RouteContract,
  { requestId, principal, asked }: ChangeAsked,
  work: () => Promise<T>,
  onChange: AdminAppOptions['onChange'],
): Promise<T> {
  const target = (asked.params as { readonly id?: string }).id ?? null
  const about = { requestId, principal: principal.id, group: principal.group, action, target }
  const given = (asked.body ?? {}) as Readonly<Record<string, JsonValue>>
  const members = Object.entries(given).filter(([name]) => told.includes(name))
  await onChange({ event: 'admin-change', ...about, told: Object.fromEntries(members), done: null })
  let made: Readonly<Record<string, JsonValue>> | null = null
  try {
    const answered = await work()
    const { id } = (answered ?? {}) as { readonly id?: unknown }
    made = typeof id === 'string' ? { made: id } : {}
    return answered
  } finally {
    await onChange({ event: 'admin-change-end', ...about, told: made ?? {}, done: made !== null })
  }
}

/** A name that stands twice leaves open which one counts. */
function queryOf({ url }: Request): Readonly<Record<string, string>> {
  const given = [...new URL(url, 'http://localhost').searchParams]
  const twice = given.find(([name], at) => given.findIndex(([other]) => other === name) < at)
  if (twice === undefined) return Object.fromEntries(given)
  const parameter = twice[0].slice(0, 100)
  throw new ServiceError('invalid-request', `${parameter}: stands twice in the address.`, { parameter })
}

async function bodyOf(request: Request): Promise<unknown> {
  return (await readJson(request, bodyLimits)).value
}
