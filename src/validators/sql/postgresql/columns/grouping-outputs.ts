import { setReturningNames } from '../functions/function-families.ts'
import { asList, asNode, isStruct, stringList, textField, unwrap, type Struct } from '../../syntax-tree.ts'
import { tablesIn, type RelationUse } from '../names/relations.ts'
import { groupedBy } from './mask-plan.ts'
import { isSelect, type ProtectedCalls } from './protected-calls.ts'

const setReturning: ReadonlySet<string> = new Set(setReturningNames)

type Grouping = { readonly outputs: readonly Struct[] } | { readonly reason: string }

/**
 * The outputs of a SELECT with a null in the place of each that its GROUP BY does not name: by number, by name, or by the
 * name PostgreSQL gives it. A reason where one that is named would decide about groups by a protected value, or could
 * make rows of its own: a function that returns no row would hide a group from whoever asks for its members.
 */
export function groupingOutputs(
  select: Struct,
  given: { readonly calls: ProtectedCalls; readonly uses: readonly RelationUse[] },
): Grouping {
  const outputs = asList(select['targetList']).filter(isStruct)
  const groups = asList(select['groupClause']).flatMap(groupedBy)
  const names = new Set(groups.flatMap((item) => nameIn(item) ?? []))
  const isNamed = namedByGroups({ groups, names }, outputs)
  const nothing: Struct = { ResTarget: { name: unlike(names), val: { A_Const: { isnull: true } } } }
  const kept: Struct[] = []
  for (const [position, output] of outputs.entries()) {
    const named = isNamed(output, position)
    const isOwn = (struct: Struct): boolean => given.calls.has(struct) || struct['over'] !== undefined
    if (named !== 'no' && calls(output, given.calls, false)) return { reason: decides }
    // An aggregate or a window function of the SELECT itself can be no group of it, and PostgreSQL refuses a name for one.
    const isKept = named !== 'no' && !holds(output, isOwn)
    const isKey = named === 'number' || (named === 'name' && isNoColumn(nameOf(output) ?? '', select, given.uses))
    if (isKept && !isKey && holds(output, returnsSet)) return { reason: multiplies }
    kept.push(isKept ? output : nothing)
  }
  return { outputs: kept }
}

const decides = 'may not decide which rows are aggregated.'
const multiplies =
  'may not be grouped beside a function that returns several rows; name its output by number in GROUP BY, or call it in FROM.'

type Named = 'number' | 'name' | 'perhaps' | 'no'

interface Groups {
  readonly groups: readonly unknown[]
  /** Names that stand alone: of columns, or of outputs. */
  readonly names: ReadonlySet<string>
}

/**
 * A name that no group has. An output that is given none is called `?column?`, by which GROUP BY reaches it: an output
 * that was taken for unnamed would then be a null in the audit, and all rows one group.
 */
function unlike(names: ReadonlySet<string>): string {
  let name = 'nothing'
  while (names.has(name)) name += '_'
  return name
}

function namedByGroups(
  { groups, names }: Groups,
  outputs: readonly Struct[],
): (output: Struct, position: number) => Named {
  const numbers = new Set(groups.flatMap((item) => numberIn(item) ?? []))
  // A star stands for several outputs, so that a number may be any output's.
  const isCountable = !outputs.some(isStar)
  return (output, position) => {
    if (isCountable && numbers.has(position + 1)) return 'number'
    if (numbers.size > 0 && !isCountable) return 'perhaps'
    return names.has(nameOf(output) ?? '') ? 'name' : 'no'
  }
}

function numberIn(group: unknown): number | null {
  const integer = asNode(group, 'A_Const')?.['ival']
  return isStruct(integer) && typeof integer['ival'] === 'number' ? integer['ival'] : null
}

function nameIn(group: unknown): string | null {
  const path = stringList(asNode(group, 'ColumnRef')?.['fields'])
  return path.length === 1 ? (path[0] ?? null) : null
}

function nameOf(output: Struct): string | null {
  const target = asNode(output, 'ResTarget')
  return target === null ? null : (textField(target, 'name') ?? impliedName(target['val']))
}

/** The name PostgreSQL gives an output without one; null for the kinds left out here, which then resolve to nothing. */
function impliedName(value: unknown): string | null {
  const node = unwrap(value)
  switch (node?.type) {
    case 'FuncCall':
      return stringList(node.struct['funcname']).at(-1) ?? null
    case 'ColumnRef':
      return stringList(node.struct['fields']).at(-1) ?? null
    case 'TypeCast':
      return impliedName(node.struct['arg']) ?? typeName(node.struct['typeName'])
    case 'CaseExpr':
      return impliedName(node.struct['defresult']) ?? 'case'
    case 'CoalesceExpr':
      return 'coalesce'
    default:
      return null
  }
}

function typeName(type: unknown): string | null {
  return isStruct(type) ? (stringList(type['names']).at(-1) ?? null) : null
}

const systemColumns: ReadonlySet<string> = new Set('tableoid xmin cmin xmax cmax ctid'.split(' '))

/** Has nothing in FROM a column of the name, so that in GROUP BY it is the output? True only of tables that are known. */
function isNoColumn(name: string, select: Struct, uses: readonly RelationUse[]): boolean {
  const tables = tablesIn(select['fromClause'], { sampled: false })
  const known = uses.filter(({ struct }) => tables.has(struct))
  const isPlain = asList(select['fromClause']).every((item) => isOfTables(item, known))
  return isPlain && !systemColumns.has(name) && known.every(({ relation }) => !relation.columns.has(name))
}

function isOfTables(item: unknown, known: readonly RelationUse[]): boolean {
  const node = unwrap(item)
  if (node?.type === 'RangeVar') return known.some(({ struct }) => struct === node.struct)
  return (
    node?.type === 'JoinExpr' && [node.struct['larg'], node.struct['rarg']].every((side) => isOfTables(side, known))
  )
}

function isStar(output: Struct): boolean {
  const node = unwrap(asNode(output, 'ResTarget')?.['val'])
  const path = node?.type === 'A_Indirection' ? node.struct['indirection'] : node?.struct['fields']
  return asNode(asList(path).at(-1), 'A_Star') !== null
}

function returnsSet(struct: Struct): boolean {
  const path = stringList(struct['funcname'])
  return (path.length > 1 && path[0] !== 'pg_catalog') || setReturning.has(path.at(-1) ?? '')
}

/** Is there such a struct, in no SELECT inside the value? */
function holds(value: unknown, is: (struct: Struct) => boolean): boolean {
  if (Array.isArray(value)) return value.some((item) => holds(item, is))
  if (!isStruct(value) || isSelect(value)) return false
  return is(value) || Object.values(value).some((item) => holds(item, is))
}

/** Is there an aggregate of a protected column in a SELECT inside the value? */
function calls(value: unknown, protectedCalls: ProtectedCalls, isInside: boolean): boolean {
  if (Array.isArray(value)) return value.some((item) => calls(item, protectedCalls, isInside))
  if (!isStruct(value)) return false
  if (isInside && protectedCalls.has(value)) return true
  return Object.values(value).some((item) => calls(item, protectedCalls, isInside || isSelect(value)))
}
