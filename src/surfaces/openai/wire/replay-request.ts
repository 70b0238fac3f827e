import { z } from 'zod'
import { responseRequest } from './response-request.ts'

const text = (error: string) => z.string({ error }).min(1, { error }).max(200, { error })

/** `POST /v1/conversations/{id}/replay` */
export const replayRequest = z
  .strictObject({
    model: text('must be the name of a model')
      .nullish()
      .describe(
        'The service’s own model, with the source that was asked behind a colon; analyst where it is left out.',
      ),
    container: z
      .string({ error: 'must be the id of a container' })
      .regex(/^cntr_[0-9a-f]{32}$/, { error: 'must be the id of a container' })
      .nullish()
      .describe('Where the programs run again. What they had made there before is let go of first.'),
    session: text('must be the id of a session').nullish().describe('The same in a session of POST /v1/sessions.'),
    stream: z.boolean().nullish().describe('Tell what comes of each program as it comes, as POST /v1/responses does.'),
    approvals: responseRequest.shape.approvals,
  })
  .refine(({ container, session }) => (container == null) !== (session == null), {
    path: ['container'],
    error: 'must be named, or a session in its place: the variables live there afterwards',
  })
