import { checkComparedDates } from './dates.ts'
import type { Environment } from './environment.ts'
import { list, subquery, translateExpression } from './expressions.ts'
import { binaryOperators } from './function-list.ts'
import { expectFields, expectType, isNode, listOf, nodeOf, Refusal, unknownForm, type Node } from './tree.ts'

export function translateBinary(node: Node, environment: Environment): string {
  expectFields(node, ['type', 'operator', 'left', 'right', 'parentheses'])
  const operator = String(node['operator']).toUpperCase()
  if (operator === 'AND' || operator === 'OR') return translateLogic(node, environment)
  const right = nodeOf(node['right'])
  ;[nodeOf(node['left']), right].forEach((operand) => refuseLoose(operand, operator))
  const left = translateExpression(node['left'], environment)
  if (comparisons.has(operator)) checkComparedDates([node['left'], ...comparedIn(right)], environment)
  switch (operator) {
    case 'IN':
    case 'NOT IN':
      return `(${left} ${operator} ${inList(right, environment)})`
    case 'BETWEEN':
    case 'NOT BETWEEN': {
      expectFields(right, ['type', 'value'])
      const [low, high, ...more] = listOf(right['value'])
      if (right['type'] !== 'expr_list' || more.length > 0) throw unknownForm('between')
      const ends = [low, high].map((end) => translateExpression(end, environment))
      return `(${left} ${operator} ${ends.join(' AND ')})`
    }
    case 'IS':
    case 'IS NOT':
      if (right['type'] !== 'null' && right['type'] !== 'bool') throw unknownForm('is')
      return `(${left} ${operator} ${translateExpression(right, environment)})`
    case 'LIKE':
    case 'NOT LIKE':
      return `(${left} ${operator} ${likePattern(right, environment)})`
    default:
      if (!binaryOperators.has(operator)) throw operatorRefused(operator)
      return `(${left} ${operator} ${translateExpression(right, environment)})`
  }
}

/**
 * AND before OR, whatever the parser made of it: it reads `a OR b AND c` as `(a OR b) AND c`. The operands come in the
 * order of the text, so the tree can be rebuilt from them.
 */
function translateLogic(node: Node, environment: Environment): string {
  const alternatives: string[][] = [[]]
  const visit = (value: unknown, isRoot: boolean): void => {
    const part = nodeOf(value)
    const operator = String(part['operator']).toUpperCase()
    const isChain = part['type'] === 'binary_expr' && (operator === 'AND' || operator === 'OR')
    if (!isChain || (part['parentheses'] === true && !isRoot)) {
      alternatives.at(-1)?.push(translateExpression(part, environment))
      return
    }
    expectFields(part, ['type', 'operator', 'left', 'right', 'parentheses'])
    visit(part['left'], false)
    if (operator === 'OR') alternatives.push([])
    visit(part['right'], false)
  }
  visit(node, true)
  const all = alternatives.map((parts) => (parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' AND ')})`))
  return all.length === 1 ? (all[0] ?? '') : `(${all.join(' OR ')})`
}

const comparisons: ReadonlySet<string> = new Set(
  '=,<>,!=,<,<=,>,>=,IN,NOT IN,LIKE,NOT LIKE,BETWEEN,NOT BETWEEN,IS,IS NOT'.split(','),
)

/** The value itself, or those of a list. */
function comparedIn(right: Node): readonly unknown[] {
  return right['type'] === 'expr_list' ? listOf(right['value']) : [right]
}

/**
 * What MySQL and the parser put together differently, unless there are brackets: `NOT (a) = b` is NOT (a = b) to MySQL, and
 * comparisons side by side bind from the left in the parser, but IN, LIKE and BETWEEN before the others in MySQL.
 */
function refuseLoose(operand: Node, operator: string): void {
  if (operand['parentheses'] === true) return
  const isComparison = operand['type'] === 'binary_expr' && comparisons.has(String(operand['operator']).toUpperCase())
  const isLogic = operand['type'] === 'binary_expr' && /^(?:AND|OR)$/i.test(String(operand['operator']))
  const isNegated = operand['type'] === 'unary_expr' && /^NOT/i.test(String(operand['operator']))
  if ((!isComparison || !comparisons.has(operator)) && !isLogic && !isNegated && !isCallOfNot(operand)) return
  throw new Refusal(
    'sql/not-allowed',
    'What belongs together is not clear: put brackets around it, as in (a = b) = c or NOT (a = b).',
  )
}

function isCallOfNot(operand: Node): boolean {
  if (operand['type'] !== 'function' || !isNode(operand['name'])) return false
  const [name] = listOf(operand['name']['name'])
  return isNode(name) && String(name['value']).toLowerCase() === 'not'
}

function operatorRefused(operator: string): Refusal {
  const hints: Readonly<Record<string, string>> = {
    '||': ' Write CONCAT(a, b), or OR.',
    '&&': ' Write AND.',
    REGEXP: ' Write LIKE.',
    RLIKE: ' Write LIKE.',
    '->': ' Write JSON_EXTRACT(value, path).',
    '->>': ' Write JSON_UNQUOTE(JSON_EXTRACT(value, path)).',
  }
  const shown = /^[A-Z ]{1,20}$|^[^\w\s'"`]{1,3}$/.test(operator) ? `"${operator}"` : 'This'
  return new Refusal('sql/operator-not-allowed', `${shown} is not an operator you may use.${hints[operator] ?? ''}`)
}

function inList(right: Node, environment: Environment): string {
  if (right['type'] !== 'expr_list') throw unknownForm('in')
  expectFields(right, ['type', 'value', 'parentheses'])
  const items = listOf(right['value'])
  const [only] = items
  if (items.length === 1 && isNode(only) && 'ast' in only) return `(${subquery(only, environment)})`
  return `(${list(items, environment)})`
}

/** Names an escape character for wildcards explicitly (`ESCAPE`), because backslashes are refused. */
function likePattern(right: Node, environment: Environment): string {
  const { escape, ...pattern } = right
  const text = translateExpression(pattern, environment)
  if (escape === null || escape === undefined) return text
  const node = nodeOf(escape)
  expectType(node, 'ESCAPE', ['value'])
  const character = nodeOf(node['value'])
  expectType(character, 'single_quote_string', ['value'])
  if (!/^[^'\\]$/.test(String(character['value']))) throw unknownForm('escape')
  return `${text} ESCAPE '${String(character['value'])}'`
}

export function translateUnary(node: Node, environment: Environment): string {
  expectFields(node, ['type', 'operator', 'expr', 'parentheses'])
  const operator = String(node['operator']).toUpperCase()
  const inner = nodeOf(node['expr'])
  if ((operator === 'NOT EXISTS' || operator === 'EXISTS') && 'ast' in inner) {
    return `(${operator} (${subquery(inner, environment)}))`
  }
  if (operator !== 'NOT' && operator !== '-' && operator !== '+') throw operatorRefused(operator)
  if (operator === 'NOT' && /^(?:AND|OR)$/i.test(String(inner['operator']))) refuseLoose(inner, operator)
  return `(${operator} ${translateExpression(inner, environment)})`
}
