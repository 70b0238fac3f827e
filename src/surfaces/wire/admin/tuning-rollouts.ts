import { z } from 'zod'
import { activeStages, rolloutStages, type Rollout, type RolloutSeen, type TuningState } from '../../../core/tuning.ts'
import type { HistoryEntry } from '../../../feedback/tuning-keeper.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import { digest, place, placeMembers, proposalId, rolloutId, why } from './tuning-members.ts'
import { fromProposal, listProposals, toProposal } from './tuning-sets.ts'

const boundMembers = {
  most_acted_ratio: z.number().min(1).max(1_000).describe('The candidate may act so many times as often.'),
  most_acted_increase: z.number().min(0).max(1).describe('And so much more often, as a share of requests.'),
  most_complaint_increase: z.number().min(0).max(100).describe('Complaints in a hundred decisions beyond the others.'),
  error: z.number().positive().max(0.5).describe('The chance that a sound threshold is rolled back.'),
}
const bounds = z.strictObject(boundMembers)

const rollout = z
  .strictObject({
    id: z.string(),
    place,
    proposal: z.string(),
    from: z.number(),
    to: z.number(),
    detectors: z.string(),
    stage: z.enum(rolloutStages),
    share: z.number().describe('Of callers, that the canary decides for.'),
    bounds,
    revision: z.int(),
    steps: z.array(
      z.strictObject({
        at: z.iso.datetime(),
        by: z.string().describe('A person, or automatic.'),
        from: z.enum(rolloutStages).nullable(),
        to: z.enum(rolloutStages),
        why: z.string(),
      }),
    ),
  })
  .meta({ id: 'Rollout' })

export type RolloutJson = z.infer<typeof rollout>
type BoundsJson = z.infer<typeof bounds>
type AskedBounds = { readonly [Member in keyof BoundsJson]?: BoundsJson[Member] | undefined }

const toBounds = (of: Rollout['bounds']): BoundsJson => ({
  most_acted_ratio: of.mostActedRatio,
  most_acted_increase: of.mostActedIncrease,
  most_complaint_increase: of.mostComplaintIncrease,
  error: of.error,
})

/** Bounds as they are asked for: those that are not named are the service's own. */
export function fromBounds(of: AskedBounds): Partial<Rollout['bounds']> {
  return {
    ...(of.most_acted_ratio === undefined ? {} : { mostActedRatio: of.most_acted_ratio }),
    ...(of.most_acted_increase === undefined ? {} : { mostActedIncrease: of.most_acted_increase }),
    ...(of.most_complaint_increase === undefined ? {} : { mostComplaintIncrease: of.most_complaint_increase }),
    ...(of.error === undefined ? {} : { error: of.error }),
  }
}

/** Without the salt: who knows it can tell which callers are in the canary, and make one that is. */
export function toRollout({ salt: _salt, place: of, bounds: own, steps, ...rest }: Rollout): RolloutJson {
  return { ...rest, place: { ...of }, bounds: toBounds(own), steps: steps.map((step) => Object.assign({}, step)) }
}

/** As the command line knows one of a service elsewhere, which keeps the salt to itself. */
export function fromRollout({ bounds: own, ...rest }: RolloutJson): Rollout {
  return {
    ...rest,
    salt: '',
    bounds: {
      mostActedRatio: own.most_acted_ratio,
      mostActedIncrease: own.most_acted_increase,
      mostComplaintIncrease: own.most_complaint_increase,
      error: own.error,
    },
  }
}

/** Bounds as somebody asks for them. */
export function toAskedBounds(of: Partial<Rollout['bounds']>): Partial<BoundsJson> {
  const { mostActedRatio, mostActedIncrease, mostComplaintIncrease, error } = of
  return {
    ...(mostActedRatio === undefined ? {} : { most_acted_ratio: mostActedRatio }),
    ...(mostActedIncrease === undefined ? {} : { most_acted_increase: mostActedIncrease }),
    ...(mostComplaintIncrease === undefined ? {} : { most_complaint_increase: mostComplaintIncrease }),
    ...(error === undefined ? {} : { error }),
  }
}

const counts = z.strictObject({
  stage: z.enum(activeStages),
  arm: z.enum(['canary', 'control']),
  requests: z.int(),
  acted_before: z.int().describe('By the threshold in force.'),
  acted_after: z.int().describe('By the one of the rollout.'),
  only_before: z.int(),
  only_after: z.int(),
  unknown: z.int().describe('Of which it cannot be told, since a detector was left out.'),
  complaints: z.int(),
})

const seen = z.strictObject({
  rollout,
  now: z.iso.datetime().describe('By the clock of the storage.'),
  counts: z.array(counts),
})

