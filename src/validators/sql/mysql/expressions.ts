import { enter, isMasked, leave, quoteText, reportMasked, type Environment } from './environment.ts'
import { castTypes, dateUnits } from './function-list.ts'
import { translateBinary, translateUnary } from './operators.ts'
import { translateAggregate, translateCall } from './calls.ts'
import { checkDateArguments } from './dates.ts'
import { columnNotAllowed, findColumn, type Resolved } from './scope.ts'
import { expectFields, expectType, listOf, nameOf, nodeOf, Refusal, unknownForm, type Node } from './tree.ts'

/** An expression as canonical text. Every operator stands in brackets of its own, so that precedence says nothing. */
export function translateExpression(value: unknown, environment: Environment): string {
  const node = nodeOf(value)
  const { translation } = environment
  enter(translation, node)
  try {
    if ('ast' in node) return `(${subquery(node, environment)})`
    if (hasCollation(node)) {
      const { collate, ...bare } = node
      return `(${translateExpression(bare, environment)} COLLATE ${collationName(nodeOf(collate))})`
    }
    const type = typeof node['type'] === 'string' ? node['type'] : undefined
    const translate = type === undefined ? undefined : translators.get(type)
    if (translate === undefined) throw unknownForm(type)
    return translate(node, environment)
  } finally {
    leave(translation)
  }
}

/** Does the expression say itself how its texts are compared and sorted? */
export function hasCollation(node: Node): boolean {
  return (node['collate'] ?? null) !== null
}

function collationName(node: Node): string {
  expectType(node, 'collate', ['keyword', 'collate'])
  const inner = nodeOf(node['collate'])
  expectFields(inner, ['name'])
  const name = inner['name']
  if (node['keyword'] !== 'collate' || typeof name !== 'string' || !/^[a-z]\w{0,63}$/i.test(name))
    throw unknownForm('collate')
  return name.toLowerCase()
}

type Translate = (node: Node, environment: Environment) => string

const translators: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ['column_ref', translateColumn],
  ['number', translateNumber],
  ['bigint', translateNumber],
  [
    'single_quote_string',
    (node, { translation }) => {
      expectFields(node, ['type', 'value', 'parentheses'])
      return quoteText(node['value'], translation)
    },
  ],
  [
    'null',
    (node) => {
      expectFields(node, ['type', 'value', 'parentheses'])
      return 'NULL'
    },
  ],
  [
    'bool',
    (node) => {
      expectFields(node, ['type', 'value', 'parentheses'])
      return node['value'] === true ? 'TRUE' : 'FALSE'
    },
  ],
  ...['date', 'time', 'timestamp'].map((type): [string, Translate] => [type, translateDate]),
  ['binary_expr', translateBinary],
  ['unary_expr', translateUnary],
  ['case', translateCase],
  ['cast', translateCast],
  ['extract', translateExtract],
  ['interval', translateInterval],
  [
    'expr_list',
    (node, environment) => {
      expectFields(node, ['type', 'value', 'parentheses'])
      return `(${list(node['value'], environment)})`
    },
  ],
  ['function', translateCall],
  ['aggr_func', translateAggregate],
])

export function list(values: unknown, environment: Environment): string {
  const items = listOf(values)
  if (items.length === 0) throw unknownForm('list')
  return items.map((item) => translateExpression(item, environment)).join(', ')
}

/** A query where a value or a list stands, without brackets. */
export function subquery(node: Node, environment: Environment): string {
  expectFields(node, ['ast', 'parentheses'])
  environment.onSubquery?.()
  const { scope, withs } = environment
  return environment.query(nodeOf(node['ast']), { scope, withs, inner: true }).text
}

/** A column that may stand anywhere; a masked one is reported. */
function translateColumn(node: Node, environment: Environment): string {
  const { translation } = environment
  const column = resolveColumn(node, environment)
  if (typeof column === 'string') return column
  if (column === null) return 'NULL'
  if (isMasked(column.rule)) reportMasked(translation, column.name)
  return column.text
}

/** A column, the text of the output it names, or null after a finding. */
export function resolveColumn(node: Node, environment: Environment): Resolved | string | null {
  expectFields(node, ['type', 'db', 'table', 'column', 'parentheses'])
  const { translation, scope, outputs } = environment
  const name = nameOf(node['column'])
  if (name === '*') throw new Refusal('sql/not-allowed', 'A star stands in COUNT(*) or alone in SELECT.')
  const table = node['table'] === null || node['table'] === undefined ? null : nameOf(node['table'])
  const schema = node['db'] === null || node['db'] === undefined ? null : nameOf(node['db'])
  const own = findColumn({ ...scope, parent: null }, { schema, table, column: name })
  const output = table === null ? outputNamed(outputs, name) : null
  if (output !== null && (own === null || own.text === output.text)) return textOfOutput(output, environment)
  if (output !== null)
    throw new Refusal('sql/ambiguous-name', `"${name}" is both a column and an alias: name the alias otherwise.`)
  const found = own ?? findColumn(scope.parent, { schema, table, column: name })
  if (found === null) columnNotAllowed(translation, name)
  else if (found.full !== null) translation.columns.add(found.full)
  return found
}

