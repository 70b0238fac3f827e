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
    maximum_result_characters: z
      .int()
      .min(1_000)
      .max(1_000_000_000)
      .default(10_000_000)
      .describe('Characters of one result (rows, output, displays) that leave at most; what is cut is said.'),
    maximum_turn_characters: z
      .int()
      .min(1_000)
      .max(100_000_000)
      .default(1_000_000)
      .describe("Characters of one of the model's turns that leave at most; what is cut is said."),
    profiles: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/), profileSchema)
      .default({ default: defaultProfile })
      .describe('Filter profiles by name; a group names its profile. "default" is there also when it is not listed.'),
  })
  .describe('Filters on what is sent to a model and on everything that leaves.')
