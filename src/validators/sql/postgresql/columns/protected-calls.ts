import type { RawFinding } from '../../location.ts'
import { tablesIn, type RelationUse } from '../names/relations.ts'
import { asList, asNode, isStruct, locationOf, stringList, type Struct } from '../../syntax-tree.ts'
import { referenceName } from './mask-plan.ts'

/** Aggregates that tell about a group and not about one of its members. */
const groupAggregates = new Set('count sum avg stddev stddev_pop stddev_samp variance var_pop var_samp'.split(' '))
const plainCallFields = new Set(['funcname', 'args', 'funcformat', 'location', 'agg_filter'])

/** An aggregate-only column that a SELECT aggregates, of one table in its FROM. */
export interface ProtectedColumn extends RelationUse {
  readonly column: string
  /** The condition of FILTER, over the rows of the same SELECT; undefined where there is none. */
  readonly filter: unknown
}

/** Allowed aggregates of aggregate-only columns, by the struct of their FuncCall. */
export type ProtectedCalls = ReadonlyMap<Struct, ProtectedColumn>

interface Found {
  readonly calls: Map<Struct, ProtectedColumn>
  readonly findings: RawFinding[]
}

interface Scope {
  /** Tables of the SELECT's own FROM. */
  readonly direct: readonly RelationUse[]
  /** Tables that cannot be counted from here: samples of the own FROM, and tables of the SELECTs around. */
  readonly beyond: readonly RelationUse[]
}

/** The struct of a SELECT, with or without its wrapper around it: sides of a set operation have none. */
export function isSelect(struct: Struct): boolean {
  return 'limitOption' in struct
}

/**
 * Calls of an allowed aggregate with one plain column, whose name is that of an aggregate-only column of a table in the
 * FROM of the same SELECT. A name means the innermost thing that has it, so that it is that column. Any other call is an
 * expression like others: the analyzer tells whether it touches such a column. A call of a table outside the FROM has a
 * finding, since its groups cannot be counted there.
 */
export function findProtectedCalls(select: Struct, uses: readonly RelationUse[]): Found {
  const found: Found = { calls: new Map(), findings: [] }
  const visit = (value: unknown, scope: Scope): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, scope)
    else if (isStruct(value)) {
      const inner = isSelect(value) ? scopeOf(value, scope, uses) : scope
      const call = asNode(value, 'FuncCall')
      if (call !== null) judge(call, inner, found)
      for (const item of Object.values(value)) visit(item, inner)
    }
  }
  visit(select, { direct: [], beyond: [] })
  return found
}

function scopeOf(select: Struct, outer: Scope, uses: readonly RelationUse[]): Scope {
  const inFrom = (sampled: boolean): RelationUse[] => {
    const tables = tablesIn(select['fromClause'], { sampled })
    return uses.filter(({ struct }) => tables.has(struct))
  }
  // Another reading of a sample would have other rows than the one that is counted.
  const direct = inFrom(false)
  const samples = inFrom(true).filter((use) => !direct.includes(use))
  return { direct, beyond: [...samples, ...outer.direct, ...outer.beyond] }
}

function judge(call: Struct, scope: Scope, found: Found): void {
  if (Object.keys(call).some((field) => !plainCallFields.has(field))) return
  const path = stringList(call['funcname'])
  if (!groupAggregates.has(path.at(-1) ?? '') || (path.length > 1 && path[0] !== 'pg_catalog')) return
  const [argument, ...more] = asList(call['args'])
  const reference = asNode(argument, 'ColumnRef')
  if (reference === null || more.length > 0) return
  const [use] = usesOf(reference, scope.direct)
  const column = stringList(reference['fields']).at(-1) ?? ''
  if (use !== undefined && use.relation.entityKey !== null) {
    if (isOfOne(call['agg_filter'], use)) found.findings.push(formFinding('are of one member in this FILTER.', call))
    found.calls.set(call, { ...use, column, filter: call['agg_filter'] })
  } else if (use !== undefined || usesOf(reference, scope.beyond).length > 0) {
    found.findings.push(formFinding('are read where their table is not in the same FROM.', call))
  }
}

