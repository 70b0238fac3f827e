import { ServiceError } from '../../core/errors.ts'
import type { Grant } from '../../core/grant.ts'
import { forEachLimit, type LimitCeilings } from '../../core/requested-limits.ts'
import type { Principal } from '../../core/principal.ts'
import type { Authenticated, Authorized } from '../../core/request.ts'
import type { GroupOptions } from '../options.ts'
import type { GrantFor } from './policy.ts'
import { requireScope } from './scopes.ts'

export interface GroupPolicyOptions {
  readonly groups: Readonly<Record<string, GroupOptions>>
  /** Every configured data source: what "*" stands for. The first one is used where a request names none. */
  readonly dataSources: readonly string[]
  /** Every guarded endpoint: what "*" stands for; none where absent. */
  readonly endpoints?: readonly string[]
  /** Every model that can be asked. */
  readonly models: readonly string[]
  /** The ceilings of a group that names none of its own. */
  readonly sandboxCeilings: LimitCeilings
  /** Of this machine: a sandbox that asks for more never starts. */
  readonly processors: number
}

/** What the configuration gives a principal's group. Throws `forbidden` for a group that it does not have. */
export type ConfiguredGrant = (principal: Principal) => Grant

function expand(names: readonly string[], all: readonly string[]): readonly string[] {
  return names.includes('*') ? all : all.filter((name) => names.includes(name))
}

function ceilingsOf(group: GroupOptions, { sandboxCeilings, processors }: GroupPolicyOptions): LimitCeilings {
  const ceilings = forEachLimit((name) => group.sandbox[name] ?? sandboxCeilings[name])
  return { ...ceilings, cpus: Math.min(ceilings.cpus, processors) }
}

export function createGrantFor(options: GroupPolicyOptions): ConfiguredGrant {
  const grants = new Map(Object.entries(options.groups).map(([group, policy]) => [group, grantOf(policy, options)]))
  return ({ group }) => {
    const grant = grants.get(group)
    if (grant === undefined) throw new ServiceError('forbidden', `The group "${group}" has no policy.`)
    return grant
  }
}

function grantOf(policy: GroupOptions, options: GroupPolicyOptions): Grant {
  const { steps, tokens, answer_tokens, cost, wall_ms, corrections } = policy.budget
  return {
    models: expand(policy.models, options.models),
    hostedTools: policy.hosted_tools,
    tools: policy.tools,
    endpoints: policy.endpoints.includes('*') ? (options.endpoints ?? []) : policy.endpoints,
    dataSources: expand(policy.data_sources, options.dataSources),
    budget: {
      maximumSteps: steps,
      maximumTokens: tokens,
      ...(answer_tokens === null ? {} : { answerTokens: answer_tokens }),
      wallMilliseconds: wall_ms,
      ...(cost === null ? {} : { maximumCost: cost }),
      maximumCorrections: corrections,
    },
    sandboxCeilings: ceilingsOf(policy, options),
    filterProfile: policy.filter_profile,
    privacyProfile: policy.privacy_profile,
    callFilterProfile: policy.call_filter_profile,
    actions: policy.actions,
    revealSql: policy.reveal_sql,
    findValues: policy.find_values,
    grounding: policy.grounding,
    tier: policy.tier,
    routeOrders: {},
    showRoutes: policy.show_routes,
    metrics: policy.metrics,
  }
}

/** Throws `invalid-request` for a group that there is not; what is asked about it would be answered for nobody. */
export function requireGroup(group: string, groups: readonly string[]): void {
  if (groups.includes(group)) return
  throw new ServiceError('invalid-request', `There is no group "${group}".`, {
    parameter: 'group',
    advice: `There are: ${groups.join(', ')}. gateway.groups in the configuration makes others.`,
  })
}

/** Asks policy once. A model or data source outside the grant is answered as if it did not exist. */
export async function authorize(request: Authenticated, grantFor: GrantFor): Promise<Authorized> {
  requireScope(request.principal, 'ask')
  const grant = await grantFor(request.principal, request.channel, request.requestId)
  if (!grant.models.includes(request.model)) {
    throw new ServiceError('model-not-found', `There is no model "${request.model}".`, { parameter: 'model' })
  }
  if (request.dataSource !== null && !grant.dataSources.includes(request.dataSource)) {
    throw new ServiceError('model-not-found', `There is no data source "${request.dataSource}".`, {
      parameter: 'model',
      advice: 'GET /v1/models lists the models and data sources.',
    })
  }
  return {
    ...request,
    grant: withinCost(grant, request.maximumCost),
    dataSource: request.dataSource ?? grant.dataSources[0] ?? null,
  }
}

/** A caller may ask for less than their group gives. */
function withinCost(grant: Grant, maximumCost: number | undefined): Grant {
  if (maximumCost === undefined) return grant
  const least = Math.min(maximumCost, grant.budget.maximumCost ?? maximumCost)
  return { ...grant, budget: { ...grant.budget, maximumCost: least } }
}
