import { randomBytes } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import { isSamePlace } from '../../core/recorded-decisions.ts'
import type { Proposal, Rollout, RolloutSeen } from '../../core/tuning.ts'
import { defaultBounds, whyNoBounds } from '../../feedback/rollouts/bounds.ts'
import { whyNotYet } from '../../feedback/rollouts/stage-rules.ts'
import type { HistoryEntry, StepRequest, TuningKeeper, TuningOperator } from '../../feedback/tuning-keeper.ts'
import { loosens, requireMayLoosen } from './may-loosen.ts'
import { requireWhy, type TuningParts } from './parts.ts'
import { requireProposal } from './proposing.ts'
import { clipped, orRefusedOnTrail } from './refused.ts'
import { requireShare } from './require-share.ts'
import type { PlaceNow } from './tunable-places.ts'

type Steps = Pick<TuningKeeper, 'shadow' | 'canary' | 'promote' | 'rollback' | 'stop' | 'state' | 'rollout' | 'history'>

/** So many rollouts are looked through for a history. */
const mostListed = 1_000

/** Thresholds on their way, step by step, each by a person. */
export function createRollingOut(parts: TuningParts): Steps {
  const { rollouts, proposals, places, trail } = parts
  const step =
    (stage: 'canary' | 'promoted' | 'rolled-back' | 'stopped', name: string) =>
    async (request: StepRequest & { readonly share?: number }, operator: TuningOperator): Promise<Rollout> => {
      requireWhy(request.why)
      if (request.share !== undefined) requireShare(request.share)
      const { share, why, digest } = request
      const event = `tuning-${name}`
      const asked = {
        event,
        ...operator,
        rollout: clipped(request.rollout),
        named: digest === null ? null : clipped(digest),
        why,
        ...(share === undefined ? {} : { share }),
      }
      const { rollout, proposal } = await orRefusedOnTrail(parts, asked, async (learn) => {
        const seen = await requireRollout(parts, request.rollout)
        learn({ ...seen.rollout.place, from: seen.rollout.from, to: seen.rollout.to })
        return requireMayStep(parts, stage, { seen, request, operator })
      })
      const { place, from, to, id } = rollout
      const { set } = proposal
      const fact = {
        event,
        by: operator.by,
        caller: operator.caller,
        rollout: id,
        ...place,
        from,
        to,
        set: `${set.name}@${set.version}`,
        digest: set.digest,
        why,
        ...(share === undefined ? {} : { share }),
      }
      return trail(fact, async () => {
        const changes = share === undefined ? {} : { share }
        const stepped = await rollouts.step(rollout, { to: stage, by: byOf(operator), why }, changes)
        if (stepped !== null) return stepped
        throw new ServiceError('conflict', `The rollout ${id} was changed meanwhile.`, {
          advice: `Look at it with "sallyport tuning show ${id}", then do it again if it is still right.`,
        })
      })
    }
  return {
    async shadow({ proposal: id, why, bounds: asked }, operator) {
      requireWhy(why)
      const bounds = { ...defaultBounds, ...asked }
      const wrong = whyNoBounds(bounds)
      if (wrong !== null) throw new ServiceError('invalid-request', sentence(wrong), { parameter: 'bounds' })
      const wanted = { event: 'tuning-shadow', ...operator, proposal: clipped(id), why }
      const proposal = await orRefusedOnTrail(parts, wanted, async (learn) => {
        const found = await requireProposal(parts, id)
        learn({ ...found.place, from: found.from, to: found.to })
        requireSame(found, places.now(found.place, await rollouts.state()))
        places.requireAllowed(found.to, found.place)
        return found
      })
      const { place, from, to, set } = proposal
      const rollout = `rol_${randomBytes(16).toString('hex')}`
      const of = `${set.name}@${set.version}`
      const fact = {
        event: 'tuning-shadow',
        by: operator.by,
        rollout,
        proposal: id,
        ...place,
        from,
        to,
        set: of,
        digest: set.digest,
        why,
      }
      return trail(fact, () =>
        rollouts.begin(
          {
            id: rollout,
            place,
            proposal: id,
            from,
            to,
            detectors: proposal.detectors,
            share: 0,
            salt: randomBytes(16).toString('hex'),
            bounds,
          },
          { by: byOf(operator), why },
        ),
      )
    },
    canary: step('canary', 'canary'),
    promote: step('promoted', 'promote'),
    rollback: step('rolled-back', 'rollback'),
    stop: step('stopped', 'stop'),
    state: () => rollouts.state(),
    rollout: (id) => requireRollout(parts, id),
    async history(place) {
      const all = await rollouts.list(mostListed)
      const entries: HistoryEntry[] = []
      for (const rollout of all) {
        if (place !== null && !isSamePlace(rollout.place, place)) continue
        entries.push({ rollout, proposal: await proposals.find(rollout.proposal) })
      }
      if (place !== null && entries.length === 0) places.requireGroup(place.group)
      return entries
    },
  }
}

