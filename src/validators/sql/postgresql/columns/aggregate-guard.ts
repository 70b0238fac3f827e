import { asList, isStruct, stringList, type Struct } from '../../syntax-tree.ts'
import { referenceName } from './mask-plan.ts'
import { isSelect, ownCalls, protectedColumns, type ProtectedCalls, type ProtectedColumn } from './protected-calls.ts'

interface Guarded {
  readonly select: Struct
  readonly guards: readonly string[]
}

/**
 * A copy in which each SELECT that aggregates an aggregate-only column keeps only groups of at least `minimum` distinct
 * entities that have a value. An aggregate with a FILTER is null where its own rows are of fewer.
 */
export function guardGroups(select: Struct, calls: ProtectedCalls, minimum: number): Guarded {
  const guards = new Set<string>()
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy)
    if (!isStruct(value)) return value
    const copied = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
    if (isSelect(value)) return guardSelect(copied, ownCalls(value, calls))
    const { FuncCall: call } = value
    const column = isStruct(call) ? calls.get(call) : undefined
    if (column === undefined || !isStruct(call)) return copied
    const exact = isSumOfReals(call, column) ? addedInDouble(call, copied) : copied
    return column.filter === undefined ? exact : onlyWhere(largeEnough(column, minimum), exact)
  }
  const guardSelect = (copied: Struct, own: readonly Struct[]): Struct => {
    const columns = protectedColumns(own, calls)
    for (const { relation } of columns) {
      for (const column of [relation.entityKey, relation.rowKey]) {
        if (column !== null) guards.add(`${relation.schema}.${relation.name}.${column}`)
      }
    }
    const conditions = columns
      .filter(({ filter }) => filter === undefined)
      .map((column) => largeEnough(column, minimum))
    return conditions.length === 0 ? copied : { ...copied, havingClause: guardedBy(conditions, copied['havingClause']) }
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

function isSumOfReals(call: Struct, { relation, column }: ProtectedColumn): boolean {
  return stringList(call['funcname']).at(-1) === 'sum' && relation.types.get(column) === 'real'
}

/** `sum(column::double precision)::real`: in single precision a sum tells the order of its rows by as much as a value. */
function addedInDouble(call: Struct, copied: Struct): Struct {
  const cast = (arg: unknown, name: string): Struct => ({
    TypeCast: { arg, typeName: { names: [text('pg_catalog'), text(name)], typemod: -1 } },
  })
  const args = [cast(asList(call['args'])[0], 'float8')]
  const inner = isStruct(copied['FuncCall']) ? { ...copied['FuncCall'], args } : copied['FuncCall']
  return cast({ FuncCall: inner }, 'float4')
}

/** `CASE WHEN NOT condition THEN NULL ELSE value END`, whose output has the name that the value's would have. */
function onlyWhere(condition: Struct, defresult: Struct): Struct {
  const expr = { BoolExpr: { boolop: 'NOT_EXPR', args: [condition] } }
  return { CaseExpr: { args: [{ CaseWhen: { expr, result: { A_Const: { isnull: true } } } }], defresult } }
}

/** `table.column` */
export function columnOf({ struct }: Pick<ProtectedColumn, 'struct'>, name: string): Struct {
  return { ColumnRef: { fields: [text(referenceName(struct)), text(name)] } }
}

/** `arg IS NOT NULL` */
export function isPresent(arg: Struct): Struct {
  return { NullTest: { arg, nulltesttype: 'IS_NOT_NULL' } }
}

/** Conditions of which those that are undefined are left out. */
export function allOf(conditions: readonly unknown[]): Struct {
  const args = conditions.filter(isStruct)
  const [only] = args
  return args.length === 1 && only !== undefined ? only : { BoolExpr: { boolop: 'AND_EXPR', args } }
}

/** `count(DISTINCT table.key) FILTER (WHERE table.column IS NOT NULL) >= minimum` */
function largeEnough(column: ProtectedColumn, minimum: number): Struct {
  return countsAtLeast(column, allOf([isPresent(columnOf(column, column.column)), column.filter]), minimum)
}

/** `count(DISTINCT table.key) FILTER (WHERE condition) >= minimum`, in which rows without a key do not count. */
export function countsAtLeast(column: ProtectedColumn, condition: unknown, minimum: number): Struct {
  const count = {
    FuncCall: {
      funcname: [text('pg_catalog'), text('count')],
      args: [columnOf(column, column.relation.entityKey ?? '')],
      ...(condition === undefined ? {} : { agg_filter: condition }),
      agg_distinct: true,
      funcformat: 'COERCE_EXPLICIT_CALL',
    },
  }
  return {
    A_Expr: { kind: 'AEXPR_OP', name: [text('>=')], lexpr: count, rexpr: { A_Const: { ival: { ival: minimum } } } },
  }
}
