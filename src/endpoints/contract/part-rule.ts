import type { PictureType } from '../../core/media.ts'
import { isObject, listOf, type JsonObject, type OpenApiDocument } from './document.ts'
import { holdsPicture } from './find-pictures.ts'
import { isJsonType, isUnread, readMediaType } from './media-type.ts'
import { listedTypes, readTypes } from './picture-rule.ts'
import { kindsOf } from './plain-schema.ts'
import { partAt, type Part } from './reference.ts'
import { below, UnfitDocument } from './unfit-document.ts'

/** How deep a schema may be combined of others. */
export const mostCombined = 8

export const formTypes = ['multipart/form-data', 'application/x-www-form-urlencoded'] as const

export type FormType = (typeof formTypes)[number]

/** How the bytes of a part are read; `types` are the media types that it may have. */
export type PartRule =
  | { readonly kind: 'text'; readonly types: readonly string[]; readonly kinds: ReadonlySet<string> }
  | { readonly kind: 'json'; readonly types: readonly string[] }
  | { readonly kind: 'picture'; readonly types: readonly PictureType[] }
  /** Ranges such as `application/*` may be among them; null where the document says nothing but that they are bytes. */
  | { readonly kind: 'bytes'; readonly types: readonly string[] | null }

export interface FieldRule {
  /** A part for each element, which all have the name. */
  readonly isList: boolean
  readonly part: PartRule
}

/** The rule of a property of a form. Throws `UnfitDocument` for one that could be read in two ways. */
export function fieldRule(
  { value, place }: { readonly value: unknown; readonly place: string },
  encoding: Part | null,
  parts: { readonly document: OpenApiDocument; readonly type: FormType },
): FieldRule {
  const kinds = kindsOf(parts.document, value, place)
  const isList = kinds.has('array')
  if (isList && [...kinds].some((kind) => kind !== 'array' && kind !== 'null')) {
    throw new UnfitDocument(place, 'is a list or something else, which no form tells apart')
  }
  const element = isList ? elementOf(value, place, parts.document) : { value, place }
  const part = partRule(element, encoding, parts)
  if (parts.type === 'multipart/form-data' || part.kind === 'text') return { isList, part }
  if (part.kind === 'json' && encoding !== null) return { isList, part }
  throw new UnfitDocument(place, `is ${part.kind}, which ${parts.type} is not read for`)
}

/** The schema of the elements of a list, which may stand in a choice with null. */
function elementOf(schema: unknown, place: string, document: OpenApiDocument): { value: unknown; place: string } {
  const part = partAt(document.root, schema, place)
  if (part.value['items'] !== undefined) return { value: part.value['items'], place: below(part.place, 'items') }
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap((name) =>
    listOf(part.value[name]).map((value, index) => ({
      value,
      place: below(below(part.place, name), index),
    })),
  )
  const lists = branches.filter((branch) => kindsOf(document, branch.value, branch.place).has('array'))
  const [only] = lists
  if (only === undefined || lists.length > 1)
    throw new UnfitDocument(place, 'is a list without one schema of its elements')
  return elementOf(only.value, only.place, document)
}

function partRule(
  { value, place }: { readonly value: unknown; readonly place: string },
  encoding: Part | null,
  { document }: { readonly document: OpenApiDocument },
): PartRule {
  const schema = wordsOf(value, place, document)
  const rule = ruleOf(schema, { kinds: kindsOf(document, value, place), encoding, place })
  // What is said of a picture where it is not read must not be passed over.
  if (rule.kind === 'bytes' && holdsPicture(value, document))
    throw new UnfitDocument(place, 'says of a picture where it is not read')
  return rule
}

function ruleOf(
  schema: JsonObject,
  { kinds, encoding, place }: { kinds: ReadonlySet<string>; encoding: Part | null; place: string },
): PartRule {
  const isEncoded = schema['contentEncoding'] !== undefined || schema['format'] === 'byte' || schema['format'] === 'uri'
  const listed = encoding === null ? [] : listedTypes(encoding.value['contentType'])
  if (encoding !== null && listed.length > 0) {
    const at = below(encoding.place, 'contentType')
    if (isEncoded && listed.some((type) => type.startsWith('image/'))) {
      throw new UnfitDocument(at, 'is a picture whose schema says that it is written as a text: say one of both')
    }
    return ofTypes(listed, at, kinds)
  }
  const types = mediaTypesOf(schema)
  if (isEncoded) return { kind: 'text', types: ['text/plain'], kinds }
  if (types.length > 0 && types.every(isJsonType)) return { kind: 'text', types: ['text/plain', ...types], kinds }
  if (types.length > 0) return ofTypes(types, below(place, 'contentMediaType'), kinds)
  if (kinds.has('object') || kinds.has('array')) return { kind: 'json', types: ['application/json'] }
  if (schema['format'] === 'binary' || kinds.size === 0) return { kind: 'bytes', types: null }
  return { kind: 'text', types: ['text/plain'], kinds }
}

/** The words of a schema of a text with those of what it refers to, of `allOf`, and of a choice with null alone. */
function wordsOf(value: unknown, place: string, document: OpenApiDocument, depth = 0): JsonObject {
  if (!isObject(value)) return {}
  if (depth > mostCombined) throw new UnfitDocument(place, 'is combined of more schemas than are read')
  const pointed = partAt(document.root, value, place).value
  const own = document.version === '3.0' ? pointed : { ...pointed, ...value }
  const choices = ['anyOf', 'oneOf'].flatMap((name) => {
    const others = listOf(own[name]).filter((each) => !(isObject(each) && each['type'] === 'null'))
    return others.length === 1 ? others : []
  })
  const inner = [...listOf(own['allOf']), ...choices].map((each) => wordsOf(each, place, document, depth + 1))
  return Object.assign({}, ...inner, own) as JsonObject
}

const mediaTypesOf = (schema: JsonObject): readonly string[] =>
  listedTypes(schema['contentMediaType'] ?? schema['x-contentMediaType'])

function ofTypes(types: readonly string[], place: string, kinds: ReadonlySet<string>): PartRule {
  for (const type of types)
    if (readMediaType(type)?.name !== type) throw new UnfitDocument(place, 'is no list of media types')
  if (types.some((type) => type.startsWith('image/'))) return { kind: 'picture', types: readTypes(types, place) }
  if (types.every(isJsonType)) return { kind: 'json', types }
  if (types.some(isUnread)) throw new UnfitDocument(place, 'has a media type that is not supported yet')
  if (types.every((type) => type.startsWith('text/') && !type.includes('*'))) return { kind: 'text', types, kinds }
  // `application/octet-stream` says no more than that they are bytes (RFC 2046, 4.5.1): who sends a file calls it what it is.
  const isAny = types.includes('*/*') || types.every((type) => type === 'application/octet-stream')
  return { kind: 'bytes', types: isAny ? null : types }
}
