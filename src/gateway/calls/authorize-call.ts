import { ServiceError } from '../../core/errors.ts'
import type { AuthenticatedCall, AuthorizedCall, CallTarget, NamedInBody } from '../../core/model-call.ts'
import type { OwnedIds } from '../../core/owned-ids.ts'
import { covers } from '../apis/hosted-tools.ts'
import type { ApiDescription } from '../apis/api.ts'
import type { GrantFor } from '../authorize/policy.ts'
import { requireScope } from '../authorize/scopes.ts'

/** A model that is served by passing calls on. */
export interface ServedModel extends CallTarget {
  readonly kind: 'openai' | 'anthropic'
}

export interface CallPolicy {
  readonly grantFor: GrantFor
  /** By the name that callers ask for. */
  readonly models: ReadonlyMap<string, ServedModel>
  /** Upstreams of a kind, for calls that name something kept and no model. */
  readonly upstreamsOf: (kind: ServedModel['kind']) => readonly string[]
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
  const target = model === null ? null : targetOf(model, { api, granted: grant.models, policy })
  for (const { name, parameter } of hostedTools) {
    if (grant.hostedTools.some((right) => covers(right, name))) continue
    throw new ServiceError('forbidden', `${parameter}: "${name.slice(0, 100)}" is not allowed for your group.`, {
      parameter,
      advice: `Ask the operator: gateway.groups.${call.principal.group}.hosted_tools has to list it.`,
    })
  }
  if (target !== null && ids.length + itemIds.length === 0) return { ...call, grant, target }
  const upstreams = target === null ? policy.upstreamsOf(api.kind) : [target.upstream]
  const upstream = await ownUpstream(call, upstreams, policy.ownedIds)
  return { ...call, grant, target: target ?? { upstream, model: null, renamed: false } }
}

function targetOf(
  model: string,
  {
    api,
    granted,
    policy,
  }: { readonly api: ApiDescription; readonly granted: readonly string[]; readonly policy: CallPolicy },
): CallTarget {
  const served = granted.includes(model) ? policy.models.get(model) : undefined
  if (served?.kind === api.kind) return served
  const shown = `There is no model "${model.slice(0, 200)}"`
  // A group that may ask it elsewhere is told where.
  const elsewhere = granted.includes(model)
    ? `${shown} here; it is asked at ${served?.kind === 'anthropic' ? '/v1/messages' : '/v1/chat/completions'}.`
    : `${shown}.`
  throw new ServiceError('model-not-found', elsewhere, { parameter: 'model' })
}

/** The first of the upstreams at which every id is the caller's; `not-found` where there is none. */
async function ownUpstream(
  { principal, facts: { ids, itemIds } }: AuthenticatedCall,
  upstreams: readonly string[],
  ownedIds: OwnedIds,
): Promise<string> {
  const all = [...new Set([...ids, ...itemIds].map(({ name }) => name))]
  let foreign: NamedInBody | undefined
  for (const upstream of upstreams) {
    const owners = await ownedIds.owners(upstream, all)
    const ownerOf = ({ name }: NamedInBody): string | null => owners.get(name) ?? null
    foreign =
      ids.find((id) => ownerOf(id) !== principal.id) ??
      itemIds.find((id) => ownerOf(id) !== null && ownerOf(id) !== principal.id)
    if (foreign === undefined) return upstream
  }
  const { name = '', parameter = '' } = foreign ?? ids[0] ?? {}
  throw new ServiceError('not-found', `${parameter}: nothing of yours has the id "${name.slice(0, 100)}".`, {
    parameter,
    advice: 'Ids are known of what was made through this service with the same key.',
  })
}
