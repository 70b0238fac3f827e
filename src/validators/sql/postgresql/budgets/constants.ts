import { asList, asNode, isStruct, stringList, textField, unwrap, type Struct } from '../../syntax-tree.ts'

/** A constant's number: an integer or decimal literal, or a text literal that holds a number. */
function literalNumber(constant: Struct): number | null {
  const { ival, fval, sval } = constant
  if (isStruct(ival)) return typeof ival['ival'] === 'number' ? ival['ival'] : 0
  const text = isStruct(fval) ? textField(fval, 'fval') : isStruct(sval) ? textField(sval, 'sval') : null
  if (text === null || text.trim() === '') return null
  const value = Number(text)
  return Number.isNaN(value) ? null : value
}

/** The number an expression of literals has, as the planner would fold it; null where it is not a constant. */
export function constantNumber(expression: unknown): number | null {
  const node = unwrap(expression)
  if (node === null) return null
  const { type, struct } = node
  if (type === 'A_Const') return literalNumber(struct)
  if (type === 'TypeCast') return constantNumber(struct['arg'])
  if (type !== 'A_Expr' || struct['kind'] !== 'AEXPR_OP') return null
  const right = constantNumber(struct['rexpr'])
  if (right === null) return null
  const operator = stringList(struct['name']).at(-1) ?? ''
  if (struct['lexpr'] === undefined) return operator === '-' ? -right : operator === '+' ? right : null
  const left = constantNumber(struct['lexpr'])
  return left === null ? null : calculate(operator, left, right)
}

/**
 * The most an expression can be: its constant, or the least of the integer literals in `LEAST(…)`. A text literal does
 * not bound it, since texts compare by their characters.
 */
export function largestNumber(expression: unknown): number | null {
  const constant = constantNumber(expression)
  if (constant !== null) return constant
  const cast = asNode(expression, 'TypeCast')
  if (cast !== null) return largestNumber(cast['arg'])
  const least = asNode(expression, 'MinMaxExpr')
  if (least?.['op'] !== 'IS_LEAST') return null
  const bounds = asList(least['args']).flatMap((item) => {
    const literal = asNode(item, 'A_Const')
    return literal !== null && isStruct(literal['ival']) ? [literalNumber(literal) ?? 0] : []
  })
  return bounds.length === 0 ? null : Math.min(...bounds)
}

function calculate(operator: string, left: number, right: number): number | null {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return right === 0 ? null : left / right
    case '%':
      return right === 0 ? null : left % right
    case '^':
      return left ** right
    case '<<':
      return left * 2 ** right
    default:
      return null
  }
}

export function constantText(expression: unknown): string | null {
  const node = unwrap(expression)
  if (node?.type === 'TypeCast') return constantText(node.struct['arg'])
  if (node?.type !== 'A_Const') return null
  const text = node.struct['sval']
  return isStruct(text) ? (textField(text, 'sval') ?? '') : null
}

/** Numbers of a list or ARRAY[…] of constants; null where one is not constant. */
export function constantArray(expression: unknown): number[] | null {
  const array = asNode(expression, 'A_ArrayExpr')
  if (array !== null) {
    const numbers = asList(array['elements']).map(constantNumber)
    return numbers.some((number) => number === null) ? null : numbers.map((number) => number ?? 0)
  }
  const text = constantText(expression)
  if (text === null || !/^\s*\{[\d\s,]*\}\s*$/.test(text)) return null
  return (text.match(/\d+/g) ?? []).map(Number)
}
