import type { FuncKeywordDefinition } from 'ajv/dist/2020.js'
import type { EffortMeter } from './effort.ts'

/**
 * Equality by sets, where the validator itself compares every two elements of a list and every entry of an enumeration, and calls
 * members of objects by names such as `valueOf`, which a caller may have given them.
 */
export function equalityKeywords(meter: EffortMeter): readonly FuncKeywordDefinition[] {
  const textOf = (value: unknown): string => {
    const text = canonical(value)
    meter.take(text.length >> 2, null)
    return text
  }
  return [
    {
      keyword: 'uniqueItems',
      type: 'array',
      schemaType: 'boolean',
      validate: (wanted: boolean, list: readonly unknown[]) => {
        if (!wanted) return true
        meter.take(list.length, null)
        return new Set(list.some(isComposed) ? list.map(textOf) : list).size === list.length
      },
      error: { message: 'must not have the same element twice' },
    },
    {
      keyword: 'enum',
      schemaType: 'array',
      compile: (allowed: readonly unknown[]) => {
        const plain = new Set(allowed.filter((value) => !isComposed(value)))
        const composed = new Set(allowed.filter(isComposed).map(canonical))
        return (value: unknown) =>
          isComposed(value) ? composed.size > 0 && composed.has(textOf(value)) : plain.has(value)
      },
      error: { message: 'must be equal to one of the allowed values' },
    },
    {
      keyword: 'const',
      compile: (allowed: unknown) => {
        if (!isComposed(allowed)) return (value: unknown) => value === allowed
        const text = canonical(allowed)
        return (value: unknown) => isComposed(value) && textOf(value) === text
      },
      error: { message: 'must be equal to constant' },
    },
  ]
}

function isComposed(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** Equal for equal values, whatever the order of their members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  )
}
