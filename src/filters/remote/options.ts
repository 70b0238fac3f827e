import { z } from 'zod'

export const presidioOptions = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .refine((url) => !/[?#]|\/\/[^/]*@/.test(url), 'must have no user, query or fragment')
      .describe('Address of the analyzer, up to what stands before /analyze. Texts go there as they are.'),
    entities: z
      .array(z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'the name of an entity, like PERSON'))
      .min(1)
      .max(100)
      .default(['PERSON', 'LOCATION'])
      .describe('What it is asked for, by its own names. One that it does not look for is a fault, never nothing.'),
    threshold: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        'Findings that it gives a lower score do not count; the rule of a kind may ask for more, 0.5 without one.',
      ),
    language: z
      .string()
      .regex(/^[a-z]{2}$/, 'two letters, like en')
      .default('en')
      .describe('Language that texts are read in.'),
    timeout_ms: z
      .int()
      .min(10)
      .max(600_000)
      .default(10_000)
      .describe('Milliseconds for one answer of the analyzer; a call whose text it does not answer for is refused.'),
  })
  .describe('An analyzer of Presidio beside the recognizers of the service.')

export type PresidioOptions = z.infer<typeof presidioOptions>
