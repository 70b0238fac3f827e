import { z } from 'zod'
import { reportFaults, type ReportFacts } from '../../core/miss-reports.ts'

const text = (longest: number) => z.string().max(longest, { error: `must have ${longest} characters at most` })

/** `POST /v1/privacy/reports` */
export const reportRequest = z.strictObject({
  receipt: z
    .string()
    .regex(/^prc_[0-9a-f]{32}$/, 'must be the id of a receipt: prc_…')
    .describe('Of the call, in the header x-sallyport-privacy-receipt of its answer.'),
  fault: z
    .enum(reportFaults)
    .describe('missed: the value went to the model as it is; harmless: the text was hidden and is nothing personal.'),
  kind: z
    .string()
    .max(64)
    .regex(/^(?:pii|secret|custom)(?:\/[a-z0-9]+(?:-[a-z0-9]+)*)?$/, 'must be a kind like "pii/person" or "secret"')
    .describe('What it should have been taken for, or was taken for.'),
  value: text(1_000).min(1, { error: 'must not be empty' }).describe('The value, or the harmless text.'),
  context: text(2_000).default('').describe('What stood around it.'),
  note: text(1_000).default('').describe('Anything else that helps.'),
})

/** The answer to `POST /v1/privacy/reports`. */
export const reportObject = z.object({
  id: z.string(),
  object: z.literal('privacy-report'),
  receipt: z.string(),
  fault: z.enum(reportFaults),
  made_at: z.string(),
})

/** A report as its maker is answered: it does not come back with its text. */
export function toReport({ id, receipt, fault, made }: ReportFacts): z.infer<typeof reportObject> {
  return { id, object: 'privacy-report', receipt, fault, made_at: made }
}
