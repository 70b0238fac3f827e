import type { DecisionInput, DecisionName } from './decisions.ts'

/**
 * Evaluates rules. What it gives is not looked at yet, and everything it throws means that there is no decision:
 * `decide` is the one place where both become an answer.
 */
export interface PolicyEngine {
  /** Names the rules that are in force, for the log: with them and an input, a decision can be made again. */
  readonly revision: string
  /** The value at the decision's entry point; undefined where no rule gives one. */
  evaluate<Name extends DecisionName>(name: Name, input: DecisionInput<Name>, signal: AbortSignal): Promise<unknown>
}
