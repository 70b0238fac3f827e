import { z } from 'zod'
import { checkNames } from './checks.ts'
import { compilePattern, longestPattern } from './pattern.ts'

const kebab = /^[a-z]+(?:-[a-z]+)*$/
const category = z.string().regex(/^[a-z]+(?:-[a-z]+)*\/[a-z]+(?:-[a-z]+)*$/, 'a category like "pii/employee-number"')

/** A pattern of RE2: no references back and no looking around, so that it takes time by the length of the text. */
const pattern = z
  .string()
  .min(1)
  .max(longestPattern)
  .superRefine((source, context) => {
    const refusal = compilePattern(source)
    if (typeof refusal === 'string') context.addIssue({ code: 'custom', message: refusal })
  })

const value = z
  .string()
  .max(1_000)
  .regex(/[\p{L}\p{N}]/u, 'must hold a letter or a digit')

export const recognizerOptions = z.strictObject({
  name: z.string().regex(kebab, 'letters in lower case and dashes, like "employee-number"'),
  pattern: pattern.describe('A pattern of RE2. It is matched without accents: "Müller" is read as "Muller".'),
  ignore_case: z.boolean().default(false).describe('Does a capital letter match a small one?'),
  category: category.nullable().default(null).describe('null is custom/ and the name.'),
  score: z.number().min(0).max(1).default(0.6).describe('Without one of the words; 0 where one of them must be near.'),
  words: z.array(z.string().min(2).max(64)).default([]).describe('Words near a value that say what it is.'),
  named_score: z.number().min(0).max(1).default(0.9).describe('With one of the words near.'),
  check: z.enum(checkNames).nullable().default(null).describe('The check digits that a value must pass.'),
})

export const listOptions = z.strictObject({
  values: z
    .array(value)
    .max(100_000)
    .default([])
    .describe('Texts, whole words of them; case and spacing do not count.'),
  patterns: z.array(pattern).max(1_000).default([]).describe('Patterns of RE2, regardless of case.'),
})

export const customOptions = z
  .strictObject({
    recognizers: z.array(recognizerOptions).max(1_000).default([]).describe('What else is looked for.'),
    allow: listOptions.prefault({}).describe('What is found and is exactly one of these is none.'),
    deny: z
      .array(listOptions.extend({ category: category.describe('What a value of the list is.') }))
      .default([])
      .describe('What is always found; a value that is on both lists is.'),
  })
  .describe("An operator's own kinds of values, and those that are never or always one.")

export type RecognizerOptions = z.infer<typeof recognizerOptions>
export type ListOptions = z.infer<typeof listOptions>
export type CustomOptions = z.infer<typeof customOptions>
