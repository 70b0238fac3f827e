import { isStruct, type Struct } from '../syntax-tree.ts'

/**
 * Do two trees mean the same? Places in the text do not count, nor two ways in which DuckDB prints what it reads back
 * with a part more: VALUES in FROM as `(SELECT * FROM (VALUES …))`, and named arguments that carry their name twice.
 */
export function isSameTree(left: unknown, right: unknown): boolean {
  return JSON.stringify(plainForm(left)) === JSON.stringify(plainForm(right))
}

function plainForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainForm)
  if (!isStruct(value)) return value
  const names = Object.keys(value)
    .filter((name) => name !== 'query_location' && name !== 'query_location_length')
    .sort()
  const plain: Struct = {}
  for (const name of names) plain[name] = plainForm(value[name])
  return unwrapValues(plain) ?? withoutArgumentAlias(plain)
}

const emptySelect = JSON.stringify({
  aggregate_handling: 'STANDARD_HANDLING',
  cte_map: { map: [] },
  group_expressions: [],
  group_sets: [],
  having: null,
  modifiers: [],
  qualify: null,
  sample: null,
  type: 'SELECT_NODE',
  where_clause: null,
})

const plainStar = JSON.stringify([
  {
    alias: '',
    class: 'STAR',
    columns: false,
    exclude_list: [],
    expr: null,
    qualified_exclude_list: [],
    relation_name: '',
    rename_list: [],
    replace_list: [],
    type: 'STAR',
  },
])

/** `(SELECT * FROM (VALUES …) AS valueslist) AS valueslist` in FROM is the list of values itself. */
function unwrapValues(table: Struct): Struct | null {
  const { type, alias, sample, subquery, column_name_alias: names } = table
  if (type !== 'SUBQUERY' || alias !== 'valueslist' || sample !== null || !isStruct(subquery)) return null
  if (!Array.isArray(names) || names.length > 0 || !isStruct(subquery['node'])) return null
  const { from_table: from, select_list: list, ...rest } = subquery['node']
  if (!isStruct(from) || from['type'] !== 'EXPRESSION_LIST' || from['alias'] !== 'valueslist') return null
  return JSON.stringify(rest) === emptySelect && JSON.stringify(list) === plainStar ? from : null
}

function withoutArgumentAlias(argument: Struct): Struct {
  const { name, expression } = argument
  if (typeof name !== 'string' || name === '' || !isStruct(expression) || expression['alias'] !== name) return argument
  return { ...argument, expression: { ...expression, alias: '' } }
}
