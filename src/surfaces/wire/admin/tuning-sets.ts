import { z } from 'zod'
import { confidences, labelSources, truths, type EvaluationSet, type Proposal } from '../../../core/tuning.ts'
import type { Aim } from '../../../feedback/proposals/aim.ts'
import type { SetFacts } from '../../../feedback/tuning-keeper.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import { moment } from './moment.ts'
import { figures, place, placeMembers, proposalId, setName, threshold } from './tuning-members.ts'

const setFacts = {
  name: z.string(),
  version: z.int(),
  place,
  digest: z.string().describe('SHA-256 over its items in their order.'),
  size: z.int(),
  made: z.iso.datetime(),
  by: z.string(),
}
const evaluationSet = z.strictObject(setFacts).meta({ id: 'EvaluationSet' })

const labelled = z.strictObject({
  decision: z.string(),
  principal: z.string(),
  score: z.number(),
  is_bound: z.boolean(),
  weight: z.number(),
  stratum: z.string(),
  detectors: z.string(),
  truth: z.enum(truths).exclude(['unsure']),
  source: z.enum(labelSources),
})
const setVersion = z.coerce.number().int().min(1).max(1_000_000)

export type SetJson = z.infer<typeof evaluationSet>

export function toSet({ name, version, place: of, digest, size, made, by }: SetFacts): SetJson {
  return { name, version, place: { ...of }, digest, size, made, by }
}

export function toWholeSet({ items, ...facts }: EvaluationSet): z.infer<typeof showSet.answer> {
  return {
    ...toSet({ ...facts, size: items.length }),
    items: items.map(({ isBound, decision, principal, score, weight, stratum, detectors, truth, source }) => {
      return { decision, principal, score, is_bound: isBound, weight, stratum, detectors, truth, source }
    }),
  }
}

export function fromWholeSet({ items, size: _size, ...facts }: z.infer<typeof showSet.answer>): EvaluationSet {
  return { ...facts, items: items.map(({ is_bound: isBound, ...rest }) => Object.assign({ isBound }, rest)) }
}

export const listSets = route({
  id: 'tuning.sets',
  method: 'get',
  path: '/admin/v1/tuning/sets',
  summary: 'Evaluation sets, each version of them.',
  params: noParams,
  query: noParams,
  body: noBody,
  status: 200,
  answer: z.strictObject({ data: z.array(evaluationSet) }),
  errors: [],
})

export const makeSet = route({
  id: 'tuning.set',
  method: 'post',
  path: '/admin/v1/tuning/sets',
  summary: 'The next version of a set, of the labels that there are of a place.',
  params: noParams,
  query: noParams,
  body: z.strictObject({
    name: setName,
    ...placeMembers,
    since: moment.optional().describe('Of decisions from then on.'),
    until: moment.optional().describe('Of decisions before then.'),
  }),
  status: 201,
  answer: evaluationSet,
  errors: ['conflict'],
  told: ['name', 'group', 'direction', 'rule', 'since', 'until'],
})

export const showSet = route({
  id: 'tuning.set-items',
  method: 'get',
  path: '/admin/v1/tuning/sets/{id}',
  summary: 'One set with its items: scores and labels, without a text.',
  params: z.strictObject({ id: setName.describe('Its name.') }),
  query: z.strictObject({ version: setVersion.optional().describe('The newest where it is absent.') }),
  body: noBody,
  status: 200,
  answer: z.strictObject({ ...setFacts, items: z.array(labelled) }),
  errors: ['not-found'],
})

const proposal = z
  .strictObject({
    id: z.string(),
    place,
    from: z.number().describe('The threshold in force when it was proposed.'),
    to: z.number(),
    set: z.strictObject({ name: z.string(), version: z.int(), digest: z.string() }),
    detectors: z.string(),
    figures,
    made: z.iso.datetime(),
    by: z.string(),
  })
  .meta({ id: 'TuningProposal' })

export type ProposalJson = z.infer<typeof proposal>

export function toProposal({
  id,
  place: of,
  from,
  to,
  set,
  detectors,
  figures: text,
  made,
  by,
}: Proposal): ProposalJson {
  const read = JSON.parse(text) as ProposalJson['figures']
  return { id, place: { ...of }, from, to, set: { ...set }, detectors, figures: read, made, by }
}

export const fromProposal = ({ figures: read, ...rest }: ProposalJson): Proposal => {
  return { ...rest, figures: JSON.stringify(read) }
}

