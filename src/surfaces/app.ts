import type { RequestListener } from 'node:http'
import express, { type Express, type RequestHandler } from 'express'
import { ServiceError } from '../core/errors.ts'
import type { ObserveHeld } from '../core/facts.ts'
import type { ModelApi } from '../core/model-call.ts'
import type { ApprovalDesk } from '../gateway/authorize/approvals/approval-desk.ts'
import type { Complaining } from '../feedback/complaints/complaining.ts'
import type { ArtifactStore } from './artifact-store.ts'
import { checkRoutes, type CheckUse } from './check-routes.ts'
import { requireKey, type Know } from './caller.ts'
import { answerErrors, type OnFault } from '../http/errors.ts'
import { jsonBody } from '../http/json-body.ts'
import { ownShape, passedShape } from '../http/json-shape.ts'
import { nameRoute } from '../http/route-name.ts'
import { setOwnHeaders } from '../http/own-headers.ts'
import { decideApproval, getApproval, listApprovals } from './native/approvals.ts'
import type { E2bOptions } from './e2b/e2b-options.ts'
import { e2bRoutes } from './e2b/e2b-routes.ts'
import type { JupyterOptions } from './jupyter/jupyter-options.ts'
import { jupyterRoutes } from './jupyter/jupyter-routes.ts'
import type { LibreChatOptions } from './librechat/librechat-options.ts'
import { librechatRoutes } from './librechat/librechat-routes.ts'
import { executeProgram, type ExecuteOptions } from './native/execute.ts'
import { getDocument, getDocumentPage } from './native/document.ts'
import { idempotent } from './idempotency/idempotent.ts'
import type { RepeatedRequests } from './idempotency/repeated-requests.ts'
import { getArtifact } from './native/artifacts.ts'
import { privacyRoutes, type PrivacyUse } from './native/privacy-routes.ts'
import { feedbackRoutes } from './native/feedback.ts'
import { errorFormOf } from './calls/error-forms.ts'
import { postMcp, type McpRouteOptions } from './mcp/mcp-routes.ts'
import { getProtectedResource, metadataPaths } from './mcp/protected-resource.ts'
import { modelRoutes } from './calls/model-routes.ts'
import { passBody, type PassCallOptions } from './calls/pass-call.ts'
import { endpointListener, isEndpointAddress, type EndpointListenerOptions } from './endpoints/endpoint-listener.ts'
import { chatCompletions, type ChatCompletionsOptions } from './openai/chat-completions.ts'
import { answerDirectly, notTaken, type AnswerDirectly, type DirectRoute } from './direct-routes.ts'
import { chooseModel } from './openai/choose-model.ts'
import { keptResponse } from './openai/kept-responses.ts'
import { containerRoutes } from './openai/containers/container-routes.ts'
import type { KeptContainers } from './openai/containers/kept-containers.ts'
import { createResponse, type CreateResponseOptions } from './openai/responses/create-response.ts'
import { replayRoute } from './openai/responses/replay-conversation.ts'
import { responseRoutes } from './openai/responses/kept-routes.ts'
import { observed } from './observed.ts'
import { routersOfExactPaths, takeExactPaths } from './exact-paths.ts'
import { refuseOtherMethods } from './refuse-other-methods.ts'
import type { Route } from './route.ts'
import { livez, metrics, readyz, type MetricsSource } from './native/health.ts'
import type { ReadinessState } from './native/readiness.ts'
import { getModel, listModels, type ModelsFor } from './models.ts'
import { historyRoutes, type HistoryUse } from './history-routes.ts'
import { sourceRoutes, type SourceService } from './native/sources.ts'
import { closeSession, listSessions, openSession, type SessionService } from './native/sessions.ts'
import { besideApp } from './web/app-listener.ts'
import { sessionRoutes } from './web/session-routes.ts'
import type { WebSurface } from './web/web-surface.ts'
import { checkSql, runSql, type SqlOptions } from './native/sql.ts'