export function outputNamed(outputs: Environment['outputs'], name: string) {
  const named = (outputs ?? []).filter((output) => output.name.toLowerCase() === name.toLowerCase())
  const [first] = named
  if (first === undefined) return null
  if (named.some((output) => output.text !== first.text)) {
    throw new Refusal('sql/ambiguous-name', `"${name}" is the name of more than one output: use other aliases.`)
  }
  return first
}

function textOfOutput(output: NonNullable<ReturnType<typeof outputNamed>>, { translation }: Environment): string {
  if (output.isMasked) reportMasked(translation, output.name)
  if (output.hasSubquery) {
    throw new Refusal(
      'sql/not-allowed',
      `"${output.name}" holds a subquery: it may be named alone in ORDER BY or GROUP BY only.`,
    )
  }
  return output.text
}

function translateNumber(node: Node): string {
  expectFields(node, ['type', 'value', 'parentheses'])
  const text = String(node['value'])
  if (!/^-?\d{1,400}(\.\d{1,400})?$/.test(text))
    throw new Refusal('sql/not-allowed', 'A number is not written plainly.')
  return text.startsWith('-') ? `(${text})` : text
}

function translateDate(node: Node, environment: Environment): string {
  expectFields(node, ['type', 'value', 'parentheses'])
  const value = String(node['value'])
  if (!/^[\d:. -]{1,40}$/.test(value))
    throw new Refusal('sql/not-allowed', "A date literal looks like DATE '2024-12-31'.")
  if (node['type'] !== 'time') checkDateArguments('date', [{ ...node, type: 'single_quote_string' }], environment)
  return `${String(node['type']).toUpperCase()} '${value}'`
}

function translateCase(node: Node, environment: Environment): string {
  expectFields(node, ['type', 'expr', 'args', 'parentheses'])
  const subject =
    node['expr'] === null || node['expr'] === undefined ? '' : ` ${translateExpression(node['expr'], environment)}`
  const branches = listOf(node['args']).map((value, index, all) => {
    const branch = nodeOf(value)
    expectFields(branch, ['type', 'cond', 'result'])
    const result = translateExpression(branch['result'], environment)
    if (branch['type'] === 'when') return `WHEN ${translateExpression(branch['cond'], environment)} THEN ${result}`
    if (branch['type'] !== 'else' || index !== all.length - 1 || index === 0) throw unknownForm('case')
    return `ELSE ${result}`
  })
  if (branches.length === 0) throw unknownForm('case')
  return `(CASE${subject} ${branches.join(' ')} END)`
}

function translateCast(node: Node, environment: Environment): string {
  expectFields(node, ['type', 'keyword', 'expr', 'symbol', 'target', 'parentheses'])
  const targets = listOf(node['target'])
  const target = nodeOf(targets[0])
  expectFields(target, ['dataType', 'length', 'scale', 'parentheses', 'suffix'])
  const type = String(target['dataType']).toUpperCase()
  const isPlain = node['keyword'] === 'cast' && node['symbol'] === 'as' && targets.length === 1
  if (!isPlain || !castTypes.has(type) || listOf(target['suffix']).length > 0) {
    throw new Refusal(
      'sql/type-not-allowed',
      `A value may be cast to ${[...castTypes].slice(0, 2).join(', ')}, CHAR, DATE, DATETIME, TIME, DECIMAL or DOUBLE.`,
    )
  }
  const numbers = [target['length'], target['scale']].filter((value) => value !== null && value !== undefined)
  const isSmall = numbers.every(
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 4_000,
  )
  if (!isSmall || (numbers.length > 0 && !['CHAR', 'DECIMAL', 'DATETIME', 'TIME'].includes(type)))
    throw unknownForm('cast')
  if (type === 'DATE' || type === 'DATETIME') checkDateArguments('date', [node['expr']], environment)
  const size = numbers.length === 0 ? '' : `(${numbers.map(String).join(', ')})`
  return `CAST(${translateExpression(node['expr'], environment)} AS ${type}${size})`
}

function translateExtract(node: Node, environment: Environment): string {
  expectFields(node, ['type', 'args', 'parentheses'])
  const { field, source, ...rest } = nodeOf(node['args'])
  expectFields(rest, ['type'])
  checkDateArguments('date', [source], environment)
  return `EXTRACT(${dateUnit(field)} FROM ${translateExpression(source, environment)})`
}

function translateInterval(node: Node, environment: Environment): string {
  expectFields(node, ['type', 'expr', 'unit', 'parentheses'])
  return `INTERVAL ${translateExpression(node['expr'], environment)} ${dateUnit(node['unit'])}`
}

export function dateUnit(value: unknown): string {
  const unit = String(value).toLowerCase()
  if (dateUnits.has(unit)) return unit.toUpperCase()
  throw new Refusal('sql/not-allowed', 'A unit of time is DAY, WEEK, MONTH, QUARTER, YEAR, HOUR, MINUTE or SECOND.')
}
