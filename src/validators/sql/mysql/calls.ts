import { bytesOf } from '../../../core/sizes.ts'
import { checkDateArguments } from './dates.ts'
import { quoteText, type Environment } from './environment.ts'
import { dateUnit, list, subquery, translateExpression } from './expressions.ts'
import { aggregates, insteadOf, reviewedFunctions, type FunctionShape } from './function-list.ts'
import { translateOrder } from './order.ts'
import { expectFields, expectType, isNode, listOf, nodeOf, Refusal, unknownForm, wordOf, type Node } from './tree.ts'

/** A call of a function of the reviewed list, of EXISTS, or of one of the forms with words between the arguments. */
export function translateCall(node: Node, environment: Environment): string {
  expectFields(node, ['type', 'name', 'args', 'over', 'parentheses'])
  const name = functionName(nodeOf(node['name']))
  const values = argumentsOf(node['args'])
  const [first] = values
  if (name === 'exists' && values.length === 1 && isNode(first) && 'ast' in first) {
    return `(EXISTS (${subquery(first, environment)}))`
  }
  // The parser takes NOT before a bracket for a function.
  if (name === 'not' && values.length === 1) return `(NOT ${translateExpression(first, environment)})`
  const shape = reviewedFunctions.get(name)
  if (shape === undefined) throw notAllowed(name)
  environment.translation.functions.add(name)
  checkDateArguments(name, values, environment)
  const isWindow = node['over'] !== null && node['over'] !== undefined
  if (isWindow !== (shape.kind === 'window')) {
    throw new Refusal('sql/function-not-allowed', `"${name}" stands ${isWindow ? 'without' : 'with'} OVER.`)
  }
  const over = isWindow ? translateWindow(node['over'], environment) : ''
  return `${name.toUpperCase()}(${callArguments(name, { values, shape }, environment)})${over}`
}

/** A bare name; one with a schema calls what somebody stored. */
function functionName(name: Node): string {
  expectFields(name, ['name', 'schema'])
  const parts = listOf(name['name'])
  const part = nodeOf(parts[0])
  expectFields(part, ['type', 'value'])
  const text = String(part['value']).toLowerCase()
  const isBare = part['type'] === 'default' || part['type'] === 'origin'
  const hasSchema = name['schema'] !== null && name['schema'] !== undefined
  if (parts.length !== 1 || hasSchema || !isBare) throw notAllowed(text)
  return text
}

function argumentsOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return []
  const node = nodeOf(value)
  expectFields(node, ['type', 'value'])
  if (node['type'] !== 'expr_list') throw unknownForm('arguments')
  return listOf(node['value'])
}

function notAllowed(name: string): Refusal {
  const shown = /^[a-z_]\w{0,63}$/.test(name) ? `"${name}"` : 'This'
  const hint = Object.hasOwn(insteadOf, name) ? ` ${insteadOf[name] ?? ''}` : ''
  return new Refusal('sql/function-not-allowed', `${shown} is not a function you may use.${hint}`)
}

type Called = { readonly values: readonly unknown[]; readonly shape: FunctionShape }

function callArguments(name: string, { values, shape }: Called, environment: Environment): string {
  if (name === 'trim' && values.length > 1) return trimWords(values, environment)
  if (values.length < shape.minimum || values.length > shape.maximum) {
    throw new Refusal('sql/function-not-allowed', `"${name}" takes another number of arguments.`)
  }
  if (values.length === 0) return ''
  if (name === 'timestampdiff' || name === 'timestampadd') {
    const unit = wordOf(values[0])
    if (unit === null) throw unknownForm('unit')
    return `${dateUnit(unit)}, ${list(values.slice(1), environment)}`
  }
  if (shape.length !== undefined) checkLength(name, nodeOf(values[shape.length]), environment)
  return list(values, environment)
}

/** What one call may make is known before it runs. */
function checkLength(name: string, value: Node, { translation }: Environment): void {
  const maximum = bytesOf.kb(translation.options.maximum_value_kb)
  const length = value['type'] === 'number' ? Number(value['value']) : NaN
  if (Number.isInteger(length) && length >= 0 && length <= maximum) return
  throw new Refusal('sql/value-too-large', `The length "${name}" makes is a number, at most ${maximum}.`)
}

/** `TRIM(BOTH 'x' FROM value)` */
function trimWords(values: readonly unknown[], environment: Environment): string {
  const [side, , from] = values.map(wordOf)
  if (values.length !== 4 || from !== 'FROM' || !['BOTH', 'LEADING', 'TRAILING'].includes(side ?? ''))
    throw unknownForm('trim')
  const [what, text] = [values[1], values[3]].map((value) => translateExpression(value, environment))
  return `${side} ${what} FROM ${text}`
}

