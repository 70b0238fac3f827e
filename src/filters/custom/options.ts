import { createRequire } from 'node:module'
import type { RE2JS } from 're2js'
import type * as Library from 're2js'
import { z } from 'zod'

const require = createRequire(import.meta.url)
let library: typeof Library | null = null

/**
 * A pattern of RE2, which takes time in proportion to the text. Throws for what is none. The library is loaded with the
 * first pattern: a configuration without one does not wait for it.
 */
export function compileLinear(source: string, { ignoreCase = false } = {}): RE2JS {
  library ??= require('re2js') as typeof Library
  const { RE2JS: engine } = library
  return engine.compile(source, ignoreCase ? engine.CASE_INSENSITIVE : 0)
}

const longestPattern = 1_000

/** What is wrong with a pattern, and what to do; null for a good one. */
export function refusalOfPattern(source: string): string | null {
  if (source.length > longestPattern) {
    return `must have ${longestPattern.toLocaleString('en')} characters at most; make several of it`
  }
  try {
    if (!compileLinear(source).matcher('').matches()) return null
    return 'must not match an empty text; "+" takes one or more where "*" takes none, too'
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return `is no pattern of RE2, which looks neither around nor back: ${reason}`
  }
}

/** Check digits by name: our own, and those of a country's number. */
export const checkNames = ['luhn', 'mod97-10', 'mod11', 'routing-number', 'vin', 'at/vnr', 'au/tfn', 'be/nn', 'bg/egn', 'br/cpf', 'ca/sin', 'ch/ssn', 'cl/rut', 'cn/ric', 'cz/rc', 'de/idnr', 'dk/cpr', 'ee/ik', 'es/dni', 'es/nie', 'fi/hetu', 'fr/nir', 'gb/nino', 'hk/hkid', 'hr/oib', 'ie/pps', 'il/idnr', 'in/aadhaar', 'in/pan', 'it/codicefiscale', 'kr/rrn', 'mx/curp', 'nl/bsn', 'no/fodselsnummer', 'pl/pesel', 'pt/nif', 'ro/cnp', 'se/personnummer', 'th/idnr', 'tr/tckimlik', 'tw/natid', 'us/ein', 'za/idnr'] as const // prettier-ignore
export type CheckName = (typeof checkNames)[number]

const kebab = /^[a-z]+(?:-[a-z]+)*$/
const category = z.string().regex(/^[a-z]+(?:-[a-z]+)*\/[a-z]+(?:-[a-z]+)*$/, 'a category like "pii/employee-number"')

const pattern = z.string().superRefine((source, context) => {
  const refusal = refusalOfPattern(source)
  if (refusal !== null) context.addIssue({ code: 'custom', message: refusal })
})

const value = z
  .string()
  .max(1_000)
  .regex(/[\p{L}\p{N}]/u, 'must hold a letter or a digit')

const recognizerOptions = z.strictObject({
  name: z.string().regex(kebab, 'letters in lower case and dashes, like "employee-number"'),
  pattern: pattern.describe('A pattern of RE2. It is matched without accents: "Müller" is read as "Muller".'),
  ignore_case: z.boolean().default(false).describe('Does a capital letter match a small one?'),
  within_words: z
    .boolean()
    .default(false)
    .describe('Is it looked for within longer words and numbers, too? "E-[0-9]{6}" is in "ABE-123456-X".'),
  category: category.nullable().default(null).describe('null is custom/ and the name.'),
  score: z.number().min(0).max(1).default(0.6).describe('Without one of the words; 0 where one of them must be near.'),
  words: z.array(z.string().min(2).max(64)).default([]).describe('Words near a value that say what it is.'),
  named_score: z.number().min(0).max(1).default(0.9).describe('With one of the words near.'),
  check: z.enum(checkNames).nullable().default(null).describe('The check digits that a value must pass.'),
})

const listOptions = z.strictObject({
  values: z
    .array(value)
    .max(100_000)
    .default([])
    .describe('Texts, whole words of them; case and spacing do not count.'),
  patterns: z.array(pattern).max(1_000).default([]).describe('Patterns of RE2, regardless of case.'),
})

/** An operator's own kinds of values, and those that are never or always one, as parts of other settings. */
export const customShape = {
  recognizers: z
    .array(recognizerOptions)
    .max(1_000)
    .superRefine((recognizers, context) => {
      for (const [index, { name }] of recognizers.entries()) {
        if (recognizers.findIndex((other) => other.name === name) === index) continue
        const message = `there is a recognizer "${name}" before; give each its own name, and a common "category" to what is one kind`
        context.addIssue({ code: 'custom', path: [index, 'name'], message })
      }
    })
    .default([])
    .describe('What else is looked for.'),
  allow: listOptions
    .prefault({})
    .describe('What is found and is, as a whole, one of these is none; a secret to the letter.'),
  deny: z
    .array(listOptions.extend({ category: category.describe('What a value of the list is.') }))
    .default([])
    .describe('What is always found; a value that is on both lists is.'),
}

export const customOptions = z.strictObject(customShape)

export type RecognizerOptions = z.infer<typeof recognizerOptions>
export type ListOptions = z.infer<typeof listOptions>
export type CustomOptions = z.infer<typeof customOptions>

export const categoryOf = ({ category: given, name }: Pick<RecognizerOptions, 'category' | 'name'>): string =>
  given ?? `custom/${name}`

/** The categories that an operator has named. */
export function customCategories({ recognizers, deny }: Pick<CustomOptions, 'recognizers' | 'deny'>): string[] {
  return [...recognizers.map(categoryOf), ...deny.map((list) => list.category)]
}
