import { bytesOf } from '../../../core/sizes.ts'
import type { RawFinding } from '../location.ts'
import type { SqlGateOptions } from '../options.ts'
import { relationNames, type SqlPolicy } from '../policy.ts'
import { closest } from '../../../text/closest.ts'
import { listNames } from '../list-names.ts'
import { isStruct, type Struct } from '../syntax-tree.ts'
import { foreignFunctions, functionNames, tableFunctions, typeNames } from './functions.ts'

const writes = /^(?:INSERT|UPDATE|DELETE|COPY|MERGE)_QUERY_NODE$/

/** Parts of the language in words that a person knows. */
const parts: Readonly<Record<string, string>> = {
  SHOW_REF: 'SHOW, DESCRIBE or SUMMARIZE',
  PARAMETER: 'a parameter',
  DEFAULT: 'DEFAULT',
  at_clause: 'AT (VERSION or TIMESTAMP)',
  sample: 'TABLESAMPLE or USING SAMPLE (ORDER BY random() LIMIT 100 does the same)',
}

export function syntaxNotAllowed(part: string, offset: number): RawFinding {
  if (writes.test(part)) {
    const message = 'Only SELECT may be used, in WITH too: this data source can only be read.'
    return { rule: 'sql/not-select', offset, message }
  }
  const words = (Object.hasOwn(parts, part) ? parts[part] : undefined) ?? `"${part.slice(0, 60)}"`
  return { rule: 'sql/syntax-not-allowed', offset, message: `The statement uses ${words}, which is not allowed here.` }
}

export function relationNotAllowed(name: string, offset: number, policy: SqlPolicy): RawFinding {
  const names = relationNames(policy)
  const similar = closest(name, names)
  const allowed = names.length === 0 ? 'No table of this source is allowed.' : `You may use ${listNames(names)}.`
  const hint = similar === null ? allowed : `Did you mean "${similar}"?`
  return { rule: 'sql/relation-not-allowed', offset, message: `"${name}" is not a table you may use. ${hint}` }
}

/** A call by name. A schema before it could make it another function, and a name as text could be any. */
export function checkFunction(call: Struct, offset: number, use: 'value' | 'table'): RawFinding | null {
  const written = String(call['function_name'])
  const name = written.toLowerCase()
  const path = isStruct(call['qualified_name']) ? call['qualified_name']['path'] : null
  const isPlain = Array.isArray(path) && path.length === 1 && String(path[0]).toLowerCase() === name
  const allowed = use === 'table' ? tableFunctions : functionNames
  if (isPlain && call['schema'] === '' && call['catalog'] === '' && allowed.has(name)) return null
  if (!isPlain && allowed.has(name)) {
    const object = Array.isArray(path) ? path.slice(0, -1).join('.').slice(0, 100) : ''
    const message = `What stands before a function is its schema here, and "${object}" is none you may use. Write ${name}(${object}).`
    return { rule: 'sql/function-not-allowed', offset, message }
  }
  const foreign = Object.hasOwn(foreignFunctions, name) ? foreignFunctions[name] : undefined
  const similar = closest(name, [...allowed])
  const guess = similar === null || similar === name ? '' : ` Did you mean "${similar}"?`
  const hint = foreign === undefined ? guess : ` In DuckDB write ${foreign}.`
  const kinds =
    use === 'table'
      ? 'In FROM, range, generate_series, unnest and json_each are allowed, and no files.'
      : 'Aggregates, and functions on numbers, text, dates, lists, structs and JSON are allowed.'
  const message = `The function "${written.slice(0, 100)}" is not one you may use.${hint} ${kinds}`
  return { rule: 'sql/function-not-allowed', offset, message }
}

/** Facts of the session that go by a plain name, as a column does, where no column has that name. */
const sessionNames = new Set([
  'current_catalog',
  'current_database',
  'current_role',
  'current_schema',
  'current_user',
  'session_user',
  'user',
])

export function checkSessionName(name: string, offset: number): RawFinding | null {
  if (!sessionNames.has(name.toLowerCase())) return null
  const message = `${name} tells about the session and is not allowed. current_date and current_timestamp are.`
  return { rule: 'sql/function-not-allowed', offset, message }
}

export function checkType(type: Struct, offset: number): RawFinding | null {
  const written = String(type['type_name'])
  const path = isStruct(type['qualified_name']) ? type['qualified_name']['path'] : null
  const isPlain = Array.isArray(path) && path.length === 1 && path[0] === written
  if (isPlain && typeNames.has(written.toLowerCase())) return null
  const message = `The type "${written.slice(0, 100)}" is not allowed.`
  return { rule: 'sql/type-not-allowed', offset, message }
}

export function checkLiteral(constant: Struct, offset: number, options: SqlGateOptions): RawFinding | null {
  const text = isStruct(constant['literal']) ? String(constant['literal']['text']) : ''
  const maximum = bytesOf.kb(options.maximum_literal_kb)
  if (Buffer.byteLength(text) <= maximum) return null
  const message = `A literal is longer than ${maximum} bytes.`
  return { rule: 'sql/value-too-large', offset, message }
}

const limits = {
  'levels of nesting': 'maximum_depth',
  parts: 'maximum_nodes',
  'tables, subqueries and functions in FROM': 'maximum_relations',
  'set operations': 'maximum_set_operations',
} as const satisfies Readonly<Record<string, keyof SqlGateOptions>>

export function tooComplex(what: keyof typeof limits, count: number, options: SqlGateOptions): RawFinding | null {
  const limit = options[limits[what]]
  if (count <= limit) return null
  const message = `The statement has more than ${limit} ${what}. Split it or ask for less.`
  return { rule: 'sql/too-complex', offset: 0, message }
}
