import { kindOf } from '../categories.ts'
import type { Direction, Filter } from '../filter.ts'
import { ruleFor, ruleNameFor, type ProfileRule } from '../profile.ts'
import type { NamedProfile } from './named-profiles.ts'

/** A filter by the name that profiles call it. */
export interface Detector {
  readonly name: string
  readonly version: string
  readonly filter: Filter
}

export function detectorOf(filter: Filter): Detector {
  const [name = filter.name, version = '1'] = filter.name.split('@')
  return { name, version: filter.version ?? version, filter }
}

/** A rule by what it is written for; a category that has none by itself. */
export interface AskedRule {
  readonly name: string
  readonly rule: ProfileRule
  /** Does the profile say so, and not what holds without a rule? */
  readonly isWritten: boolean
}

/** A detector with the rules that what it reports can count for. */
export interface AskedDetector extends Detector {
  readonly rules: readonly AskedRule[]
}

/** Who of the detectors has to be asked for a profile in a direction, and by which rules. */
export function askedFor(
  detectors: readonly Detector[],
  profile: NamedProfile,
  direction: Direction,
): readonly AskedDetector[] {
  return detectors.flatMap((detector) => {
    const rules = rulesOf(detector, profile, direction)
    return rules.length === 0 ? [] : [{ ...detector, rules }]
  })
}

/** The same, found once for each profile and direction. */
export function askedByProfile(
  detectors: readonly Detector[],
): (profile: NamedProfile, direction: Direction) => readonly AskedDetector[] {
  const known = new WeakMap<NamedProfile, Partial<Record<Direction, readonly AskedDetector[]>>>()
  return (profile, direction) => {
    const asked = known.get(profile) ?? {}
    known.set(profile, asked)
    return (asked[direction] ??= askedFor(detectors, profile, direction))
  }
}

/** Values are looked for also where a profile has no rule for them. */
const unlisted = 'other'

function rulesOf(detector: Detector, profile: NamedProfile, direction: Direction): readonly AskedRule[] {
  const written = Object.keys(profile[direction])
  const { categories = [...written, unlisted] } = detector.filter
  // Of a whole kind there may be rules for parts of it.
  const partsOf = (kind: string): string[] => written.filter((name) => name !== kind && kindOf(name) === kind)
  const candidates = categories.flatMap((category) => [category].concat(partsOf(category)))
  const rules = new Map<string, AskedRule>()
  for (const category of candidates) {
    const rule = ruleFor(profile, direction, category)
    const name = ruleNameFor(profile, direction, category)
    const asked = { name: name ?? category, rule, isWritten: name !== null }
    if (rule.action !== 'allow' && counts(rule, detector.name)) rules.set(asked.name, asked)
  }
  return [...rules.values()]
}

/** Does a rule take a detector into account? */
export function counts({ detectors }: ProfileRule, name: string): boolean {
  return detectors === undefined || Object.hasOwn(detectors, name)
}
