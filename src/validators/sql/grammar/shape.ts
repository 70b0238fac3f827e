import { isLocationField, isStruct, textField, type Struct } from './syntax-tree.ts'

/** Where a literal's value matters to the analyzer: `ORDER BY 2` names a column, `numeric(10,2)` a type. */
const keepsLiterals = new Set([
  'sortClause',
  'groupClause',
  'distinctClause',
  'typmods',
  'orderClause',
  'partitionClause',
])

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
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !isLocationField(key))
      .map(([key, item]) => [key, reduce(item, keep || keepsLiterals.has(key))]),
  )
}

/** A number that is no small integer is printed like a decimal one; its value decides whether it is `bigint` or `numeric`. */
function kindOf(constant: Struct): string[] {
  const kinds = Object.keys(constant).filter((key) => !isLocationField(key))
  const float = isStruct(constant['fval']) ? textField(constant['fval'], 'fval') : null
  return float === null ? kinds : [...kinds, typeOfNumber(float)]
}

const wholeNumber = /^-?(?:\d[\d_]*|0[xX][\dA-Fa-f_]+|0[oO][0-7_]+|0[bB][01_]+)$/

/** As PostgreSQL's `make_const` decides: the smallest of the three that holds it, decimals aside. */
function typeOfNumber(written: string): 'integer' | 'bigint' | 'numeric' {
  if (!wholeNumber.test(written)) return 'numeric'
  const isNegative = written.startsWith('-')
  const size = BigInt(written.slice(isNegative ? 1 : 0).replaceAll('_', ''))
  const value = isNegative ? -size : size
  if (BigInt.asIntN(32, value) === value) return 'integer'
  return BigInt.asIntN(64, value) === value ? 'bigint' : 'numeric'
}
