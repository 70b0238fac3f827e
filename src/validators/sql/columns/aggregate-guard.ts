import { referenceName } from './mask-plan.ts'
import { tablesIn, type RelationUse } from '../names/relations.ts'
import { asList, asNode, isStruct, stringList, type Struct } from '../grammar/syntax-tree.ts'

/** Aggregates that tell about a group and not about one of its members. */
const groupAggregates = new Set('count sum avg stddev stddev_pop stddev_samp variance var_pop var_samp'.split(' '))
const plainCallFields = new Set(['funcname', 'args', 'funcformat', 'location'])

/** The call where a value is an allowed aggregate of an aggregate-only column: one plain column, nothing else. */
export function aggregateCall(value: unknown, uses: readonly RelationUse[]): Struct | null {
  const call = asNode(value, 'FuncCall')
  if (call === null || Object.keys(call).some((field) => !plainCallFields.has(field))) return null
  const path = stringList(call['funcname'])
  if (!groupAggregates.has(path.at(-1) ?? '') || (path.length > 1 && path[0] !== 'pg_catalog')) return null
  const [argument, ...more] = asList(call['args'])
  const column = asNode(argument, 'ColumnRef')
  return column !== null && more.length === 0 && usesOf(column, uses).length > 0 ? call : null
}

function usesOf(column: Struct, uses: readonly RelationUse[]): RelationUse[] {
  const path = stringList(column['fields'])
  const qualifier = path.at(-2)
  return uses.filter(({ relation, struct }) => {
    if (relation.columns.get(path.at(-1) ?? '')?.kind !== 'aggregate-only') return false
    return qualifier === undefined || qualifier === referenceName(struct)
  })
}

interface Guarded {
  readonly select: Struct
  readonly guards: readonly string[]
}

/**
 * A copy in which each SELECT that reads an aggregate-only column's table directly keeps only groups of at least
 * `minimum` distinct entities. A SELECT that has such an aggregate but not the table in its own FROM gets a condition
 * that is never true, since its groups cannot be counted.
 */
export function guardGroups(
  select: Struct,
  calls: ReadonlySet<Struct>,
  given: { readonly minimum: number; readonly uses: readonly RelationUse[] },
): Guarded {
  const { minimum, uses } = given
  const guards = new Set<string>()
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy)
    if (!isStruct(value)) return value
    const copied = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
    const own = 'fromClause' in value ? ownCalls(value, calls) : []
    return own.length === 0 ? copied : guardSelect(value, copied, own)
  }
  const guardSelect = (original: Struct, copied: Struct, own: readonly Struct[]): Struct => {
    const reached = protectedColumns(original, own, uses)
    const conditions = (reached ?? []).map((protectedColumn) => {
      const { relation } = protectedColumn
      for (const column of [relation.entityKey, relation.rowKey]) {
        if (column !== null) guards.add(`${relation.schema}.${relation.name}.${column}`)
      }
      return largeEnough(protectedColumn, minimum)
    })
    return { ...copied, havingClause: guardedBy(reached === null ? [never] : conditions, copied['havingClause']) }
  }
  return { select: copy(select) as Struct, guards: [...guards] }
}

const text = (value: string): Struct => ({ String: { sval: value } })
const never: Struct = { A_Const: { boolval: {} } }

/**
 * The statement's own condition is not even looked at where a group is too small: whether it fails, by a division or a
 * cast, would tell about a single value.
 */
function guardedBy(conditions: readonly Struct[], own: unknown): Struct {
  const [only] = conditions
  const guard =
    conditions.length === 1 && only !== undefined ? only : { BoolExpr: { boolop: 'AND_EXPR', args: conditions } }
  if (own === undefined) return guard
  return { CaseExpr: { args: [{ CaseWhen: { expr: guard, result: own } }], defresult: never } }
}

/** An aggregate-only column that a SELECT aggregates, of one table in its FROM. */
export interface ProtectedColumn extends RelationUse {
  readonly column: string
}

function columnOf({ struct }: RelationUse, name: string): Struct {
  return { ColumnRef: { fields: [text(referenceName(struct)), text(name)] } }
}

/** `table.column IS NOT NULL`: an aggregate tells nothing about a row without a value, which so hides no other. */
export function hasValue(protectedColumn: ProtectedColumn): Struct {
  return { NullTest: { arg: columnOf(protectedColumn, protectedColumn.column), nulltesttype: 'IS_NOT_NULL' } }
}

/** `count(DISTINCT table.key) FILTER (WHERE table.column IS NOT NULL) >= minimum` */
export function largeEnough(protectedColumn: ProtectedColumn, minimum: number): Struct {
  const count = {
    FuncCall: {
      funcname: [text('pg_catalog'), text('count')],
      args: [columnOf(protectedColumn, protectedColumn.relation.entityKey ?? '')],
      agg_filter: hasValue(protectedColumn),
      agg_distinct: true,
      funcformat: 'COERCE_EXPLICIT_CALL',
    },
  }
  return {
    A_Expr: { kind: 'AEXPR_OP', name: [text('>=')], lexpr: count, rexpr: { A_Const: { ival: { ival: minimum } } } },
  }
}

/** The struct of a SELECT, with or without its wrapper around it: sides of a set operation have none. */
export function isSelect(struct: Struct): boolean {
  return 'limitOption' in struct
}

/** Calls inside a SELECT that are not inside another SELECT within it. */
export function ownCalls(select: Struct, calls: ReadonlySet<Struct>): Struct[] {
  const found: Struct[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isStruct(value)) {
      if (calls.has(value)) found.push(value)
      else if (!isSelect(value)) Object.values(value).forEach(visit)
    }
  }
  for (const [field, value] of Object.entries(select)) if (field !== 'withClause') visit(value)
  return found
}

/** The columns that the calls aggregate of the tables in a SELECT's own FROM, each once; null where one is not there. */
export function protectedColumns(
  select: Struct,
  calls: readonly Struct[],
  uses: readonly RelationUse[],
): ProtectedColumn[] | null {
  // Another reading of a sample would have other rows than the one that is counted.
  const tables = tablesIn(select['fromClause'], { sampled: false })
  const direct = uses.filter((use) => tables.has(use.struct))
  const found = new Map<string, ProtectedColumn>()
  for (const call of calls) {
    const reference = asNode(asList(call['args'])[0], 'ColumnRef')
    const use = reference === null ? undefined : usesOf(reference, direct)[0]
    if (reference === null || use?.relation.entityKey == null) return null
    const column = stringList(reference['fields']).at(-1) ?? ''
    found.set(JSON.stringify([direct.indexOf(use), column]), { ...use, column })
  }
  return [...found.values()]
}

/** A copy in which each allowed aggregate is a null number. */
export function withoutAggregates(value: unknown, uses: readonly RelationUse[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutAggregates(item, uses))
  if (!isStruct(value)) return value
  if (aggregateCall(value, uses) !== null) {
    const names = ['pg_catalog', 'numeric'].map((name) => ({ String: { sval: name } }))
    return { TypeCast: { arg: { A_Const: { isnull: true } }, typeName: { names, typemod: -1 } } }
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutAggregates(item, uses)]))
}
