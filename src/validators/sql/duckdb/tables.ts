import type { JsonValue } from '../../../core/json.ts'
import type { AllowedRelation } from '../policy.ts'

type JsonRecord = { readonly [field: string]: JsonValue }

/** Name of the one database of the sandbox. */
const catalog = 'memory'

/** The table by its full name: nothing is searched for. */
export function qualifyTable(table: JsonRecord, { schema, name }: AllowedRelation): JsonRecord {
  return {
    ...table,
    catalog_name: catalog,
    schema_name: schema,
    table_name: name,
    qualified_name: { path: [catalog, schema, name] },
  }
}

/**
 * Replaces the table by a subquery of the columns that may be read, so that the others are in no scope, by whatever
 * name.
 */
export function projectTable(table: JsonRecord, relation: AllowedRelation): JsonRecord {
  const { alias, table_name, sample = null, column_name_alias = [] } = table
  const columns = [...relation.columns].filter(([, rule]) => rule.kind === 'allow').map(([column]) => column)
  const whole = { ...table, alias: '', sample: null, column_name_alias: [] }
  const node = selectFrom(qualifyTable(whole, relation), columns.map(columnReference))
  return {
    type: 'SUBQUERY',
    alias: alias === '' ? (table_name ?? '') : (alias ?? ''),
    sample,
    subquery: { node, named_param_map: [] },
    column_name_alias,
  }
}

/** The node, with at most `rows` rows. A limit of its own that is not a plain smaller number is kept within. */
export function limitRows(node: JsonRecord, rows: number): JsonRecord {
  const modifiers = (node['modifiers'] ?? []) as readonly JsonRecord[]
  const own = modifiers.find((modifier) => modifier['type'] === 'LIMIT_MODIFIER')
  if (own === undefined) return { ...node, modifiers: [...modifiers, limit(rows)] }
  const plain = own['limit_type'] === 'ROW_COUNT' ? plainNumber(own['limit'] ?? null) : null
  if (plain !== null && plain <= rows) return node
  const table = {
    type: 'SUBQUERY',
    alias: 'answer',
    sample: null,
    subquery: { node, named_param_map: [] },
    column_name_alias: [],
  }
  return { ...selectFrom(table, [star]), modifiers: [limit(rows)] }
}

function plainNumber(limit: JsonValue): number | null {
  const { class: kind, literal } = (limit ?? {}) as {
    class?: JsonValue
    literal?: { kind?: JsonValue; text?: JsonValue }
  }
  if (kind !== 'CONSTANT' || literal?.kind !== 'INTEGER') return null
  return typeof literal.text === 'string' && /^\d{1,9}$/.test(literal.text) ? Number(literal.text) : null
}

const star: JsonRecord = {
  class: 'STAR',
  type: 'STAR',
  alias: '',
  relation_name: '',
  exclude_list: [],
  replace_list: [],
  columns: false,
  expr: null,
  qualified_exclude_list: [],
  rename_list: [],
}

function limit(rows: number): JsonRecord {
  const literal = { kind: 'INTEGER', text: String(rows) }
  const count = { class: 'CONSTANT', type: 'VALUE_CONSTANT', alias: '', literal }
  return { type: 'LIMIT_MODIFIER', limit: count, offset: null, limit_type: 'ROW_COUNT' }
}

function columnReference(name: string): JsonRecord {
  return { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', column_names: [name] }
}

function selectFrom(table: JsonRecord, select: readonly JsonRecord[]): JsonRecord {
  return {
    type: 'SELECT_NODE',
    modifiers: [],
    cte_map: { map: [] },
    select_list: select,
    from_table: table,
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
  }
}
