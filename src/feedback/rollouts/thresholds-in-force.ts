import type { TuningPlace } from '../../core/recorded-decisions.ts'
import type { ActiveStage, TuningState } from '../../core/tuning.ts'
import type { NamedProfile } from '../../filters/pipeline/named-profiles.ts'
import { createCanary } from './in-canary.ts'
import { isActive } from './stage-rules.ts'
import { allowedProfiles, type ThresholdLimits, type TunableProfiles } from './threshold-limits.ts'

export interface ThresholdsOptions {
  /** As the configuration has them; `default` is among them. */
  readonly profiles: TunableProfiles
  readonly limits: ThresholdLimits
  /** The profiles that a group is configured with, by group: that of its answers, and that of its calls. */
  readonly groups: Readonly<Record<string, readonly string[]>>
}

/** Something of a state that is not followed. What the configuration says holds in its place. */
export interface ThresholdProblem {
  readonly place: TuningPlace
  readonly rollout: string
  readonly message: string
}

/** A rollout as it is for one call: what to compute, and what has decided. */
export interface ActiveRollout {
  readonly id: string
  readonly stage: ActiveStage
  readonly place: TuningPlace
  /** `canary`: `after` decides here. */
  readonly arm: 'canary' | 'control'
  /** Threshold of this profile without the rollout, and with it. */
  readonly before: number
  readonly after: number
}

export interface ProfileInForce {
  readonly profile: NamedProfile
  /** The revision of the state by which the group's thresholds hold; 0 where none of its thresholds is or was on its way. */
  readonly revision: number
  readonly rollouts: readonly ActiveRollout[]
}

export interface ThresholdsInForce {
  /**
   * Goes by another state from now on, whole: a call that has begun keeps its own. What may not be followed is told and left
   * out, so that the configured threshold holds, whoever has written the state.
   */
  apply(state: TuningState): { readonly problems: readonly ThresholdProblem[] }
  /**
   * The profile of one call. In a profile other than those that the group is configured with (a rule demands a stricter one)
   * a tuned threshold only counts where it is lower. The same objects are returned for the same state and decision.
   */
  profileFor(call: {
    readonly group: string
    readonly principal: string
    readonly profile: NamedProfile
  }): ProfileInForce
}

/** Thresholds of one group as they are followed. */
interface GroupThresholds {
  readonly tuned: readonly Tuned[]
  readonly rollouts: readonly Followed[]
  readonly known: WeakMap<NamedProfile, Map<string, ProfileInForce>>
}

interface Tuned {
  readonly place: TuningPlace
  readonly threshold: number
  /** Profiles of the group at whose rule it may stand. */
  readonly profiles: readonly string[]
  readonly rollout: string
}

interface Followed extends Tuned {
  readonly stage: ActiveStage
  readonly from: number
  readonly isIn: (principal: string) => boolean
}

/** Thresholds of profiles as people have tuned them, within the limits of the configuration. Works on memory alone. */
export function createThresholdsInForce(options: ThresholdsOptions): ThresholdsInForce {
  let [groups, revision] = [new Map<string, GroupThresholds>(), 0]
  return {
    apply(state) {
      const { followed, problems } = followState(state, options)
      ;[groups, revision] = [followed, state.revision]
      return { problems }
    },
    profileFor({ group, principal, profile }) {
      const thresholds = groups.get(group)
      if (thresholds === undefined) return { profile, revision: 0, rollouts: [] }
      const arms = thresholds.rollouts.map((rollout) => rollout.isIn(principal))
      const byArms = thresholds.known.get(profile) ?? new Map<string, ProfileInForce>()
      thresholds.known.set(profile, byArms)
      const key = arms.map(Number).join('')
      const known =
        byArms.get(key) ?? inForce(profile, { thresholds, arms, revision, own: options.groups[group] ?? [] })
      byArms.set(key, known)
      return known
    },
  }
}

