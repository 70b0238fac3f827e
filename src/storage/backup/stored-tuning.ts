import { z } from 'zod'
import { labelSources, rolloutStages, truths } from '../../core/tuning.ts'

// Rows of what was tuned, and of what it rests on, as a file that somebody gives as a backup may have them: nothing in it is
// believed.

const text = (longest: number) => z.string().min(1).max(longest)
const any = (longest: number) => z.string().max(longest)
const time = z.iso.datetime()
const share = z.number().min(0).max(1)
const count = z.int().min(0)

const place = {
  principal_group: text(1_000),
  direction: z.enum(['inbound', 'outbound']),
  rule: text(1_000),
} as const

const score = z.strictObject({
  decision: text(1_000),
  principal: any(1_000),
  score: share,
  isBound: z.boolean(),
  weight: z.number().min(0),
  stratum: text(100),
  detectors: any(10_000),
  truth: z.enum(['harmful', 'harmless']),
  source: z.enum(labelSources),
})

const bounds = z.strictObject({
  mostActedRatio: z.number(),
  mostActedIncrease: z.number(),
  mostComplaintIncrease: z.number(),
  error: z.number(),
})

const stage = z.enum(rolloutStages)
const step = z.strictObject({ at: time, by: any(1_000), from: stage.nullable(), to: stage, why: any(10_000) })

/** A text in JSON of such a form. */
const json = (form: z.ZodType, longest: number) =>
  any(longest).refine((given) => {
    try {
      return form.safeParse(JSON.parse(given)).success
    } catch {
      return false
    }
  }, 'is not what it is to be in JSON')

export const storedLabel = z.strictObject({
  id: text(200),
  decision: text(1_000),
  rule: text(1_000),
  place: count,
  truth: z.enum(truths),
  said_by: any(1_000),
  why: any(100_000),
  source: z.enum(labelSources),
  complaint: any(200).nullable(),
  made: time,
})

export const storedSet = z.strictObject({
  name: text(1_000),
  version: z.int().min(1),
  ...place,
  digest: text(200),
  items: json(z.array(score), 500_000_000),
  size: count,
  made: time,
  made_by: any(1_000),
})

export const storedProposal = z.strictObject({
  id: text(200),
  ...place,
  from_threshold: share,
  to_threshold: share,
  set_name: text(1_000),
  set_version: z.int().min(1),
  set_digest: text(200),
  detectors: any(10_000),
  figures: json(z.unknown(), 10_000_000),
  made: time,
  made_by: any(1_000),
})

export const storedRollout = z.strictObject({
  id: text(200),
  begun: count,
  ...place,
  proposal: any(200),
  from_threshold: share,
  to_threshold: share,
  detectors: any(10_000),
  stage,
  share,
  salt: any(1_000),
  bounds: json(bounds, 10_000),
  revision: count,
  steps: json(z.array(step), 10_000_000),
  before: any(200).nullable(),
})

export const storedThreshold = z.strictObject({ ...place, threshold: share, rollout: text(200) })
