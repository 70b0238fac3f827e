import type { TuningPlace } from '../../core/recorded-decisions.ts'
import type { Rollout, Rollouts, RolloutSeen } from '../../core/tuning.ts'
import { judge, type LaterBeginning } from './judge.ts'
import { whyNotYet, type StageGates } from './stage-rules.ts'

/** What nobody but the watch has decided. */
export interface AutomaticStep {
  readonly rollout: Rollout
  readonly to: 'rolled-back' | 'settled'
  readonly why: string
}

export interface RolloutWatchOptions {
  readonly rollouts: Pick<Rollouts, 'state' | 'seen' | 'step'>
  readonly gates: StageGates
  /** `name@version …` of the detectors that a place's rule asks now; null for a place that there is not any more. */
  readonly detectorsOf: (place: TuningPlace) => string | null
  /** Does a step once it is on the trail; where that cannot be written it is not done, and the next look tries again. */
  readonly onTrail: (step: AutomaticStep, act: () => Promise<Rollout | null>) => Promise<Rollout | null>
}

/** What a look came to. */
export interface Look {
  /** Steps that were made. One that another process was faster with is none of them. */
  readonly steps: readonly AutomaticStep[]
  /** What a person has to decide, one sentence each. */
  readonly forPeople: readonly { readonly rollout: string; readonly message: string }[]
}

/** The name on the trail and in the history for a step that nobody has asked for. */
export const automatic = 'automatic'

/**
 * Looks after the rollouts that decide: one that has left its bounds is rolled back, a promoted one that has kept to them for
 * its time is settled. A step names the revision that was read, so that it is harmless where two processes look at once. What
 * is kept between two looks is where a later look began, without which a rollout is judged by all of its stage. Complaints
 * alone never put a higher threshold back in force: whoever has many names could undo a stricter one by them.
 */
export function createRolloutWatch({ rollouts, gates, detectorsOf, onTrail }: RolloutWatchOptions) {
  const begun = new Beginnings()
  return {
    /** Rejects where the storage or the trail is at fault; rollouts that were looked at before that are done. */
    async look(): Promise<Look> {
      const steps: AutomaticStep[] = []
      const forPeople: { rollout: string; message: string }[] = []
      const { rollouts: active } = await rollouts.state()
      begun.keep(active)
      for (const { id, stage } of active) {
        const seen = stage === 'shadow' ? null : await rollouts.seen(id)
        if (seen === null) continue
        const opinion = opinionOf(seen, { now: detectorsOf(seen.rollout.place), gates, later: begun.of(seen) })
        if (opinion.kind === 'for-people') forPeople.push({ rollout: id, message: opinion.why })
        if (opinion.kind !== 'step') continue
        const { to, why } = opinion
        const step = { rollout: seen.rollout, to, why }
        const stepped = await onTrail(step, () => rollouts.step(seen.rollout, { to, by: automatic, why }, {}))
        if (stepped !== null) steps.push(step)
      }
      return { steps, forPeople }
    },
  }
}

type Opinion =
  | { readonly kind: 'none' }
  | { readonly kind: 'for-people'; readonly why: string }
  | { readonly kind: 'step'; readonly to: AutomaticStep['to']; readonly why: string }

interface Held {
  readonly now: string | null
  readonly gates: StageGates
  readonly later: readonly LaterBeginning[]
}

function opinionOf(seen: RolloutSeen, { now, gates, later }: Held): Opinion {
  const { stage, detectors, from, to } = seen.rollout
  if (stage !== 'canary' && stage !== 'promoted') return { kind: 'none' }
  const { isLeft, isLeftByActs, isInDoubt, why } = judge(seen, later)
  // What it came from was in force by a person's word, and in a canary still is for the others.
  if (isLeftByActs || (isLeft && (stage === 'canary' || to >= from))) return { kind: 'step', to: 'rolled-back', why }
  if (isLeft) {
    return {
      kind: 'for-people',
      why: `${why}. It is the stricter threshold: only a person takes it back for complaints`,
    }
  }
  if (now !== detectors) {
    const changed = `it is of scores of "${detectors}", and the rule asks "${now ?? 'nobody'}" now`
    return stage === 'canary' ? { kind: 'step', to: 'rolled-back', why: changed } : { kind: 'for-people', why: changed }
  }
  if (isInDoubt) return { kind: 'for-people', why: `${why}. Were these harmless, it would be outside of them` }
  const isDone = stage === 'promoted' && whyNotYet(seen, 'settled', gates) === null
  return isDone ? { kind: 'step', to: 'settled', why } : { kind: 'none' }
}

/** A later look at a stage begins each time that so many requests have come. */
const requestsBetween = 250
/** So many of the last are kept of each rollout. */
const mostBeginnings = 16

/** Where later looks at rollouts began, in this process. */
class Beginnings {
  readonly #known = new Map<string, { readonly stage: string; last: number; made: number; kept: LaterBeginning[] }>()

  /** Forgets those of others. */
  keep(active: readonly Pick<Rollout, 'id'>[]): void {
    for (const id of this.#known.keys()) if (!active.some((each) => each.id === id)) this.#known.delete(id)
  }

  of({ rollout: { id, stage }, counts }: RolloutSeen): readonly LaterBeginning[] {
    const requests = counts.reduce((sum, each) => (each.stage === stage ? sum + each.requests : sum), 0)
    const before = this.#known.get(id)
    const known = before?.stage === stage ? before : { stage, last: 0, made: 0, kept: [] }
    this.#known.set(id, known)
    if (requests - known.last < requestsBetween) return known.kept
    known.last = requests
    known.made += 1
    known.kept = [...known.kept, { number: known.made, counts: counts.map((each) => Object.assign({}, each)) }]
    known.kept = known.kept.slice(-mostBeginnings)
    return known.kept
  }
}
