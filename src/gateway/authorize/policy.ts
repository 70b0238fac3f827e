import type { Grant } from '../../core/grant.ts'
import type { Principal } from '../../core/principal.ts'
import type { Ask } from './ask.ts'
import type { DecisionInput } from './decisions.ts'
import { languageOf, tighten } from './tighten.ts'

/** Where a request came in, as rules see it. */
export type Channel = 'http' | 'cli'

/**
 * What a principal may do at this moment. Rejects with `forbidden` where policy refuses, where a decision cannot be made,
 * and for a group that there is not: no opinion is a no. `requestId` is of the request that it is about, for whoever looks
 * for it later; absent where it is about none.
 */
export type GrantFor = (principal: Principal, channel: Channel, requestId?: string) => Grant | Promise<Grant>

/** The grant that the configuration gives a group, less what rules take from it at this moment. */
export function createPolicyGrantFor(ask: Ask, configured: (principal: Principal) => Grant): GrantFor {
  return async (principal, channel, requestId) => {
    const grant = configured(principal)
    const about = { principal, channel, requestId: requestId ?? null, refusal: 'forbidden' } as const
    const { restrict } = await ask('grant', about, (who) => ({ ...who, granted: toGranted(grant) }))
    return tighten(grant, restrict)
  }
}

function toGranted(grant: Grant): DecisionInput<'grant'>['granted'] {
  const { budget, tools } = grant
  return {
    models: [...grant.models],
    tools: [...tools],
    hosted_tools: [...grant.hostedTools],
    endpoints: [...grant.endpoints],
    data_sources: [...grant.dataSources],
    languages: [...new Set(tools.map((tool) => languageOf[tool]).filter((language) => language !== null))],
    budget: {
      steps: budget.maximumSteps,
      tokens: budget.maximumTokens,
      wall_ms: budget.wallMilliseconds,
      corrections: budget.maximumCorrections,
      cost: budget.maximumCost ?? null,
    },
    sandbox: { ...grant.sandboxCeilings },
    filter_profile: grant.filterProfile,
    privacy_profile: grant.privacyProfile,
    reveal_sql: grant.revealSql,
    find_values: grant.findValues,
    grounding: grant.grounding,
    tier: grant.tier,
    show_routes: grant.showRoutes,
    metrics: grant.metrics,
  }
}
