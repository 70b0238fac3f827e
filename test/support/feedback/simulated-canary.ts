import type { RolloutBounds, RolloutCounts, RolloutStage } from '../../../src/core/tuning.ts'
import { createCanary } from '../../../src/feedback/rollouts/in-canary.ts'
import { defaultBounds, mostOfOne } from '../../../src/feedback/rollouts/bounds.ts'
import { createRolloutWatch } from '../../../src/feedback/rollouts/rollout-watch.ts'
import { nothingCounted } from '../../../src/feedback/rollouts/counts.ts'
import { defaultGates } from './default-gates.ts'
import { createRandom, type Random } from '../random.ts'
import { exampleRollout, exampleState } from './tuning-examples.ts'

export interface SimulatedCanaryOptions {
  readonly seed: number
  /** Share of requests that the threshold in force acts on, and how many times as many the candidate does. */
  readonly baseRate: number
  readonly times: number
  /** Before it has decided so many requests it acts as often as the one in force; 0 where it is left out. */
  readonly changesAfter?: number
  /** Of principals, that are in the canary. */
  readonly share: number
  /** Complaints in a hundred decisions of the others and of the canary, of which few of each caller count. */
  readonly complaints?: { readonly others: number; readonly canary: number }
  /** How many callers there are; 100 where it is left out. */
  readonly callers?: number
  readonly bounds?: Partial<RolloutBounds>
  /** The canary ends when it has decided so many requests. */
  readonly mostDecided: number
  /** The watch looks each time so many requests have come, of both arms. */
  readonly between?: number
}

export interface SimulatedCanary {
  readonly isRolledBack: boolean
  /** Requests that the canary had decided by then, and requests of both arms. */
  readonly decided: number
  readonly requests: number
  /** Requests that only the candidate has acted on, which is what it has cost. */
  readonly wronglyActed: number
}

/** Principals ask unevenly, and some are acted on more often than others; which of them are in is as the salt says. */
function callersOf(random: Random, isIn: (principal: string) => boolean, many: number) {
  const callers = Array.from({ length: many }, (_, index) => {
    const name = `key_${index}`
    return { name, isIn: isIn(name), asks: 1 / (1 + random() * 20), often: 0.5 + random() }
  })
  const asks = callers.reduce((sum, caller) => sum + caller.asks, 0)
  const often = callers.reduce((sum, caller) => sum + (caller.asks * caller.often) / asks, 0)
  const slots = callers.flatMap((caller) => {
    const slot = { name: caller.name, isIn: caller.isIn, often: caller.often / often }
    return Array.from({ length: Math.ceil((20 * many * caller.asks) / asks) }, () => slot)
  })
  return () => slots[Math.floor(random() * slots.length)] ?? { name: '', isIn: false, often: 1 }
}

type Sums = { -readonly [Member in keyof RolloutCounts]: RolloutCounts[Member] }

/** A canary over made requests, with the real watch. The same seed comes to the same. */
export async function simulateCanary(options: SimulatedCanaryOptions): Promise<SimulatedCanary> {
  const { seed, baseRate, times, share, complaints, mostDecided, changesAfter = 0, between = 20 } = options
  const random = createRandom(seed)
  const bounds = { ...defaultBounds, ...options.bounds }
  const rollout = exampleRollout({ from: 0.6, to: 0.4, share, salt: `salt ${seed}`, bounds })
  const next = callersOf(random, createCanary(rollout), options.callers ?? 100)
  const canary: Sums = { stage: 'canary', arm: 'canary', ...nothingCounted }
  const control: Sums = { stage: 'canary', arm: 'control', ...nothingCounted }
  const steps: RolloutStage[] = []
  const complainers = new Map<string, number>()
  const watch = createRolloutWatch({
    rollouts: {
      state: () => Promise.resolve(exampleState({ rollouts: [rollout] })),
      seen: () => Promise.resolve({ rollout, now: '2026-11-30T00:00:00.000Z', counts: [canary, control] }),
      step: (_, { to }) => {
        steps.push(to)
        return Promise.resolve({ ...rollout, stage: to })
      },
    },
    gates: defaultGates,
    detectorsOf: () => rollout.detectors,
    onTrail: (_, act) => act(),
  })
  // Where nobody that asks is in, nothing is ever decided.
  const most = 1_000 * mostDecided
  let requests = 0
  while (canary.requests < mostDecided && requests < most) {
    requests += 1
    const caller = next()
    const arm = caller.isIn ? canary : control
    const at = random() / caller.often
    const now = canary.requests < changesAfter ? 1 : times
    const [before, after] = [at < baseRate, at < baseRate * now]
    arm.requests += 1
    arm.actedBefore += Number(before)
    arm.actedAfter += Number(after)
    arm.onlyAfter += Number(after && !before)
    arm.onlyBefore += Number(before && !after)
    const complained = complaints === undefined ? 0 : complaints[caller.isIn ? 'canary' : 'others'] / 100
    if (random() < complained) {
      const earlier = complainers.get(caller.name) ?? 0
      complainers.set(caller.name, earlier + 1)
      arm.complaints += Number(earlier < mostOfOne)
    }
    if (requests % between === 0 && (await watch.look()).steps.length > 0) break
  }
  return {
    isRolledBack: steps.includes('rolled-back'),
    decided: canary.requests,
    requests,
    wronglyActed: canary.onlyAfter,
  }
}
