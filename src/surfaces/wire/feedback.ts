import { z } from 'zod'
import { complaintReasons, complaintStates, verdicts } from '../../core/complaints.ts'
import type { Complaining } from '../../feedback/complaints/complaining.ts'
import { appealOutcomes } from '../../feedback/complaints/outcome.ts'

const decisionId = 'dec-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const answerId = 'ans_[A-Za-z0-9_-]{50}|resp_[0-9a-f]{32}'

const reason = z
  .enum(complaintReasons)
  .describe(
    'harmless: a filter took something harmless for harmful; harmful: something harmful was let through; needed: what was hidden is needed; wrong: the answer is wrong; other.',
  )

const comment = z
  .string()
  .max(2_000, { error: 'must have 2000 characters at most' })
  .default('')
  .describe('In the caller’s own words. It is kept sealed, and opened by operators alone.')

/** `POST /v1/feedback` */
export const feedbackRequest = z.strictObject({
  about: z
    .string()
    .max(200, { error: 'must have 200 characters at most' })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'must be the id of an answer or of a decision')
    .describe(
      'An answer: its header x-sallyport-answer, the id of a chat completion of analyst, of a response or of an item of a conversation. Or a decision of a content filter: dec-….',
    ),
  verdict: z.enum(verdicts).describe('up: it is well; down: it is not.'),
  reason: reason.default('other'),
  comment,
})

/** `POST /v1/appeals` */
export const appealRequest = z.strictObject({
  decision: z
    .string()
    .regex(new RegExp(`^(?:${decisionId}|${answerId})$`), 'must be the id of a decision: dec-…')
    .describe(
      'The decision_id that came with what was withheld or changed; or the header x-sallyport-answer of an answer that was changed on its way, or the id of its response where it is kept.',
    ),
  reason,
  comment,
})

const id = z.string().describe('cmp_…')
const reference = z.string().nullable()

/** The answer to `POST /v1/feedback`. */
export const feedbackObject = z
  .object({
    id,
    object: z.literal('feedback'),
    answer: reference.describe('The answer that it is about; null for a decision.'),
    decision: reference.describe('The decision of a content filter that it is about, where one is recorded.'),
    verdict: z.enum(verdicts),
    reason: z.enum(complaintReasons),
    made_at: z.iso.datetime(),
  })
  .meta({ id: 'GivenFeedback' })

/** The answer to `POST /v1/appeals`, and to `GET /v1/appeals/{id}`. */
export const appealObject = z
  .object({
    id,
    object: z.literal('appeal'),
    decision: reference,
    reason: z.enum(complaintReasons),
    state: z.enum(complaintStates).describe('labelled: a person has looked; dismissed: nobody will.'),
    outcome: z
      .enum(appealOutcomes)
      .nullable()
      .describe(
        'upheld: the filter was wrong; rejected: it was right; undecided: whoever looked could not say; null as long as nobody has.',
      ),
    made_at: z.iso.datetime(),
  })
  .meta({ id: 'Appeal' })

type Standing = Awaited<ReturnType<Complaining['standing']>>

/** It does not come back with its comment. */
export function toFeedback(complaint: Omit<Standing, 'outcome'>): z.infer<typeof feedbackObject> {
  const { id, answer, decision, verdict, reason, made } = complaint
  return { id, object: 'feedback', answer, decision, verdict, reason, made_at: made }
}

/** Nor is told who has looked, or in which words. */
export function toAppeal({ id, decision, reason, state, outcome, made }: Standing): z.infer<typeof appealObject> {
  return { id, object: 'appeal', decision, reason, state, outcome, made_at: made }
}
