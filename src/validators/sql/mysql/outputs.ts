import {
  hiddenEndCharacters,
  hiddenForm,
  hiddenStartCharacters,
  hiddenValueBytes,
  type HiddenForm,
} from '../../../core/hidden-values.ts'
import { isMasked, reportMasked, type Environment, type Output } from './environment.ts'
import { hasCollation, resolveColumn, translateExpression } from './expressions.ts'
import { columnOf, type Resolved, type Source } from './scope.ts'
import { expectFields, isNode, listOf, nameOf, nodeOf, Refusal, unknownForm, type Node } from './tree.ts'

interface Given {
  readonly environment: Environment
  /** Masked columns may stand here as they are: the outermost SELECT, its rows one by one. */
  readonly mayMask: boolean
  /** Names to give instead of their own; an empty list gives them by place. */
  readonly names: readonly string[] | null
}

/** What a SELECT gives, with stars written out and a name for each. */
export function translateOutputs(value: unknown, given: Given): Output[] {
  const items = listOf(value)
  const outputs = items.flatMap((item) => translateItem(nodeOf(item), given))
  if (outputs.length === 0) throw unknownForm('select')
  given.environment.translation.masks.push(
    ...outputs.flatMap(({ mask }, position) => (mask === null ? [] : [{ position, ...mask }])),
  )
  const { names } = given
  if (names === null || names.length === 0) return outputs
  if (names.length !== outputs.length)
    throw new Refusal('sql/not-allowed', 'A WITH query has another number of columns than names.')
  return outputs.map(({ text, hasSubquery, isMasked: masked, name }, index) => ({
    name: names[index] ?? name,
    text,
    hasSubquery,
    isMasked: masked,
  }))
}

type Planned = Output & { readonly mask: { relation: string; column: string; how: string } | null }

function translateItem(item: Node, given: Given): Planned[] {
  expectFields(item, ['expr', 'as'])
  const { environment } = given
  const expression = nodeOf(item['expr'])
  if (expression['type'] === 'column_ref' && expression['column'] === '*') return star(expression, item, given)
  const alias = (item['as'] ?? null) === null ? null : nameOf(item['as'])
  if (expression['type'] === 'column_ref' && !hasCollation(expression)) {
    const start = expression['loc']
    environment.translation.at = offsetIn(start) ?? environment.translation.at
    const column = resolveColumn(expression, environment)
    // The finding is made; the output keeps its place for those after it.
    if (column === null) return [{ name: 'missing', text: 'NULL', hasSubquery: false, isMasked: false, mask: null }]
    if (typeof column === 'string') throw unknownForm('column')
    return [planned(column, alias ?? nameOf(expression['column']), given)]
  }
  let hasSubquery = false
  const text = translateExpression(expression, { ...environment, onSubquery: () => (hasSubquery = true) })
  return [{ name: alias ?? describe(expression), text, hasSubquery, isMasked: false, mask: null }]
}

function offsetIn(loc: unknown): number | null {
  const start = isNode(loc) ? loc['start'] : null
  return isNode(start) && typeof start['offset'] === 'number' ? start['offset'] : null
}

function planned(column: Resolved, name: string, { mayMask, environment }: Given): Planned {
  const { rule, full, text } = column
  if (!isMasked(rule) || full === null) return { name, text, hasSubquery: false, isMasked: false, mask: null }
  if (!mayMask || rule.kind !== 'mask') reportMasked(environment.translation, column.name)
  const mask =
    rule.kind === 'mask'
      ? { relation: full.slice(0, -column.name.length - 1), column: column.name, how: rule.how }
      : null
  const { hidesValues, policy } = environment.translation
  const type = policy.relations.get(mask?.relation ?? '')?.types.get(column.name) ?? ''
  const shown = mask !== null && hidesValues ? forms[hiddenForm(mask.how, type)](text) : text
  return { name, text: shown, hasSubquery: false, isMasked: true, mask }
}

