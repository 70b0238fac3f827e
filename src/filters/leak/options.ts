import { z } from 'zod'
import { canaryLength, shortestCanary } from './canary-length.ts'

const canary = z
  .string()
  .max(200)
  .refine(
    (value) => canaryLength(value) >= shortestCanary,
    `must have ${shortestCanary} letters and digits of ASCII that differ from the one before; sixteen random ones are good`,
  )

/** What an operator does not want to see in any answer. */
export const leakOptions = z
  .strictObject({
    canaries: z
      .array(canary)
      .max(100)
      .default([])
      .describe('Texts that stand nowhere but in instructions for a model: an answer with one of them repeats these.'),
    names: z
      .array(z.string().min(4).max(128))
      .max(100_000)
      .default([])
      .describe('Names of tables and columns, as in the database, that callers see under other names.'),
  })
  .describe('What is looked for as leak/canary and leak/name in every text.')
