import type { TuningPlace } from '../../core/recorded-decisions.ts'
import type { TuningCurves } from '../../feedback/curves/tuning-curves.ts'
import type { TuningKeeper, TuningOperator } from '../../feedback/tuning-keeper.ts'
import { listPlaces, showCurves, toCurves, toPlace } from '../wire/admin/tuning-curves.ts'
import {
  addLabel,
  dismissComplaint,
  listQueue,
  readItem,
  toLabel,
  toOpened,
  toQueueItem,
} from '../wire/admin/tuning-queue.ts'
import {
  beginShadow,
  fromBounds,
  listRollouts,
  promote,
  rollBack,
  showRollout,
  showTuning,
  stepToCanary,
  stop,
  toHistory,
  toRollout,
  toSeen,
  toState,
} from '../wire/admin/tuning-rollouts.ts'
import {
  listProposals,
  listSets,
  makeSet,
  propose,
  reportTuning,
  showSet,
  simulate,
  toAim,
  toProposal,
  toSet,
  toWholeSet,
} from '../wire/admin/tuning-sets.ts'
import { answers, type AdminRoute } from './handlers.ts'

/** Who holds the key is the caller that the key is of. */
const operatorOf = ({ id }: { readonly id: string }): TuningOperator => ({ by: id, caller: id })

export function tuningRoutes(keeper: TuningKeeper & TuningCurves): readonly AdminRoute[] {
  return [...queueRoutes(keeper), ...curveRoutes(keeper), ...setRoutes(keeper), ...rolloutRoutes(keeper)]
}

function curveRoutes(curves: TuningCurves): readonly AdminRoute[] {
  return [
    answers(listPlaces, async () => ({ data: (await curves.places()).map(toPlace) })),
    answers(showCurves, async ({ query, signal }) => {
      const { set, version = null, since = null, until = null, step, ...place } = query
      const of = set === undefined ? { place: wholePlace(place) } : { set, version }
      return toCurves(await curves.curves({ of, since, until, step }, signal))
    }),
  ]
}

function queueRoutes(keeper: TuningKeeper): readonly AdminRoute[] {
  return [
    answers(listQueue, async ({ query }) => {
      const { kind = null, group = null, direction = null, rule = null, state = null, limit: most, seed } = query
      const { items, left } = await keeper.queue({ kind, group, direction, rule, state, most, seed })
      return { data: items.map(toQueueItem), left }
    }),
    answers(readItem, async ({ params: { id }, body: { values }, principal }) =>
      toOpened(await keeper.open(id, { values }, operatorOf(principal))),
    ),
    answers(addLabel, async ({ body: { decision = null, ...request }, principal }) =>
      toLabel(await keeper.label({ ...request, decision }, operatorOf(principal))),
    ),
    answers(dismissComplaint, async ({ params: { id }, body: { why }, principal }) =>
      keeper.dismiss(id, why, operatorOf(principal)),
    ),
  ]
}

function setRoutes(keeper: TuningKeeper): readonly AdminRoute[] {
  return [
    answers(listSets, async () => ({ data: (await keeper.sets()).map(toSet) })),
    answers(makeSet, async ({ body: { name, since = null, until = null, ...place }, principal }) =>
      toSet(await keeper.makeSet({ name, place, since, until }, operatorOf(principal))),
    ),
    answers(showSet, async ({ params: { id: name }, query: { version = null } }) =>
      toWholeSet(await keeper.set(name, version)),
    ),
    answers(listProposals, async ({ query: { limit } }) => ({
      data: (await keeper.proposals(limit)).map(toProposal),
    })),
    answers(propose, async ({ body, principal, signal }) => {
      const { set, version = null, since = null, until = null, ...aimed } = body
      const request = { set, version, since, until, aim: toAim(aimed) }
      return toProposal(await keeper.propose(request, operatorOf(principal), signal))
    }),
    answers(simulate, async ({ query: { proposal, threshold = 0, since = null, until = null, ...place }, signal }) => {
      const of = proposal === undefined ? { place: wholePlace(place), threshold } : { proposal }
      const { place: at, from, to, figures } = await keeper.simulate({ of, since, until }, signal)
      return { place: { ...at }, from, to, figures: { ...figures } }
    }),
    answers(reportTuning, async ({ query: { cost_false_block: falseBlock, unit, ...range }, signal }) => {
      const { group = null, since = null, until = null } = range
      const cost = falseBlock === undefined ? null : { falseBlock, unit }
      const { figures, markdown } = await keeper.report({ group, since, until, cost }, signal)
      return { figures: { ...figures }, markdown }
    }),
  ]
}

function rolloutRoutes(keeper: TuningKeeper): readonly AdminRoute[] {
  return [
    answers(showTuning, async () => toState(await keeper.state())),
    answers(listRollouts, async ({ query: place }) => {
      const entries = await keeper.history(place.group === undefined ? null : wholePlace(place))
      return { data: entries.map(toHistory) }
    }),
    answers(showRollout, async ({ params: { id } }) => toSeen(await keeper.rollout(id))),
    answers(beginShadow, async ({ body: { proposal, why, bounds = {} }, principal }) =>
      toRollout(await keeper.shadow({ proposal, why, bounds: fromBounds(bounds) }, operatorOf(principal))),
    ),
    answers(stepToCanary, async ({ params: { id: rollout }, body: { digest = null, ...asked }, principal }) =>
      toRollout(await keeper.canary({ ...asked, rollout, digest }, operatorOf(principal))),
    ),
    ...(
      [
        [promote, 'promote'],
        [rollBack, 'rollback'],
        [stop, 'stop'],
      ] as const
    ).map(([contract, act]) =>
      answers(contract, async ({ params: { id: rollout }, body: { why, digest = null }, principal }) =>
        toRollout(await keeper[act]({ rollout, why, digest }, operatorOf(principal))),
      ),
    ),
  ]
}

type AskedPlace = { readonly [Member in keyof TuningPlace]?: TuningPlace[Member] | undefined }

/** A place of which the contract has said that all of it is there. */
function wholePlace({ group = '', direction = 'outbound', rule = '' }: AskedPlace): TuningPlace {
  return { group, direction, rule }
}
