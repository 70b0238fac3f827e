import type { NamedProfile } from './pipeline/named-profiles.ts'
import { ruleFor, ruleNameFor, type FilterDecision } from './profile.ts'

/** Why a finding means what it means by a profile, in a few words without a part of the text. */
export function whyDecided(decision: FilterDecision, profile: NamedProfile): string {
  const { score, decided, enforced, effective, voters, direction, category } = decision
  const name = ruleNameFor(profile, direction, category)
  const rule = ruleFor(profile, direction, category)
  const of = name === null ? 'what holds for values without a rule' : `the rule ${name}`
  if (rule.action === 'allow') return `${of} allows it`
  const [at, from] = [score.toFixed(2), String(rule.threshold)]
  if (decided === 'allow') {
    return score < rule.threshold ? `${at} is below ${from}, by ${of}` : `${of} wants others to be sure, too`
  }
  const together = voters === undefined ? '' : `, with ${voters.join(', ')}`
  const because = `${at} is not below ${from}, by ${of}${together}`
  if (effective === decided) return because
  return enforced ? `${because}; the rules of policy make it more` : `${because}; in shadow mode, else ${decided}`
}
