import type { DecisionInput, DecisionName } from './decisions.ts'

/**
 * Evaluates rules. What it gives is not looked at yet, and everything it throws means that there is no decision:
 * `decide` is the one place where both become an answer.
 */
export interface PolicyEngine {
  evaluate<Name extends DecisionName>(name: Name, input: DecisionInput<Name>, signal: AbortSignal): Promise<Evaluated>
}

export interface Evaluated {
  /** Names the rules that were asked, for the log: with them and the input, the decision can be made again. */
  readonly revision: string
  /** At the decision's entry point; undefined where no rule gives a value. */
  readonly value: unknown
}
