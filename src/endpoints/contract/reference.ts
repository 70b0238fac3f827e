import { isObject, type JsonObject } from './document.ts'
import { below, UnfitDocument } from './unfit-document.ts'

/** A part of a document with its place. */
export interface Part {
  readonly value: JsonObject
  readonly place: string
}

const mostSteps = 16

/**
 * What stands at a place of the document, or what it points to, where that is an object. Throws `UnfitDocument` for a
 * reference to nothing and for one that leads back to itself.
 */
export function partAt(root: JsonObject, value: unknown, place: string): Part {
  let part = { value, place }
  for (let step = 0; step <= mostSteps; step += 1) {
    if (!isObject(part.value)) throw new UnfitDocument(part.place, 'is no object')
    const reference = part.value['$ref']
    if (typeof reference !== 'string') return { value: part.value, place: part.place }
    part = { value: valueOf(root, reference, below(part.place, '$ref')), place: reference.slice(1) }
  }
  throw new UnfitDocument(below(place, '$ref'), 'leads to more references than are followed')
}

function valueOf(root: JsonObject, reference: string, place: string): unknown {
  let value: unknown = root
  for (const step of reference.slice(2).split('/')) {
    const name = nameOf(step, place)
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    if (!isThere) throw new UnfitDocument(place, 'points to nothing')
    value = (value as JsonObject)[name]
  }
  return value
}

function nameOf(step: string, place: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch (cause) {
    throw new UnfitDocument(place, 'is no JSON pointer', { cause })
  }
}

/** The members of an object at a place, each with its own; none where there is no object. */
export function membersAt(
  value: unknown,
  place: string,
): { readonly name: string; readonly value: unknown; readonly place: string }[] {
  if (!isObject(value)) return []
  return Object.entries(value).map(([name, member]) => ({ name, value: member, place: below(place, name) }))
}
