import { z } from 'zod'
import { errorCodes } from '../../core/error-codes.ts'
import { findingSchema } from './sql.ts'

/** What a caller is answered with in place of what was asked for (RFC 9457), as every surface of JSON writes it. */
export const problemSchema = z
  .object({
    type: z.string().describe('urn:sallyport:error: and the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    advice: z.string().optional().describe('What the reader can do; absent where detail says it.'),
    code: z.enum(errorCodes),
    resets_at: z.iso.datetime().optional().describe('When what is refused now is given again.'),
    approval: z
      .object({ id: z.string(), expires_at: z.iso.datetime() })
      .optional()
      .describe('What a person has to allow first.'),
    findings: z.array(findingSchema).optional().describe('Why a program or a statement was refused.'),
    decision_id: z.string().optional().describe('Of the content filter that blocked it.'),
    appeal: z.string().optional().describe('The path at which the caller may object to that decision.'),
    request_id: z.string().describe('By which the log has the rest.'),
    message: z.string(),
    error: z.object({
      message: z.string(),
      type: z.string(),
      code: z.string().nullable(),
      param: z.string().nullable().describe('The member of the request at fault.'),
    }),
  })
  .meta({ id: 'Problem' })
