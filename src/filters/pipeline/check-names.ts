import { ServiceError } from '../../core/errors.ts'
import { contentKinds, isContent, kindOf, valueKinds } from '../categories.ts'
import type { Filter } from '../filter.ts'
import type { Calibrations } from './calibration.ts'
import { detectorOf } from './detectors.ts'
import type { NamedProfile } from './named-profiles.ts'

/**
 * Refuses profiles and calibrations that name what there is not: a rule for a category that nothing reports would silently
 * never hold. Throws `invalid-config`, naming what there is.
 */
export function checkNames(
  profiles: ReadonlyMap<string, NamedProfile>,
  calibrations: Calibrations,
  filters: readonly Filter[],
): void {
  const detectors = new Map(filters.map((filter) => [detectorOf(filter).name, filter]))
  const categories = new Set(filters.flatMap(({ categories: own = [] }) => own))
  for (const { name, inbound, outbound } of profiles.values()) {
    for (const [direction, rules] of Object.entries({ inbound, outbound })) {
      for (const [category, { detectors: named = {}, action }] of Object.entries(rules)) {
        const where = `filters.profiles.${name}.${direction}.${category}`
        checkKind(category, where)
        // What is allowed need not be looked for.
        if (action !== 'allow') checkCategory(category, categories, where)
        for (const detector of Object.keys(named))
          checkDetector(detector, category, { detectors, where: `${where}.detectors` })
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

function checkKind(category: string, where: string): void {
  const kinds: readonly string[] = [...valueKinds, ...contentKinds]
  if (kinds.includes(kindOf(category))) return
  throw wrong(`${where}: there is no category "${category}"`, `Its kind has to be one of: ${kinds.join(', ')}.`)
}

/** Of values there are more categories than those that answers are searched for: any of a kind is one. */
function checkCategory(category: string, known: ReadonlySet<string>, where: string): void {
  if (!isContent(category) || reports([...known], category)) return
  const there = [...known].filter(isContent).sort()
  const advice =
    there.length === 0 ? 'Nothing that reports content is configured.' : `Name one of: ${there.join(', ')}.`
  throw wrong(`${where}: nothing reports "${category}"`, advice)
}

interface Known {
  readonly detectors: ReadonlyMap<string, Filter>
  readonly where: string
}

function checkDetector(name: string, category: string | null, { detectors, where }: Known): void {
  const filter = detectors.get(name)
  if (filter === undefined) {
    throw wrong(`${where}: there is no detector "${name}"`, `Name one of: ${[...detectors.keys()].sort().join(', ')}.`)
  }
  const { categories } = filter
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
