import { z } from 'zod'
import { labelSources, truths } from '../../../core/tuning.ts'
import type { OperatingPoint } from '../../../feedback/curves/operating-point.ts'
import type { CurvesAnswer, TunablePlace } from '../../../feedback/curves/tuning-curves.ts'
import type { Amount, Estimate } from '../../../feedback/estimates/intervals.ts'
import { proposalRefusals } from '../../../feedback/proposals/refusals.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import { moment } from './moment.ts'
import { place, placeMembers, setName, threshold } from './tuning-members.ts'

const rate = z
  .strictObject({
    rate: z.number().min(0).max(1).nullable().describe('null where labels say too little of it.'),
    low: z.number().min(0).max(1),
    high: z.number().min(0).max(1).describe('The true one lies from low to high with a confidence of 95 %.'),
  })
  .meta({ id: 'TuningRate' })

const amount = z
  .strictObject({
    value: z.number().min(0).nullable().describe('null where labels say too little of it.'),
    low: z.number().min(0),
    high: z.number().min(0).describe('The true one lies from low to high with a confidence of 95 %.'),
  })
  .meta({ id: 'TuningAmount' })

const placeFacts = {
  place,
  threshold: threshold.describe('In force now.'),
  is_tuned: z.boolean().describe('Is that another one than the configuration’s?'),
  limits: z.strictObject({ lowest: threshold, highest: threshold }),
  detectors: z.string().describe('Names and versions of those in force; scores of others are in no rate.'),
}
const tunablePlace = z.strictObject(placeFacts).meta({ id: 'TunablePlace' })

export const listPlaces = route({
  id: 'tuning.places',
  method: 'get',
  path: '/admin/v1/tuning/places',
  summary: 'Every rule of a group whose threshold may be tuned, with the threshold in force and its limits.',
  params: noParams,
  query: noParams,
  body: noBody,
  status: 200,
  answer: z.strictObject({ data: z.array(tunablePlace) }),
  errors: [],
})

const count = z.int().min(0)

const point = z
  .strictObject({
    threshold,
    acted: rate.describe('Of all decisions, those that the rule acts on: known without a label.'),
    false_positive_rate: rate.describe('Of harmless decisions, those that it acts on.'),
    recall: rate.describe('Of harmful decisions, those that it acts on.'),
    precision: rate.describe('Of those that it acts on, the harmful ones.'),
    per_thousand: z
      .strictObject({ found: amount, missed: amount, false_positives: amount, let_pass: amount })
      .describe(
        'Of a thousand decisions: harmful and acted on, harmful and not, harmless and acted on, harmless and not.',
      ),
    labels: z
      .strictObject({ found: count, missed: count, false_positives: count, let_pass: count, unknown: count })
      .describe('Labelled decisions, as they were counted; unknown: those of whose score only a lower bound is known.'),
    unknown: z
      .number()
      .nullable()
      .describe('Share of decisions of whose score only a lower bound, below this threshold, is known.'),
  })
  .meta({ id: 'OperatingPoint' })

const missing = z.strictObject({ reason: z.enum(proposalRefusals), message: z.string(), advice: z.string() })

const labelled = z.strictObject({
  decision: z.string(),
  score: z.number(),
  is_bound: z.boolean().describe('Is the score only known to be no lower?'),
  truth: z.enum(truths).exclude(['unsure']),
  source: z.enum(labelSources),
  stratum: z.string(),
})