interface ToStep {
  readonly seen: RolloutSeen
  readonly request: StepRequest
  readonly operator: TuningOperator
}

/** A rollout with its proposal, which may go to a stage now and by this person. Rejects where it may not. */
async function requireMayStep(
  parts: TuningParts,
  stage: 'canary' | 'promoted' | 'rolled-back' | 'stopped',
  { seen, request, operator }: ToStep,
): Promise<{ readonly rollout: Rollout; readonly proposal: Proposal }> {
  const { places, rollouts, gates } = parts
  const { rollout } = seen
  const tooEarly = whyNotYet(seen, stage, gates)
  if (tooEarly !== null) throw new ServiceError('conflict', sentence(tooEarly.why), { advice: tooEarly.advice })
  const proposal = await requireProposal(parts, rollout.proposal)
  let inForce = rollout.to
  if (stage === 'canary' || stage === 'promoted') {
    const now = places.now(rollout.place, await rollouts.state())
    requireSound(places, { rollout, proposal, now })
    inForce = now.threshold
  }
  if (loosens(stage, { rollout, proposal, inForce })) {
    await requireMayLoosen(parts, { rollout, proposal, request, operator })
  }
  return { rollout, proposal }
}

async function requireRollout({ rollouts }: TuningParts, id: string): Promise<RolloutSeen> {
  const seen = await rollouts.seen(id)
  if (seen === null) throw noRollout(id)
  return seen
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

/** Who is known by another name than that of their terminal is told by both. */
const byOf = ({ by, caller }: TuningOperator): string => (caller === null || caller === by ? by : `${by} (${caller})`)

function requireSame(proposal: Proposal, now: { readonly threshold: number; readonly detectors: string }): void {
  if (now.detectors !== proposal.detectors) {
    throw new ServiceError(
      'conflict',
      `The proposal rests on scores of "${proposal.detectors}", and the rule is decided by "${now.detectors}" now.`,
      { advice: 'Label decisions made since, make the next version of the set, and propose again.' },
    )
  }
  if (now.threshold === proposal.from) return
  throw new ServiceError('conflict', `The threshold in force is ${now.threshold} by now, and was ${proposal.from}.`, {
    advice: 'Propose again: what the new one would change is another thing now.',
  })
}

/** Throws where a threshold may not decide, whoever says so. */
function requireSound(
  places: TuningParts['places'],
  { rollout, proposal, now }: { readonly rollout: Rollout; readonly proposal: Proposal; readonly now: PlaceNow },
): void {
  places.requireAllowed(rollout.to, rollout.place)
  if (rollout.to !== proposal.to || !isSamePlace(rollout.place, proposal.place)) {
    throw new ServiceError('conflict', 'The rollout is of another threshold than its proposal.', {
      advice: 'Somebody has changed the storage: stop it, and propose again.',
    })
  }
  requireDetectors(rollout, now.detectors)
}

function requireDetectors({ detectors }: Rollout, now: string): void {
  if (detectors === now) return
  throw new ServiceError(
    'conflict',
    `The rollout is of scores of "${detectors}", and the rule is decided by "${now}" now.`,
    {
      advice: 'Stop it, and propose again by labels of decisions made since.',
    },
  )
}

function noRollout(id: string): ServiceError {
  return new ServiceError('not-found', `There is no rollout "${id.slice(0, 100)}".`, {
    advice: '"sallyport tuning history" lists those that there are.',
  })
}
