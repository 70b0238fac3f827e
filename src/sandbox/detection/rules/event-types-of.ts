import type { Expression } from './rule.ts'

/**
 * The values of `evt.type` that a condition can hold for; null where it could hold for any. A part that is negated
 * restricts nothing: what it excludes is not counted.
 */
export function eventTypesOf(expression: Expression): ReadonlySet<string> | null {
  switch (expression.op) {
    case 'and': {
      const restricting = expression.of.map(eventTypesOf).filter((types) => types !== null)
      const [first, ...others] = restricting
      if (first === undefined) return null
      return new Set([...first].filter((type) => others.every((types) => types.has(type))))
    }
    case 'or': {
      const parts = expression.of.map(eventTypesOf)
      return parts.includes(null) ? null : new Set(parts.flatMap((types) => Array.from(types ?? [])))
    }
    case 'not':
    case 'exists':
      return null
    default:
      return expression.field === 'evt.type' && ['=', '==', 'in'].includes(expression.op)
        ? new Set(expression.values)
        : null
  }
}
