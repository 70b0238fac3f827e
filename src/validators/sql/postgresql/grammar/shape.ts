import { asList, asNode, isLocationField, isStruct, textField, type Struct } from '../../syntax-tree.ts'

/** Where a literal's value matters to the analyzer: `ORDER BY 2` names a column, `numeric(10,2)` a type. */
const keepsLiterals = new Set([
  'sortClause',
  'groupClause',
  'distinctClause',
  'typmods',
  'orderClause',
  'partitionClause',
])

/** Must an expression here be the very one of GROUP BY, DISTINCT or ORDER BY beside it, its constants among it? */
function isCompared(field: string, select: Struct): boolean {
  if (field === 'havingClause') return groupsByConstants(select)
  return field === 'targetList' && (select['groupClause'] !== undefined || select['distinctClause'] !== undefined)
}

/**
 * May a comparison in HAVING be one that GROUP BY makes, by itself or as an output? With another literal it would be a
 * different one.
 */
export function groupsByConstants({ groupClause, targetList }: Struct): boolean {
  if (groupClause === undefined) return false
  const expressions = asList(groupClause).filter((item) => asNode(item, 'A_Const') === null)
  return holdsConstant(expressions) || holdsConstant(targetList)
}

function holdsConstant(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsConstant)
  return isStruct(value) && (value['A_Const'] !== undefined || Object.values(value).some(holdsConstant))
}

/**
 * The statement's tree as text, with plain literals reduced to their kind. Two statements of one shape resolve to the
 * same relations, columns and functions, so a resolution is remembered under it.
 */
export function shapeOf(tree: unknown): string {
  return JSON.stringify(reduce(tree, false))
}

function reduce(value: unknown, keep: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => reduce(item, keep))
  if (!isStruct(value)) return value
  const constant = value['A_Const']
  if (!keep && isStruct(constant)) return kindOf(constant)
  const keepsHere = (key: string): boolean => keepsLiterals.has(key) || isCompared(key, value)
  // An aggregate of DISTINCT values sorts only by its own arguments.
  const keepsAll = keep || value['agg_distinct'] === true
  const reduced: Record<string, unknown> = {}
  for (const key in value) {
    if (!isLocationField(key)) reduced[key] = reduce(value[key], keepsAll || keepsHere(key))
  }
  return reduced
}

/**
 * A number other than a small integer is printed like a decimal one; its value decides whether it is `bigint` or
 * `numeric`.
 */
function kindOf(constant: Struct): string[] {
  const kinds = Object.keys(constant).filter((key) => !isLocationField(key))
  const float = isStruct(constant['fval']) ? textField(constant['fval'], 'fval') : null
  return float === null ? kinds : [...kinds, typeOfNumber(float)]
}

const wholeNumber = /^-?(?:\d[\d_]*|0[xX][\dA-Fa-f_]+|0[oO][0-7_]+|0[bB][01_]+)$/

/**
 * The type that PostgreSQL's `make_const` chooses: `numeric` for decimals, else the smallest of the three that holds
 * the number.
 */
function typeOfNumber(written: string): 'integer' | 'bigint' | 'numeric' {
  if (!wholeNumber.test(written)) return 'numeric'
  const isNegative = written.startsWith('-')
  const size = BigInt(written.slice(isNegative ? 1 : 0).replaceAll('_', ''))
  const value = isNegative ? -size : size
  if (BigInt.asIntN(32, value) === value) return 'integer'
  return BigInt.asIntN(64, value) === value ? 'bigint' : 'numeric'
}
