import { ambiguousDate, isAmbiguousDate } from '../postgresql/names/ambiguous-dates.ts'
import type { Environment } from './environment.ts'
import { findColumn } from './scope.ts'
import { isNode, listOf, nameOf, type Node } from './tree.ts'

const makeDates: ReadonlySet<string> = new Set(
  `date now curdate current_date current_timestamp utc_date utc_timestamp last_day from_days makedate str_to_date
  date_add date_sub adddate subdate addtime timestampadd from_unixtime timestamp convert_tz`.split(/\s+/),
)
const readDates: ReadonlySet<string> = new Set(
  `date year month day dayofmonth dayofweek dayofyear weekday weekofyear quarter week yearweek last_day to_days to_seconds
  dayname monthname date_format datediff timestampdiff timestampadd date_add date_sub adddate subdate unix_timestamp
  timestamp convert_tz`.split(/\s+/),
)
const passOn: ReadonlySet<string> = new Set(['coalesce', 'ifnull', 'nullif', 'if', 'greatest', 'least', 'min', 'max'])

/** Texts beside a date: the servers read `'01/02/03'` as the year 2001, whoever wrote it. */
export function checkComparedDates(operands: readonly unknown[], environment: Environment): void {
  const kinds = new Set(operands.map((operand) => kindOf(operand, environment)))
  if (kinds.has('date')) report(operands, environment)
  else if (kinds.has('unknown')) report(operands, environment, (text) => !text.includes('.'))
}

/** Arguments of functions that read dates, and what is cast to one. */
export function checkDateArguments(name: string, values: readonly unknown[], environment: Environment): void {
  if (readDates.has(name)) report(values, environment)
}

function report(
  values: readonly unknown[],
  { translation }: Environment,
  may: (text: string) => boolean = () => true,
): void {
  for (const value of values) {
    const text = isNode(value) && value['type'] === 'single_quote_string' ? String(value['value']) : ''
    if (!isAmbiguousDate(text) || !may(text)) continue
    translation.report('sql/ambiguous-date', ambiguousDate(text, "STR_TO_DATE('…', '%d/%m/%Y')"))
  }
}

/** `unknown` is a column that a subquery made. */
function kindOf(value: unknown, environment: Environment): 'date' | 'unknown' | 'other' {
  if (!isNode(value)) return 'other'
  switch (value['type']) {
    case 'date':
    case 'timestamp':
    case 'interval':
      return 'date'
    case 'column_ref':
      return kindOfColumn(value, environment)
    case 'binary_expr':
      return anyOf([value['left'], value['right']], environment)
    case 'case':
      return anyOf(
        listOf(value['args']).map((branch) => (isNode(branch) ? branch['result'] : null)),
        environment,
      )
    case 'cast':
      return /^DATE(?:TIME)?$/i.test(targetOf(value)) ? 'date' : 'other'
    case 'aggr_func':
    case 'function':
      return kindOfCall(value, environment)
    default:
      return 'other'
  }
}

function anyOf(values: readonly unknown[], environment: Environment): 'date' | 'unknown' | 'other' {
  const kinds = new Set(values.map((value) => kindOf(value, environment)))
  return kinds.has('date') ? 'date' : kinds.has('unknown') ? 'unknown' : 'other'
}

function kindOfColumn(node: Node, { scope, translation }: Environment): 'date' | 'unknown' | 'other' {
  const column = nameOf(node['column'])
  const [table, schema] = [node['table'], node['db']].map((part) =>
    part === null || part === undefined ? null : nameOf(part),
  )
  const found = findColumn(scope, { schema: schema ?? null, table: table ?? null, column })
  if (found === null) return 'unknown'
  if (found.full === null) return 'unknown'
  const relation = translation.policy.relations.get(found.full.slice(0, -found.name.length - 1))
  return /^(?:date|datetime|timestamp)\b/i.test(relation?.types.get(found.name) ?? '') ? 'date' : 'other'
}

function kindOfCall(node: Node, environment: Environment): 'date' | 'unknown' | 'other' {
  const parts = isNode(node['name']) ? listOf(node['name']['name']) : []
  const name = String(isNode(parts[0]) ? parts[0]['value'] : node['name']).toLowerCase()
  if (makeDates.has(name)) return 'date'
  const given = isNode(node['args']) ? node['args'] : {}
  return passOn.has(name) ? anyOf([given['expr'], ...listOf(given['value'])], environment) : 'other'
}

/** What a cast makes, in capitals. */
export function targetOf(cast: Node): string {
  const [target] = listOf(cast['target'])
  return String(isNode(target) ? target['dataType'] : '').toUpperCase()
}
