import { z } from 'zod'
import { Secret } from '../../core/secret.ts'
import { categoryName, contentKinds, isContent } from '../categories.ts'
import { nemoDefaults } from './nemo-categories.ts'
import { llamaGuardCodes } from './llama-guard-categories.ts'
import { moderationNames } from './moderation-categories.ts'

const category = z
  .string()
  .max(100)
  .regex(categoryName, 'a category like "guard/insults"')
  .refine(isContent, `one of ${contentKinds.join(', ')}, or below one of them`)

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value))
  .nullable()
  .default(null)

const common = {
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/[?#]|\/\/[^/]*@/.test(url), 'must have no user, query or fragment')
    .describe('Address of the program. Texts go there as they are.'),
  key: secret.describe('Sent as a bearer token; null sends none.'),
  deadline_ms: z
    .int()
    .min(10)
    .max(600_000)
    .default(5_000)
    .describe('Milliseconds for one check, with all of its questions; what is not answered by then is a failure.'),
  maximum_characters: z
    .int()
    .min(1_000)
    .max(10_000_000)
    .default(200_000)
    .describe(
      'Characters of one check that are sent at most; a check with more is a failure, and nothing of it is sent.',
    ),
  breaker_failures: z.int().min(1).max(1_000).default(5).describe('Failures in a row after which it is left alone.'),
  breaker_open_ms: z
    .int()
    .min(100)
    .max(3_600_000)
    .default(10_000)
    .describe('Milliseconds for which it is left alone; then one check is let through.'),
}

const hideValues = (usually: boolean) =>
  z
    .boolean()
    .default(usually)
    .describe('Personal data and secrets with a form of their own are written over in what is sent.')

const respelled = (usually: boolean) =>
  z
    .boolean()
    .default(usually)
    .describe(
      'Texts with disguised words go besides with the words that are meant: h u r t, hur7. Models read them anyway.',
    )

const moderation = z.strictObject({
  kind: z.literal('moderation').describe('OpenAI Moderation, or what speaks as it does; url ends with /v1.'),
  ...common,
  respelled: respelled(false),
  hide_values: hideValues(true),
  model: z.string().min(1).max(200).default('omni-moderation-latest').describe('Model that is asked for.'),
  categories: z
    .partialRecord(z.enum(moderationNames), category.nullable())
    .default({})
    .describe('Ours for its categories, where it is not the usual one; null leaves one out.'),
  minimum_score: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('Findings that it gives a lower score are not told, since it gives every category one.'),
})

const judge = z
  .strictObject({
    kind: z.literal('judge').describe('A model behind a chat endpoint of the form of OpenAI; url ends with /v1.'),
    ...common,
    respelled: respelled(false),
    hide_values: hideValues(true),
    model: z.string().min(1).max(200).describe('Name of the model.'),
    verdict: z
      .enum(['llama-guard', 'scores'])
      .describe('llama-guard reads "safe" or "unsafe" and codes; scores reads JSON with a number for each category.'),
    template: z
      .enum(['server', 'sent'])
      .default('server')
      .describe("For llama-guard: who writes its prompt around the text, the server's chat template or this service."),
    prompt: z
      .string()
      .min(1)
      .max(50_000)
      .nullable()
      .default(null)
      .describe('For scores: what the model is told to judge. The form of the answer is added to it.'),
    categories: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a code like S10, or a word'), category.nullable())
      .default({})
      .describe(
        'Ours for its codes (llama-guard, where it is not the usual one) or words (scores). null leaves a code out.',
      ),
    maximum_tokens: z
      .int()
      .min(8)
      .max(4_096)
      .default(256)
      .describe('Tokens of one verdict; one cut off is no verdict.'),
  })
  .superRefine((value, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (value.verdict === 'llama-guard') {
      if (value.prompt !== null) refuse('prompt', 'goes with verdict: scores alone')
      const unknown = Object.keys(value.categories).filter((code) => !llamaGuardCodes.includes(code))
      if (unknown.length > 0) refuse('categories', `has codes from S1 to S14, and not ${unknown.join(', ')}`)
      return
    }
    if (value.prompt === null) refuse('prompt', 'is needed with verdict: scores')
    if (value.template !== 'server') refuse('template', 'goes with verdict: llama-guard alone')
    if (Object.keys(value.categories).length === 0) refuse('categories', 'has to name what is scored')
    if (Object.values(value.categories).includes(null)) refuse('categories', 'has one of ours for every word')
  })

const nemo = z.strictObject({
  kind: z.literal('nemo').describe('A server of NeMo Guardrails 0.24, which is asked at /v1/checks.'),
  ...common,
  respelled: respelled(true),
  hide_values: hideValues(false),
  config_id: z
    .string()
    .regex(/^[\w-][\w.-]{0,199}$/, 'the name of a configuration of the server')
    .refine((id) => !id.includes('..'), 'the name of a configuration of the server')
    .describe(
      'Configuration that the server has loaded. It needs input rails for what goes in, output rails for what goes out.',
    ),
  model: z.string().max(200).default('').describe("Model for its rails; empty leaves the configuration's own."),
  category: category.default(nemoDefaults.blocked).describe('What a blocked text is, where its rail is not listed.'),
  categories: z
    .record(z.string().min(1).max(200), category)
    .default({})
    .describe('Ours for its rails, by their names.'),
  changed_category: category
    .nullable()
    .default(nemoDefaults.changed)
    .describe('What a text is that its rails would change; null takes it for one that passed.'),
})

const webhook = z.strictObject({
  kind: z.literal('webhook').describe('A program of your own; the contract is in docs/content-filters.md.'),
  ...common,
  respelled: respelled(true),
  hide_values: hideValues(false),
  categories: z.array(category).min(1).max(100).describe('All that it may report.'),
  signing_key: secret.describe(
    'Key of the HMAC over the time and the body, at x-sallyport-signature; null signs nothing.',
  ),
})

export const detectorOptions = z.discriminatedUnion('kind', [moderation, judge, nemo, webhook])

export const detectorsOptions = z
  .record(
    z
      .string()
      .regex(/^[a-z]+(?:-[a-z]+)*$/, 'a name like "guard"')
      .max(64),
    detectorOptions,
  )
  .default({})
  .describe('Detectors that are other programs, by name. What they may report can be named in profiles.')

export type DetectorOptions = z.infer<typeof detectorOptions>
export type DetectorsOptions = z.infer<typeof detectorsOptions>
export type ModerationOptions = z.infer<typeof moderation>
export type JudgeOptions = z.infer<typeof judge>
export type NemoOptions = z.infer<typeof nemo>
export type WebhookOptions = z.infer<typeof webhook>
export type CommonDetectorOptions = Pick<
  DetectorOptions,
  'deadline_ms' | 'maximum_characters' | 'respelled' | 'hide_values' | 'breaker_failures' | 'breaker_open_ms'
>