export interface AppOptions extends CheckUse, PrivacyUse {
  readonly know: Know
  readonly modelsFor: ModelsFor
  readonly readiness: () => Promise<ReadinessState>
  readonly metrics: MetricsSource
  readonly chat: ChatCompletionsOptions
  readonly responses: CreateResponseOptions
  readonly calls: PassCallOptions
  /** null where no endpoint is configured. */
  readonly endpoints: Pick<EndpointListenerOptions, 'pass'> | null
  readonly complaining: Complaining
  readonly sql: SqlOptions
  readonly sources: SourceService
  readonly execute: ExecuteOptions
  readonly e2b: E2bOptions
  readonly jupyter: Omit<JupyterOptions, 'know'>
  /** null where nothing is kept of callers. */
  readonly librechat: LibreChatOptions | null
  readonly sessions: SessionService
  readonly observe: ObserveHeld
  /** null where nothing is kept of callers. */
  readonly history: HistoryUse | null
  /** null where nothing is kept of callers. */
  readonly containers: KeptContainers | null
  readonly approvals: ApprovalDesk
  /** null where no app is served. */
  readonly web: WebSurface | null
  readonly mcp: Omit<McpRouteOptions, 'know' | 'limits' | 'stopping' | 'onFault'>
  readonly artifacts: ArtifactStore
  /** Requests with an Idempotency-Key. */
  readonly repeated: RepeatedRequests
  /** Where callers reach the service, without a trailing slash. */
  readonly baseUrl: () => string
  readonly bodyLimitBytes: number
  /** Of calls that are passed on to a model. */
  readonly modelBodyLimitBytes: number
  /** True from the beginning of a shutdown; `/readyz` says so. */
  readonly isDraining: () => boolean
  /** True from the end of its grace; new requests are refused. */
  readonly isRefusing: () => boolean
  readonly onFault: OnFault
}

/** Where models are asked. */
function directRoutesOf({ chat, responses, calls, bodyLimitBytes }: AppOptions): readonly DirectRoute[] {
  const ofOwnModel: Partial<Record<ModelApi, AnswerDirectly>> = {
    'chat-completions': chatCompletions(chat),
    responses: createResponse(responses),
  }
  return Object.values(modelRoutes).map(({ api, path, below }) => {
    const passed = passBody(api, below, calls)
    const own = ofOwnModel[api]
    if (own === undefined) return { path, answer: passed }
    const ownLimits = { limitBytes: bodyLimitBytes, shape: ownShape }
    return { path, answer: chooseModel({ own, ownLimits, passed }) }
  })
}

/** Every route but the direct ones and those of guarded endpoints. */
function routesOf(options: AppOptions): readonly Route[] {
  const body = jsonBody({ limitBytes: options.bodyLimitBytes, shape: ownShape })
  const { calls, responses, baseUrl, history, containers, observe } = options
  const session = (action: 'open' | 'close', handler: RequestHandler) =>
    observed(observe, { of: 'session', action }, handler)
  const once = (path: string): RequestHandler => idempotent(options.repeated, path)
  return [
    { method: 'get', path: '/openapi.json', access: 'open', handlers: [getDocument(baseUrl)] },
    { method: 'get', path: '/docs', access: 'open', handlers: [getDocumentPage(baseUrl)] },
    { method: 'get', path: '/livez', access: 'open', handlers: [livez] },
    { method: 'get', path: '/readyz', access: 'open', handlers: [readyz(options.readiness, options.isDraining)] },
    { method: 'get', path: '/metrics', access: 'metrics', handlers: [metrics(options.metrics)] },
    { method: 'get', path: '/v1/models', access: 'key', handlers: [listModels(options.modelsFor)] },
    { method: 'get', path: '/v1/models/:id', access: 'key', handlers: [getModel(options.modelsFor)] },
    {
      method: 'get',
      path: '/v1/artifacts/:id',
      access: 'open',
      handlers: [getArtifact(options.artifacts, options.execute)],
    },
    ...responseRoutes((part) => keptResponse(part, calls), responses),
    ...privacyRoutes({ ...options, stopping: calls.stopping }),
    ...feedbackRoutes(options.complaining, calls.stopping),
    ...checkRoutes(options, body, calls.stopping),
    // In front of files and sessions, whose places it shares.
    ...(options.librechat === null ? [] : librechatRoutes({ ...options.librechat, know: options.know })),
    ...(history === null ? [] : historyRoutes({ history, observe, body, ...options.sql })),
    ...(history === null ? [] : [replayRoute(responses, { body, observe })]),
    ...containerRoutes({ history, containers, observe, body, ...options.sql }),
    { method: 'get', path: '/v1/sessions', access: 'sessions', handlers: [listSessions(options.sessions)] },
    {
      method: 'post',
      path: '/v1/sessions',
      access: 'sessions',
      handlers: [body, session('open', openSession(options.sessions, { baseUrl, observe }))],
    },
    {
      method: 'delete',
      path: '/v1/sessions/:id',
      access: 'sessions',
      handlers: [session('close', closeSession(options.sessions))],
    },
    { method: 'get', path: '/v1/approvals', access: 'key', handlers: [listApprovals(options.approvals)] },
    { method: 'get', path: '/v1/approvals/:id', access: 'key', handlers: [getApproval(options.approvals)] },
    {
      method: 'post',
      path: '/v1/approvals/:id',
      access: 'approve',
      handlers: [body, decideApproval(options.approvals)],
    },
    {
      method: 'post',
      path: '/v1/execute',
      access: 'execute',
      handlers: [body, once('/v1/execute'), executeProgram(options.execute)],
    },
    // The call knows its caller itself: whoever has no key is told where tokens are given.
    { method: 'post', path: '/mcp', access: 'open', handlers: [postMcp(mcpOptions(options))] },
    ...metadataPaths.map(
      (path) =>
        ({ method: 'get', path, access: 'open', handlers: [getProtectedResource(options.mcp.resource)] }) as const,
    ),
    { method: 'post', path: '/v1/sql', access: 'sql', handlers: [body, once('/v1/sql'), runSql(options.sql)] },
    { method: 'post', path: '/v1/sql/check', access: 'sql', handlers: [body, checkSql(options.sql)] },
    ...sourceRoutes({ sources: options.sources, stopping: calls.stopping }),
    ...(options.web === null ? [] : sessionRoutes(options.web, options.know)),
    ...e2bRoutes(options.e2b),
    ...jupyterRoutes({ ...options.jupyter, know: options.know }),
  ]
}

