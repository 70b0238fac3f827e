import type { RawFinding } from '../../location.ts'
import type { MaskKind } from '../../policy.ts'
import { tablesIn, type RelationUse } from '../names/relations.ts'
import { asList, asNode, isStruct, locationOf, stringList, textField, unwrap, type Struct } from '../../syntax-tree.ts'

/** An output column whose values are masked before anybody sees them. */
export interface MaskedOutput {
  /** 0-based. */
  readonly position: number
  readonly relation: string
  readonly column: string
  readonly how: MaskKind
}

type Masks =
  | { readonly outputs: readonly MaskedOutput[]; readonly residue: Struct }
  | { readonly findings: readonly [RawFinding, ...RawFinding[]] }

/**
 * Plain columns of the outermost SELECT that carry the name of a masked column of its own FROM become masked outputs;
 * the residue has a null in their place. ORDER BY reaches an output by its name before it reaches a column, so that one
 * of these names there is a finding. The analyzer decides whether the column is the one its name says.
 */
export function planMasks(select: Struct, uses: readonly RelationUse[]): Masks {
  if (isStruct(select['larg']) || select['valuesLists'] !== undefined) return { outputs: [], residue: select }
  const outputs: MaskedOutput[] = []
  const findings: RawFinding[] = []
  const tables = tablesIn(select['fromClause'], { sampled: true })
  const own = uses.filter((use) => tables.has(use.struct))
  let hasStar = false
  const targetList = asList(select['targetList']).map((target, position) => {
    const struct = asNode(target, 'ResTarget')
    const column = asNode(struct?.['val'], 'ColumnRef')
    if (struct === null || column === null) return target
    hasStar ||= asNode(asList(column['fields']).at(-1), 'A_Star') !== null
    const masked = maskedColumn(column, own)
    if (masked === null) return target
    const name = textField(struct, 'name') ?? masked.column
    if (hasStar) findings.push(needsNames(column))
    if (isSortedBy(select, position, name)) findings.push(sorted(masked.column, column))
    outputs.push({ position, ...masked })
    return { ResTarget: { ...struct, name: `masked_${position}`, val: { A_Const: { isnull: true } } } }
  })
  const [first, ...rest] = findings
  return first === undefined ? { outputs, residue: { ...select, targetList } } : { findings: [first, ...rest] }
}

function maskedColumn(column: Struct, uses: readonly RelationUse[]): Omit<MaskedOutput, 'position'> | null {
  const path = stringList(column['fields'])
  const name = path.at(-1) ?? ''
  const qualifier = path.at(-2)
  for (const { relation, struct } of uses) {
    const rule = relation.columns.get(name)
    if (rule?.kind !== 'mask' || (qualifier !== undefined && qualifier !== referenceName(struct))) continue
    return { relation: `${relation.schema}.${relation.name}`, column: name, how: rule.how }
  }
  return null
}

/** The name by which columns refer to a table in FROM. */
export function referenceName(range: Struct): string {
  const alias = isStruct(range['alias']) ? textField(range['alias'], 'aliasname') : null
  return alias ?? textField(range, 'relname') ?? ''
}

/**
 * Does the SELECT sort or group by an output: by DISTINCT, by its name in ORDER BY or DISTINCT ON, or by its number in
 * these or GROUP BY? DISTINCT ON other columns keeps the first row of each of their groups, whatever this column holds.
 */
function isSortedBy(select: Struct, position: number, name: string): boolean {
  const distinct = asList(select['distinctClause'])
  // DISTINCT without ON is a list of nothing.
  if (distinct.some((item) => unwrap(item) === null)) return true
  const sorts = [...asList(select['sortClause']).map((item) => asNode(item, 'SortBy')?.['node']), ...distinct]
  const isNamed = sorts.some((item) => {
    const path = stringList(asNode(item, 'ColumnRef')?.['fields'])
    return path.length === 1 && path[0] === name
  })
  if (isNamed) return true
  return [...sorts, ...asList(select['groupClause']).flatMap(groupedBy)].some((item) => {
    const integer = asNode(item, 'A_Const')?.['ival']
    return isStruct(integer) && integer['ival'] === position + 1
  })
}

/** What a GROUP BY item names, within ROLLUP, CUBE, GROUPING SETS and their brackets too: numbers count there alike. */
export function groupedBy(item: unknown): unknown[] {
  const content = asNode(item, 'GroupingSet')?.['content'] ?? asNode(item, 'RowExpr')?.['args']
  return content === undefined ? [item] : asList(content).flatMap(groupedBy)
}

function needsNames(column: Struct): RawFinding {
  const message = 'Name the columns instead of *: a masked column stands after it.'
  return { rule: 'sql/star-not-expandable', offset: locationOf(column), message }
}

function sorted(name: string, column: Struct): RawFinding {
  const message = `"${name}" is masked: it may not be sorted, grouped or made distinct. Do so by a column that is not masked, such as the key of its table, and select this one beside it.`
  return { rule: 'sql/column-masked', offset: locationOf(column), message }
}
