import { z } from 'zod'
import type { Direction, FilterFinding } from './filter.ts'

/** From harmless to final: where findings disagree the last of them wins. */
export const filterActions = ['allow', 'annotate', 'mask', 'block'] as const
export type FilterAction = (typeof filterActions)[number]

const ruleSchema = z.strictObject({
  threshold: z.number().min(0).max(1).default(0.5).describe('Findings with a lower score do not count.'),
  action: z.enum(filterActions).default('mask').describe('What a finding means for the text it is in.'),
  mode: z
    .enum(['enforce', 'shadow'])
    .default('enforce')
    .describe('shadow reports what would have happened and does nothing.'),
})

const rulesSchema = z.record(
  z.string().regex(/^[a-z]+(?:-[a-z]+)*(?:\/[a-z]+(?:-[a-z]+)*)?$/, 'a category like "pii" or "pii/email"'),
  ruleSchema,
)

export const profileSchema = z.strictObject({
  version: z.int().min(1).default(1).describe('Raised with every change; reports carry it.'),
  inbound: rulesSchema.default({}).describe('Rules for what a model is sent, by category ("pii", "pii/email").'),
  outbound: rulesSchema.default({}).describe('Rules for what leaves the service, by category ("pii", "pii/email").'),
})

export type ProfileRule = z.infer<typeof ruleSchema>
export type FilterProfile = z.infer<typeof profileSchema>

const strictRule: ProfileRule = { threshold: 0.5, action: 'mask', mode: 'enforce' }
const allowRule: ProfileRule = { threshold: 0.5, action: 'allow', mode: 'enforce' }

/** Everything structured is masked on the way out; on the way in only secrets, so that a question keeps its meaning. */
export const defaultProfile: FilterProfile = {
  version: 1,
  inbound: { secret: strictRule, pii: allowRule, 'sql-leak': allowRule, link: allowRule },
  outbound: { secret: strictRule, pii: strictRule, 'sql-leak': strictRule, link: strictRule },
}

/**
 * The rule of the most exact category (`pii/email` before `pii`). A category without a rule is masked, so that nothing
 * passes for want of a rule.
 */
export function ruleFor(profile: FilterProfile, direction: Direction, category: string): ProfileRule {
  const rules = profile[direction]
  return rules[category] ?? rules[category.replace(/\/.*/, '')] ?? strictRule
}

/**
 * Does a profile withhold all that another one withholds? At every score of every category its rule has to do no less: what
 * a rule in shadow mode would do does not count.
 */
export function isAtLeastAsStrict(profile: FilterProfile, than: FilterProfile): boolean {
  return (['inbound', 'outbound'] as const).every((direction) => {
    // A category that neither has a rule for goes by what holds without one.
    const categories = [...Object.keys(profile[direction]), ...Object.keys(than[direction]), 'unlisted']
    return categories.every((category) =>
      doesNoLess(ruleFor(profile, direction, category), ruleFor(than, direction, category)),
    )
  })
}

function doesNoLess(rule: ProfileRule, than: ProfileRule): boolean {
  if (than.mode === 'shadow' || than.action === 'allow') return true
  const isAsFinal = filterActions.indexOf(rule.action) >= filterActions.indexOf(than.action)
  return rule.mode === 'enforce' && isAsFinal && rule.threshold <= than.threshold
}

/** What was found and what it came to. `effective` is what happens: `decided`, or `allow` in shadow mode. */
export interface FilterDecision extends FilterFinding {
  readonly direction: Direction
  readonly profileVersion: number
  readonly decided: FilterAction
  readonly enforced: boolean
  readonly effective: FilterAction
}

export function decide(profile: FilterProfile, direction: Direction, finding: FilterFinding): FilterDecision {
  const rule = ruleFor(profile, direction, finding.category)
  const decided = finding.score >= rule.threshold ? rule.action : 'allow'
  const enforced = rule.mode === 'enforce'
  const effective = enforced ? decided : 'allow'
  return { ...finding, direction, profileVersion: profile.version, decided, enforced, effective }
}
