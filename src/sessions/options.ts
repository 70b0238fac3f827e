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

/** Settings of files that callers upload, and that runs which are kept make, as they stand under `files:` in the configuration. */
export const fileOptions = z
  .strictObject({
    maximum_mb: z.number().positive().max(8_192).default(512).describe('Largest file, MiB.'),
    maximum_total_mb: z
      .number()
      .positive()
      .max(1_048_576)
      .default(2_048)
      .describe('All files of one caller together, MiB; what they hold twice counts twice.'),
    maximum_count: z.int().positive().max(1_000_000).default(1_000).describe('Files of one caller.'),
    link_ms: z
      .int()
      .min(1_000)
      .max(86_400_000)
      .default(600_000)
      .describe('How long a link to a file lives, milliseconds. Whoever has it may read the file.'),
    defuse_formulas: z
      .boolean()
      .default(true)
      .describe(
        'Do CSV and TSV files that a run made go out with an apostrophe before cells that a spreadsheet would take for formulas?',
      ),
    previews: z.boolean().default(true).describe('Are tables looked at in a sandbox when they come?'),
  })
  .describe('Files that callers upload, and that runs make.')

export type FileOptions = z.infer<typeof fileOptions>

/** Settings of shares, as they stand under `shares:` in the configuration. */
export const shareOptions = z
  .strictObject({
    groups: z
      .enum(['own', 'all'])
      .default('all')
      .describe('For whom callers may make shares of their conversations: callers of their own group, or of any.'),
    days: z.int().min(1).max(3_650).default(90).describe('Longest life of a share for a group, days.'),
    anonymous_group: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Group under whose policy links are made that anybody may open who has them; null allows none.'),
    anonymous_days: z.int().min(1).max(365).default(7).describe('Longest life of such a link, days.'),
    maximum_count: z.int().min(0).max(100_000).default(200).describe('Shares of one caller at a time.'),
  })
  .describe('Versions of conversations that callers give to others.')

export type ShareOptions = z.infer<typeof shareOptions>