/** What of a state may be followed, by group, and what may not. */
function followState(state: TuningState, options: ThresholdsOptions) {
  const problems: ThresholdProblem[] = []
  const followed = new Map<string, { tuned: Tuned[]; rollouts: Followed[]; known: GroupThresholds['known'] }>()
  const of = (group: string) => {
    const thresholds = followed.get(group) ?? { tuned: [], rollouts: [], known: new WeakMap() }
    followed.set(group, thresholds)
    return thresholds
  }
  const refuse = (what: string, { place, rollout }: Pick<Tuned, 'place' | 'rollout'>, why: string): void => {
    const where = `${place.rule} (${place.direction}) for group "${place.group}"`
    const message = `the ${what} threshold of ${where} is not followed: ${why}. The configured threshold holds.`
    problems.push({ place, rollout, message })
  }
  for (const [tuned, others] of byPlace(state.thresholds)) {
    const { profiles, whyNone } = profilesFor(tuned.threshold, tuned.place, options)
    const why = others > 0 ? 'there is more than one' : whyNone
    if (why === null) of(tuned.place.group).tuned.push({ ...tuned, profiles })
    else refuse('tuned', tuned, why)
  }
  const active = state.rollouts.filter(({ stage }) => isActive(stage))
  for (const [{ id, place, to: threshold, from, stage, salt, share }, others] of byPlace(active)) {
    if (!isActive(stage)) continue
    const { profiles, whyNone } = profilesFor(threshold, place, options)
    const why = others > 0 ? 'there is more than one' : whyNone
    if (why !== null) {
      refuse(stage, { place, rollout: id }, why)
      continue
    }
    const followedHere = of(place.group)
    // A promoted threshold decides since it is in force, and not since its rollout says so.
    if (stage === 'promoted' && !followedHere.tuned.some((tuned) => tuned.rollout === id)) continue
    const isIn = stage === 'canary' ? createCanary({ salt, share }) : () => stage === 'promoted'
    followedHere.rollouts.push({ place, rollout: id, threshold, profiles, stage, from, isIn })
  }
  return { followed, problems }
}

/** The first of each place, with how many others there are. */
function byPlace<Placed extends { readonly place: TuningPlace }>(all: readonly Placed[]): [Placed, number][] {
  const places = Map.groupBy(all, ({ place: { group, direction, rule } }) => JSON.stringify([group, direction, rule]))
  return [...places.values()].flatMap(([first, ...others]) => (first === undefined ? [] : [[first, others.length]]))
}

/** The profiles of a group at whose rule a threshold may stand; where there is none, why. */
function profilesFor(threshold: number, place: TuningPlace, { profiles, limits, groups }: ThresholdsOptions) {
  const own = Object.hasOwn(groups, place.group) ? (groups[place.group] ?? []) : []
  const { allowed, whyOthersNot } = allowedProfiles(threshold, place, { names: own, profiles, limits })
  const whyNone = own.length === 0 ? 'there is no such group' : whyOthersNot.join('; ')
  return { profiles: allowed, whyNone: allowed.length > 0 ? null : whyNone }
}

interface Asked {
  readonly thresholds: GroupThresholds
  readonly arms: readonly boolean[]
  readonly revision: number
  readonly own: readonly string[]
}

/** A profile with the thresholds that hold in it for a principal that is in these canaries. */
function inForce(profile: NamedProfile, { thresholds, arms, revision, own }: Asked): ProfileInForce {
  const tuned = thresholds.tuned.reduce((changed, each) => withThreshold(changed, each, own), profile)
  let decides = tuned
  const rollouts: ActiveRollout[] = []
  for (const [index, rollout] of thresholds.rollouts.entries()) {
    const { place, stage } = rollout
    const configured = profile[place.direction][place.rule]
    if (configured === undefined || !counts(rollout, profile.name, own)) continue
    const isIn = arms[index] === true
    const without = stage === 'promoted' ? withThreshold(profile, { ...rollout, threshold: rollout.from }, own) : tuned
    const before = without[place.direction][place.rule]?.threshold ?? configured.threshold
    const after = withThreshold(profile, rollout, own)[place.direction][place.rule]?.threshold ?? before
    rollouts.push({ id: rollout.rollout, stage, place, arm: isIn ? 'canary' : 'control', before, after })
    if (isIn) decides = withThreshold(decides, { ...rollout, threshold: after }, own)
  }
  return { profile: decides, revision, rollouts }
}

/** A profile with a threshold in the place of its rule's; as it is where it has no such rule, or may not have it there. */
function withThreshold(profile: NamedProfile, tuned: Tuned, own: readonly string[]): NamedProfile {
  const { direction, rule } = tuned.place
  const written = Object.hasOwn(profile[direction], rule) ? profile[direction][rule] : undefined
  if (written === undefined || written.action === 'allow' || !counts(tuned, profile.name, own)) return profile
  const isOwn = own.includes(profile.name)
  const threshold = isOwn ? tuned.threshold : Math.min(tuned.threshold, written.threshold)
  if (threshold === written.threshold) return profile
  return { ...profile, [direction]: { ...profile[direction], [rule]: { ...written, threshold } } }
}

const counts = ({ profiles }: Tuned, name: string, own: readonly string[]): boolean =>
  !own.includes(name) || profiles.includes(name)
