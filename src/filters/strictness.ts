import { contentKinds } from './categories.ts'
import { failureOf, filterActions, ruleFor, type FilterProfile, type ProfileRule } from './profile.ts'

/**
 * Does a profile withhold all that another one withholds? At every score of every category its rule has to do no less: what
 * a rule in shadow mode would do does not count.
 */
export function isAtLeastAsStrict(profile: FilterProfile, than: FilterProfile): boolean {
  return (['inbound', 'outbound'] as const).every((direction) => {
    // A category that neither has a rule for goes by what holds without one.
    const named = [...Object.keys(profile[direction]), ...Object.keys(than[direction])]
    return [...named, ...contentKinds, 'unlisted'].every((category) =>
      doesNoLess(ruleFor(profile, direction, category), ruleFor(than, direction, category)),
    )
  })
}

/** Does a rule do no less than another one, whatever is found, and whoever of the detectors does not answer? */
export function doesNoLess(rule: ProfileRule, than: ProfileRule): boolean {
  if (than.mode === 'shadow' || than.action === 'allow') return true
  const isAsFinal = filterActions.indexOf(rule.action) >= filterActions.indexOf(than.action)
  const isAsClosed = failureOf(than) === 'open' || failureOf(rule) === 'closed'
  return (
    rule.mode === 'enforce' && isAsFinal && isAsClosed && rule.threshold <= than.threshold && isSureNoLess(rule, than)
  )
}

/** Are the detectors of a rule sure wherever those of the other one are, at equal thresholds? */
function isSureNoLess(rule: ProfileRule, than: ProfileRule): boolean {
  const { combine = 'any' } = rule
  // Where a quorum or a mean is reached, or the first is sure, one of them is sure by itself.
  if (combine === 'any') return asksNoLess(rule, than)
  if (combine !== (than.combine ?? 'any')) return false
  if (combine === 'quorum') return asksNoLess(rule, than) && (rule.quorum ?? 1) <= (than.quorum ?? 1)
  return JSON.stringify(Object.entries(rule.detectors ?? {})) === JSON.stringify(Object.entries(than.detectors ?? {}))
}

function asksNoLess({ detectors }: ProfileRule, than: ProfileRule): boolean {
  if (detectors === undefined) return true
  return than.detectors !== undefined && Object.keys(than.detectors).every((name) => Object.hasOwn(detectors, name))
}
