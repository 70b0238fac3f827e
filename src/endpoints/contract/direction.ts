import { isObject, listOf, type JsonObject, type OpenApiDocument } from './document.ts'
import { partAt } from './reference.ts'

/** Which way a value goes: to the service, or back from it. */
export type Direction = 'request' | 'response'

/** What is said of members that do not go that way. */
const flags = { request: 'readOnly', response: 'writeOnly' } as const

export const unsentReasons = {
  request: 'is read-only: the service sets it, and callers leave it out',
  response: 'is write-only: a service is told it, and never tells it',
} as const satisfies Record<Direction, string>

/**
 * The members of an object that its schema, through references and `allOf`, names as those that do not go this way. Where one is
 * required, it is in the other (OpenAPI 3.0, Schema Object, readOnly and writeOnly; JSON Schema 2020-12, Validation, 9.4).
 */
export function unsentMembers(
  schema: unknown,
  { document, direction }: { readonly document: OpenApiDocument; readonly direction: Direction },
): ReadonlySet<string> {
  const says = (member: unknown): boolean => objectsOf(member, document).some((each) => each[flags[direction]] === true)
  const names = objectsOf(schema, document).flatMap(({ properties }) =>
    isObject(properties) ? Object.entries(properties).flatMap(([name, member]) => (says(member) ? [name] : [])) : [],
  )
  return new Set(names)
}

/** The schemas that always hold for one value: itself, what it refers to, and those of `allOf`. */
function objectsOf(schema: unknown, document: OpenApiDocument): readonly JsonObject[] {
  const found = new Set<JsonObject>()
  const waiting: unknown[] = [schema]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (!isObject(next) || found.has(next)) continue
    const isReference = typeof next['$ref'] === 'string'
    if (isReference) waiting.push(partAt(document.root, next, '').value)
    // In 3.0 nothing counts beside a reference.
    if (isReference && document.version === '3.0') continue
    found.add(next)
    waiting.push(...listOf(next['allOf']))
  }
  return [...found]
}
