import { randomBytes } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import type { Proposal } from '../../core/tuning.ts'
import { readPopulation } from '../../feedback/estimates/population.ts'
import { isOfFile } from '../../feedback/proposals/check-set.ts'
import { proposeInSteps } from '../../feedback/proposals/propose.ts'
import { proposalFault } from '../../feedback/proposals/refusals.ts'
import { simulate } from '../../feedback/simulation/simulate.ts'
import type { SimulationRequest, TuningKeeper } from '../../feedback/tuning-keeper.ts'
import { LoopShare } from '../../filters/loop-share.ts'
import { wholeSet } from './evaluation-sets.ts'
import { figuresOf } from './figures.ts'
import type { TuningParts } from './parts.ts'
import { untilGone } from './until-gone.ts'

/** Thresholds out of sets, and what they would have come to. */
export function createProposing(parts: TuningParts): Pick<TuningKeeper, 'propose' | 'proposals' | 'simulate'> {
  const { decisions, proposals, rollouts, places, trail } = parts
  const share = new LoopShare()
  return {
    async propose({ set: name, version, aim, since, until }, { by }, signal) {
      const set = await wholeSet(parts, name, version)
      const { place, digest } = set
      const { threshold, detectors, limit: limits } = places.now(place, await rollouts.state())
      const pages = decisions.pages({ place, since, until }, signal)
      const population = isOfFile(set.items) ? null : await readPopulation(pages, detectors)
      const proposed = await share.inTurns(
        untilGone(proposeInSteps({ set, population, inForce: { threshold, detectors }, limits, aim }), signal),
      )
      if (proposed.kind === 'refused') throw proposalFault(proposed)
      const { kind: _, from, to, ...figures } = proposed
      places.requireAllowed(to, place)
      const of = { name: set.name, version: set.version, digest }
      const id = `tpr_${randomBytes(16).toString('hex')}`
      const fact = {
        event: 'tuning-proposal',
        by,
        proposal: id,
        ...place,
        from,
        to,
        set: `${of.name}@${of.version}`,
        digest,
      }
      return trail(fact, () =>
        proposals.keep({ id, place, from, to, set: of, detectors, figures: JSON.stringify(figuresOf(figures)), by }),
      )
    },
    proposals: (most) => proposals.list(most),
    async simulate({ of, since, until }, signal) {
      const { place, to } = await placed(parts, of)
      const { threshold: from, detectors } = places.now(place, await rollouts.state())
      const {
        from: _,
        to: __,
        ...figures
      } = await simulate(decisions.pages({ place, since, until }, signal), {
        from,
        to,
        detectors,
      })
      return { place, from, to, figures: figuresOf(figures) }
    },
  }
}

async function placed(parts: TuningParts, of: SimulationRequest['of']) {
  if (!('proposal' in of)) return { place: of.place, to: of.threshold }
  return requireProposal(parts, of.proposal)
}

/** Rejects with `not-found`. */
export async function requireProposal({ proposals }: Pick<TuningParts, 'proposals'>, id: string): Promise<Proposal> {
  const found = await proposals.find(id)
  if (found !== null) return found
  throw new ServiceError('not-found', `There is no proposal "${id.slice(0, 100)}".`, {
    advice: '"sallyport tuning propose" makes one, and prints its id.',
  })
}
