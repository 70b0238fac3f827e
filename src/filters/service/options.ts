import { z } from 'zod'
import { Secret } from '../../core/secret.ts'

export const serviceOptions = z
  .strictObject({
    urls: z
      .array(
        z
          .url({ protocol: /^https?$/ })
          .refine((url) => !/[?#]|\/\/[^/]*@/.test(url), 'must have no user, query or fragment'),
      )
      .max(64)
      .default([])
      .describe('Addresses of processes that look at content in place of this one; none: this process does.'),
    key: z
      .string()
      .min(32, 'must have 32 characters or more: openssl rand -hex 32 makes one')
      .max(1_000)
      .regex(/^[!-~]+$/, 'must be printable characters without blanks')
      .transform((value) => new Secret(value))
      .nullable()
      .default(null)
      .describe('What this process shows to those, and what "serve --role filters" asks of whoever calls it.'),
    deadline_ms: z
      .int()
      .min(10)
      .max(600_000)
      .default(6_000)
      .describe('Milliseconds for one check, with all of the processes that are tried; later is a failure.'),
    breaker_failures: z
      .int()
      .min(1)
      .max(1_000)
      .default(3)
      .describe('Failures in a row after which a process is left alone.'),
    breaker_open_ms: z
      .int()
      .min(100)
      .max(3_600_000)
      .default(1_000)
      .describe('Milliseconds for which it is left alone; then one check is let through.'),
  })
  .refine(({ urls, key }) => urls.length === 0 || key !== null, {
    path: ['key'],
    message: 'has to be there with urls: no process takes a check without it',
  })

export type FilterServiceOptions = z.infer<typeof serviceOptions>
