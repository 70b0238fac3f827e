import type { Config } from '../config/schema.ts'
import { openContentFilters, type ContentFilters } from './content-filters.ts'
import { openGivenKeyRing } from '../gateway/privacy/keys/service-key.ts'
import type { TuningCurves } from '../feedback/curves/tuning-curves.ts'
import { createTuningKeeper } from '../service/tuning/create-tuning-keeper.ts'
import type { TuningKeeper, TuningOperator } from '../service/tuning-keeper.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { aroundOnTrail, onTrail, tellTrail, withRequestId } from './on-trail.ts'
import { settleOtherTime } from './other-time.ts'
import { tunablePlaces, tuningParts } from './tuning-parts.ts'
import { whoDecides } from './who-decides.ts'

const untold = { onFilterFailure: () => undefined, onDetectorOutcome: () => undefined }

/** What a person at the command line does with thresholds, in the storage of the configuration. */
export function createLocalTuning(config: Config): TuningKeeper {
  const content = openContentFilters(config, untold)
  const places = tunablePlaces(config, content)
  /** Each in a storage of its own, so that none is open while somebody reads. */
  const within = async <T>(work: (keeper: TuningKeeper) => Promise<T>): Promise<T> => {
    await using storage = await openStorage(config, {
      for: 'command',
      onOtherTime: (why) => settleOtherTime(config, why),
    })
    const keys = () => openGivenKeyRing(config)
    const parts = tuningParts({
      storage,
      config,
      places,
      keys,
      trail: (fact, act, told) => onTrail(config, fact, act, told),
      refused: (fact) => tellTrail(config, fact),
    })
    return await work(createTuningKeeper({ ...parts, pipeline: content.pipeline }))
  }
  const here = ({ caller }: TuningOperator): TuningOperator => ({ by: whoDecides(), caller })
  return {
    report: (range, signal) => within((keeper) => keeper.report(range, signal)),
    queue: (filter) => within((keeper) => keeper.queue(filter)),
    open: (id, options, operator) => within((keeper) => keeper.open(id, options, here(operator))),
    label: (request, operator) => within((keeper) => keeper.label(request, here(operator))),
    dismiss: (id, why, operator) => within((keeper) => keeper.dismiss(id, why, here(operator))),
    makeSet: (request, operator) => within((keeper) => keeper.makeSet(request, here(operator))),
    importSet: (request, operator, signal) => within((keeper) => keeper.importSet(request, here(operator), signal)),
    sets: () => within((keeper) => keeper.sets()),
    set: (name, version) => within((keeper) => keeper.set(name, version)),
    propose: (request, operator, signal) => within((keeper) => keeper.propose(request, here(operator), signal)),
    proposals: (most) => within((keeper) => keeper.proposals(most)),
    simulate: (request, signal) => within((keeper) => keeper.simulate(request, signal)),
    shadow: (request, operator) => within((keeper) => keeper.shadow(request, here(operator))),
    canary: (request, operator) => within((keeper) => keeper.canary(request, here(operator))),
    promote: (request, operator) => within((keeper) => keeper.promote(request, here(operator))),
    rollback: (request, operator) => within((keeper) => keeper.rollback(request, here(operator))),
    stop: (request, operator) => within((keeper) => keeper.stop(request, here(operator))),
    state: () => within((keeper) => keeper.state()),
    rollout: (id) => within((keeper) => keeper.rollout(id)),
    history: (place) => within((keeper) => keeper.history(place)),
  }
}

interface ServedTuning {
  readonly config: Config
  readonly storage: Storage
  readonly content: ContentFilters
  readonly telemetry: Pick<Telemetry, 'notices'>
}

/** The same for operators of a service that runs, over its storage and on its trail. */
export function createServedTuning({ config, storage, content, telemetry }: ServedTuning): TuningKeeper & TuningCurves {
  const parts = tuningParts({
    storage,
    config,
    places: tunablePlaces(config, content),
    keys: () => openGivenKeyRing(config),
    trail: (fact, act, told) => aroundOnTrail((line) => telemetry.notices.onTuning(line), { fact, work: act, told }),
    refused: (fact) => withRequestId((line) => telemetry.notices.onTuning(line), fact),
  })
  return createTuningKeeper({ ...parts, pipeline: content.pipeline })
}
