import { z } from 'zod'
import { provenances } from '../../core/provenance.ts'
import type { CheckedContent } from '../../gateway/check-content.ts'
import { filterActions } from '../../filters/profile.ts'
import { noParams, route } from '../openapi/contract.ts'
import type { SurfaceContract } from '../openapi/document.ts'

const mostParts = 1_000

const part = z
  .strictObject({
    text: z.string(),
    provenance: z
      .enum(provenances)
      .optional()
      .describe('Who wrote it; without it the user for inbound, the model for outbound.'),
    label: z.string().max(200).optional().describe('Name of the field that the text stands in.'),
    form: z.enum(['markdown', 'html']).optional().describe('What a program that shows the text makes of it.'),
  })
  .meta({ id: 'CheckedPart' })

/** `POST /v1/filters/check` */
export const filterCheckRequest = z
  .strictObject({
    direction: z
      .enum(['inbound', 'outbound'])
      .default('inbound')
      .describe('inbound: what a model would be sent; outbound: what it said.'),
    profile: z
      .string()
      .min(1)
      .max(64)
      .nullish()
      .describe("A filter profile that is at least as strict as the group's own, which holds without one."),
    texts: z.array(z.string()).min(1).max(mostParts).optional().describe('Texts, where nothing is known of them.'),
    parts: z.array(part).min(1).max(mostParts).optional().describe('Texts with what is known of them.'),
  })
  .refine(({ texts, parts }) => (texts === undefined) !== (parts === undefined), {
    error: 'takes either texts or parts',
  })
  .meta({ id: 'FilterCheck' })

const action = z.enum(filterActions)
const count = z.int().min(0)

const finding = z
  .object({
    start: count.describe('UTF-16 units of the text before it.'),
    end: count.describe('The end of it, exclusive.'),
    category: z.string(),
    score: z.number().describe('0 to 1, calibrated where a calibration is configured.'),
    raw_score: z.number().nullable().describe('As the detector gave it; null where it is the same.'),
    detector: z.string(),
    detector_version: z.string(),
    decided: action.describe('What the profile says.'),
    effective: action.describe('What would happen: allow in shadow mode; more where rules of policy say so.'),
    mode: z.enum(['enforce', 'shadow']),
    why: z.string(),
  })
  .meta({ id: 'FilterFinding' })

export const filterCheckAnswer = z
  .object({
    object: z.literal('filter-check'),
    id: z.string().describe('Of the decision, as the audit trail and the log have it.'),
    direction: z.enum(['inbound', 'outbound']),
    action: action.describe('The most final of what would happen to the texts together.'),
    reason: z.string().nullable().describe('Of the rule of policy that has made it more; null without one.'),
    profile: z.object({ name: z.string(), version: z.int() }),
    policy: z.object({ rules: z.array(z.string()), revision: z.string().nullable() }),
    detectors: z.record(z.string(), z.string()).describe('Versions by name, of all that were asked.'),
    parts: z.array(z.object({ findings: z.array(finding) })).describe('One for each text, in their order.'),
    failures: z
      .array(
        z.object({
          detector: z.string(),
          categories: z.array(z.string()),
          on_failure: z.enum(['closed', 'open']),
          why: z.enum(['deadline', 'fault', 'unreadable']),
        }),
      )
      .describe('Detectors that did not answer; a closed one makes the action block.'),
  })
  .meta({ id: 'FilterCheckAnswer' })

export const checkFilters = route({
  id: 'filters.check',
  method: 'post',
  path: '/v1/filters/check',
  summary: 'What the filters would make of texts. Nothing is sent to a model.',
  params: noParams,
  query: noParams,
  body: filterCheckRequest,
  status: 200,
  answer: filterCheckAnswer,
  errors: [],
})

export const filtersContract: SurfaceContract = {
  title: 'Sallyport: checks of content',
  version: '1',
  description: 'What the filters of content would make of texts, for keys with the scope models.',
  routes: [checkFilters],
  errors: [
    'unauthenticated',
    'forbidden',
    'suspended',
    'identity-unavailable',
    'rate-limited',
    'quota-exceeded',
    'shutting-down',
    'storage-unavailable',
    'internal',
  ],
  bodyErrors: ['invalid-request', 'payload-too-large', 'unsupported-media-type'],
  changeErrors: ['service-unavailable'],
}

export function toFilterCheck(
  { id, action: taken, reason, rules, revision, decisions, why, failures, detectors, profile }: CheckedContent,
  { direction, parts }: { readonly direction: 'inbound' | 'outbound'; readonly parts: number },
): z.infer<typeof filterCheckAnswer> {
  const found = Array.from({ length: parts }, (): { findings: z.infer<typeof finding>[] } => ({ findings: [] }))
  for (const [at, decision] of decisions.entries()) {
    const { part: index, start, end, category, score, rawScore = null, decided, effective, enforced } = decision
    const [detector = '', version = detectors[detector] ?? '1'] = decision.detector.split('@')
    found[index]?.findings.push({
      start,
      end,
      category,
      score,
      raw_score: rawScore,
      detector,
      detector_version: detectors[detector] ?? version,
      decided,
      effective,
      mode: enforced ? 'enforce' : 'shadow',
      why: why[at] ?? '',
    })
  }
  return {
    object: 'filter-check',
    id,
    direction,
    action: taken,
    reason,
    profile: { ...profile },
    policy: { rules: [...rules], revision },
    detectors: { ...detectors },
    parts: found,
    failures: failures.map(({ detector, categories, onFailure, why: reasonOfFailure }) => {
      return { detector, categories: [...categories], on_failure: onFailure, why: reasonOfFailure }
    }),
  }
}
