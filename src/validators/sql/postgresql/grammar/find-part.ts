import { asNode, isStruct, stringList, unwrap, type Struct } from '../../syntax-tree.ts'

/** A part of a statement that something is wrong with. */
export interface Part {
  /** Byte of the source. */
  readonly offset: number
  /** `this call of "overlaps"` */
  readonly what: string
  /** What to write instead, as a sentence. */
  readonly instead: string
}

/** Statements looked at before the part found so far is good enough. */
const maximumAttempts = 400

/**
 * The smallest part of a statement that is not `right` when it stands alone, in a SELECT of its own; the statement
 * itself where each of its parts is right.
 */
export function findPart(select: Struct, right: (statement: Struct) => boolean): Part {
  let attempts = 0
  const descend = (type: string, struct: Struct, around: number): Part => {
    const offset = offsetOf(struct) ?? around
    for (const child of testableIn(struct)) {
      attempts += 1
      if (attempts > maximumAttempts) break
      if (!right(alone(child.type, child.struct))) return descend(child.type, child.struct, offset)
    }
    return { offset: offsetOf(struct) ?? firstOffset(struct) ?? around, ...describe(type, struct) }
  }
  return descend('SelectStmt', select, 0)
}

const plain = { op: 'SETOP_NONE', limitOption: 'LIMIT_OPTION_DEFAULT' } as const
const star: Struct = { ResTarget: { val: { ColumnRef: { fields: [{ A_Star: {} }] } } } }

/** How a part of each kind stands alone; expressions are a column. */
const standing: Readonly<Record<string, (node: Struct) => Struct>> = {
  JoinExpr: (node) => ({ targetList: [star], fromClause: [node] }),
  RangeVar: (node) => ({ targetList: [star], fromClause: [node] }),
  RangeSubselect: (node) => ({ targetList: [star], fromClause: [node] }),
  RangeFunction: (node) => ({ targetList: [star], fromClause: [node] }),
  RangeTableSample: (node) => ({ targetList: [star], fromClause: [node] }),
  SortBy: (node) => ({ targetList: [star], sortClause: [node] }),
  GroupingSet: (node) => ({ targetList: [star], groupClause: [node] }),
  WindowDef: (node) => ({ targetList: [star], windowClause: [node] }),
  ResTarget: (node) => ({ targetList: [node] }),
  CommonTableExpr: (node) => ({ targetList: [star], withClause: { ctes: [node] } }),
}

/** Nodes that stand nowhere but within those around them. */
const dependent = new Set(
  `List String Integer A_Star A_Indices CaseWhen NamedArgExpr ColumnDef JsonKeyValue JsonValueExpr`.split(' '),
)

function alone(type: string, struct: Struct): Struct {
  if (type === 'SelectStmt') return struct
  const node = { [type]: struct }
  const make = Object.hasOwn(standing, type) ? standing[type] : undefined
  return { ...plain, ...(make === undefined ? { targetList: [{ ResTarget: { val: node } }] } : make(node)) }
}

/** The nearest parts inside that can stand alone. */
function testableIn(struct: Struct): { readonly type: string; readonly struct: Struct }[] {
  const found: { readonly type: string; readonly struct: Struct }[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit)
      return
    }
    if (!isStruct(value)) return
    const node = unwrap(value)
    if (node === null) {
      // Sides of a set operation stand without the name of their type.
      if ('limitOption' in value && 'op' in value) found.push({ type: 'SelectStmt', struct: value })
      else Object.values(value).forEach(visit)
    } else if (dependent.has(node.type)) Object.values(node.struct).forEach(visit)
    else found.push(node)
  }
  Object.values(struct).forEach(visit)
  return found
}

function offsetOf(struct: Struct): number | null {
  const location = struct['location']
  return typeof location === 'number' && location >= 0 ? location : null
}

function firstOffset(value: unknown): number | null {
  if (Array.isArray(value)) return smallest(value.map(firstOffset))
  return isStruct(value) ? (offsetOf(value) ?? smallest(Object.values(value).map(firstOffset))) : null
}

function smallest(offsets: readonly (number | null)[]): number | null {
  const known = offsets.filter((offset) => offset !== null)
  return known.length === 0 ? null : Math.min(...known)
}

const words: Readonly<Record<string, readonly [what: string, instead: string]>> = {
  A_Expr: ['this comparison or operator', 'Put brackets around both of its sides, or use a function.'],
  TypeCast: ['this cast', 'Write CAST(value AS type) with a plain type such as integer, numeric, text or date.'],
  SubLink: ['this subquery', 'Give the subquery a name in WITH and join it.'],
  SelectStmt: ['this SELECT', 'Write its clauses plainly, one SELECT to a query in WITH.'],
  JoinExpr: ['this JOIN', 'Write JOIN … ON with a condition.'],
  RangeSubselect: ['this subquery in FROM', 'Give it a name: (SELECT …) AS name.'],
  RangeFunction: ['this function in FROM', 'Write FROM function(…) AS name (column), one function to an item.'],
  SortBy: ['this item of ORDER BY', 'Sort by a column of the select list, with ASC or DESC.'],
  GroupingSet: ['this item of GROUP BY', 'Group by plain columns; UNION ALL puts several groupings together.'],
  WindowDef: ['this window', 'Write OVER (PARTITION BY … ORDER BY …) at the function.'],
  CommonTableExpr: ['this query in WITH', 'Write it as a subquery in FROM.'],
  JsonObjectConstructor: ['this JSON constructor', 'Use json_build_object(key, value, …).'],
  JsonArrayConstructor: ['this JSON constructor', 'Use json_build_array(value, …).'],
  JsonObjectAgg: ['this JSON aggregate', 'Use json_object_agg(key, value).'],
  JsonArrayAgg: ['this JSON aggregate', 'Use json_agg(value).'],
  JsonIsPredicate: ['this IS JSON', 'Leave it out, or test json_typeof(value::json).'],
}

function describe(type: string, struct: Struct): Pick<Part, 'what' | 'instead'> {
  const path = type === 'FuncCall' ? stringList(struct['funcname']) : []
  if (path.at(-1) === 'timezone') return { what: 'this AT LOCAL', instead: "Write AT TIME ZONE 'zone'." }
  if (path.length > 0) {
    return { what: `this call of "${path.at(-1)}"`, instead: 'Write it as name(argument, …), with plain arguments.' }
  }
  const column = asNode(struct['val'], 'ColumnRef')
  const known = Object.hasOwn(words, type) ? words[type] : undefined
  const [what, instead] = known ?? [
    column === null ? 'what begins here' : 'this column',
    'Write it in another way, with brackets around its parts, or leave it out.',
  ]
  return { what, instead }
}
