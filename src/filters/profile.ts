import { z } from 'zod'
import { categoryName, isContent, kindOf } from './categories.ts'
import type { Direction, FilterFinding } from './filter.ts'

/** From harmless to final: where findings disagree the last of them wins. */
export const filterActions = ['allow', 'annotate', 'mask', 'regenerate', 'human', 'block'] as const
export type FilterAction = (typeof filterActions)[number]

export const combinations = ['any', 'quorum', 'weighted', 'first'] as const

/** What a finding means in one direction. Which detectors a rule asks, and how they are taken together, is optional. */
export interface ProfileRule {
  readonly threshold: number
  readonly action: FilterAction
  readonly mode: 'enforce' | 'shadow'
  /** `any` where it is absent: each finding counts by itself. */
  readonly combine?: (typeof combinations)[number] | undefined
  readonly quorum?: number | undefined
  /** Weights by name of the detector. Without them every detector that reports the category is asked. */
  readonly detectors?: Readonly<Record<string, number>> | undefined
  readonly on_failure?: 'closed' | 'open' | undefined
}

export type ProfileRules = Readonly<Record<string, ProfileRule>>

export interface FilterProfile {
  readonly version: number
  /** The profile whose rules it has taken over, and than which it may only be stricter; absent for none. */
  readonly extends?: string | undefined
  readonly inbound: ProfileRules
  readonly outbound: ProfileRules
}

const threshold = z.number().min(0).max(1).default(0.5).describe('Findings with a lower score do not count.')
const mode = z
  .enum(['enforce', 'shadow'])
  .default('enforce')
  .describe('shadow reports what would have happened and does nothing.')

const how = {
  threshold,
  mode,
  combine: z
    .enum(combinations)
    .optional()
    .describe(
      'How detectors are taken together: any (each counts by itself, as without this), quorum (so many have to be sure), weighted (the mean of their scores), first (the first of detectors that answers).',
    ),
  quorum: z.int().min(1).max(100).optional().describe('How many detectors have to be sure, where combine is quorum.'),
  detectors: z
    .record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'the name of a detector'), z.number().positive().max(1_000))
    .optional()
    .describe('The detectors that count, by name, with their weights; without it all that report the category.'),
  on_failure: z
    .enum(['closed', 'open'])
    .optional()
    .describe(
      'A detector that does not answer: closed blocks, open goes on and says so. Without it closed, and open for allow and annotate.',
    ),
}

/** What is wrong with how a rule takes detectors together; null where nothing is. */
function wrongCombination({ combine, quorum, detectors }: Partial<ProfileRule>): string | null {
  const named = detectors === undefined ? null : Object.keys(detectors).length
  if ((combine === 'quorum') !== (quorum !== undefined)) return 'combine: quorum and quorum go together'
  if (named === 0) return 'detectors must name one at least'
  if (named === null && (combine === 'weighted' || combine === 'first')) return `combine: ${combine} needs detectors`
  if (quorum !== undefined && named !== null && quorum > named) return 'quorum is higher than the number of detectors'
  return null
}

const category = z.string().regex(categoryName, 'a category like "pii" or "pii/email"')

function rulesOf<Action extends z.ZodType<FilterAction>>(action: Action) {
  const rule = z.strictObject({ ...how, action }).superRefine((given: Partial<ProfileRule>, context) => {
    const message = wrongCombination(given)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })
  return z.record(category, rule)
}

const meaning = 'What a finding means for the text it is in.'

/** Rules of which each finding counts by itself, and nobody is asked. */
export const plainRulesSchema = z.record(
  category,
  z.strictObject({
    threshold,
    action: z.enum(['allow', 'annotate', 'mask', 'block']).default('mask').describe(meaning),
    mode,
  }),
)

export const profileName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/)

