import postgresql18 from './functions/postgresql-18.json' with { type: 'json' }

const lists: Readonly<Record<number, Readonly<Record<string, readonly string[]>>>> = { 18: postgresql18 }

/** Major versions whose functions were reviewed. */
export const reviewedMajors: readonly number[] = Object.keys(lists).map(Number)

/**
 * Allowed built-in functions of a major version: argument types by name. A version that was not reviewed gets an empty
 * list, so every call is refused.
 */
export function builtInFunctions(major: number): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(Object.entries(lists[major] ?? {}).map(([name, overloads]) => [name, new Set(overloads)]))
}
