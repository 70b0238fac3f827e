import { z } from 'zod'
import { recoveries } from '../../../core/recovery.ts'

const second = 1_000

/** What is done about models that fail. */
export const attemptOptions = z.strictObject({
  retries: z
    .int()
    .min(0)
    .max(10)
    .default(2)
    .describe('How often a model is asked once more after a failure that may pass, before another one is.'),
  within_ms: z
    .int()
    .min(0)
    .max(3_600 * second)
    .default(120 * second)
    .describe('Milliseconds after which no further attempt at a call begins.'),
  longest_wait_ms: z
    .int()
    .min(0)
    .max(600 * second)
    .default(5 * second)
    .describe('The longest that is waited between two attempts; a provider that asks for longer is not asked again.'),
  recovery: z
    .enum(recoveries)
    .default('stream')
    .describe(
      'stream: events leave as they come, and one that breaks off ends with an error. hold: an answer leaves when it is whole, and one that breaks off is asked for anew.',
    ),
  hold_limit_mb: z
    .number()
    .min(0.1)
    .max(1_024)
    .default(8)
    .describe('What is held of an answer, MiB; a longer one leaves as it comes from there on.'),
  breaker_failures: z
    .int()
    .min(1)
    .max(1_000)
    .default(5)
    .describe('Failures in a row after which a model is not asked where another one can be.'),
  breaker_open_ms: z
    .int()
    .min(100)
    .max(3_600 * second)
    .default(10 * second)
    .describe('Milliseconds until one call is let through to see whether it is back.'),
})

export type AttemptOptions = z.infer<typeof attemptOptions>
