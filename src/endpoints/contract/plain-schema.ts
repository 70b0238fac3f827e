import { unsentMembers, type Direction } from './direction.ts'
import { isObject, listOf, type JsonObject, type OpenApiDocument } from './document.ts'
import { withEffort } from './effort.ts'
import { writtenPicture } from './picture-rule.ts'
import { membersAt, partAt } from './reference.ts'
import { checkedFormats, keywords } from './schema-keywords.ts'
import { below, UnfitDocument } from './unfit-document.ts'

/** A schema of 2020-12 as the validator takes it. */
export type PlainSchema = boolean | Record<string, unknown>

/** Gives what a reference names a name of its own, by which the validator finds it. */
export type NameFor = (reference: string, place: string) => string

const dialects: ReadonlySet<unknown> = new Set([
  'https://json-schema.org/draft/2020-12/schema',
  'https://spec.openapis.org/oas/3.1/dialect/base',
])

const formats: ReadonlySet<unknown> = new Set(checkedFormats)

export interface PlainSchemaParts {
  readonly document: OpenApiDocument
  readonly nameFor: NameFor
  readonly direction: Direction
  /** Members that do not go this way, as the schemas around this one say of the same value. */
  readonly unsent?: ReadonlySet<string>
}

/**
 * A schema of an OpenAPI document as one of JSON Schema 2020-12: what 3.0 says in words of its own is said in those, and
 * every keyword is one that is enforced or one that says nothing about what is valid. Throws `UnfitDocument` for any other,
 * since a rule that is misspelled would be a rule that is not applied.
 */
export function plainSchema(value: unknown, place: string, parts: PlainSchemaParts): PlainSchema {
  const { document, nameFor, direction } = parts
  if (typeof value === 'boolean' && document.version === '3.1') return value
  if (!isObject(value)) throw new UnfitDocument(place, 'is no schema')
  const unsent = new Set([...(parts.unsent ?? []), ...unsentMembers(value, parts)])
  const inner = (child: unknown, at: string): PlainSchema => plainSchema(child, at, { document, nameFor, direction })
  const ofSame = (child: unknown, at: string): PlainSchema => plainSchema(child, at, { ...parts, unsent })
  const reference = value['$ref']
  const pointed = typeof reference === 'string' ? { $ref: nameFor(reference, below(place, '$ref')) } : {}
  // In 3.0 nothing counts beside a reference (OpenAPI 3.0, Reference Object).
  if (document.version === '3.0' && typeof reference === 'string') return pointed
  const plain: Record<string, unknown> = { ...pointed }
  for (const { name, value: child, place: at } of membersAt(value, place)) {
    if (name.startsWith('x-')) continue
    const kind = keywords.get(name)
    if (kind === undefined) throw new UnfitDocument(at, 'is no keyword that is checked here')
    if (name === '$schema' && !dialects.has(child)) throw new UnfitDocument(at, 'is another dialect than 2020-12')
    // A schema or a flag in both versions.
    if (kind === 'schema') plain[name] = typeof child === 'boolean' ? child : inner(child, at)
    else if (kind === 'schemas') {
      const of = name === 'prefixItems' ? inner : ofSame
      plain[name] = listAt(child, at).map((each, index) => of(each, below(at, index)))
    } else if (kind === 'named-schemas') {
      plain[name] = Object.fromEntries(membersAt(child, at).map((each) => [each.name, inner(each.value, each.place)]))
    } else if (kind === 'plain') plain[name] = child
  }
  leaveUnsent(plain, unsent, direction)
  ofVersion30(value, plain, document.version)
  readFormat(value, plain, place)
  return withEffort(plain)
}

/** Members that do not go this way are none of those that are required, and refused where they are sent. */
function leaveUnsent(plain: Record<string, unknown>, unsent: ReadonlySet<string>, direction: Direction): void {
  const { properties, required } = plain
  if (Array.isArray(required)) plain['required'] = required.filter((name: unknown) => !unsent.has(String(name)))
  if (!isObject(properties)) return
  const members = Object.entries(properties)
  plain['properties'] = Object.fromEntries(
    members.map(([name, member]) => [name, unsent.has(name) ? { unsent: direction } : member]),
  )
}

function listAt(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new UnfitDocument(place, 'is no list of schemas')
  return value
}

function ofVersion30(value: JsonObject, plain: Record<string, unknown>, version: OpenApiDocument['version']): void {
  if (version !== '3.0') return
  if (value['nullable'] === true && typeof value['type'] === 'string') plain['type'] = [value['type'], 'null']
  for (const [exclusive, inclusive] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const isExclusive = value[exclusive]
    if (typeof isExclusive !== 'boolean') continue
    delete plain[exclusive]
    if (!isExclusive || value[inclusive] === undefined) continue
    plain[exclusive] = value[inclusive]
    delete plain[inclusive]
  }
}

/**
 * Base64 is checked as 3.0 and as 3.1 ask for it, and so is a picture in a data: URL; a format that nobody checks is none.
 */
function readFormat(value: JsonObject, plain: Record<string, unknown>, place: string): void {
  const { contentEncoding, format } = value
  if (contentEncoding !== undefined && contentEncoding !== 'base64') {
    throw new UnfitDocument(below(place, 'contentEncoding'), 'is no encoding that is read: base64 is')
  }
  const isDataUrl = writtenPicture(value) === 'data-url'
  if (isDataUrl) plain['dataUrl'] = true
  if (contentEncoding === 'base64' || format === 'byte') plain['base64'] = true
  if (isDataUrl || !formats.has(format)) delete plain['format']
}

/** The kinds of values that a schema names at its top, through references and combinations; empty where it names none. */
export function kindsOf(
  document: OpenApiDocument,
  schema: unknown,
  place: string,
  seen = new Set<unknown>(),
): ReadonlySet<string> {
  if (!isObject(schema)) return new Set()
  const { value } = partAt(document.root, schema, place)
  if (seen.has(value)) return new Set()
  seen.add(value)
  const named = [value['type']].flat().filter((kind) => typeof kind === 'string')
  const nullable = value['nullable'] === true ? ['null'] : []
  if (named.length > 0) return new Set([...named, ...nullable])
  const of = ['allOf', 'anyOf', 'oneOf'].flatMap((name) => listOf(value[name]))
  const inner = of.flatMap((each) => Array.from(kindsOf(document, each, place, seen)))
  const listed = [value['enum'], value['const'] === undefined ? [] : [value['const']]].flat().map((each) => typeof each)
  return new Set([...inner, ...listed.filter((kind) => kind !== 'undefined' && kind !== 'object')])
}

/** The kinds of what stands within a value, through references and combinations: `inner` gives the schemas of it that one schema has. */
export function kindsWithin(
  document: OpenApiDocument,
  schema: unknown,
  { place, inner }: { readonly place: string; readonly inner: (schema: JsonObject) => readonly unknown[] },
): ReadonlySet<string> {
  const kinds = new Set<string>()
  const seen = new Set<unknown>()
  const waiting: unknown[] = [schema]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (!isObject(next) || seen.has(next)) continue
    seen.add(next)
    const { value } = partAt(document.root, next, place)
    for (const each of inner(value)) for (const kind of kindsOf(document, each, place)) kinds.add(kind)
    if (value !== next) waiting.push(value)
    waiting.push(...['allOf', 'anyOf', 'oneOf'].flatMap((name) => listOf(value[name])))
  }
  return kinds
}
