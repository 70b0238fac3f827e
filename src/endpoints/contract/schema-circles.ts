import { isObject } from './document.ts'
import type { PlainSchema } from './plain-schema.ts'
import { UnfitDocument } from './unfit-document.ts'

/** A schema that others refer to. */
export interface NamedSchema {
  readonly schema: PlainSchema
  readonly place: string
}

/**
 * Throws `UnfitDocument` for a schema that leads back to itself without going into the value: holding anything against it would never
 * end. A tree, whose branches are parts of its value, ends with the value.
 */
export function refuseCircles(schema: PlainSchema, named: ReadonlyMap<string, NamedSchema>): void {
  const ending = new Set<string>()
  const within: string[] = []
  const follow = (from: PlainSchema): void => {
    for (const name of referencesInPlace(from)) {
      const next = named.get(name)
      if (next === undefined || ending.has(name)) continue
      if (within.includes(name)) {
        throw new UnfitDocument(
          next.place,
          'leads back to itself without going into the value: no check of it would end',
        )
      }
      within.push(name)
      follow(next.schema)
      within.pop()
      ending.add(name)
    }
  }
  follow(schema)
  for (const each of named.values()) follow(each.schema)
}

/** The names that a schema holds the same value against as itself. */
function referencesInPlace(schema: unknown): readonly string[] {
  if (!isObject(schema)) return []
  const { $ref: name, allOf, anyOf, oneOf, dependentSchemas } = schema
  const branches = [allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))
  const conditions = ['not', 'if', 'then', 'else'].map((keyword) => schema[keyword])
  const dependent = isObject(dependentSchemas) ? Object.values(dependentSchemas) : []
  const inner = [...branches, ...conditions, ...dependent].flatMap(referencesInPlace)
  return typeof name === 'string' ? [name, ...inner] : inner
}
