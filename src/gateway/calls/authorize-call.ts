import { ServiceError } from '../../core/errors.ts'
import type { AuthenticatedCall, AuthorizedCall, CallTarget, NamedInBody } from '../../core/model-call.ts'
import type { Grant } from '../../core/grant.ts'
import type { OwnedIds } from '../../core/owned-ids.ts'
import { covers } from '../apis/hosted-tools.ts'
import type { ApiDescription } from '../apis/api.ts'
import type { GrantFor } from '../authorize/policy.ts'
import { sealedIdsIn } from './routing/sealed-items.ts'
import { whereSealed } from './routing/where-sealed.ts'
import { requireScope } from '../authorize/scopes.ts'
import type { Route } from '../../models/routing/routes.ts'

export interface CallPolicy {
  readonly grantFor: GrantFor
  /** By the name that callers ask for. */
  readonly routes: ReadonlyMap<string, Route>
  /** Upstreams of a kind, for calls that name something kept and no model. */
  readonly upstreamsOf: (kind: Route['kind']) => readonly string[]
  readonly ownedIds: OwnedIds
}

/**
 * Asks policy once: the model, what the provider is to do by itself, and whether everything the call names as kept there
 * is its caller's own. A model outside the grant, and what somebody else has made, is answered as if it did not exist.
 */
export async function authorizeCall(
  call: AuthenticatedCall,
  api: ApiDescription,
  policy: CallPolicy,
): Promise<AuthorizedCall> {
  requireScope(call.principal, 'models')
  const grant = await policy.grantFor(call.principal, call.channel, call.requestId)
  const { model, hostedTools, ids, itemIds } = call.facts
  const route = model === null ? null : routeOf(model, { api, granted: grant.models, policy })
  for (const { name, parameter } of hostedTools) {
    if (grant.hostedTools.some((right) => covers(right, name))) continue
    throw new ServiceError('forbidden', `${parameter}: "${name.slice(0, 100)}" is not allowed for your group.`, {
      parameter,
      advice: `Ask the operator: gateway.groups.${call.principal.group}.hosted_tools has to list it.`,
    })
  }
  const isNamed = ids.length + itemIds.length > 0
  const all = [...new Set(route?.targets.map(({ upstream }) => upstream) ?? policy.upstreamsOf(api.kind))]
  const most = route === null ? 1 : null
  const own = isNamed || route === null ? await ownUpstreams(call, all, { ownedIds: policy.ownedIds, most }) : all
  if (route === null) {
    return aimedAt(
      call,
      grant,
      own.slice(0, 1).map((upstream) => ({ upstream, model: null, renamed: false })),
    )
  }
  const sealed = own.length > 1 ? sealedIdsIn(call.body) : []
  const readers = await whereSealed(sealed, own, policy.ownedIds)
  return aimedAt(
    call,
    grant,
    route.targets.filter(({ upstream }) => readers.includes(upstream)),
  )
}

function aimedAt(call: AuthenticatedCall, grant: Grant, [first, ...others]: readonly CallTarget[]): AuthorizedCall {
  if (first === undefined) throw new ServiceError('internal', 'A call has nowhere to go.')
  return { ...call, grant, candidates: [first, ...others], target: first }
}

function routeOf(
  model: string,
  {
    api,
    granted,
    policy,
  }: { readonly api: ApiDescription; readonly granted: readonly string[]; readonly policy: CallPolicy },
): Route {
  const served = granted.includes(model) ? policy.routes.get(model) : undefined
  if (served?.kind === api.kind) return served
  const shown = `There is no model "${model.slice(0, 200)}"`
  // A group that may ask it elsewhere is told where.
  const elsewhere = granted.includes(model)
    ? `${shown} here; it is asked at ${served?.kind === 'anthropic' ? '/v1/messages' : '/v1/chat/completions'}.`
    : `${shown}.`
  throw new ServiceError('model-not-found', elsewhere, { parameter: 'model' })
}

/** Those of the upstreams at which every id is the caller's, so many at most; `not-found` where there is none. */
async function ownUpstreams(
  { principal, facts: { ids, itemIds } }: AuthenticatedCall,
  upstreams: readonly string[],
  { ownedIds, most }: { readonly ownedIds: OwnedIds; readonly most: number | null },
): Promise<readonly string[]> {
  const all = [...new Set([...ids, ...itemIds].map(({ name }) => name))]
  const own: string[] = []
  let foreign: NamedInBody | undefined
  for (const upstream of upstreams) {
    const owners = await ownedIds.owners(upstream, all)
    const ownerOf = ({ name }: NamedInBody): string | null => owners.get(name) ?? null
    const found =
      ids.find((id) => ownerOf(id) !== principal.id) ??
      itemIds.find((id) => ownerOf(id) !== null && ownerOf(id) !== principal.id)
    if (found === undefined) own.push(upstream)
    else foreign = found
    if (own.length === most) break
  }
  if (own.length > 0) return own
  const { name = '', parameter = '' } = foreign ?? ids[0] ?? {}
  throw new ServiceError('not-found', `${parameter}: nothing of yours has the id "${name.slice(0, 100)}".`, {
    parameter,
    advice: 'Ids are known of what was made through this service with the same key.',
  })
}
