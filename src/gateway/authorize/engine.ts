import { z } from 'zod'
import type { DecisionInput, DecisionName } from './decisions.ts'

/**
 * Evaluates rules. What it gives is not looked at yet, and everything it throws means that there is no decision:
 * `decide` is the one place where both become an answer.
 */
export interface PolicyEngine {
  evaluate<Name extends DecisionName>(name: Name, input: DecisionInput<Name>, signal: AbortSignal): Promise<Evaluated>
  /** The patterns of the rules that are in force, by their ids. Rejects for what are none. */
  patterns(signal: AbortSignal): Promise<Readonly<Record<string, PatternOptions>>>
}

/** A pattern of the rules' data, which texts are searched for before the rules are asked: they never see a text. */
export const patternSchema = z.strictObject({
  words: z
    .array(z.string().min(1))
    .min(1)
    .describe('In small letters. A text without any of them is not searched, which costs next to nothing.'),
  expression: z.string().describe('A pattern of RE2, for a text in small letters with one space between words.'),
})

export type PatternOptions = z.infer<typeof patternSchema>

/** By id. */
export const patternsSchema = z.record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/), patternSchema)

export interface Evaluated {
  /** Names the rules that were asked, for the log: with them and the input, the decision can be made again. */
  readonly revision: string
  /** At the decision's entry point; undefined where no rule gives a value. */
  readonly value: unknown
}
