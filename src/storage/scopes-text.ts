import { keyScopes, type KeyScope } from '../core/key-scopes.ts'

/** The scopes of a key as its row has them; null for a text that is no list of them. */
export function parseScopes(text: string): readonly KeyScope[] | null {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    return null
  }
  if (!Array.isArray(list)) return null
  const known = keyScopes.filter((scope) => list.includes(scope))
  return known.length === list.length ? known : null
}
