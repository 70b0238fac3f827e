import { activeStages, type ActiveStage, type Rollout, type RolloutSeen, type RolloutStage } from '../../core/tuning.ts'
import { judge } from './judge.ts'

/** What a stage has to have come to before the next one. */
export interface StageGates {
  /** Requests of which both decisions are known; from a canary on, that it has decided. */
  readonly leastRequests: number
  /** How long each stage lasts at least, by the clock of the storage. */
  readonly leastMilliseconds: Readonly<Record<ActiveStage, number>>
}

const hour = 3_600_000

/** What may follow a stage. A canary may follow itself, with another share. */
const mayFollow: Readonly<Record<RolloutStage, readonly RolloutStage[]>> = {
  shadow: ['canary', 'stopped'],
  canary: ['canary', 'promoted', 'rolled-back', 'stopped'],
  promoted: ['settled', 'rolled-back'],
  settled: ['rolled-back'],
  'rolled-back': [],
  stopped: [],
}

/** Why a rollout may not go to a stage now, with what to do; null where it may. */
export function whyNotYet(
  seen: RolloutSeen,
  to: RolloutStage,
  gates: StageGates,
): { why: string; advice: string } | null {
  const { rollout } = seen
  const { id, stage } = rollout
  if (!mayFollow[stage].includes(to)) {
    const next = mayFollow[stage].join(', ')
    const advice = next === '' ? 'Propose a threshold, and begin another rollout.' : `What may follow is: ${next}.`
    return { why: `rollout ${id} is ${stage}, which ${to} does not follow`, advice }
  }
  if (to === 'stopped' || to === 'rolled-back' || to === stage) return null
  const { decided, known, isLeft, isInDoubt, why } = judge(seen)
  if (isLeft) {
    return {
      why: `rollout ${id} has left its bounds: ${why}`,
      advice: 'Roll it back or stop it, and propose another threshold.',
    }
  }
  if (isInDoubt) {
    return {
      why: `rollout ${id} may have left its bounds: ${why}`,
      advice:
        stage === 'canary'
          ? 'Lower its share, since of all other callers both decisions are known, or stop it.'
          : 'Look at what it withholds with "sallyport tuning queue list", and roll it back if that is harmless.',
    }
  }
  const requests = stage === 'shadow' ? known : Math.min(decided, known)
  if (requests < gates.leastRequests) {
    const what = stage === 'shadow' ? 'computed' : 'decided'
    return {
      why: `rollout ${id} has ${what} ${requests} requests in ${stage} of which both decisions are known, and ${gates.leastRequests} are needed`,
      advice: stage === 'canary' ? 'Wait for traffic, raise the share, or stop it.' : 'Wait for traffic, or stop it.',
    }
  }
  const lasted = Date.parse(seen.now) - Date.parse(stageBegan(rollout))
  const least = isActive(stage) ? gates.leastMilliseconds[stage] : 0
  // Times that cannot be read are no reason to go on.
  if (lasted >= least) return null
  return {
    why: `rollout ${id} is in ${stage} since ${stageBegan(rollout)}, and stays there for ${least / hour} hours at least`,
    advice: 'Times are those of the storage.',
  }
}

/** When the present stage began, ISO 8601; steps within it (another share) do not count. */
export function stageBegan({ stage, steps }: Rollout): string {
  return steps.findLast(({ from, to }) => to === stage && from !== stage)?.at ?? ''
}

/** Is a rollout in such a stage not at its end? */
export const isActive = (stage: RolloutStage): stage is ActiveStage => activeStages.some((active) => active === stage)