export function translateAggregate(node: Node, environment: Environment): string {
  expectFields(node, ['type', 'name', 'args', 'over', 'parentheses'])
  const name = String(node['name']).toLowerCase()
  if (!aggregates.has(name)) throw notAllowed(name)
  environment.translation.functions.add(name)
  const given = nodeOf(node['args'])
  expectFields(given, ['expr', 'distinct', 'orderby', 'separator', 'parentheses'])
  const over = node['over'] === null || node['over'] === undefined ? '' : translateWindow(node['over'], environment)
  return `${name.toUpperCase()}(${aggregateArguments(name, given, environment)})${over}`
}

function aggregateArguments(name: string, given: Node, environment: Environment): string {
  const expression = nodeOf(given['expr'])
  if (expression['type'] === 'star') {
    expectFields(expression, ['type', 'value'])
    if (name !== 'count' || isSet(given['distinct'])) throw unknownForm('star')
    return '*'
  }
  if (isSet(given['distinct']) && given['distinct'] !== 'DISTINCT') throw unknownForm('distinct')
  const distinct = isSet(given['distinct']) ? 'DISTINCT ' : ''
  if (name !== 'group_concat' && (isSet(given['orderby']) || isSet(given['separator']))) throw unknownForm('order by')
  const isList = expression['type'] === 'expr_list' && expression['parentheses'] !== true
  const several = isList && (name === 'group_concat' || (name === 'count' && distinct !== ''))
  if (several) expectType(expression, 'expr_list', ['value', 'parentheses'])
  const values = several ? list(expression['value'], environment) : translateExpression(expression, environment)
  const order = isSet(given['orderby'])
    ? ` ORDER BY ${translateOrder(given['orderby'], { ...environment, outputs: null })}`
    : ''
  return `${distinct}${values}${order}${isSet(given['separator']) ? separator(nodeOf(given['separator']), environment) : ''}`
}

function separator(node: Node, { translation }: Environment): string {
  expectFields(node, ['keyword', 'value'])
  if (node['keyword'] !== 'SEPARATOR') throw unknownForm('separator')
  const value = nodeOf(node['value'])
  expectType(value, 'single_quote_string', ['value'])
  return ` SEPARATOR ${quoteText(value['value'], translation)}`
}

function translateWindow(value: unknown, environment: Environment): string {
  const over = nodeOf(value)
  expectFields(over, ['type', 'as_window_specification'])
  const outer = over['as_window_specification']
  if (over['type'] !== 'window' || !isNode(outer)) throw unknownForm('window')
  expectFields(outer, ['window_specification', 'parentheses'])
  const specification = nodeOf(outer['window_specification'])
  expectFields(specification, ['partitionby', 'orderby', 'window_frame_clause'])
  const partition = listOf(specification['partitionby']).map((item) => {
    const part = nodeOf(item)
    expectFields(part, ['expr'])
    return translateExpression(part['expr'], environment)
  })
  const parts = [
    ...(partition.length === 0 ? [] : [`PARTITION BY ${partition.join(', ')}`]),
    ...(isSet(specification['orderby'])
      ? [`ORDER BY ${translateOrder(specification['orderby'], { ...environment, outputs: null })}`]
      : []),
    ...(isSet(specification['window_frame_clause']) ? [frame(nodeOf(specification['window_frame_clause']))] : []),
  ]
  return ` OVER (${parts.join(' ')})`
}

function frame(clause: Node): string {
  expectFields(clause, ['type', 'operator', 'left', 'right', 'expr'])
  if (clause['type'] !== 'binary_expr') return `${frameUnit(clause['type'])} ${frameBound(clause['expr'])}`
  const right = nodeOf(clause['right'])
  expectType(right, 'expr_list', ['value'])
  const bounds = listOf(right['value']).map(frameBound)
  if (clause['operator'] !== 'BETWEEN' || bounds.length !== 2) throw unknownForm('frame')
  return `${frameUnit(wordOf(clause['left']))} BETWEEN ${bounds.join(' AND ')}`
}

function frameUnit(value: unknown): string {
  const unit = String(value).toUpperCase()
  if (unit !== 'ROWS' && unit !== 'RANGE') throw unknownForm('frame')
  return unit
}

function frameBound(value: unknown): string {
  const node = nodeOf(value)
  // The parser calls what begins with a number one.
  if (node['type'] === 'number') expectFields(node, ['type', 'value'])
  const bound = node['type'] === 'number' ? String(node['value']).toUpperCase() : (wordOf(node) ?? '')
  if (!/^(?:UNBOUNDED (?:PRECEDING|FOLLOWING)|CURRENT ROW|\d{1,9} (?:PRECEDING|FOLLOWING))$/.test(bound))
    throw unknownForm('frame')
  return bound
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined
}
