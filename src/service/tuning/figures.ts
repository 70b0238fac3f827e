import type { JsonValue } from '../../core/json.ts'

/**
 * Figures as a document for programs: names with underscores, and null for a number that is not known. A member that is a
 * function or absent is left out.
 */
export function figuresOf(figures: object): Readonly<Record<string, JsonValue>> {
  const entries = Object.entries(figures as Readonly<Record<string, unknown>>)
  const named = entries.filter(([, value]) => value !== undefined && typeof value !== 'function')
  return Object.fromEntries(named.map(([name, value]) => [underscored(name), jsonOf(value)]))
}

function jsonOf(value: unknown): JsonValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(jsonOf)
  return typeof value === 'object' && value !== null ? figuresOf(value) : null
}

const underscored = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