export function toSeen({ rollout: of, now, counts: counted }: RolloutSeen): z.infer<typeof seen> {
  return {
    rollout: toRollout(of),
    now,
    counts: counted.map(({ stage, arm, requests, complaints, unknown, ...acted }) => {
      const { actedBefore, actedAfter, onlyBefore, onlyAfter } = acted
      const told = {
        acted_before: actedBefore,
        acted_after: actedAfter,
        only_before: onlyBefore,
        only_after: onlyAfter,
      }
      return Object.assign({ stage, arm, requests, complaints, unknown }, told)
    }),
  }
}

export function fromSeen({ rollout: of, now, counts: counted }: z.infer<typeof seen>): RolloutSeen {
  return {
    rollout: fromRollout(of),
    now,
    counts: counted.map(({ stage, arm, requests, complaints, unknown, ...acted }) => ({
      stage,
      arm,
      requests,
      complaints,
      unknown,
      actedBefore: acted.acted_before,
      actedAfter: acted.acted_after,
      onlyBefore: acted.only_before,
      onlyAfter: acted.only_after,
    })),
  }
}

export const showTuning = route({
  id: 'tuning.state',
  method: 'get',
  path: '/admin/v1/tuning',
  summary: 'Thresholds in force in the place of the configuration’s, and rollouts that are not at their end.',
  params: noParams,
  query: noParams,
  body: noBody,
  status: 200,
  answer: z.strictObject({
    revision: z.int(),
    thresholds: z.array(z.strictObject({ place, threshold: z.number(), rollout: z.string() })),
    rollouts: z.array(rollout),
  }),
  errors: [],
})

export function toState({ revision, thresholds, rollouts }: TuningState): z.infer<typeof showTuning.answer> {
  return {
    revision,
    thresholds: thresholds.map(({ place: of, threshold, rollout: by }) => ({ place: of, threshold, rollout: by })),
    rollouts: rollouts.map(toRollout),
  }
}

export const listRollouts = route({
  id: 'tuning.rollouts',
  method: 'get',
  path: '/admin/v1/tuning/rollouts',
  summary: 'Rollouts with what they rest on, newest first, ended ones too.',
  params: noParams,
  query: z
    .strictObject({ ...z.strictObject(placeMembers).partial().shape })
    .refine(
      ({ group, direction, rule }) => new Set([group, direction, rule].map((given) => given === undefined)).size === 1,
      { message: 'group, direction and rule go together' },
    ),
  body: noBody,
  status: 200,
  answer: z.strictObject({
    data: z.array(z.strictObject({ rollout, proposal: listProposals.answer.shape.data.element.nullable() })),
  }),
  errors: [],
})

export function toHistory({ rollout: of, proposal }: HistoryEntry): HistoryJson {
  return { rollout: toRollout(of), proposal: proposal === null ? null : toProposal(proposal) }
}

export function fromHistory({ rollout: of, proposal }: HistoryJson): HistoryEntry {
  return { rollout: fromRollout(of), proposal: proposal === null ? null : fromProposal(proposal) }
}

type HistoryJson = z.infer<typeof listRollouts.answer>['data'][number]

const params = z.strictObject({ id: rolloutId })

export const showRollout = route({
  id: 'tuning.rollout',
  method: 'get',
  path: '/admin/v1/tuning/rollouts/{id}',
  summary: 'One rollout, and what was counted of it.',
  params,
  query: noParams,
  body: noBody,
  status: 200,
  answer: seen,
  errors: ['not-found'],
})

export const beginShadow = route({
  id: 'tuning.shadow',
  method: 'post',
  path: '/admin/v1/tuning/rollouts',
  summary: 'A rollout: the proposed threshold is computed beside the one in force, and decides nothing.',
  params: noParams,
  query: noParams,
  body: z.strictObject({ proposal: proposalId, why, bounds: bounds.partial().optional() }),
  status: 201,
  answer: rollout,
  errors: ['not-found', 'conflict', 'forbidden'],
  told: ['proposal', 'why', 'bounds'],
})

const stepMembers = {
  why,
  digest: digest.optional().describe('Of the set that it rests on: needed where the threshold gets looser.'),
}
const stepBody = z.strictObject(stepMembers)

function step<Body extends z.ZodType>(name: string, summary: string, body: Body) {
  return route({
    id: `tuning.${name}`,
    method: 'post',
    path: `/admin/v1/tuning/rollouts/{id}/${name}`,
    summary,
    params,
    query: noParams,
    body,
    status: 200,
    answer: rollout,
    errors: ['not-found', 'conflict', 'forbidden'],
    told: ['why', 'digest', 'share'],
  })
}

export const stepToCanary = step(
  'canary',
  'The threshold decides for a share of callers, always the same ones.',
  z.strictObject({ ...stepMembers, share: z.number().positive().max(1).describe('Of callers.') }),
)
export const promote = step('promotion', 'The threshold decides for all.', stepBody)
export const rollBack = step('rollback', 'What was in force before is in force again.', stepBody)
export const stop = step('stop', 'A rollout that decides nothing for all ends.', stepBody)
