import type { RawFinding } from '../../location.ts'
import { asList, asNode, isStruct, nodesOf, stringList, textField, unwrap, type Struct } from '../../syntax-tree.ts'
import type { Visit } from '../grammar/walk.ts'

/**
 * A recursive query must show why it ends: its recursive part has a condition on a column, a join condition, or a
 * limit. It is a courtesy with a clear message; that a condition never becomes false is caught by the deadline.
 */
export function checkRecursion(visits: readonly Visit[]): RawFinding[] {
  return visits.flatMap((visit) => (visit.type === 'WithClause' ? checkWith(visit) : []))
}

function checkWith(visit: Visit): RawFinding[] {
  if (visit.struct['recursive'] !== true) return []
  const queries = nodesOf(visit.struct['ctes'], 'CommonTableExpr')
  return queries.flatMap((query) => {
    const name = textField(query, 'ctename') ?? ''
    const select = asNode(query['ctequery'], 'SelectStmt')
    if (select === null || !namesRange(select, name)) return []
    const recursive = isStruct(select['rarg']) ? select['rarg'] : select
    if (hasCondition(recursive) || recursive['limitCount'] !== undefined || isStruct(query['cycle_clause'])) return []
    const message = `The recursive query "${name}" has no condition that ends it. Add WHERE with a bound, such as WHERE n < 1000.`
    return [{ rule: 'sql/unbounded-recursion', offset: visit.offset, message }]
  })
}

function namesRange(value: unknown, name: string): boolean {
  if (Array.isArray(value)) return value.some((item) => namesRange(item, name))
  if (!isStruct(value)) return false
  const range = asNode(value, 'RangeVar')
  if (range !== null) return range['relname'] === name && range['schemaname'] === undefined
  return Object.values(value).some((item) => namesRange(item, name))
}

function hasCondition(select: Struct): boolean {
  if (isStruct(select['larg']) || isStruct(select['rarg'])) {
    return [select['larg'], select['rarg']].some((side) => isStruct(side) && hasCondition(side))
  }
  return holdsColumn(select['whereClause']) || asList(select['fromClause']).some(hasJoinCondition)
}

function hasJoinCondition(item: unknown): boolean {
  const node = unwrap(item)
  if (node?.type !== 'JoinExpr') return false
  const { struct } = node
  const bound = holdsColumn(struct['quals']) || stringList(struct['usingClause']).length > 0
  return bound || struct['isNatural'] === true || hasJoinCondition(struct['larg']) || hasJoinCondition(struct['rarg'])
}

function holdsColumn(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsColumn)
  if (!isStruct(value)) return false
  return unwrap(value)?.type === 'ColumnRef' || Object.values(value).some(holdsColumn)
}