/** `key = constant` in a FILTER leaves one entity, so that there is nothing to tell. */
function isOfOne(filter: unknown, { relation, struct }: RelationUse): boolean {
  const conjuncts = asList(asNode(filter, 'BoolExpr')?.['args'] ?? [filter])
  const isAnd = asNode(filter, 'BoolExpr')?.['boolop'] !== 'OR_EXPR'
  return conjuncts.some((item) => {
    const { kind, name, lexpr, rexpr } = asNode(item, 'A_Expr') ?? {}
    if (!isAnd || kind !== 'AEXPR_OP' || stringList(name).join('.') !== '=') return false
    const isKey = (side: unknown): boolean => {
      const [column, qualifier, ...more] = stringList(asNode(side, 'ColumnRef')?.['fields']).toReversed()
      return (
        column === relation.entityKey &&
        more.length === 0 &&
        (qualifier ?? referenceName(struct)) === referenceName(struct)
      )
    }
    return [lexpr, rexpr].some(isKey) && [lexpr, rexpr].some((side) => asNode(side, 'A_Const') !== null)
  })
}

function usesOf(reference: Struct, uses: readonly RelationUse[]): RelationUse[] {
  const path = stringList(reference['fields'])
  const qualifier = path.at(-2)
  return uses.filter(({ relation, struct }) => {
    if (relation.columns.get(path.at(-1) ?? '')?.kind !== 'aggregate-only') return false
    return qualifier === undefined || qualifier === referenceName(struct)
  })
}

export function formFinding(reason: string, struct: Struct = {}): RawFinding {
  const message = `Aggregate-only columns ${reason} Aggregate them in one SELECT over their table, with plain conditions and groups.`
  return { rule: 'sql/aggregate-form', offset: locationOf(struct), message }
}

/** Calls inside a SELECT that are not inside another SELECT within it. */
export function ownCalls(select: Struct, calls: ProtectedCalls): Struct[] {
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

/** What these calls aggregate, each column with each of its filters once. */
export function protectedColumns(own: readonly Struct[], calls: ProtectedCalls): ProtectedColumn[] {
  const found = new Map<string, ProtectedColumn>()
  const tables: Struct[] = []
  for (const call of own) {
    const column = calls.get(call)
    if (column === undefined) continue
    if (!tables.includes(column.struct)) tables.push(column.struct)
    const filter = JSON.stringify(column.filter ?? null, (key, value: unknown) => (key === 'location' ? 0 : value))
    found.set(JSON.stringify([tables.indexOf(column.struct), column.column, filter]), column)
  }
  return [...found.values()]
}

/** Types that can be aggregated, by what the catalog calls them, lengths and fields left out, as the grammar writes them. */
const summable: Readonly<Record<string, readonly string[]>> = {
  smallint: ['pg_catalog', 'int2'],
  integer: ['pg_catalog', 'int4'],
  bigint: ['pg_catalog', 'int8'],
  real: ['pg_catalog', 'float4'],
  'double precision': ['pg_catalog', 'float8'],
  // The grammar has no words of its own for it: it is a name like another.
  money: ['money'],
  interval: ['pg_catalog', 'interval'],
  // Times of the day are added up as intervals.
  time: ['pg_catalog', 'interval'],
}

/** A copy in which each of the calls has a null of its column's type for its column. */
export function withoutColumns(value: unknown, calls: ProtectedCalls): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutColumns(item, calls))
  if (!isStruct(value)) return value
  const column = calls.get(value)
  const entries = Object.entries(value).map(([key, item]) => [key, withoutColumns(item, calls)])
  const copy = Object.fromEntries(entries) as Struct
  return column === undefined ? copy : { ...copy, args: [nullLike(column)] }
}

function nullLike({ relation, column }: ProtectedColumn): Struct {
  const written = relation.types.get(column)?.replace(/\(.*$/, '') ?? ''
  const type = /^(?:interval|time(?= without))\b/.exec(written)?.[0] ?? written
  const path = (Object.hasOwn(summable, type) ? summable[type] : undefined) ?? ['pg_catalog', 'numeric']
  const names = path.map((name) => ({ String: { sval: name } }))
  return { TypeCast: { arg: { A_Const: { isnull: true } }, typeName: { names, typemod: -1 } } }
}
