import type { ClaimPath } from '../options.ts'

export type Claims = Readonly<Record<string, unknown>>

/** Claims of OAuth whose text is a list of words (RFC 8693, 4.2); the text of any other is one value. */
const lists: ReadonlySet<string> = new Set(['scope', 'scp'])

/** Longest value that names a person, a subject or a group. */
const longestValue = 1_000

/** The value at a path of own members, and nothing that an object has by itself. */
function valueAt(claims: Claims, path: ClaimPath): unknown {
  let value: unknown = claims
  for (const name of typeof path === 'string' ? [path] : path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Claims)[name]
  }
  return value
}

/** A claim that is a text which names somebody; null for any other. */
export function textAt(claims: Claims, path: ClaimPath): string | null {
  const value = valueAt(claims, path)
  // A character that does not show would make two persons of what people read as one.
  const isName = typeof value === 'string' && value.length <= longestValue && /^[^\p{C}]+$/u.test(value)
  return isName && value.trim() === value ? value : null
}

/** The first group of a map whose value a claim holds; null where it holds none. */
export function groupOf(
  claims: Claims,
  { claim, map }: { readonly claim: ClaimPath; readonly map: Readonly<Record<string, string>> },
): string | null {
  const value = valueAt(claims, claim)
  const isList = typeof claim === 'string' && lists.has(claim)
  const values = typeof value === 'string' ? (isList ? value.split(' ') : [value]) : value
  if (!Array.isArray(values)) return null
  return Object.entries(map).find(([name]) => values.includes(name))?.[1] ?? null
}
