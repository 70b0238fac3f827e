import type { Catalog } from '../../../core/catalog.ts'
import type { AllowedRelation, ColumnRule } from '../policy.ts'
import { splitColumn } from './inherit-rules.ts'
import { readRelationTrees, type RelationTrees } from './relation-trees.ts'
import type { Lineage } from './view-lineage.ts'

interface Given {
  readonly relations: ReadonlyMap<string, AllowedRelation>
  readonly catalog: Pick<Catalog, 'relations'>
  readonly lineage: Lineage
  /** Every relation there is, as `schema.relation`. */
  readonly known: ReadonlySet<string>
  /** The rule a column of a table has; null where nothing is said of it. */
  readonly ruleOf: (relation: string, column: string) => ColumnRule | null
}

/**
 * Views whose aggregate-only columns hold values that another relation of the policy has in such a column, or values
 * computed from the same ones, each as a problem. A ledger is kept for the rows of a table, and a view may have other rows:
 * the total of the table and the total of all but one in the view would be two answers in two ledgers, which are one person.
 */
export function viewLedgerProblems(given: Given): string[] {
  const trees = readRelationTrees(given.catalog)
  const guarded = [...given.relations].flatMap(([name, relation]) => {
    const columns = [...relation.columns].filter(([, rule]) => rule.kind === 'aggregate-only').map(([column]) => column)
    return columns.length === 0 ? [] : [{ name, sources: sourcesOf(name, columns, { ...given, trees }) }]
  })
  const isView = (name: string): boolean => given.lineage.has(name)
  return guarded.flatMap(({ name, sources }, index) =>
    guarded
      .filter((other, position) => isView(name) && (position < index || !isView(other.name)))
      .filter((other) => overlap(sources, other.sources))
      .map((other) => sharing(name, other.name)),
  )
}

function sharing(view: string, other: string): string {
  const reason = `view "${view}" and "${other}" have the same values in aggregate-only columns, and keep two ledgers`
  return `${reason}; make them aggregate-only in one of the two and leave them out of the other`
}

/** Null is not known, so that it may be anything. */
type Sources = ReadonlySet<string> | null

function overlap(left: Sources, right: Sources): boolean {
  return left === null || right === null || [...left].some((column) => right.has(column))
}

/** Columns of tables that the values come from, in every relation that inheritance connects with theirs. */
function sourcesOf(
  name: string,
  columns: readonly string[],
  given: Given & { readonly trees: RelationTrees },
): Sources {
  const { lineage, ruleOf, trees } = given
  const sources = new Set<string>()
  const waiting = columns.map((column) => `${name}.${column}`)
  const seen = new Set<string>()
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (seen.has(item)) continue
    seen.add(item)
    const { relation, name: column } = splitColumn(item, given)
    const view = lineage.get(relation)
    if (view === undefined) {
      if (ruleOf(relation, column)?.kind === 'allow') continue
      for (const member of trees.connected(relation, column)) sources.add(`${member}.${column}`)
      continue
    }
    const behind = view?.columns.get(column)
    if (behind === undefined) return null
    waiting.push(...(behind.origin === null ? behind.touches : [behind.origin]))
  }
  return sources
}
