import type { RawFinding } from '../../location.ts'
import type { RelationUse } from '../names/relations.ts'
import { seriesRows } from './series.ts'
import { asList, asNode, isStruct, locationOf, stringList, textField, unwrap, type Struct } from '../../syntax-tree.ts'
import type { Visit } from '../grammar/walk.ts'

/** Rows assumed of a table or function the catalog has no estimate of. */
const assumedRows = 1_000

interface Leaf {
  readonly name: string
  readonly rows: number
  readonly offset: number
}

/**
 * Tables joined without a condition multiply. Fails closed on the catalog's estimates: per SELECT, the largest table of
 * each group that conditions connect is multiplied with those of the other groups, and the product is bounded. A
 * condition that names a column without its table connects everything, so this is a courtesy; cost and deadline are
 * the bound.
 */
export function checkCartesian(visits: readonly Visit[], uses: readonly RelationUse[], maximum: number): RawFinding[] {
  const rowsOf = new Map(uses.map((use) => [use.struct, use.relation.estimatedRows ?? assumedRows]))
  return visits.flatMap((visit) => (visit.type === 'SelectStmt' ? checkSelect(visit.struct, rowsOf, maximum) : []))
}

function checkSelect(select: Struct, rowsOf: ReadonlyMap<Struct, number>, maximum: number): RawFinding[] {
  const leaves: Leaf[] = []
  const conditions: unknown[] = [select['whereClause']]
  let connected = false
  const collect = (item: unknown): void => {
    const node = unwrap(item)
    if (node === null) return
    if (node.type === 'JoinExpr') {
      collect(node.struct['larg'])
      collect(node.struct['rarg'])
      conditions.push(node.struct['quals'])
      connected ||= node.struct['isNatural'] === true || node.struct['usingClause'] !== undefined
    } else leaves.push(leafOf(node.type, node.struct, rowsOf))
  }
  for (const item of asList(select['fromClause'])) collect(item)
  if (connected || leaves.length < 2) return []
  const links = conditions.flatMap((condition) => conjuncts(condition).map(namesIn))
  const product = groups(leaves, links).reduce((total, rows) => total * rows, 1)
  if (product <= maximum) return []
  const message = `These tables are joined without a condition and make about ${product.toExponential(0)} rows. Join them with ON.`
  return [{ rule: 'sql/cartesian-product', offset: leaves[0]?.offset ?? 0, message }]
}

function leafOf(type: string, struct: Struct, rowsOf: ReadonlyMap<Struct, number>): Leaf {
  const alias = isStruct(struct['alias']) ? textField(struct['alias'], 'aliasname') : null
  const name = alias ?? textField(struct, 'relname') ?? ''
  const sampled = asNode(struct['relation'], 'RangeVar')
  // Rows of subqueries and WITH queries are not estimated here; those of a lateral item depend on what stands before it.
  const isTable = type === 'RangeVar' || sampled !== null
  const rows = isTable ? (rowsOf.get(sampled ?? struct) ?? 1) : rowsOfCalls(type, struct)
  return { name, rows: struct['lateral'] === true ? 1 : Math.max(rows, 1), offset: locationOf(struct) }
}

/** The most rows one of the functions of a FROM item makes; a subquery has none. */
function rowsOfCalls(type: string, struct: Struct): number {
  if (type !== 'RangeFunction') return 1
  const calls = asList(struct['functions']).map((item) =>
    asNode(asList(asNode(item, 'List')?.['items'])[0], 'FuncCall'),
  )
  return Math.max(...calls.map((call) => (call === null ? null : seriesRows(call)) ?? assumedRows))
}

function conjuncts(condition: unknown): unknown[] {
  const and = asNode(condition, 'BoolExpr')
  return and?.['boolop'] === 'AND_EXPR' ? asList(and['args']).flatMap(conjuncts) : [condition]
}

/** Tables a condition names; null where it names a column alone, which may be anybody's. */
function namesIn(condition: unknown): ReadonlySet<string> | null {
  const names = new Set<string>()
  let isOpen = false
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isStruct(value)) {
      const column = asNode(value, 'ColumnRef')
      if (column === null) Object.values(value).forEach(visit)
      else {
        const path = stringList(column['fields'])
        const table = path.at(-2)
        if (table === undefined) isOpen = true
        else names.add(table)
      }
    }
  }
  visit(condition)
  return isOpen ? null : names
}

/** Rows of the largest leaf of each group of leaves that links connect. */
function groups(leaves: readonly Leaf[], links: readonly (ReadonlySet<string> | null)[]): number[] {
  let parts = leaves.map((leaf) => [leaf])
  for (const link of links) {
    const touched = link === null ? parts : parts.filter((part) => part.some((leaf) => link.has(leaf.name)))
    if (touched.length < 2) continue
    parts = [...parts.filter((part) => !touched.includes(part)), touched.flat()]
  }
  return parts.map((part) => Math.max(...part.map((leaf) => leaf.rows)))
}