const forms: Readonly<Record<HiddenForm, (text: string) => string>> = {
  nothing: () => 'NULL',
  digest: (text) => `SHA2(CONCAT(LEFT(${text}, ${hiddenValueBytes}), OCTET_LENGTH(${text})), 256)`,
  end: (text) => `RIGHT(${text}, ${hiddenEndCharacters})`,
  start: (text) => `LEFT(${text}, ${hiddenStartCharacters})`,
  short: (text) => `CASE WHEN (OCTET_LENGTH(${text}) <= ${hiddenValueBytes}) THEN ${text} END`,
}

function star(expression: Node, item: Node, given: Given): Planned[] {
  expectFields(expression, ['type', 'db', 'table', 'column'])
  if ((item['as'] ?? null) !== null) throw unknownForm('alias')
  const { scope, translation } = given.environment
  const table = (expression['table'] ?? null) === null ? null : nameOf(expression['table']).toLowerCase()
  const schema = (expression['db'] ?? null) === null ? null : nameOf(expression['db']).toLowerCase()
  const sources = scope.sources.filter(
    (source) =>
      (table === null || source.reference === table) && (schema === null || source.schema?.toLowerCase() === schema),
  )
  if (sources.length === 0)
    throw new Refusal(
      'sql/not-allowed',
      'A star stands for the columns of a table in FROM: there is none of this name.',
    )
  const columns =
    table === null
      ? joinedColumns(sources)
      : sources.flatMap((source) => source.columns.map((column) => columnOf(source, column)))
  return columns.map((column) => {
    if (column.full !== null) translation.columns.add(column.full)
    return planned(column, column.name, given)
  })
}

/** As a star alone has them: of tables joined by USING the common columns come first, and once. */
function joinedColumns(sources: readonly Source[]): Resolved[] {
  let found: { readonly at: number; readonly column: Resolved }[] = []
  for (const [at, source] of sources.entries()) {
    const isMerged = ({ name }: { readonly name: string }): boolean => source.merged.has(name.toLowerCase())
    // One for all names of a USING; nothing is joined where there are none.
    const [first = Number.POSITIVE_INFINITY] = source.merged.values()
    const joined = found.filter((item) => item.at >= first)
    const own = source.columns.filter((column) => !isMerged(column))
    found = [
      ...found.filter((item) => item.at < first),
      ...joined.filter((item) => isMerged(item.column)),
      ...joined.filter((item) => !isMerged(item.column)),
      ...own.map((column) => ({ at, column: columnOf(source, column) })),
    ]
  }
  return found.map(({ column }) => column)
}

/** A name for what has none: `count(*)`, `sum(total)`. */
function describe(node: Node): string {
  const text = shortText(node)
    .replaceAll(/[^\p{L}\p{N} _()*.,:%<>=+/-]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
  return text.slice(0, 60).trim() || 'value'
}

function shortText(value: unknown): string {
  if (!isNode(value)) return ''
  const argument = (given: unknown): string =>
    isNode(given) && Array.isArray(given['value']) ? given['value'].map(shortText).join(', ') : shortText(given)
  switch (value['type']) {
    case 'column_ref':
      return typeof value['column'] === 'string' ? value['column'] : 'column'
    case 'star':
      return '*'
    case 'number':
    case 'bigint':
    case 'single_quote_string':
    case 'date':
      return String(value['value'])
    case 'null':
      return 'NULL'
    case 'aggr_func':
      return `${String(value['name']).toLowerCase()}(${isNode(value['args']) ? argument(value['args']['expr']) : ''})`
    case 'function': {
      const names = isNode(value['name']) ? listOf(value['name']['name']) : []
      return `${isNode(names[0]) ? String(names[0]['value']).toLowerCase() : 'function'}(${argument(value['args'])})`
    }
    case 'binary_expr':
      return `${shortText(value['left'])} ${String(value['operator'])} ${argument(value['right'])}`
    default:
      return typeof value['type'] === 'string' ? value['type'].replaceAll('_', ' ') : 'value'
  }
}
