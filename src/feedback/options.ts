import { z } from 'zod'
import { categoryName } from '../filters/categories.ts'

const share = z.number().min(0).max(1)

const complaints = z
  .strictObject({
    most_a_day: z
      .int()
      .min(1)
      .max(10_000)
      .default(20)
      .describe('Complaints that count of one caller, or one person behind an application, in a day (UTC).'),
  })
  .describe('Thumbs and appeals of callers. null takes none.')

const record = z
  .strictObject({
    sample: share
      .default(0)
      .describe('Share of the decisions that let everything pass of which scores are kept, 0 to 1; 0 keeps none.'),
    near: share
      .default(0)
      .describe('Share of those of them with a score near a threshold, in its place where it is higher.'),
    texts: z
      .boolean()
      .default(false)
      .describe('Keeps of what is recorded the texts, too: without values of persons, and sealed.'),
  })
  .describe('What is kept of decisions of content filters, so that thresholds can be tuned by it.')

const limit = z
  .strictObject({
    lowest: z.number().min(0.001).max(1).describe('The lowest that a tuned threshold may be.'),
    highest: z.number().min(0.001).max(1).describe('The highest.'),
  })
  .refine(({ lowest, highest }) => lowest <= highest, { message: 'lowest is higher than highest' })

const days = z.number().min(0).max(365)

const rollouts = z
  .strictObject({
    least_requests: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(200)
      .describe('Requests of which a stage has to know what both thresholds come to, before the next one.'),
    shadow_days: days
      .default(0.1)
      .describe('Days, or a part of one, that a threshold is computed at least before it decides for anybody.'),
    canary_days: days.default(1).describe('Days that it decides for some at least before it decides for all.'),
    watch_days: days.default(3).describe('Days that it is watched when it decides for all.'),
  })
  .describe('How far apart the steps of a rollout are at least, by the clock of the storage.')

/** How thresholds of content filters may be tuned, and by what. */
export const feedbackOptions = z
  .strictObject({
    complaints: complaints.nullable().prefault({}),
    record: record.prefault({}),
    retention_days: z
      .int()
      .min(1)
      .max(3_650)
      .default(30)
      .describe('Days after which recorded decisions, complaints and texts are forgotten.'),
    rollouts: rollouts.prefault({}),
    limits: z
      .record(z.string().regex(categoryName, 'a category like "toxicity"'), limit)
      .default({})
      .describe(
        'What a tuned threshold may be, by category ("toxicity", "toxicity/hate"). A category that is not listed is never tuned.',
      ),
  })
  .describe('What callers say of answers, and thresholds of content filters that are tuned by it.')

export type FeedbackOptions = z.infer<typeof feedbackOptions>
