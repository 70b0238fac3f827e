import { z } from 'zod'

/** What a program may not do. Courtesies: the wall is the sandbox. */
export const ruleCategories = [
  'process',
  'network',
  'dynamic-code',
  'dynamic-import',
  'introspection',
  'native-code',
  'deserialization',
  'system-files',
] as const

export type RuleCategory = (typeof ruleCategories)[number]

/** Ends the reason of what no other profile refuses. */
export const onlyStrict = ' (the sandbox holds it; only the strict profile refuses it)'

export const validatorProfiles = ['standard', 'strict', 'parse-only'] as const

export type ValidatorProfile = (typeof validatorProfiles)[number]

export const codeValidatorOptions = z
  .strictObject({
    forbid: z
      .array(z.enum(ruleCategories))
      // eval over the program's own text is ordinary in analysis code, and no wall rests on its absence.
      .default(ruleCategories.filter((category) => category !== 'dynamic-code'))
      .describe('What Python and JavaScript sources may not do. An empty list leaves the parse check only.'),
    profile: z
      .enum(['standard', 'strict'])
      .default('standard')
      .describe(
        'standard refuses what no analysis needs; strict also what the sandbox holds anyway (pickle, inspect, os.environ, computed getattr).',
      ),
    maximum_source_kb: z.int().min(1).max(4096).default(256).describe('Longest source as UTF-8, KiB.'),
    maximum_nesting: z.int().min(10).max(2000).default(500).describe('Deepest nesting of the syntax tree.'),
    profiles: z
      .array(z.enum(validatorProfiles))
      .min(1)
      .default([...validatorProfiles])
      .describe('Profiles "sallyport run --validate" may ask for; parse-only shows what the sandbox holds by itself.'),
    parse_deadline_ms: z
      .int()
      .min(10)
      .max(60_000)
      .default(2_000)
      .describe('Longest time one parse may take, milliseconds.'),
  })
  .describe('Checks on Python and JavaScript before they run.')

export type CodeValidatorOptions = z.infer<typeof codeValidatorOptions>
