import { ServiceError } from '../../../core/errors.ts'
import type { AuthenticatedCall } from '../../../core/model-call.ts'
import type { Principal } from '../../../core/principal.ts'
import type { RoutePlan } from '../../../models/routing/plan.ts'
import type { Route } from '../../../models/routing/routes.ts'
import { apis } from '../../apis/apis.ts'
import { atItsTiers } from '../admit-call.ts'
import { authorizeCall, type CallPolicy } from '../authorize-call.ts'
import { parseObject } from '../event-data.ts'
import { limitOutput } from '../limit-output.ts'
import { routeCall } from './route-call.ts'
import type { Routing } from './routing.ts'

/** APIs whose requests can be asked about. */
export const routedApis = ['chat-completions', 'responses', 'messages', 'embeddings'] as const

export type RoutedApi = (typeof routedApis)[number]

/** Where a request would go. */
export interface ExplainedRoute {
  readonly route: Route
  /** null where there is nothing to choose from. */
  readonly plan: RoutePlan | null
}

/** A request about which somebody asks: its body, and who would send it. */
export interface ExplainedCall {
  readonly body: string
  /** null for the one that its body tells. */
  readonly api: RoutedApi | null
  readonly principal: Principal
}

/** Says where a call would go at this moment, and sends nothing. Rejects as it would be answered. */
export type ExplainCall = (asked: ExplainedCall) => Promise<ExplainedRoute>

export function createExplainCall(policy: CallPolicy, routing: Pick<Routing, 'stateFor'>): ExplainCall {
  return async ({ body, api, principal }) => {
    const call = authenticatedAs(principal, body, { api, routes: policy.routes })
    const authorized = await authorizeCall(call, apis[call.api], policy)
    const route = policy.routes.get(call.facts.model ?? '')
    if (route === undefined) throw noModel(call.facts.model ?? '')
    const { plan } = await routeCall(atItsTiers(limitOutput(authorized)), route, routing.stateFor(principal.id))
    return { route, plan }
  }
}

interface Asked {
  readonly api: RoutedApi | null
  readonly routes: ReadonlyMap<string, Route>
}

/** The call that a body would be, of whoever has proven to be this one. Throws `invalid-request`, or `model-not-found`. */
export function authenticatedAs(principal: Principal, text: string, { api: named, routes }: Asked): AuthenticatedCall {
  const parsed = parseObject(text)
  if (parsed === null) throw new ServiceError('invalid-request', 'The request has no object of JSON.')
  const { model } = parsed
  const route = typeof model === 'string' ? routes.get(model) : undefined
  if (route === undefined) throw noModel(String(model))
  const isChat = parsed['messages'] !== undefined
  const likely = route.kind === 'anthropic' ? 'messages' : isChat ? 'chat-completions' : 'responses'
  const api = apis[named ?? likely]
  return {
    requestId: 'explain',
    channel: 'http',
    credential: null,
    api: api.name,
    method: 'POST',
    path: '',
    headers: [],
    body: Buffer.from(text),
    facts: api.factsOf(parsed),
    principal,
  }
}

const noModel = (model: string): ServiceError =>
  new ServiceError('model-not-found', `There is no model "${model.slice(0, 200)}".`, { parameter: 'model' })
