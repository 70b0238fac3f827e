import { ServiceError } from '../../core/errors.ts'
import { contentKinds, isContent, kindOf, valueKinds } from '../categories.ts'
import type { Direction, Filter } from '../filter.ts'
import type { ProfileRule } from '../profile.ts'
import type { Calibrations } from './calibration.ts'
import { askedFor, detectorOf, type Detector } from './detectors.ts'
import type { NamedProfile } from './named-profiles.ts'

/**
 * Refuses profiles and calibrations that name what there is not: a rule for what nothing reports would silently never hold,
 * and so would one for which more detectors have to be sure than there are. Throws `invalid-config`, naming what there is.
 */
export function checkNames(
  profiles: ReadonlyMap<string, NamedProfile>,
  calibrations: Calibrations,
  filters: readonly Filter[],
): void {
  const detectors = filters.map(detectorOf)
  checkDistinct(detectors)
  for (const profile of profiles.values()) {
    for (const direction of ['inbound', 'outbound'] as const) {
      for (const [category, rule] of Object.entries(profile[direction])) {
        const where = `filters.profiles.${profile.name}.${direction}.${category}`
        checkKind(category, where)
        for (const name of Object.keys(rule.detectors ?? {})) {
          checkDetector(name, category, { detectors, where: `${where}.detectors` })
        }
        // What is allowed need not be looked for.
        if (rule.action !== 'allow') checkReported(category, rule, { detectors, where, profile, direction })
      }
    }
  }
  for (const [detector, tables] of Object.entries(calibrations)) {
    const where = `filters.content.calibrations.${detector}`
    checkDetector(detector, null, { detectors, where })
    for (const category of Object.keys(tables)) {
      if (category !== '*') checkDetector(detector, category, { detectors, where: `${where}.${category}` })
    }
  }
}

/** A profile could not say which of two it means. */
function checkDistinct(detectors: readonly Detector[]): void {
  const names = detectors.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw wrong(`filters.detectors.${twice}: there is a detector of this name in the service`, 'Give it another name.')
}

function checkKind(category: string, where: string): void {
  const kinds: readonly string[] = [...valueKinds, ...contentKinds]
  if (kinds.includes(kindOf(category))) return
  throw wrong(`${where}: there is no category "${category}"`, `Its kind has to be one of: ${kinds.join(', ')}.`)
}

interface Known {
  readonly detectors: readonly Detector[]
  readonly where: string
}

interface RulePlace extends Known {
  readonly profile: NamedProfile
  readonly direction: Direction
}

/** Can the rule hold at all, by those that report what it is about and no more exact rule is for? */
function checkReported(category: string, { detectors: named = {}, quorum = 0 }: ProfileRule, place: RulePlace): void {
  const { detectors, where, profile, direction } = place
  const reporting = detectors.filter((detector) =>
    askedFor([detector], profile, direction).some(({ rules }) => rules.some(({ name }) => name === category)),
  )
  const silent = Object.keys(named).find((name) => !reporting.some((each) => each.name === name))
  if (silent !== undefined) {
    throw wrong(`${where}.detectors: all that "${silent}" reports has a rule of its own`, 'Leave it out of this one.')
  }
  if (reporting.length < quorum) {
    const names = reporting.map(({ name }) => name).join(', ') || 'none'
    throw wrong(`${where}.quorum: ${quorum} have to be sure`, `These report it: ${names}.`)
  }
  // Of values there are more categories than those that answers are searched for: any of a kind is one.
  if (!isContent(category)) return
  const known = detectors.flatMap(({ filter: { categories = [] } }) => categories)
  const isReported = reports(known, category) || detectors.some(({ filter }) => filter.categories === undefined)
  if (isReported) return
  const there = [...new Set(known.filter(isContent))].sort()
  const advice = there.length === 0 ? 'Nothing that reports content is there.' : `Name one of: ${there.join(', ')}.`
  throw wrong(`${where}: nothing reports "${category}"`, advice)
}

function checkDetector(name: string, category: string | null, { detectors, where }: Known): void {
  const detector = detectors.find((each) => each.name === name)
  if (detector === undefined) {
    const names = detectors.map((each) => each.name).sort()
    throw wrong(`${where}: there is no detector "${name}"`, `Name one of: ${names.join(', ')}.`)
  }
  const { categories } = detector.filter
  if (category === null || categories === undefined || reports(categories, category)) return
  throw wrong(`${where}: the detector "${name}" does not report "${category}"`, `It reports: ${categories.join(', ')}.`)
}

/** Can any of the categories be one that a rule for `category` is about, or the other way round? */
function reports(categories: readonly string[], category: string): boolean {
  return categories.some((each) => each === category || kindOf(each) === category || each === kindOf(category))
}

function wrong(what: string, advice: string): ServiceError {
  return new ServiceError('invalid-config', `${what}.`, { advice })
}
