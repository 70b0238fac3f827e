import type { CallTarget } from '../../core/model-call.ts'
import type { RoutingState } from './plan.ts'

/** After as many milliseconds what was measured has half of its weight, and a target that is not asked is measured anew. */
const halfLifeMilliseconds = 60_000
/** The least weight of the last measurement. */
const leastWeight = 0.2
/** Of so many calls of a route one at the most is for measuring. */
const callsPerExploration = 20

/** One call at a target, from when it is sent. */
export interface WatchedCall {
  /** Something of the answer has come; only the first time counts. */
  began(): void
  /** All of the answer has come, or nobody waits for it any more. */
  ended(outcome: 'whole' | 'failed'): void
}

interface Measured {
  readonly milliseconds: number
  readonly at: number
}

interface Load {
  inFlight: number
  triedAt: number | null
  /** Until the answer began. */
  first: Measured | null
  /** Until all of it was there. */
  whole: Measured | null
}

/**
 * What this process has seen of targets: calls under way, and how long they take. Other processes have theirs. `now` is in
 * milliseconds since any fixed point.
 */
export class TargetLoads implements RoutingState {
  readonly #now: () => number
  readonly #loads = new Map<string, Load>()
  readonly #callsSinceExploration = new Map<string, number>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  inFlight(target: CallTarget): number {
    return this.#of(target).inFlight
  }

  latency(target: CallTarget, streamed: boolean): number | null {
    const { first, whole } = this.#of(target)
    return (streamed ? first : whole)?.milliseconds ?? null
  }

  /** One that was never measured is at once, and one whose measurement is old by a call of many; by one call at a time. */
  mayExplore(route: string, target: CallTarget, streamed: boolean): boolean {
    const { inFlight, triedAt, first, whole } = this.#of(target)
    if (inFlight > 0) return false
    if (triedAt === null) return true
    const measured = streamed ? first : whole
    const isOld = this.#now() - Math.max(triedAt, measured?.at ?? 0) > halfLifeMilliseconds
    return isOld && (this.#callsSinceExploration.get(route) ?? 0) >= callsPerExploration
  }

  /** Told which target of a route a call goes to, and whether it is asked to be measured. */
  chosen(route: string, isExplored: boolean): void {
    this.#callsSinceExploration.set(route, isExplored ? 0 : (this.#callsSinceExploration.get(route) ?? 0) + 1)
  }

  begin(target: CallTarget): WatchedCall {
    const load = this.#of(target)
    const sentAt = this.#now()
    load.inFlight += 1
    load.triedAt = sentAt
    let [hasBegun, hasEnded] = [false, false]
    const began = (): void => {
      if (!hasBegun) load.first = this.#measured(load.first, sentAt)
      hasBegun = true
    }
    return {
      began,
      ended: (outcome) => {
        if (hasEnded) return
        hasEnded = true
        load.inFlight -= 1
        // How soon a target fails says nothing of how soon it answers.
        if (outcome === 'failed') return
        began()
        load.whole = this.#measured(load.whole, sentAt)
      },
    }
  }

  #measured(before: Measured | null, sentAt: number): Measured {
    const at = this.#now()
    const milliseconds = at - sentAt
    if (before === null) return { milliseconds, at }
    const weight = Math.max(leastWeight, 1 - 2 ** ((before.at - at) / halfLifeMilliseconds))
    return { milliseconds: before.milliseconds + weight * (milliseconds - before.milliseconds), at }
  }

  #of({ upstream, model }: CallTarget): Load {
    const name = `${upstream} ${model}`
    const known = this.#loads.get(name)
    if (known !== undefined) return known
    const load = { inFlight: 0, triedAt: null, first: null, whole: null }
    this.#loads.set(name, load)
    return load
  }
}
