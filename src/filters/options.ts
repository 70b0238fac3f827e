import { z } from 'zod'
import { defaultProfile, profileSchema } from './profile.ts'

export const filtersOptions = z
  .strictObject({
    deadline_ms: z
      .int()
      .min(10)
      .max(600_000)
      .default(20_000)
      .describe('Milliseconds of work that all checks of one response may take; overrunning it withholds the text.'),
    profiles: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/), profileSchema)
      .default({ default: defaultProfile })
      .describe('Filter profiles by name; a group names its profile. "default" is there also when it is not listed.'),
  })
  .describe('Filters on what is sent to a model and on everything that leaves.')
