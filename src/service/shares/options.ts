import { z } from 'zod'

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
      .describe(
        'Group under whose policy links are made that anybody may open who has them; null allows none.',
      ),
    anonymous_days: z.int().min(1).max(365).default(7).describe('Longest life of such a link, days.'),
    maximum_count: z.int().min(0).max(100_000).default(200).describe('Shares of one caller at a time.'),
  })
  .describe('Versions of conversations that callers give to others.')

export type ShareOptions = z.infer<typeof shareOptions>
