import type { Decided } from './decide.ts'
import type { DecisionName } from './decisions.ts'

/** Do two rules say the same of one question? They answer with sets, in whatever order; no answer is like any other none. */
export function isSameAnswer(one: Decided<DecisionName>, other: Decided<DecisionName>): boolean {
  return textOf(one) === textOf(other)
}

function textOf(decided: Decided<DecisionName>): string {
  return orderedText(decided.kind === 'fault' ? null : decided.output)
}

/** A value as JSON, with lists and members in one order: the same text for the same sets. */
export function orderedText(value: unknown): string {
  return JSON.stringify(ordered(value)) ?? 'undefined'
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => JSON.stringify(ordered(each))).toSorted()
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, ordered(each)] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )
}
