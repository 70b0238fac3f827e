import type { RawFinding } from '../location.ts'
import type { MaskKind } from '../policy.ts'
import type { RelationUse } from '../names/relations.ts'
import { asList, asNode, isStruct, locationOf, stringList, textField, type Struct } from '../grammar/syntax-tree.ts'

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
 * Plain columns of the outermost SELECT that carry the name of a masked column become masked outputs; the residue has a
 * null with a name of its own in their place, so that ORDER BY cannot reach them by their output name.
 */
export function planMasks(select: Struct, uses: readonly RelationUse[]): Masks {
  if (isStruct(select['larg']) || select['valuesLists'] !== undefined) return { outputs: [], residue: select }
  const outputs: MaskedOutput[] = []
  const findings: RawFinding[] = []
  let hasStar = false
  const targetList = asList(select['targetList']).map((target, position) => {
    const struct = asNode(target, 'ResTarget')
    const column = asNode(struct?.['val'], 'ColumnRef')
    if (struct === null || column === null) return target
    hasStar ||= asNode(asList(column['fields']).at(-1), 'A_Star') !== null
    const masked = maskedColumn(column, uses)
    if (masked === null) return target
    if (hasStar) findings.push(needsNames(column))
    if (isSortedBy(select, position)) findings.push(sorted(masked.column, column))
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

/** By DISTINCT, or by its number in ORDER BY or GROUP BY. */
function isSortedBy(select: Struct, position: number): boolean {
  if (select['distinctClause'] !== undefined) return true
  const sorts = asList(select['sortClause']).map((item) => asNode(item, 'SortBy')?.['node'])
  return [...sorts, ...asList(select['groupClause'])].some((item) => {
    const integer = asNode(item, 'A_Const')?.['ival']
    return isStruct(integer) && integer['ival'] === position + 1
  })
}

function needsNames(column: Struct): RawFinding {
  const message = 'Name the columns instead of *: a masked column stands after it.'
  return { rule: 'sql/star-not-expandable', offset: locationOf(column), message }
}

function sorted(name: string, column: Struct): RawFinding {
  const message = `"${name}" is masked: it may not be sorted, grouped or made distinct.`
  return { rule: 'sql/column-masked', offset: locationOf(column), message }
}
