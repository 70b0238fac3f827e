import { ServiceError } from '../../core/errors.ts'
import type { StepRequest, TuningKeeper } from '../../service/tuning-keeper.ts'
import {
  addLabel,
  dismissComplaint,
  fromOpened,
  fromQueueItem,
  listQueue,
  readItem,
} from '../../surfaces/wire/admin/tuning-queue.ts'
import {
  beginShadow,
  fromHistory,
  fromRollout,
  fromSeen,
  listRollouts,
  promote,
  rollBack,
  showRollout,
  showTuning,
  stepToCanary,
  stop,
  toAskedBounds,
} from '../../surfaces/wire/admin/tuning-rollouts.ts'
import {
  fromAim,
  fromProposal,
  fromWholeSet,
  listProposals,
  listSets,
  makeSet,
  propose,
  reportTuning,
  showSet,
  simulate,
} from '../../surfaces/wire/admin/tuning-sets.ts'
import type { AskAdmin } from './admin-client.ts'

/** Thresholds of a service that runs elsewhere, which knows by the key who asks. */
export function createRemoteTuning(ask: AskAdmin): TuningKeeper {
  const stepBody = ({ why, digest }: StepRequest) => ({ why, ...(digest !== null && { digest }) })
  const step =
    (contract: typeof promote): TuningKeeper['promote'] =>
    async (request) =>
      fromRollout(await ask(contract, { params: { id: request.rollout }, body: stepBody(request) }))
  return {
    report: ({ cost, ...range }) => {
      const costs = cost === null ? {} : { cost_false_block: cost.falseBlock, unit: cost.unit }
      return ask(reportTuning, { query: { ...named(range), ...costs } })
    },
    async queue({ kind, group, direction, rule, state, most: limit, seed }) {
      const query = { ...named({ kind, group, direction, rule, state }), limit, seed }
      const { data, left } = await ask(listQueue, { query })
      return { items: data.map(fromQueueItem), left }
    },
    open: async (id, { values }) => fromOpened(await ask(readItem, { params: { id }, body: { values } })),
    label: ({ decision, ...body }) => ask(addLabel, { body: { ...body, ...(decision !== null && { decision }) } }),
    dismiss: (id, why) => ask(dismissComplaint, { params: { id }, body: { why } }),
    makeSet: ({ name, place, since, until }) =>
      ask(makeSet, { body: { name, ...place, ...(since !== null && { since }), ...(until !== null && { until }) } }),
    async importSet() {
      throw new ServiceError('invalid-request', 'Texts are imported on the machine of the service alone.', {
        advice: 'Run "sallyport tuning sets import" there, without --server: its detectors score them.',
      })
    },
    sets: async () => (await ask(listSets, {})).data,
    set: async (name, version) =>
      fromWholeSet(await ask(showSet, { params: { id: name }, query: version === null ? {} : { version } })),
    async propose({ set, version, aim, since, until }) {
      const of = {
        ...(version !== null && { version }),
        ...(since !== null && { since }),
        ...(until !== null && { until }),
      }
      return fromProposal(await ask(propose, { body: { set, ...of, ...fromAim(aim) } }))
    },
    proposals: async (limit) => (await ask(listProposals, { query: { limit } })).data.map(fromProposal),
    simulate: ({ of, since, until }) => {
      const what = 'proposal' in of ? of : { ...of.place, threshold: of.threshold }
      return ask(simulate, { query: { ...what, ...(since !== null && { since }), ...(until !== null && { until }) } })
    },
    shadow: async ({ proposal, why, bounds }) =>
      fromRollout(await ask(beginShadow, { body: { proposal, why, bounds: toAskedBounds(bounds) } })),
    canary: async ({ share, ...request }) =>
      fromRollout(await ask(stepToCanary, { params: { id: request.rollout }, body: { ...stepBody(request), share } })),
    promote: step(promote),
    rollback: step(rollBack),
    stop: step(stop),
    state: async () => {
      const { rollouts, ...rest } = await ask(showTuning, {})
      return { ...rest, rollouts: rollouts.map(fromRollout) }
    },
    rollout: async (id) => fromSeen(await ask(showRollout, { params: { id } })),
    history: async (place) =>
      (await ask(listRollouts, { query: place === null ? {} : { ...place } })).data.map(fromHistory),
  }
}

/** What is named; what is null is left out. */
function named<Value extends object>(given: { readonly [Name in keyof Value]: Value[Name] | null }): Partial<Value> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as Partial<Value>
}
