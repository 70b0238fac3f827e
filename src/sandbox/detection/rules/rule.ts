import type { Priority } from '../../../core/detection-facts.ts'

/** A condition: parts joined, one negated, or a field compared. A comparison with a field that is absent is false. */
export type Expression =
  | { readonly op: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly op: 'not'; readonly of: readonly [Expression] }
  | { readonly op: 'exists'; readonly field: string }
  | { readonly op: Operator; readonly field: string; readonly values: readonly string[] }

/** Those of Falco that are understood. `in` and `pmatch` take lists. */
export const operators = [
  '=',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'contains',
  'icontains',
  'startswith',
  'endswith',
  'pmatch',
] as const

export type Operator = (typeof operators)[number]

/** A rule as it is in force: its macros and lists are put in. */
export interface DetectionRule {
  readonly name: string
  readonly description: string
  readonly priority: Priority
  readonly tags: readonly string[]
  /** With `%field` where a value goes. */
  readonly output: string
  /** The fields that the output names. */
  readonly fields: readonly string[]
  readonly condition: Expression
  /** The events that the condition can hold for, as the trace tells them. */
  readonly types: readonly string[]
}