function mcpOptions({ mcp, know, bodyLimitBytes, calls: { stopping }, onFault }: AppOptions): McpRouteOptions {
  return { ...mcp, know, limits: { limitBytes: bodyLimitBytes, shape: ownShape }, stopping, onFault }
}

/** What the service serves, but for guarded endpoints, which have documents of their own. */
export function servedRoutes(options: AppOptions): readonly Pick<Route, 'method' | 'path'>[] {
  const direct = directRoutesOf(options).map(({ path }) => ({ method: 'post', path }) as const)
  const others = routesOf(options).filter(({ isServed }) => isServed !== false)
  return [...direct, ...others.map(({ method, path }) => ({ method, path }))]
}

function refuseWhileClosing(isRefusing: () => boolean): RequestHandler {
  return (request, _response, next) => {
    if (!isRefusing() || request.path === '/livez' || request.path === '/readyz') return next()
    next(notTaken())
  }
}

const refuseUnknown: RequestHandler = (request, _response, next) => {
  next(new ServiceError('not-found', `There is nothing at ${request.path.slice(0, 200)}.`))
}

/** Errors in the form of the API that was asked. */
const bodyFor = (path: string) => errorFormOf(path).body

/** Every route with what stands before and behind it. */
export function createApp(options: AppOptions): RequestListener {
  const routes = directRoutesOf(options)
  const others = answerDirectly(routes, {
    know: options.know,
    limits: { limitBytes: options.modelBodyLimitBytes, shape: passedShape },
    isRefusing: options.isRefusing,
    onFault: options.onFault,
    bodyFor,
    others: createExpress(options, routes),
  })
  const { stallMilliseconds, stopping } = options.calls
  const withApp = besideApp(others, { ...options, files: options.web?.files ?? null, stallMilliseconds })
  if (options.endpoints === null) return withApp
  const endpoints = endpointListener({ ...options, ...options.endpoints, stallMilliseconds, stopping })
  return (request, response) => (isEndpointAddress(request) ? endpoints(request, response) : withApp(request, response))
}

/** All but the direct routes; on their paths it says which methods there are. */
function createExpress(options: AppOptions, direct: readonly DirectRoute[]): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  // One spelling per place: a proxy in front that allows or denies by path sees what counts here.
  app.enable('strict routing')
  app.enable('case sensitive routing')
  app.use((_request, response, next) => {
    setOwnHeaders(response)
    next()
  })
  app.use(refuseWhileClosing(options.isRefusing))
  const asked = direct.map(
    ({ path }) => ({ method: 'post', path, access: 'key', handlers: null, hasHead: true, isServed: true }) as const,
  )
  const byPath = Map.groupBy([...routesOf(options), ...asked], (route) => route.path)
  const exact = routersOfExactPaths([...byPath.keys()])
  app.use(takeExactPaths(exact))
  for (const [path, routes] of byPath) {
    const router = exact.get(path) ?? app
    router.all(path, (_request, response, next) => {
      nameRoute(response, path)
      next()
    })
    const refuse = refuseOtherMethods(routes.filter(({ isServed }) => isServed !== false))
    if (routes.some(({ hasHead }) => hasHead === false)) router.head(path, refuse)
    for (const { method, access, handlers } of routes) {
      const key = access === 'open' ? [] : [requireKey(options.know, access === 'key' ? null : access)]
      if (handlers !== null) router[method](path, ...key, ...handlers)
    }
    // OpenAI's own endpoints share this place with ids of responses: /v1/responses/compact.
    if (path === '/v1/responses/:id') app.post(path, refuseUnknown)
    router.all(path, refuse)
  }
  app.use(refuseUnknown)
  app.use(answerErrors({ onFault: options.onFault, bodyFor }))
  return app
}
