import type { Decided } from './decide.ts'
import type { DecisionName } from './decisions.ts'

export const decisionNames = ['grant', 'payload', 'action', 'content'] as const satisfies readonly DecisionName[]

/** What rules say of one question. */
export interface PolicyAnswer {
  readonly decision: DecisionName
  /** A fault refuses, and has no output. */
  readonly outcome: 'allowed' | 'refused' | 'fault'
  readonly revision: string | null
  readonly rules: readonly string[]
  /** The reason of a refusal, or what is wrong; null where it is allowed. */
  readonly reason: string | null
  readonly output: object | null
}

export function answerOf(decided: Decided<DecisionName>): PolicyAnswer {
  const decision = decided.name
  if (decided.kind === 'fault') {
    const { revision, fault } = decided
    return { decision, outcome: 'fault', revision, rules: [], reason: fault, output: null }
  }
  const { revision, output } = decided
  const rules = output.rules.toSorted()
  const said = { decision, revision, rules, output } as const
  return output.allow
    ? { ...said, outcome: 'allowed', reason: null }
    : { ...said, outcome: 'refused', reason: output.reason }
}
