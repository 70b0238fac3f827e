import { z } from 'zod'
import { Secret } from '../../../core/secret.ts'
import { customShape } from '../../../filters/custom/options.ts'
import { plainRulesSchema } from '../../../filters/profile.ts'
import { surrogateChoices, surrogateKinds } from '../surrogates/options.ts'
import { presidioOptions } from '../../../filters/remote/options.ts'

/** How much of what a text holds is hidden from where it goes; the strictest is the last. */
export const maskingLevels = ['none', 'structured', 'all'] as const
export type MaskingLevel = (typeof maskingLevels)[number]

const rules = plainRulesSchema
  .default({})
  .describe(
    'Rules by category ("pii", "pii/email", "secret"): mask, annotate (sent as it is, and said), allow, or block. What has no rule is masked.',
  )

const profileOptions = z.strictObject({
  masking: z
    .enum(maskingLevels)
    .default('all')
    .describe('all; structured: what has a form of its own, no names of people and places; none.'),
  upstreams: z
    .record(z.string(), z.enum(maskingLevels))
    .default({})
    .describe("Another level for what goes to an upstream of this name: none for a model in one's own house."),
  regions: z
    .record(z.string(), z.enum(maskingLevels))
    .default({})
    .describe('Another level for what goes to an upstream of this region that upstreams does not name.'),
  rules,
  ...customShape,
  surrogates: z
    .partialRecord(z.enum(surrogateKinds), z.enum(surrogateChoices))
    .default({})
    .describe(
      'By kind of value, whether it is replaced by a reserved one of its form ("pii/card": a card for tests) and not by a token: always; asked, where a JSON Schema or a stop text of the call allows no token; never. What is not listed is asked.',
    ),
  tools: z
    .array(z.string().min(1))
    .default([])
    .describe('Tools whose arguments get the values back when a model calls them; "*" is every tool.'),
  unread: z
    .enum(['refuse', 'pass'])
    .default('refuse')
    .describe('Pictures, sounds and files that cannot be read for personal data.'),
  user_location: z
    .enum(['refuse', 'pass'])
    .default('refuse')
    .describe('City and region of whoever asks, for a search of the provider, where names of places are masked.'),
  answers: z
    .enum(['mask', 'pass'])
    .default('mask')
    .describe(
      'Values with a form of their own that a model says and its caller did not: withheld, which holds a stream back by a word or a number; or passed.',
    ),
  late_finds: z
    .enum(['mask', 'leave'])
    .default('mask')
    .describe(
      'An earlier turn that holds a value which only a later one tells to be one. mask changes it, and what a provider keeps of what it has read no longer fits; leave leaves it as it was sent before.',
    ),
})

export const privacyOptions = z
  .strictObject({
    key: z
      .string()
      .regex(/^[0-9a-f]{64}$/i, 'must be 32 random bytes in hexadecimal')
      .transform((value) => new Secret(value))
      .nullable()
      .default(null)
      .describe(
        'Key of the tokens: 64 hexadecimal digits. null is privacy.key in secrets_directory, made when it is missing; services that serve together need the same.',
      ),
    former_keys: z
      .array(
        z
          .string()
          .regex(/^[0-9a-f]{64}$/i, 'must be 32 bytes in hexadecimal')
          .transform((value) => new Secret(value)),
      )
      .default([])
      .describe(
        'Keys that were in use before: what they have sealed is opened with them, and sealed anew when it is used.',
      ),
    deadline_ms: z
      .int()
      .min(10)
      .max(600_000)
      .default(20_000)
      .describe('Milliseconds of work that looking through one request may take; one that takes longer is refused.'),
    presidio: presidioOptions.nullable().default(null),
    profiles: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/), profileOptions)
      .default({ default: profileOptions.parse({}) })
      .describe('Privacy profiles by name; a group names its profile. "default" is there also when it is not listed.'),
  })
  .describe('What of a call is hidden from the model it is passed on to, and put back into its answer.')

export type PrivacyOptions = z.infer<typeof privacyOptions>
export type PrivacyProfile = z.infer<typeof profileOptions>

export const defaultPrivacyProfile: PrivacyProfile = profileOptions.parse({})