export const showCurves = route({
  id: 'tuning.curves',
  method: 'get',
  path: '/admin/v1/tuning/curves',
  summary:
    'What every threshold of a place comes to: ROC, PR and the confusion matrix, with intervals; nothing is changed.',
  params: noParams,
  query: z
    .strictObject({
      ...z.strictObject(placeMembers).partial().shape,
      set: setName.optional().describe('A set, in the place of the labels of a place as they hold now.'),
      version: z.coerce.number().int().min(1).max(1_000_000).optional().describe('The newest where it is absent.'),
      since: moment.optional().describe('Of recorded decisions, those from then on.'),
      until: moment.optional(),
      step: z.coerce
        .number()
        .int()
        .min(1)
        .max(100)
        .default(5)
        .describe('Thousandths from one threshold to the next; the one in force and the limits are there, too.'),
    })
    .refine(
      ({ set, version, group, direction, rule }) =>
        set === undefined
          ? version === undefined && ![group, direction, rule].includes(undefined)
          : [group, direction, rule].every((given) => given === undefined),
      { message: 'either set, or group, direction and rule have to be there' },
    ),
  body: noBody,
  status: 200,
  answer: z.strictObject({
    ...placeFacts,
    set: z
      .strictObject({ name: z.string(), version: z.int(), digest: z.string() })
      .nullable()
      .describe('null where labels are taken as they hold now.'),
    of: z.enum(['traffic', 'texts']).describe('texts: those of a file, which say nothing of traffic.'),
    decisions: z.number().describe('Those that the recorded ones stand for.'),
    recorded: count,
    others: count.describe('Recorded decisions of other detectors, which are in no rate.'),
    labels: z.strictObject({
      harmful: count,
      harmless: count,
      drawn: count.describe('Those that speak for others: nobody has pointed at them.'),
      other_detectors: count,
    }),
    missing: missing.nullable().describe('Why some rates are not known, and what would help; null where all may be.'),
    points: z.array(point).describe('The lowest threshold first.'),
    labelled: z.array(labelled).describe('The lowest score first, without a text.'),
    left: count.describe('Labelled decisions that are further from the threshold in force, and not shown.'),
  }),
  errors: ['not-found', 'conflict'],
})

export function toPlace({ place: of, threshold: now, isTuned, limits, detectors }: TunablePlace): PlaceJson {
  const { lowest, highest } = limits
  return { place: { ...of }, threshold: now, is_tuned: isTuned, limits: { lowest, highest }, detectors }
}

type PlaceJson = z.infer<typeof tunablePlace>

const known = (value: number): number | null => (Number.isFinite(value) ? value : null)

const toRate = ({ rate: value, low, high }: Estimate): z.infer<typeof rate> => ({ rate: known(value), low, high })

const toAmount = ({ value, low, high }: Amount): z.infer<typeof amount> => ({ value: known(value), low, high })

function toPoint(of: OperatingPoint): z.infer<typeof point> {
  const { perThousand, labels } = of
  return {
    threshold: of.threshold,
    acted: toRate(of.acted),
    false_positive_rate: toRate(of.falsePositiveRate),
    recall: toRate(of.recall),
    precision: toRate(of.precision),
    per_thousand: {
      found: toAmount(perThousand.found),
      missed: toAmount(perThousand.missed),
      false_positives: toAmount(perThousand.falsePositives),
      let_pass: toAmount(perThousand.letPass),
    },
    labels: {
      found: labels.found,
      missed: labels.missed,
      false_positives: labels.falsePositives,
      let_pass: labels.letPass,
      unknown: labels.unknown,
    },
    unknown: known(of.unknown),
  }
}

export function toCurves({
  curves,
  set,
  otherDetectors,
  labelled: scored,
  left,
  ...standing
}: CurvesAnswer): z.infer<typeof showCurves.answer> {
  const { of, decisions, recorded, others, labels, missing: why, points } = curves
  return {
    ...toPlace(standing),
    set: set === null ? null : { ...set },
    of,
    decisions,
    recorded,
    others,
    labels: { ...labels, other_detectors: otherDetectors },
    missing: why === null ? null : { reason: why.reason, message: why.message, advice: why.advice },
    points: points.map(toPoint),
    labelled: scored.map(({ decision, score, isBound, truth, source, stratum }) => {
      return { decision, score, is_bound: isBound, truth, source, stratum }
    }),
    left,
  }
}
