import type { Config } from '../config/schema.ts'
import type { TuningPlace } from '../core/recorded-decisions.ts'
import type { Proposal } from '../core/tuning.ts'
import { EverySecond } from '../concurrency/every-second.ts'
import { gatesOf } from '../feedback/rollouts/gates.ts'
import { automatic, createRolloutWatch, type AutomaticStep } from '../feedback/rollouts/rollout-watch.ts'
import type { Storage } from '../storage/storage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { ContentFilters } from './content-filters.ts'
import { aroundOnTrail } from './on-trail.ts'
import { tunablePlaces } from './tuning-parts.ts'

interface WatchParts {
  readonly config: Pick<Config, 'gateway' | 'filters' | 'feedback'>
  readonly storage: Pick<Storage, 'rollouts' | 'proposals'>
  readonly content: ContentFilters
  readonly telemetry: Pick<Telemetry, 'log' | 'notices'>
}

export interface RolloutWatching extends AsyncDisposable {
  /** What a person has to decide about rollouts, as this process has last seen it. */
  readonly faults: () => readonly string[]
}

/**
 * Looks after rollouts each second until it is disposed. Each process of a service does: a step is made by the one that is
 * first. Where the storage or the trail is away it is tried again.
 */
export function watchRollouts({ config, storage, content, telemetry }: WatchParts): RolloutWatching {
  const places = tunablePlaces(config, content)
  const { rollouts, proposals } = storage
  const { log, notices } = telemetry
  let faults: readonly string[] = []
  const detectorsOf = (place: TuningPlace): string | null => {
    try {
      return places.now(place, { thresholds: [] }).detectors
    } catch {
      // The configuration has no such place any more.
      return null
    }
  }
  const watch = createRolloutWatch({
    rollouts,
    gates: gatesOf(config.feedback),
    detectorsOf,
    onTrail: async (step, act) =>
      aroundOnTrail((line) => notices.onTuning(line), {
        fact: factOf(step, await proposals.find(step.rollout.proposal)),
        work: act,
        // Another process was faster: its own line says that it is done.
        told: (stepped) => ({ first: stepped !== null }),
      }),
  })
  const repeated = new EverySecond({
    work: async () => {
      try {
        const { steps, forPeople } = await watch.look()
        for (const { rollout, to, why } of steps) log.warn({ rollout: rollout.id, why }, `a rollout is ${to} by itself`)
        const told = forPeople.map(({ rollout, message }) => `rollout ${rollout} waits for a person: ${message}`)
        for (const fault of told) if (!faults.includes(fault)) log.warn({ fault }, 'a rollout waits for a person')
        faults = told
      } catch (error) {
        log.warn({ error }, 'rollouts could not be looked after; it is tried again')
        throw error
      }
      repeated.ask()
    },
  })
  // Where nothing may be tuned no rollout is followed.
  if (Object.keys(config.feedback.limits).length > 0) repeated.ask()
  return { faults: () => faults, [Symbol.asyncDispose]: () => repeated[Symbol.asyncDispose]() }
}

/** Without the set where there is no such proposal: a row that was changed by hand keeps nothing from being rolled back. */
function factOf(
  { rollout: { id, place, proposal, from, to, share }, to: stage, why }: AutomaticStep,
  of: Proposal | null,
) {
  const event = stage === 'settled' ? 'tuning-settle' : 'tuning-rollback'
  const data = of === null ? {} : { set: `${of.set.name}@${of.set.version}`, digest: of.set.digest }
  return { event, by: automatic, rollout: id, ...place, from, to, proposal, ...data, share, why }
}
