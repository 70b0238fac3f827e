import { z } from 'zod'
import { longestTimer } from '../core/longest-timer.ts'

/** Settings of sessions, as they stand under `sessions:` in the configuration. */
export const sessionOptions = z
  .strictObject({
    idle_ms: z
      .number()
      .int()
      .positive()
      .max(longestTimer)
      .default(20 * 60 * 1000)
      .describe('A session nobody used for so long is closed and its sandbox destroyed.'),
    maximum_lifetime_ms: z
      .number()
      .int()
      .positive()
      .max(longestTimer)
      .default(24 * 60 * 60 * 1000)
      .describe('Longest lifetime that a session may be given which ends at its time, used or not.'),
    maximum_per_tenant: z.number().int().positive().default(8).describe('Open sessions one caller may have at a time.'),
    maximum_file_mb: z
      .number()
      .min(1 / 1024)
      .default(1024)
      .describe('Largest local file that can be attached, MiB.'),
  })
  .describe('Conversations that keep their sandbox, variables and files.')

export type SessionOptions = z.infer<typeof sessionOptions>
