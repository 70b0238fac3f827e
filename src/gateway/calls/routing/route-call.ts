import { ServiceError } from '../../../core/errors.ts'
import type { AuthorizedCall, CallTarget } from '../../../core/model-call.ts'
import { planRoute, type PlannedCall, type RoutePlan, type RoutingState } from '../../../models/routing/plan.ts'
import type { Route } from '../../../models/routing/routes.ts'
import type { JsonObject } from '../../apis/api.ts'
import { sizesOf } from '../bounds/call-bounds.ts'
import { objectOfBody } from '../object-of-body.ts'
import { conversationOf } from './conversation-of.ts'
import { needsOf } from './call-needs.ts'

/** A call whose candidates are in the order in which they are asked, and why. */
export interface Routed<Call> {
  readonly call: Call
  /** null where there was nothing to choose from. */
  readonly plan: RoutePlan | null
}

/**
 * Chooses among the candidates of a call, and changes nothing by it. Throws `invalid-request` where none of the route's targets takes what it asks for.
 */
export async function routeCall<Call extends AuthorizedCall>(
  call: Call,
  route: Route | undefined,
  state: RoutingState,
): Promise<Routed<Call>> {
  const { tier, routeOrders } = call.grant
  const order = route !== undefined && Object.hasOwn(routeOrders, route.id) ? (routeOrders[route.id] ?? null) : null
  if (route === undefined || isSure(route, order)) return { call, plan: null }
  const plan = planRoute(route, { ...(await plannedCall(call, route)), tier, order }, state)
  // The candidates, since their prices may be others than the route's.
  const candidates = new Map(call.candidates.map((candidate) => [nameOf(candidate), candidate]))
  const [target, ...others] = plan.ranked.flatMap(({ target: { name } }) => candidates.get(name) ?? [])
  if (target === undefined) throw nobodyTakes(plan)
  return { call: { ...call, target, candidates: [target, ...others] }, plan }
}

/** Is there one target, which nobody can be kept from? */
const isSure = ({ targets, strategy }: Route, order: readonly string[] | null): boolean =>
  targets.length === 1 && strategy !== 'tier' && order === null

const nameOf = ({ name = '' }: CallTarget): string => name

/** Of the call what its route decides by; what costs time is read where the route asks for it alone. */
async function plannedCall(
  call: AuthorizedCall,
  { strategy, targets }: Route,
): Promise<Omit<PlannedCall, 'order' | 'tier'>> {
  const { facts, candidates, principal } = call
  const byAbility = targets.some(({ abilities }) => abilities !== null)
  const bySize = strategy === 'cost' || targets.some(({ counting }) => (counting?.contextTokens ?? null) !== null)
  const body: JsonObject = byAbility || strategy === 'weighted' ? bodyOf(call) : {}
  return {
    streamed: facts.streamed,
    allowed: new Set(candidates.map(nameOf)),
    needs: byAbility ? needsOf(body) : new Set(),
    sizes: bySize ? await sizesOf(call) : new Map(),
    conversation: strategy === 'weighted' ? conversationOf(body, principal) : '',
  }
}

const bodyOf = ({ body }: AuthorizedCall): JsonObject => (body === null ? null : objectOfBody(body)) ?? {}

function nobodyTakes({ route, skipped }: RoutePlan): ServiceError {
  if (skipped.every(({ why }) => !why.startsWith('needs-'))) {
    const whom = skipped.some(({ why }) => why === 'policy') ? 'The rules in force leave' : 'The tier of your group has'
    return new ServiceError('forbidden', `${whom} no model of "${route}".`, { parameter: 'model' })
  }
  const missing = skipped.flatMap(({ why }) => (why.startsWith('needs-') ? [why.slice('needs-'.length)] : []))
  const what = [...new Set(missing)].join(', ')
  return new ServiceError('invalid-request', `No model of "${route}" takes what the request asks for: ${what}.`, {
    parameter: 'model',
    advice: 'Ask for another model, or without it.',
  })
}
