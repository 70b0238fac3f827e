import { referenceName } from './mask-plan.ts'
import type { RelationUse } from '../names/relations.ts'
import { asList, asNode, isStruct, stringList, unwrap, type Struct } from '../grammar/syntax-tree.ts'

/** Aggregates that tell about a group and not about one of its members. */
const groupAggregates = new Set('count sum avg stddev stddev_pop stddev_samp variance var_pop var_samp'.split(' '))
const plainCallFields = new Set(['funcname', 'args', 'funcformat', 'location'])

/** The call where a value is an allowed aggregate of an aggregate-only column: one plain column, nothing else. */
export function aggregateCall(value: unknown, uses: readonly RelationUse[]): Struct | null {
  const call = asNode(value, 'FuncCall')
  if (call === null || Object.keys(call).some((field) => !plainCallFields.has(field))) return null
  if (!groupAggregates.has(stringList(call['funcname']).at(-1) ?? '')) return null
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
    const direct = directUses(original, uses)
    const conditions = own.flatMap((call) => {
      const column = asNode(asList(call['args'])[0], 'ColumnRef')
      const use = column === null ? undefined : usesOf(column, direct)[0]
      if (use?.relation.entityKey == null) return [never]
      const { schema, name, entityKey } = use.relation
      guards.add(`${schema}.${name}.${entityKey}`)
      return [largeEnough(referenceName(use.struct), entityKey, minimum)]
    })
    const all = [...(copied['havingClause'] === undefined ? [] : [copied['havingClause']]), ...unique(conditions)]
    const [only] = all
    return { ...copied, havingClause: all.length === 1 ? only : { BoolExpr: { boolop: 'AND_EXPR', args: all } } }
  }
  return { select: copy(select) as Struct, guards: [...guards] }
}

const text = (value: string): Struct => ({ String: { sval: value } })
const never: Struct = { A_Const: { boolval: {} } }

/** `count(DISTINCT table.key) >= minimum` */
function largeEnough(table: string, key: string, minimum: number): Struct {
  const count = {
    FuncCall: {
      funcname: [text('pg_catalog'), text('count')],
      args: [{ ColumnRef: { fields: [text(table), text(key)] } }],
      agg_distinct: true,
      funcformat: 'COERCE_EXPLICIT_CALL',
    },
  }
  return {
    A_Expr: { kind: 'AEXPR_OP', name: [text('>=')], lexpr: count, rexpr: { A_Const: { ival: { ival: minimum } } } },
  }
}

function unique(conditions: readonly Struct[]): Struct[] {
  return [...new Map(conditions.map((condition) => [JSON.stringify(condition), condition])).values()]
}

/** Calls inside a SELECT that are not inside another SELECT within it. */
function ownCalls(select: Struct, calls: ReadonlySet<Struct>): Struct[] {
  const found: Struct[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isStruct(value)) {
      if (calls.has(value)) found.push(value)
      else if (unwrap(value)?.type !== 'SelectStmt') Object.values(value).forEach(visit)
    }
  }
  for (const [field, value] of Object.entries(select)) if (field !== 'withClause') visit(value)
  return found
}

/** Tables that stand in a SELECT's own FROM. */
function directUses(select: Struct, uses: readonly RelationUse[]): RelationUse[] {
  const ranges = new Set<Struct>()
  const collect = (item: unknown): void => {
    const node = unwrap(item)
    if (node?.type === 'RangeVar') ranges.add(node.struct)
    if (node?.type === 'JoinExpr') [node.struct['larg'], node.struct['rarg']].forEach(collect)
  }
  asList(select['fromClause']).forEach(collect)
  return uses.filter((use) => ranges.has(use.struct))
}
