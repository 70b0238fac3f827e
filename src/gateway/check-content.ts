import { ServiceError } from '../core/errors.ts'
import type { ContentNotice } from '../core/facts.ts'
import type { Grant } from '../core/grant.ts'
import type { Principal } from '../core/principal.ts'
import type { Direction, FilterPart } from '../filters/filter.ts'
import type { ThresholdsFor } from '../filters/pipeline/call-thresholds.ts'
import type { NamedProfile } from '../filters/pipeline/named-profiles.ts'
import type { ContentPipeline } from '../filters/pipeline/pipeline.ts'
import { isAtLeastAsStrict } from '../filters/strictness.ts'
import { whyDecided } from '../filters/why-decided.ts'
import type { Quota } from './admit/quota.ts'
import type { ContentDecision, ContentRules } from './authorize/content-rules.ts'
import type { GrantFor } from './authorize/policy.ts'
import { asConfigured } from './moderate/call-thresholds.ts'
import { ContentRecord } from './moderate/content-record.ts'

/** Texts that a caller wants looked at, without anything being done with them. */
export interface AskedCheck {
  readonly principal: Principal
  readonly requestId: string
  readonly direction: Direction
  /** null for the group's own. */
  readonly profile: string | null
  readonly parts: readonly FilterPart[]
}

/** What would become of the texts. */
export interface CheckedContent extends ContentDecision {
  /** Of the decision. */
  readonly id: string
  /** For each of `decisions`, in words. */
  readonly why: readonly string[]
}

export type CheckContent = (asked: AskedCheck, signal: AbortSignal) => Promise<CheckedContent>

export interface CheckContentOptions {
  readonly pipeline: ContentPipeline
  /** By name, `default` among them. */
  readonly profiles: ReadonlyMap<string, NamedProfile>
  /** By which thresholds texts are decided on; those of the configuration where absent. */
  readonly thresholds?: ThresholdsFor
  readonly grantFor: GrantFor
  readonly quota: Pick<Quota, 'reserve'>
  readonly rules: ContentRules
  /** Resolves when it is on the audit trail: nothing is answered before. */
  readonly tell: (notice: ContentNotice) => Promise<void>
}

/**
 * Looks at texts as the filters of content do, for a caller who wants to know. A group may ask by the profiles it has, of calls
 * first and else of what leaves, or by one that withholds all that the first does: what is laxer would tell it what gets past
 * the filters of others. Counts as a request
 * of its limits. Rejects with `forbidden` and with what the quota refuses.
 */
export function createCheckContent(options: CheckContentOptions): CheckContent {
  return async (asked, signal) => {
    const { principal, requestId, direction, parts } = asked
    const grant = await options.grantFor(principal, 'http', requestId)
    const inForce = (options.thresholds ?? asConfigured)(principal, profileFor(asked, grant, options.profiles))
    // Nobody is kept from anything: what somebody tries belongs to no figure, or it could be moved by trying.
    const thresholds = { ...inForce, keepsTexts: false, decided: () => {} }
    const { profile } = thresholds
    await using _place = await options.quota.reserve(principal, {})
    const context = { direction, group: principal.group, executedSql: [] }
    const verdict = await options.pipeline.inspect(parts, { profile, context }, signal)
    const about = { principal, channel: 'http', requestId, direction, api: 'check', model: null } as const
    const decision = await options.rules(verdict, parts, about)
    const record = new ContentRecord({ call: { requestId, principal, api: 'check' }, direction, thresholds })
    record.add(decision, parts)
    await record.tell(options.tell)
    return { ...decision, id: record.id, why: decision.decisions.map((each) => whyDecided(each, profile)) }
  }
}

function profileFor(
  { principal: { group }, profile: name }: AskedCheck,
  grant: Grant,
  profiles: ReadonlyMap<string, NamedProfile>,
): NamedProfile {
  const usual = grant.callFilterProfile ?? grant.filterProfile
  const own = profiles.get(usual)
  if (own === undefined) {
    const message = `The group "${group}" names the filter profile "${usual}", which is not there.`
    throw new ServiceError('invalid-config', message)
  }
  const asked = name === null ? own : profiles.get(name)
  const isOwn = asked !== undefined && (asked === own || asked.name === grant.filterProfile)
  if (asked !== undefined && (isOwn || isAtLeastAsStrict(asked, own))) return asked
  // Which profiles there are is not told to whoever may not use them.
  const message = `The group "${group}" may not check by the filter profile "${name}".`
  throw new ServiceError('forbidden', message, {
    parameter: 'profile',
    advice: `Leave profile out, which checks by "${own.name}", or name one that is at least as strict.`,
  })
}
