import { z } from 'zod'

/** Does this runtime know a time zone of this name? */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const policyOptions = z
  .strictObject({
    bundle: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Bundle of "opa build -t wasm" that decides; null is the one that comes with Sallyport.'),
    deadline_ms: z
      .int()
      .min(1)
      .max(60_000)
      .default(1_000)
      .describe('Milliseconds that one decision may take; a later one is a refusal.'),
    time_zone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
      .default('UTC')
      .describe('Time zone of the day and hour that rules read.'),
  })
  .describe('Policy as code: rules in Rego that take from what groups may do.')

export type PolicyOptions = z.infer<typeof policyOptions>
