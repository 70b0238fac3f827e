import { isObject, type JsonObject, type OpenApiDocument } from './document.ts'
import { writtenPicture } from './picture-rule.ts'
import { partAt } from './reference.ts'

/** Deeper ones are not looked for: a schema may hold itself. */
const deepest = 12

/** Names that a position can be written with. */
const plainName = /^[A-Za-z_][\w-]*$/

/**
 * The positions (`items[].image`) at which a schema takes base64, or a data: URL of it, and no other text. One that a branch
 * of the schema says something else of is left out.
 */
export function encodedPositions(schema: unknown, document: OpenApiDocument): readonly string[] {
  const found = new Map<string, boolean>()
  collect(schema, '', 0)
  return [...found].flatMap(([position, isEncoded]) => (isEncoded ? [position] : []))

  function collect(given: unknown, position: string, depth: number): void {
    if (depth > deepest || !isObject(given)) return
    const referred = typeof given['$ref'] === 'string' ? partAt(document.root, given, '').value : null
    if (referred !== null) collect(referred, position, depth + 1)
    const says = textOf(given)
    if (says !== null && position !== '') found.set(position, says === 'encoded' && found.get(position) !== false)
    for (const name of ['allOf', 'anyOf', 'oneOf'] as const) {
      const branches: unknown = given[name]
      if (Array.isArray(branches)) for (const branch of branches) collect(branch, position, depth + 1)
    }
    for (const name of ['if', 'then', 'else'] as const) collect(given[name], position, depth + 1)
    const elements = [given['items'], given['prefixItems']].flat()
    for (const element of elements) collect(element, `${position}[]`, depth + 1)
    collect(given['additionalProperties'], joined(position, '*'), depth + 1)
    const properties = isObject(given['properties']) ? Object.entries(given['properties']) : []
    for (const [name, value] of properties) {
      if (plainName.test(name)) collect(value, joined(position, name), depth + 1)
    }
  }
}

const joined = (position: string, name: string): string => (position === '' ? name : `${position}.${name}`)

/** What a schema says of a text, by its own keywords; null where it says of none. */
function textOf(schema: JsonObject): 'encoded' | 'other' | null {
  const written = writtenPicture(schema)
  const isEncoded = schema['contentEncoding'] === 'base64' || schema['format'] === 'byte'
  if (isEncoded || written === 'base64' || written === 'data-url') return 'encoded'
  const isText = [schema['type']].flat().includes('string')
  return isText || 'const' in schema || 'enum' in schema ? 'other' : null
}
