import { tablesIn, type RelationUse } from '../names/relations.ts'
import { asList, asNode, isStruct, stringList, type Struct } from '../../syntax-tree.ts'
import { referenceName } from './mask-plan.ts'

/**
 * Takes out, in place, uses of masked columns that decide about nothing, so that the analyzer need not find them:
 *
 * - In `EXISTS (SELECT …)` the plain columns of a SELECT without groups, since only whether there is a row counts.
 * - In GROUP BY a plain column that the outermost SELECT shows, beside others: where these do not include the primary key of
 *   its table, so that the column could make groups of its own, the statement without it does not analyze.
 */
export function dropSpareUses(select: Struct, uses: readonly RelationUse[]): void {
  if (!uses.some(({ relation }) => [...relation.columns.values()].some(({ kind }) => kind === 'mask'))) return
  visitExists(select, uses)
  dropGroups(select, uses)
}

function visitExists(value: unknown, uses: readonly RelationUse[]): void {
  if (Array.isArray(value)) {
    for (const item of value) visitExists(item, uses)
    return
  }
  if (!isStruct(value)) return
  const link = asNode(value, 'SubLink')
  const inner = link?.['subLinkType'] === 'EXISTS_SUBLINK' ? asNode(link['subselect'], 'SelectStmt') : null
  if (inner !== null && grouping.every((field) => inner[field] === undefined)) {
    const kept = asList(inner['targetList']).filter((target) => !isMasked(valueOf(target), inner, uses))
    // The grammar has no empty lists: without columns it is `SELECT FROM …`.
    if (kept.length > 0) inner['targetList'] = kept
    else delete inner['targetList']
  }
  for (const item of Object.values(value)) visitExists(item, uses)
}

/** In a SELECT with one of these the list of columns decides about rows, or is not its own. */
const grouping = ['groupClause', 'havingClause', 'distinctClause', 'sortClause', 'windowClause', 'valuesLists', 'larg']

function dropGroups(select: Struct, uses: readonly RelationUse[]): void {
  const groups = asList(select['groupClause'])
  const shown = new Set(asList(select['targetList']).map((target) => pathOf(valueOf(target))))
  const kept = groups.filter((item) => !(isMasked(item, select, uses) && shown.has(pathOf(item))))
  if (kept.length > 0 && kept.length < groups.length && kept.every(isPlain)) select['groupClause'] = kept
}

/** GROUPING SETS and their like would be other sets without one of their columns. */
function isPlain(item: unknown): boolean {
  return asNode(item, 'GroupingSet') === null
}

function valueOf(target: unknown): unknown {
  return asNode(target, 'ResTarget')?.['val']
}

function pathOf(value: unknown): string | null {
  const column = asNode(value, 'ColumnRef')
  return column === null ? null : JSON.stringify(stringList(column['fields']))
}

/** A plain column that carries the name of a masked column of the SELECT's own FROM. */
function isMasked(value: unknown, select: Struct, uses: readonly RelationUse[]): boolean {
  const path = stringList(asNode(value, 'ColumnRef')?.['fields'])
  const [name, qualifier] = [path.at(-1), path.at(-2)]
  const tables = tablesIn(select['fromClause'], { sampled: true })
  return uses.some(({ relation, struct }) => {
    if (!tables.has(struct) || relation.columns.get(name ?? '')?.kind !== 'mask') return false
    return qualifier === undefined || qualifier === referenceName(struct)
  })
}
