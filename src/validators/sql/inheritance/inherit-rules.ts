import type { AllowedRelation, ColumnRule, ViewRows } from '../policy.ts'
import type { Lineage, ViewLineage } from './view-lineage.ts'

const deny: ColumnRule = { kind: 'deny' }

interface Given {
  readonly relations: ReadonlyMap<string, AllowedRelation>
  /** The rule of a column by the tables and their trees, also where the policy does not name the table; null: none. */
  readonly ruleOf: (relation: string, column: string) => ColumnRule | null
  /** Every relation there is, as `schema.relation`. */
  readonly known: ReadonlySet<string>
  readonly lineage: Lineage
  /** Could a function show what the analyzer does not see it read? By the view's functions that are not immutable too. */
  readonly couldRead: (signature: string, changing: readonly string[]) => boolean
  /** Columns that the policy names one by one for a relation: the operator's decision stands. */
  readonly isNamed: (relation: string, column: string) => boolean
}

/**
 * Relations whose views follow the tables behind them: a column of a view that is a masked column is masked alike, one
 * that is denied or aggregated only is denied, and so is one computed in a query that touches any of these, unless the
 * policy names it for the view. What the policy does not name at all is the view's own affair. Fails closed: of a view
 * that cannot be traced only the named columns are left.
 *
 * A view that chooses, groups, joins or sorts its rows by a restricted column tells of it by the rows it has: only the
 * named columns are left of it, and where there are none it may not be read. The same holds for a view that calls a
 * function whose body the analyzer does not see: the function may add up a column that may only be aggregated under a
 * ledger.
 */
export function inheritRules(given: Given): Map<string, AllowedRelation> {
  const { relations, lineage, isNamed } = given
  const inherited = new Map<string, AllowedRelation>()
  for (const [name, relation] of relations) {
    const view = lineage.get(name)
    if (view === undefined) inherited.set(name, relation)
    else if (!tellsMore(name, given) || [...relation.columns.keys()].some((item) => isNamed(name, item))) {
      const isOpen = !tellsMore(name, given)
      const columns = [...relation.columns].map(([column, rule]): [string, ColumnRule] => {
        if (rule.kind === 'deny' || isNamed(name, column)) return [column, rule]
        return [column, isOpen ? (ruleBehind(`${name}.${column}`, { ...given, own: rule }, new Set()) ?? rule) : deny]
      })
      inherited.set(name, { ...relation, columns: new Map(columns), view: rowsOf(name, lineage) })
    }
  }
  return inherited
}

/**
 * Does a view, or one behind it, decide by a restricted column what rows it has, or could it have them, or values, from
 * what it is not seen to read?
 */
function tellsMore(name: string, given: Given): boolean {
  return viewsBehind(name, given.lineage, { stored: true }).some(
    (view) =>
      view?.functions.some((signature) => given.couldRead(signature, view.changing)) === true ||
      (view?.deciders ?? []).some((column) => ruleBehind(column, { ...given, own: deny }, new Set([name])) !== null),
  )
}

/** What the rows of a view are made by. */
function rowsOf(name: string, lineage: Lineage): ViewRows | null {
  const views = viewsBehind(name, lineage, { stored: false })
  const known = views.filter((view) => view !== null)
  if (known.length < views.length) return null
  return {
    definitions: known.map(({ definition }) => definition),
    changing: [...new Set(known.flatMap(({ changing }) => changing))].sort(),
  }
}

/** A view and the views it reads, of which null is not known; without `stored` those whose rows are stored end the search. */
function viewsBehind(
  name: string,
  lineage: Lineage,
  { stored, seen = new Set() }: { readonly stored: boolean; readonly seen?: Set<string> },
): (ViewLineage | null)[] {
  const view = lineage.get(name)
  if (view === undefined || seen.has(name) || (view?.isStored === true && !stored)) return []
  seen.add(name)
  return [view, ...(view?.relations ?? []).flatMap((relation) => viewsBehind(relation, lineage, { stored, seen }))]
}

type Asked = Given & { readonly own: ColumnRule }

/** The rule a column has by what is behind it; null where nothing restricts it. `seen` ends circles. */
function ruleBehind(column: string, given: Asked, seen: ReadonlySet<string>): ColumnRule | null {
  const { relation, name } = splitColumn(column, given)
  const view = given.lineage.get(relation)
  const rule = given.relations.get(relation)?.columns.get(name) ?? given.ruleOf(relation, name)
  if (view === undefined || seen.has(column)) return rule !== null && rule.kind !== 'allow' ? strictest(rule) : null
  // A nested view that the policy names with this column has its say first.
  if (rule !== null && seen.size > 0 && (rule.kind !== 'allow' || given.isNamed(relation, name))) {
    return rule.kind === 'allow' ? null : strictest(rule)
  }
  const lineage = view?.columns.get(name)
  if (lineage === undefined) return deny
  const further = new Set([...seen, column])
  if (lineage.origin !== null) return ruleBehind(lineage.origin, given, further)
  return lineage.touches.some((touched) => ruleBehind(touched, given, further) !== null) ? deny : null
}

/** A view has no entities of its own to count: what may only be aggregated is denied there. */
function strictest(rule: ColumnRule): ColumnRule {
  return rule.kind === 'aggregate-only' ? deny : rule
}

/** `schema.relation.column`, whose parts may hold dots: by the relations known. */
export function splitColumn(
  column: string,
  { known }: Pick<Given, 'known'>,
): { readonly relation: string; readonly name: string } {
  for (let dot = column.length; (dot = column.lastIndexOf('.', dot - 1)) > 0;) {
    const relation = column.slice(0, dot)
    if (known.has(relation)) return { relation, name: column.slice(dot + 1) }
  }
  const last = column.lastIndexOf('.')
  return { relation: column.slice(0, last), name: column.slice(last + 1) }
}
