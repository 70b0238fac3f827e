import { ServiceError } from '../../core/errors.ts'
import { isSamePlace, type TuningPlace } from '../../core/recorded-decisions.ts'
import type { TuningState } from '../../core/tuning.ts'
import {
  allowedProfiles,
  limitOf,
  whyNotAllowed,
  type ThresholdLimit,
} from '../../feedback/rollouts/threshold-limits.ts'
import type { ThresholdsOptions } from '../../feedback/rollouts/thresholds-in-force.ts'
import type { Filter } from '../../filters/filter.ts'
import { askedFor, detectorOf } from '../../filters/pipeline/detectors.ts'
import type { NamedProfile } from '../../filters/pipeline/named-profiles.ts'

/** A place as it stands now. */
export interface PlaceNow {
  readonly place: TuningPlace
  /** The first of the group's profiles in which the threshold may be tuned. */
  readonly profile: NamedProfile
  readonly limit: ThresholdLimit
  /** The threshold in force, tuned or configured. */
  readonly threshold: number
  /** `name@version …` of the detectors that count for the rule, as decisions are recorded with. */
  readonly detectors: string
}

/** What the configuration says of places. */
export interface TunablePlaces {
  /** Throws `invalid-request` for a place that there is not, or whose threshold is never tuned; it says why. */
  now(place: TuningPlace, state: Pick<TuningState, 'thresholds'>): PlaceNow
  /** Every place that may be tuned; of one group where one is named. Throws `invalid-request` for a group that there is not. */
  all(state: Pick<TuningState, 'thresholds'>, group: string | null): readonly PlaceNow[]
  /** Throws `invalid-request` for a group that there is not; it says which there are. */
  requireGroup(group: string): void
  /** Throws `invalid-request` where the threshold may not stand there; it says why. */
  requireAllowed(threshold: number, place: TuningPlace): void
}

export interface PlacesOptions extends ThresholdsOptions {
  /** Profiles by name, as filters are asked by. */
  readonly named: ReadonlyMap<string, NamedProfile>
  readonly filters: readonly Filter[]
}

export function createTunablePlaces({ profiles, limits, groups, named, filters }: PlacesOptions): TunablePlaces {
  const profilesOf = (group: string): readonly string[] => {
    const own = Object.hasOwn(groups, group) ? groups[group] : undefined
    if (own !== undefined) return own
    throw new ServiceError('invalid-request', `There is no group "${group.slice(0, 100)}".`, {
      parameter: 'group',
      advice: `There are: ${Object.keys(groups).toSorted().join(', ')}.`,
    })
  }
  /** The profiles of a group at whose rule a threshold may stand; throws where there is none. */
  const allowedAt = (threshold: number, place: TuningPlace): readonly string[] => {
    const names = profilesOf(place.group)
    const { allowed, whyOthersNot } = allowedProfiles(threshold, place, { names, profiles, limits })
    if (allowed.length > 0) return allowed
    const whys = [...new Set(whyOthersNot)].join('; ')
    throw new ServiceError(
      'invalid-request',
      `A threshold of ${threshold} may not stand at ${textOf(place)}: ${whys}.`,
      {
        advice: 'feedback.limits lists the categories that are tuned, and between what.',
      },
    )
  }
  const now = (place: TuningPlace, { thresholds }: Pick<TuningState, 'thresholds'>): PlaceNow => {
    const limit = limitOf(place.rule, limits)
    // Within the limits some threshold has to be allowed: the strictest is, wherever one is.
    const allowed = allowedAt(limit?.lowest ?? 0, place)
    const profile = allowed.map((name) => named.get(name)).find((each) => each?.[place.direction][place.rule])
    const configured = profile?.[place.direction][place.rule]
    if (profile === undefined || configured === undefined || limit === null) {
      throw new ServiceError('invalid-request', `There is no such rule: ${textOf(place)}.`)
    }
    const tuned = thresholds.find((each) => isSamePlace(each.place, place))
    const isFollowed =
      tuned !== undefined && whyNotAllowed(tuned.threshold, place, { profile: profile.name, profiles, limits }) === null
    const threshold = isFollowed ? tuned.threshold : configured.threshold
    return { place, profile, limit, threshold, detectors: detectorsAt(filters, profile, place) }
  }
  const placesOf = (group: string): readonly TuningPlace[] =>
    profilesOf(group).flatMap((name) =>
      (['inbound', 'outbound'] as const).flatMap((direction) =>
        Object.keys(named.get(name)?.[direction] ?? {}).map((rule) => ({ group, direction, rule })),
      ),
    )
  /** May any threshold stand there? */
  const isTunable = (place: TuningPlace): boolean => {
    const limit = limitOf(place.rule, limits)
    if (limit === null) return false
    return allowedProfiles(limit.lowest, place, { names: profilesOf(place.group), profiles, limits }).allowed.length > 0
  }
  return {
    now,
    all(state, group) {
      const found = (group === null ? Object.keys(groups).toSorted() : [group]).flatMap(placesOf).filter(isTunable)
      const different = found.filter((place, at) => found.findIndex((each) => isSamePlace(each, place)) === at)
      return different.map((place) => now(place, state))
    },
    requireGroup: (group) => void profilesOf(group),
    requireAllowed: (threshold, place) => void allowedAt(threshold, place),
  }
}

/** As decisions are recorded with: sorted, and joined by a blank. */
function detectorsAt(filters: readonly Filter[], profile: NamedProfile, { direction, rule }: TuningPlace): string {
  const asked = askedFor(filters.map(detectorOf), profile, direction)
  return asked
    .filter(({ rules }) => rules.some(({ name, isWritten }) => isWritten && name === rule))
    .map(({ name, version }) => `${name}@${version}`)
    .toSorted()
    .join(' ')
}

const textOf = ({ group, direction, rule }: TuningPlace): string =>
  `${rule} (${direction}) for group "${group.slice(0, 100)}"`
