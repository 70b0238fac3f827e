import { bytesOf } from '../../../core/sizes.ts'
import type { ColumnRule } from '../policy.ts'
import type { Scope, Translation, Withs } from './scope.ts'
import { Refusal, placeOf, unknownForm, type Node } from './tree.ts'

/** One column of a query's result. */
export interface Output {
  readonly name: string
  /** Canonical text of its expression. */
  readonly text: string
  /** A subquery in it cannot be written a second time: its tables have names of their own. */
  readonly hasSubquery: boolean
  readonly isMasked: boolean
}

export interface QueryText {
  readonly text: string
  readonly outputs: readonly Output[]
}

export interface QueryRequest {
  readonly scope: Scope | null
  readonly withs: Withs
  /** Null for the outermost query, which alone may show masked columns and is limited. */
  readonly inner: true | null
  /** Names its columns get, in place of their own. */
  readonly names?: readonly string[]
}

export interface Environment {
  readonly translation: Translation
  readonly scope: Scope
  readonly withs: Withs
  /** Outputs that a name without a table may mean: in GROUP BY, HAVING and ORDER BY. */
  readonly outputs: readonly Output[] | null
  /** Translates a query inside this one. */
  query(node: Node, request: QueryRequest): QueryText
  /** Told when an expression holds a subquery. */
  onSubquery?: () => void
}

/** Counts a node against the budgets, and remembers where it stands. The caller calls `leave` after it. */
export function enter(translation: Translation, node: Node): void {
  const { counts, options } = translation
  counts.nodes += 1
  counts.depth += 1
  translation.at = placeOf(node) ?? translation.at
  if (counts.nodes > options.maximum_nodes) {
    throw new Refusal('sql/too-large', `The statement has more than ${options.maximum_nodes} parts.`)
  }
  if (counts.depth > options.maximum_depth) {
    throw new Refusal('sql/too-deep', `The statement is nested deeper than ${options.maximum_depth}.`)
  }
}

export function leave(translation: Translation): void {
  translation.counts.depth -= 1
}

/** A text as SQL. The parser keeps doubled quotes as they were written. */
export function quoteText(value: unknown, translation: Translation): string {
  if (typeof value !== 'string' || !/^(?:[^'\\]|'')*$/.test(value)) throw unknownForm('text')
  const maximum = bytesOf.kb(translation.options.maximum_literal_kb)
  if (Buffer.byteLength(value) > maximum) {
    throw new Refusal('sql/literal-too-long', `A text is longer than ${maximum} bytes.`)
  }
  return `'${value}'`
}

export function reportMasked(translation: Translation, name: string): void {
  const message = `"${name}" is masked: it may only stand as a plain column in the outermost SELECT, not in subqueries, WITH, conditions, functions, sorting or grouping. Join its table in the outermost SELECT and select it there.`
  translation.report('sql/column-masked', message)
}

export function isMasked(rule: ColumnRule): boolean {
  return rule.kind !== 'allow'
}
