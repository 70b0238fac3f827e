import type { RawFinding } from '../../location.ts'
import { usableColumns, type AllowedRelation } from '../../policy.ts'
import { tablesIn, type RelationUse } from './relations.ts'
import { asList, asNode, isStruct, locationOf, stringList, textField, unwrap, type Struct } from '../../syntax-tree.ts'
import type { Visit } from '../grammar/walk.ts'

interface Leaf {
  readonly name: string | null
  /** Set where the leaf is a table whose columns can be written out. */
  readonly table: AllowedRelation | null
}

type Tables = ReadonlyMap<Struct, AllowedRelation>

/**
 * `*` over a table with denied or masked columns becomes the columns that may be read, in place, so that it means what
 * the reader may see. Fails closed: a star that cannot be written out is a finding.
 */
export function expandStars(visits: readonly Visit[], uses: readonly RelationUse[]): RawFinding[] {
  const restricted = uses.filter(({ relation }) => isRestricted(relation))
  if (restricted.length === 0) return []
  const message = 'Do not give new names to the columns of this table in FROM: some of them may not be read.'
  const tables = new Map(uses.filter(({ struct }) => !isRenamed(struct)).map((use) => [use.struct, use.relation]))
  const hidden = new Set(restricted.map(({ struct }) => struct))
  return [
    ...restricted
      .filter(({ struct }) => isRenamed(struct))
      .map(({ struct }) => ({ rule: 'sql/columns-renamed', offset: locationOf(struct), message })),
    ...visits.flatMap((visit) => checkJoinName(visit, hidden)),
    ...visits.flatMap((visit) => (visit.type === 'SelectStmt' ? expandIn(visit.struct, tables) : [])),
  ]
}

function isRestricted(relation: AllowedRelation | null): boolean {
  return relation !== null && [...relation.columns.values()].some((rule) => rule.kind !== 'allow')
}

function isRenamed(range: Struct): boolean {
  return isStruct(range['alias']) && 'colnames' in range['alias']
}

/**
 * `(staff s JOIN orders o ON …) AS s (person, pay, id)` hides the tables behind a name that may be theirs and gives
 * their columns other names: the text would not show any more whom a row is about and which column a name means.
 */
function checkJoinName({ type, struct, offset }: Visit, restricted: ReadonlySet<Struct>): RawFinding[] {
  if (type !== 'JoinExpr' || !('alias' in struct || 'join_using_alias' in struct)) return []
  const joined = tablesIn([struct['larg'], struct['rarg']], { sampled: true })
  if (![...joined].some((table) => restricted.has(table))) return []
  const message = 'Do not give a name to a join of this table: some of its columns may not be read. Name the tables.'
  return [{ rule: 'sql/columns-renamed', offset, message }]
}

function expandIn(select: Struct, tables: Tables): RawFinding[] {
  const leaves: Leaf[] = []
  let merged = false
  const collect = (item: unknown): void => {
    const node = unwrap(item)
    if (node === null) return
    if (node.type === 'JoinExpr') {
      merged ||= node.struct['isNatural'] === true || 'usingClause' in node.struct || 'alias' in node.struct
      collect(node.struct['larg'])
      collect(node.struct['rarg'])
    } else leaves.push(leafOf(node.struct, tables))
  }
  for (const item of asList(select['fromClause'])) collect(item)
  if (!leaves.some((leaf) => isRestricted(leaf.table))) return []
  const findings: RawFinding[] = []
  const targets = asList(select['targetList']).flatMap((target): unknown[] => {
    const column = asNode(asNode(target, 'ResTarget')?.['val'], 'ColumnRef')
    if (column === null || asNode(asList(column['fields']).at(-1), 'A_Star') === null) return [target]
    const table = stringList(column['fields']).at(-1)
    const chosen = table === undefined ? leaves : leaves.filter((leaf) => leaf.name === table)
    if ((table === undefined && merged) || chosen.some((leaf) => leaf.name === null)) {
      const message = 'Name the columns instead of *: some columns of these tables may not be read.'
      findings.push({ rule: 'sql/star-not-expandable', offset: locationOf(column), message })
    }
    return chosen.length === 0 ? [target] : chosen.flatMap(columnsOf)
  })
  select['targetList'] = targets
  return findings
}

function leafOf(struct: Struct, tables: Tables): Leaf {
  const sampled = asNode(struct['relation'], 'RangeVar')
  const range = sampled ?? struct
  const alias = isStruct(range['alias']) ? textField(range['alias'], 'aliasname') : null
  const call = asNode(asList(asNode(asList(struct['functions'])[0], 'List')?.['items'])[0], 'FuncCall')
  const name =
    alias ?? textField(range, 'relname') ?? (call === null ? null : (stringList(call['funcname']).at(-1) ?? null))
  return { name, table: tables.get(range) ?? null }
}

function columnsOf(leaf: Leaf): unknown[] {
  const reference = (last: unknown): unknown => ({
    ResTarget: { val: { ColumnRef: { fields: [{ String: { sval: leaf.name ?? '' } }, last] } } },
  })
  const { table } = leaf
  if (table === null) return [reference({ A_Star: {} })]
  return usableColumns(table)
    .filter((column) => table.columns.get(column)?.kind !== 'aggregate-only')
    .map((column) => reference({ String: { sval: column } }))
}
