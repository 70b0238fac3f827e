import { z } from 'zod'

const thresholdOptions = (what: string) =>
  z
    .strictObject({
      every: z
        .string()
        .regex(/^[1-9]\d{0,4}[smh]$/, 'must be a number with s, m or h')
        .default('10m')
        .describe('For how long each of them counts; it slides.'),
      throttle: z.int().min(1).max(9e12).nullable().default(null).describe('So many, and the caller is slowed down.'),
      suspend: z.int().min(1).max(9e12).nullable().default(null).describe('So many, and the caller is suspended.'),
    })
    .refine(({ throttle, suspend }) => throttle !== null || suspend !== null, 'needs throttle, suspend or both')
    .refine(({ throttle, suspend }) => throttle === null || suspend === null || throttle < suspend, {
      message: 'must be above throttle',
      path: ['suspend'],
    })
    .nullable()
    .default(null)
    .describe(what)

export const abuseOptions = z
  .strictObject({
    refusals: thresholdOptions('Requests of one caller that policy or a rule refused; null does not count them.'),
    client_errors: thresholdOptions(
      'Requests of one caller that were wrong (4xx, refusals among them); null does not count them.',
    ),
    spend: thresholdOptions('What one caller has spent, in millionths of the currency; null does not count it.'),
    throttle_ms: z
      .int()
      .min(1_000)
      .max(60_000)
      .default(30_000)
      .describe('Milliseconds for which a caller who is slowed down is answered 429.'),
    suspend_ms: z
      .int()
      .min(60_000)
      .max(2_073_600_000)
      .default(3_600_000)
      .describe('Milliseconds for which a caller is suspended by themselves.'),
  })
  .describe('When callers are slowed down and suspended by what they do. Nobody is where nothing is set.')

export type AbuseOptions = z.infer<typeof abuseOptions>