export const profileSchema = z.strictObject({
  version: z.int().min(1).default(1).describe('Raised with every change; reports carry it.'),
  extends: profileName
    .optional()
    .describe('A profile whose rules hold too. A rule in its place may only be as strict or stricter.'),
  inbound: rulesOf(z.enum(['allow', 'annotate', 'mask', 'human', 'block']).default('mask').describe(meaning))
    .default({})
    .describe(
      'Rules for what a model is sent, by category ("pii", "pii/email"). human: it goes on once a person has allowed it.',
    ),
  outbound: rulesOf(z.enum(['allow', 'annotate', 'mask', 'regenerate', 'block']).default('mask').describe(meaning))
    .default({})
    .describe(
      'Rules for what leaves the service, by category ("pii", "pii/email"). regenerate: the model is asked once more.',
    ),
})

const strictRule: ProfileRule = { threshold: 0.5, action: 'mask', mode: 'enforce' }
const allowRule: ProfileRule = { threshold: 0.5, action: 'allow', mode: 'enforce' }

/** Everything structured is masked on the way out; on the way in only secrets, so that a question keeps its meaning. */
export const defaultProfile = {
  version: 1,
  inbound: { secret: strictRule, pii: allowRule, 'sql-leak': allowRule, link: allowRule },
  outbound: { secret: strictRule, pii: strictRule, 'sql-leak': strictRule, link: strictRule },
} satisfies FilterProfile

/**
 * The rule of the most exact category (`pii/email` before `pii`). Values without a rule are masked, so that nothing passes
 * for want of a rule; content without one (`toxicity`, …) is not looked for.
 */
export function ruleFor(profile: FilterProfile, direction: Direction, category: string): ProfileRule {
  const name = ruleNameFor(profile, direction, category)
  const rule = name === null ? undefined : profile[direction][name]
  return rule ?? (isContent(category) ? allowRule : strictRule)
}

/** The category that the rule is written for: null where there is none. */
export function ruleNameFor(profile: FilterProfile, direction: Direction, category: string): string | null {
  const rules = profile[direction]
  if (Object.hasOwn(rules, category)) return category
  const kind = kindOf(category)
  return Object.hasOwn(rules, kind) ? kind : null
}

/** What it means that a detector of such a category does not answer. */
export function failureOf({ action, on_failure: onFailure }: ProfileRule): 'closed' | 'open' {
  return onFailure ?? (action === 'allow' || action === 'annotate' ? 'open' : 'closed')
}

/** Must a text with such a finding not go on as it is, whatever is hidden in it? */
export function withholds(action: FilterAction): action is 'regenerate' | 'human' | 'block' {
  return action === 'regenerate' || action === 'human' || action === 'block'
}

/** The later of two in the order of actions. */
export function moreFinal(one: FilterAction, other: FilterAction): FilterAction {
  return filterActions.indexOf(one) >= filterActions.indexOf(other) ? one : other
}

/** What was found and what it came to. `effective` is what happens: `decided`, or `allow` in shadow mode. */
export interface FilterDecision extends FilterFinding {
  readonly direction: Direction
  readonly profileVersion: number
  readonly decided: FilterAction
  readonly enforced: boolean
  readonly effective: FilterAction
  /** As the detector gave it, where `score` is calibrated. */
  readonly rawScore?: number
  /** Names of the detectors that were sure, where several are taken together. */
  readonly voters?: readonly string[]
}

export function decide(profile: FilterProfile, direction: Direction, finding: FilterFinding): FilterDecision {
  const rule = ruleFor(profile, direction, finding.category)
  return decided(profile, rule, { finding, direction, isSure: finding.score >= rule.threshold })
}

/** The decision about one finding where it is known whether it counts. */
export function decided(
  { version }: Pick<FilterProfile, 'version'>,
  rule: ProfileRule,
  {
    finding,
    direction,
    isSure,
  }: { readonly finding: FilterFinding; readonly direction: Direction; readonly isSure: boolean },
): FilterDecision {
  const action = isSure ? rule.action : 'allow'
  const enforced = rule.mode === 'enforce'
  const effective = enforced ? action : 'allow'
  return { ...finding, direction, profileVersion: version, decided: action, enforced, effective }
}
