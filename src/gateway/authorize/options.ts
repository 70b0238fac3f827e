import { z } from 'zod'
import { Secret } from '../../core/secret.ts'

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
    reload_ms: z
      .int()
      .min(100)
      .max(3_600_000)
      .default(5_000)
      .describe(
        'Milliseconds after which a changed bundle is looked for; one that cannot be used leaves the last good one in force.',
      ),
    server: z
      .strictObject({
        url: z
          .url({ protocol: /^https?$/ })
          .refine((url) => !/[?#]|\/\/[^/]*@/.test(url), 'must have no user, query or fragment')
          .describe('Address of the server, up to what stands before /v1/data.'),
        token: z
          .string()
          .min(1)
          .transform((value) => new Secret(value))
          .nullable()
          .default(null)
          .describe('Sent to it as a bearer token.'),
      })
      .nullable()
      .default(null)
      .describe('A server of OPA that decides in place of a bundle; one that cannot be reached refuses everybody.'),
    shadow: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Bundle that is asked beside the rules in force and decides nothing; what it would change is told.'),
    record: z
      .strictObject({
        folder: z.string().min(1).describe('Folder of the recordings, for their owner only.'),
        days: z.int().min(1).max(3_660).default(7).describe('Days that a recording is kept.'),
      })
      .nullable()
      .default(null)
      .describe('Keeps what rules are asked, to try others with; null keeps nothing.'),
    approvals: z
      .strictObject({
        expires_ms: z
          .int()
          .min(10_000)
          .max(86_400_000)
          .default(600_000)
          .describe('Milliseconds in which somebody has to allow what a rule asks a person about, and it has to run.'),
        wait_ms: z
          .int()
          .min(0)
          .max(600_000)
          .default(0)
          .describe(
            'Milliseconds that a run waits for somebody to decide, before its caller is told to ask again; 0 does not wait.',
          ),
      })
      .prefault({})
      .describe('What people are asked before it runs.'),
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
  .refine(({ bundle, server }) => bundle === null || server === null, 'bundle and server cannot both decide')
  .describe('Policy as code: rules in Rego that take from what groups may do.')

export type PolicyOptions = z.infer<typeof policyOptions>
