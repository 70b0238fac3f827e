import { ServiceError } from '../../core/errors.ts'
import type { PolicyNotice } from '../../core/facts.ts'
import type { Grant } from '../../core/grant.ts'
import type { Principal } from '../../core/principal.ts'
import type { Decide, Decided } from './decide.ts'
import type { DecisionInput, DecisionName } from './decisions.ts'
import { languageOf, tighten } from './tighten.ts'
import { createTimeOfDay } from './time-of-day.ts'

/** Where a request came in, as rules see it. */
export type Channel = 'http' | 'cli'

/**
 * What a principal may do at this moment. Rejects with `forbidden` where policy refuses, where a decision cannot be made,
 * and for a group that there is not: no opinion is a no.
 */
export type GrantFor = (principal: Principal, channel: Channel) => Grant | Promise<Grant>

export interface CreatePolicyOptions {
  readonly decide: Decide
  /** What the configuration gives a group. */
  readonly configured: (principal: Principal) => Grant
  readonly timeZone: string
  readonly onDecision: (notice: PolicyNotice) => void
  readonly now?: () => Date
}

/** The grant that the configuration gives a group, less what rules take from it at this moment. */
export function createPolicyGrantFor(options: CreatePolicyOptions): GrantFor {
  const { decide, configured, timeZone, onDecision, now = () => new Date() } = options
  const timeOfDay = createTimeOfDay(timeZone)
  return async (principal, channel) => {
    const grant = configured(principal)
    const { id, kind, group } = principal
    const who = { principal: { id, kind, group, tenant: null }, channel, time: timeOfDay(now()) } as const
    const decided = await decide('grant', { ...who, granted: toGranted(grant) })
    onDecision(noticeOf(decided, principal))
    if (decided.kind === 'fault') throw noDecision()
    if (!decided.output.allow) throw refusedBy(decided.output)
    return tighten(grant, decided.output.restrict)
  }
}

function noticeOf(decided: Decided<DecisionName>, { id, group }: Principal): PolicyNotice {
  const { name, revision, milliseconds } = decided
  const told = { decision: name, principal: id, group, revision, milliseconds }
  if (decided.kind === 'decision') {
    const { allow, rules } = decided.output
    return { ...told, allowed: allow, rules: rules.toSorted(), fault: null }
  }
  return { ...told, allowed: false, rules: [], fault: { what: decided.fault, cause: decided.cause } }
}

function refusedBy({ reason, rules }: { readonly reason: string; readonly rules: readonly string[] }): ServiceError {
  return new ServiceError('forbidden', `Policy refuses: ${reason}`, {
    advice: `Ask the operator about ${rules.toSorted().join(', ') || 'the rules of this service'}.`,
  })
}

function noDecision(): ServiceError {
  return new ServiceError('forbidden', 'No decision could be made about this request, so it is refused.', {
    advice: 'Ask the operator: the log says what is wrong with the policy.',
  })
}

function toGranted(grant: Grant): DecisionInput<'grant'>['granted'] {
  const { budget, tools } = grant
  return {
    models: [...grant.models],
    tools: [...tools],
    hosted_tools: [...grant.hostedTools],
    data_sources: [...grant.dataSources],
    languages: [...new Set(tools.map((tool) => languageOf[tool]).filter((language) => language !== null))],
    budget: {
      steps: budget.maximumSteps,
      tokens: budget.maximumTokens,
      wall_ms: budget.wallMilliseconds,
      corrections: budget.maximumCorrections,
    },
    sandbox: { ...grant.sandboxCeilings },
    filter_profile: grant.filterProfile,
    privacy_profile: grant.privacyProfile,
    reveal_sql: grant.revealSql,
    find_values: grant.findValues,
    metrics: grant.metrics,
  }
}