const cost = z.number().positive().max(1_000_000)

export const propose = route({
  id: 'tuning.propose',
  method: 'post',
  path: '/admin/v1/tuning/proposals',
  summary: 'A threshold that a set bears out, with its interval; nothing is changed by it.',
  params: noParams,
  query: noParams,
  body: z
    .strictObject({
      set: setName,
      version: z.int().min(1).max(1_000_000).optional().describe('The newest where it is absent.'),
      false_positive_rate: z.number().gt(0).lt(1).optional().describe('The most of harmless texts that it may act on.'),
      confidence: z.literal(confidences).optional().describe('How sure that has to be; 0.95 where it is absent.'),
      most_recall_lost: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe('The most of the harmful ones that may be let pass for it; any where it is absent.'),
      costs: z
        .strictObject({ false_block: cost, miss: cost })
        .optional()
        .describe('What one of each costs, in one unit: the threshold is the one that costs least.'),
      since: moment.optional().describe('Of recorded decisions that the labels speak for, those from then on.'),
      until: moment.optional(),
    })
    .refine((given) => (given.false_positive_rate === undefined) !== (given.costs === undefined), {
      message: 'either false_positive_rate or costs has to be there',
    }),
  status: 201,
  answer: proposal,
  errors: ['not-found', 'conflict', 'forbidden'],
  told: ['set', 'version', 'false_positive_rate', 'confidence', 'most_recall_lost', 'costs'],
})

type Aimed = Omit<z.infer<typeof propose.body>, 'set' | 'version' | 'since' | 'until'>

/** What of a body says what is aimed at. */
export function toAim({ false_positive_rate: most, confidence, most_recall_lost: mostRecallLost, costs }: Aimed): Aim {
  if (costs !== undefined) return { kind: 'costs', falseBlock: costs.false_block, miss: costs.miss }
  return {
    kind: 'false-positive-rate',
    most: most ?? 0,
    ...(confidence === undefined ? {} : { confidence }),
    ...(mostRecallLost === undefined ? {} : { mostRecallLost }),
  }
}

export function fromAim(aim: Aim): Aimed {
  if (aim.kind === 'costs') return { costs: { false_block: aim.falseBlock, miss: aim.miss } }
  const { most, confidence, mostRecallLost } = aim
  return {
    false_positive_rate: most,
    ...(confidence === undefined ? {} : { confidence }),
    ...(mostRecallLost === undefined ? {} : { most_recall_lost: mostRecallLost }),
  }
}

export const listProposals = route({
  id: 'tuning.proposals',
  method: 'get',
  path: '/admin/v1/tuning/proposals',
  summary: 'Proposals, newest first.',
  params: noParams,
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
  body: noBody,
  status: 200,
  answer: z.strictObject({ data: z.array(proposal) }),
  errors: [],
})

export const simulate = route({
  id: 'tuning.simulate',
  method: 'get',
  path: '/admin/v1/tuning/simulation',
  summary: 'What a threshold would have come to over recorded decisions.',
  params: noParams,
  query: z
    .strictObject({
      proposal: proposalId.optional(),
      ...z.strictObject(placeMembers).partial().shape,
      threshold: z.coerce.number().min(0).max(1).optional(),
      since: moment.optional(),
      until: moment.optional(),
    })
    .refine(
      ({ proposal: of, group, direction, rule, threshold: to }) =>
        of === undefined
          ? ![group, direction, rule, to].includes(undefined)
          : [group, direction, rule, to].every((given) => given === undefined),
      { message: 'either proposal, or group, direction, rule and threshold have to be there' },
    ),
  body: noBody,
  status: 200,
  answer: z.strictObject({ place, from: threshold, to: threshold, figures }),
  errors: ['not-found', 'forbidden'],
})

export const reportTuning = route({
  id: 'tuning.report',
  method: 'get',
  path: '/admin/v1/tuning/report',
  summary: 'Rates of what filters did, of complaints and of labels, by group and category.',
  params: noParams,
  query: z.strictObject({
    group: z.string().min(1).max(200).optional(),
    since: moment.optional().describe('A week ago where it is absent.'),
    until: moment.optional(),
    cost_false_block: z.coerce.number().gt(0).max(1_000_000).optional().describe('What one costs, in unit.'),
    unit: z.string().min(1).max(20).default('1').describe('As EUR.'),
  }),
  body: noBody,
  status: 200,
  answer: z.strictObject({ figures, markdown: z.string() }),
  errors: [],
})
