import { kindOf } from '../../filters/categories.ts'
import { ruleFor, type FilterProfile } from '../../filters/profile.ts'
import { doesNoLess } from '../../filters/strictness.ts'
import type { TuningPlace } from '../../core/recorded-decisions.ts'

/** The floor of an organization: what a tuned threshold may be, from `lowest` to `highest`. */
export interface ThresholdLimit {
  readonly lowest: number
  readonly highest: number
}

/** By category; that of `toxicity/hate` holds before that of `toxicity`. A category without one is never tuned. */
export type ThresholdLimits = Readonly<Record<string, ThresholdLimit>>

/** Profiles by name, with what they extend, as the configuration has them. */
export type TunableProfiles = Readonly<Record<string, FilterProfile>>

/** Null for a rule that is never tuned. */
export function limitOf(rule: string, limits: ThresholdLimits): ThresholdLimit | null {
  const name = [rule, kindOf(rule)].find((category) => Object.hasOwn(limits, category))
  return name === undefined ? null : (limits[name] ?? null)
}

/**
 * Why a threshold may not stand at a rule of a profile; null where it may. Only a rule that is written and does something has a
 * threshold to tune; what it inherits from holds for it, whatever was tuned.
 */
export function whyNotAllowed(
  threshold: number,
  { direction, rule }: Pick<TuningPlace, 'direction' | 'rule'>,
  { profile, profiles, limits }: { profile: string; profiles: TunableProfiles; limits: ThresholdLimits },
): string | null {
  const limit = limitOf(rule, limits)
  if (limit === null) return `feedback.limits does not list ${rule}, so it is never tuned`
  if (!Number.isFinite(threshold)) return 'it is not a number'
  if (threshold < limit.lowest) return `it is below ${limit.lowest}, the lowest that feedback.limits allows`
  if (threshold > limit.highest) return `it is above ${limit.highest}, the highest that feedback.limits allows`
  if (!['inbound', 'outbound'].includes(direction)) return 'it is of no direction that there is'
  const own = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined
  const written = own !== undefined && Object.hasOwn(own[direction], rule) ? own[direction][rule] : undefined
  if (own === undefined || written === undefined) return `profile "${profile}" has no such rule`
  if (written.action === 'allow') return `the rule of profile "${profile}" allows, whatever is found`
  const inherited = own.extends === undefined ? undefined : profiles[own.extends]
  if (inherited === undefined) return null
  const before = ruleFor(inherited, direction, rule)
  if (doesNoLess({ ...written, threshold }, before)) return null
  return `profile "${profile}" extends "${own.extends}", whose rule acts from ${before.threshold}`
}

/** Of the profiles of a group those at whose rule a threshold may stand, and of each of the others why it may not. */
export function allowedProfiles(
  threshold: number,
  place: Pick<TuningPlace, 'direction' | 'rule'>,
  { names, profiles, limits }: { names: readonly string[]; profiles: TunableProfiles; limits: ThresholdLimits },
): { readonly allowed: readonly string[]; readonly whyOthersNot: readonly string[] } {
  const reasons = names.map((profile) => ({
    profile,
    why: whyNotAllowed(threshold, place, { profile, profiles, limits }),
  }))
  return {
    allowed: reasons.flatMap(({ profile, why }) => (why === null ? [profile] : [])),
    whyOthersNot: reasons.flatMap(({ why }) => why ?? []),
  }
}
