import type { RawFinding } from '../location.ts'
import {
  findRelation,
  relationNames,
  usableColumns,
  type AllowedRelation,
  type ColumnRule,
  type SqlPolicy,
} from '../policy.ts'
import { closest } from '../../../text/closest.ts'
import { listNames } from '../list-names.ts'
import type { SqlGateOptions } from '../options.ts'
import { Refusal, quoteName } from './tree.ts'

export interface SourceColumn {
  readonly name: string
  readonly rule: ColumnRule
  /** `schema.relation.column`; null for what a subquery made. */
  readonly full: string | null
}

/** Something that stands in FROM. */
export interface Source {
  /** Unique in the whole statement: `t1`, `t2`, … */
  readonly alias: string
  /** The name by which the statement refers to it, in lower case. */
  readonly reference: string
  readonly schema: string | null
  /** What may be named: denied columns are not there. */
  readonly columns: readonly SourceColumn[]
  /**
   * Lower-case names that USING merged into a table before it: without a table's name they mean that one. Beside each the
   * number of the first table of the join.
   */
  readonly merged: Map<string, number>
}

export interface Scope {
  readonly sources: Source[]
  readonly parent: Scope | null
}

/** A WITH query: its canonical name and the names of its columns. */
export interface WithQuery {
  readonly canonical: string
  readonly columns: readonly string[]
}

export type Withs = ReadonlyMap<string, WithQuery>

export interface Resolved extends SourceColumn {
  /** `` `t1`.`total` `` */
  readonly text: string
}

/** What the translation of one statement collects. */
export interface Translation {
  readonly policy: SqlPolicy
  readonly options: SqlGateOptions
  readonly findings: RawFinding[]
  readonly relations: Set<string>
  readonly columns: Set<string>
  readonly functions: Set<string>
  readonly masks: { position: number; relation: string; column: string; how: string }[]
  readonly counts: { tables: number; withs: number; nodes: number; depth: number; setOperations: number }
  /** Are masked outputs written so that they leave the database no longer than their masks need them? */
  readonly hidesValues: boolean
  /** UTF-16 offset of what is being looked at. */
  at: number
  /** Adds a finding at the present place; the translation goes on, so that everything is reported at once. */
  report(rule: string, message: string): void
}

export const allow: ColumnRule = { kind: 'allow' }

/** The source of a table that policy names; null after a finding, the same whether the table exists or not. */
export function sourceOfTable(
  translation: Translation,
  { schema, name, reference }: { schema: string | null; name: string; reference: string },
): { source: Source; relation: AllowedRelation } | null {
  const { policy } = translation
  const relation = findRelation(policy, schema, name) ?? findIgnoringCase(policy, schema, name)
  if (relation === null) {
    const names = relationNames(policy)
    const similar = closest(name, names)
    const hint = names.length === 0 ? 'No table of this source is allowed.' : `You may use ${listNames(names)}.`
    const written = schema === null ? name : `${schema}.${name}`
    const said = similar === null || similar === name ? hint : `Did you mean "${similar}"?`
    translation.report('sql/relation-not-allowed', `"${written}" is not a table you may use. ${said}`)
    return null
  }
  const full = `${relation.schema}.${relation.name}`
  translation.relations.add(full)
  const columns = [...relation.columns].flatMap(([column, rule]) =>
    rule.kind === 'deny' ? [] : [{ name: column, rule, full: `${full}.${column}` }],
  )
  const alias = nextAlias(translation)
  return { relation, source: { alias, reference, schema: relation.schema, columns, merged: new Map() } }
}

/** Names of tables are kept in lower case or as they are written, by the server's settings; the catalog's is printed. */
function findIgnoringCase(policy: SqlPolicy, schema: string | null, name: string): AllowedRelation | null {
  const same = [...policy.relations.values()].filter(
    (relation) =>
      relation.name.toLowerCase() === name.toLowerCase() &&
      (schema === null
        ? policy.searchPath.includes(relation.schema)
        : relation.schema.toLowerCase() === schema.toLowerCase()),
  )
  return same.length === 1 ? (same[0] ?? null) : null
}

export function nextAlias(translation: Translation): string {
  translation.counts.tables += 1
  const { maximum_relations: maximum } = translation.options
  if (translation.counts.tables > maximum) {
    throw new Refusal('sql/too-many-relations', `The statement names more than ${maximum} tables and subqueries.`)
  }
  return `t${translation.counts.tables}`
}

interface Wanted {
  readonly schema: string | null
  readonly table: string | null
  readonly column: string
}

/** A column in the innermost scope that has it; null where none has. More than one in a scope is a refusal. */
export function findColumn(scope: Scope | null, wanted: Wanted): Resolved | null {
  for (let inner = scope; inner !== null; inner = inner.parent) {
    const found = inner.sources.flatMap((source) => columnsNamed(source, wanted))
    const [first] = found
    if (found.length > 1) {
      const message = `"${wanted.column}" is in more than one table: put the table before it, as in orders.id.`
      throw new Refusal('sql/ambiguous-name', message)
    }
    if (first !== undefined) return first
  }
  return null
}

function columnsNamed(source: Source, { schema, table, column }: Wanted): Resolved[] {
  const name = column.toLowerCase()
  if (table === null && source.merged.has(name)) return []
  if (table !== null && source.reference !== table.toLowerCase()) return []
  if (schema !== null && source.schema?.toLowerCase() !== schema.toLowerCase()) return []
  return source.columns
    .filter((candidate) => candidate.name.toLowerCase() === name)
    .map((candidate) => columnOf(source, candidate))
}

export function columnOf(source: Source, { name, rule, full }: SourceColumn): Resolved {
  return { name, rule, full, text: `${quoteName(source.alias)}.${quoteName(name)}` }
}

/** What is denied and what is missing reads the same. */
export function columnNotAllowed(translation: Translation, name: string): void {
  const usable = [...new Set([...translation.policy.relations.values()].flatMap(usableColumns))].sort()
  const message = `"${name}" is not a column you may use here. You may use ${listNames(usable)}.`
  translation.report('sql/column-not-allowed', message)
}
