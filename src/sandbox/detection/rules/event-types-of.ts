import type { Expression } from './rule.ts'

/**
 * The values of `evt.type` that a condition can hold for; null where it could hold for any. A part that is negated
 * restricts nothing: what it excludes is not counted.
 */
export function eventTypesOf(expression: Expression): ReadonlySet<string> | null {
  switch (expression.op) {
    case 'and':
      return expression.of.map(eventTypesOf).reduce((left, right) => {
        if (left === null || right === null) return left ?? right
        return new Set([...left].filter((type) => right.has(type)))
      })
    case 'or':
      return expression.of.map(eventTypesOf).reduce((left, right) => {
        return left === null || right === null ? null : new Set([...left, ...right])
      })
    case 'not':
    case 'exists':
      return null
    default:
      return expression.field === 'evt.type' && ['=', '==', 'in'].includes(expression.op)
        ? new Set(expression.values)
        : null
  }
}
