import type { CheckingBudget } from './checking-budget.ts'
import { ecmaPattern } from './ecma-pattern.ts'
import { isObject, listOf, type JsonObject, type OpenApiDocument } from './document.ts'
import { pictureRule, writtenPicture, type PictureRule } from './picture-rule.ts'
import { membersAt, partAt } from './reference.ts'
import { keywords } from './schema-keywords.ts'
import type { CheckValue } from './schemas.ts'
import { below, UnfitDocument } from './unfit-document.ts'

type Path = readonly (string | number)[]

/** A text of a value that has to be a picture, and where it stands. */
export interface FoundPicture {
  readonly path: Path
  readonly text: string
  readonly rule: PictureRule
}

/** The pictures of a value that its schema takes. Throws `TooMuchWork` where finding them takes more than the budget. */
export type FindPictures = (value: unknown, budget: CheckingBudget) => readonly FoundPicture[]

interface Finding {
  readonly found: FoundPicture[]
  readonly budget: CheckingBudget
}

type Finder = (value: unknown, path: Path, finding: Finding) => void

export interface FindPicturesParts {
  readonly document: OpenApiDocument
  readonly compile: (schema: unknown, place: string) => CheckValue
}

/** Branches that overlap find the same picture more than once. */
const stepsOfPicture = 16

function add({ found, budget }: Finding, picture: FoundPicture): void {
  budget.take(stepsOfPicture)
  found.push(picture)
}

/** Schemas within a schema that say something of a value without saying that it is there, or of values that others leave. */
const unread = [
  'contains',
  'dependentSchemas',
  'else',
  'if',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]

/**
 * Finds pictures as annotations are found (JSON Schema 2020-12, 7.7): a schema that takes the value says so of it, and of a choice
 * every branch that takes it. null for a schema without pictures. Throws `UnfitDocument` for a picture where it would not
 * be found, and for one that is no text of base64 or a data: URL.
 */
export function compilePictures(schema: unknown, place: string, parts: FindPicturesParts): FindPictures | null {
  if (!holdsPicture(schema, parts.document)) return null
  const find = finderOf(schema, place, { ...parts, named: new Map() })
  return (value, budget) => {
    const finding: Finding = { found: [], budget }
    find?.(value, [], finding)
    return eachOnce(finding.found)
  }
}

/** Of a text that several schemas speak of, what all of them take. */
function eachOnce(found: readonly FoundPicture[]): readonly FoundPicture[] {
  const byPath = new Map<string, FoundPicture>()
  for (const picture of found) {
    const at = JSON.stringify(picture.path)
    const before = byPath.get(at)
    const types = picture.rule.types.filter((type) => before?.rule.types.includes(type) ?? true)
    byPath.set(at, { ...picture, rule: { ...picture.rule, types } })
  }
  return [...byPath.values()]
}

/** Does a schema say of a picture anywhere, through references? */
export function holdsPicture(schema: unknown, { root }: OpenApiDocument): boolean {
  const seen = new Set<unknown>()
  const waiting: unknown[] = [schema]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (!isObject(next) || seen.has(next)) continue
    seen.add(next)
    if (writtenPicture(next) !== null) return true
    if (typeof next['$ref'] === 'string') waiting.push(partAt(root, next, '').value)
    waiting.push(...schemasIn(next))
  }
  return false
}

function schemasIn(schema: JsonObject): readonly unknown[] {
  return Object.entries(schema).flatMap(([name, value]) => {
    const kind = keywords.get(name)
    if (kind === 'schema') return [value]
    if (kind === 'schemas') return listOf(value)
    return kind === 'named-schemas' && isObject(value) ? Object.values(value) : []
  })
}

interface Parts extends FindPicturesParts {
  /** Of references that were met; undefined while one is still read. */
  readonly named: Map<string, Finder | null | undefined>
}

function finderOf(schema: unknown, place: string, parts: Parts): Finder | null {
  if (!isObject(schema)) return null
  const reference = schema['$ref']
  const pointed = typeof reference === 'string' ? ofReference(reference, schema, place, parts) : null
  // In 3.0 nothing counts beside a reference.
  if (typeof reference === 'string' && parts.document.version === '3.0') return pointed
  for (const name of unread) {
    if (!holdsPicture({ [name]: schema[name] }, parts.document)) continue
    throw new UnfitDocument(below(place, name), 'says of a picture, which is not looked for there')
  }
  return together([
    pointed,
    ofText(schema, place),
    ...listOf(schema['allOf']).map((each, index) => finderOf(each, below(below(place, 'allOf'), index), parts)),
    ...['anyOf', 'oneOf'].map((name) => ofChoice(listOf(schema[name]), below(place, name), parts)),
    ofMembers(schema, place, parts),
    ofElements(schema, place, parts),
  ])
}

function ofReference(reference: string, schema: JsonObject, place: string, parts: Parts): Finder | null {
  if (parts.named.has(reference)) {
    const known = parts.named.get(reference)
    // A schema that holds itself is known when it is asked.
    return known === undefined ? (...about) => parts.named.get(reference)?.(...about) : known
  }
  parts.named.set(reference, undefined)
  const part = partAt(parts.document.root, { $ref: schema['$ref'] }, place)
  const found = finderOf(part.value, part.place, parts)
  parts.named.set(reference, found)
  return found
}

function ofText(schema: JsonObject, place: string): Finder | null {
  const rule = pictureRule(schema, below(place, 'contentMediaType'))
  if (rule === null) return null
  const types = [schema['type']].flat()
  if (!types.includes('string') || types.some((type) => type !== 'string' && type !== 'null')) {
    throw new UnfitDocument(below(place, 'type'), 'is not string, which a picture is')
  }
  if (rule.written === 'bytes') {
    const advice = 'contentEncoding: base64 or format: uri say so'
    throw new UnfitDocument(place, `is a picture, and neither of base64 nor a data: URL: ${advice}`)
  }
  return (value, path, finding) => {
    if (typeof value === 'string') add(finding, { path, text: value, rule })
  }
}

function ofChoice(branches: readonly unknown[], place: string, parts: Parts): Finder | null {
  return together(
    branches.map((branch, index) => {
      const at = below(place, index)
      const find = finderOf(branch, at, parts)
      if (find === null) return null
      const check = parts.compile(branch, at)
      return (value, path, finding) => {
        finding.budget.take(1)
        if (check(value, finding.budget) === null) find(value, path, finding)
      }
    }),
  )
}

function ofMembers(schema: JsonObject, place: string, parts: Parts): Finder | null {
  const named = new Map(finders(schema['properties'], below(place, 'properties'), parts))
  const patterns = finders(schema['patternProperties'], below(place, 'patternProperties'), parts).map(
    ([pattern, find]) => ({ pattern: ecmaPattern(pattern), find }),
  )
  const rest = finderOf(schema['additionalProperties'], below(place, 'additionalProperties'), parts)
  if (![...named.values(), rest, ...patterns.map(({ find }) => find)].some((find) => find !== null)) return null
  return (value, path, finding) => {
    if (!isObject(value)) return
    for (const [name, member] of Object.entries(value)) {
      finding.budget.take(1)
      const of = patterns.filter(({ pattern }) => pattern.test(name))
      const isNamed = named.has(name)
      const finds = [named.get(name), ...of.map(({ find }) => find), isNamed || of.length > 0 ? null : rest]
      for (const find of finds) find?.(member, [...path, name], finding)
    }
  }
}

function finders(value: unknown, place: string, parts: Parts): readonly (readonly [string, Finder | null])[] {
  return membersAt(value, place).map((each) => [each.name, finderOf(each.value, each.place, parts)] as const)
}

function ofElements(schema: JsonObject, place: string, parts: Parts): Finder | null {
  const first = listOf(schema['prefixItems']).map((each, index) =>
    finderOf(each, below(below(place, 'prefixItems'), index), parts),
  )
  const rest = finderOf(schema['items'], below(place, 'items'), parts)
  if (![...first, rest].some((find) => find !== null)) return null
  return (value, path, finding) => {
    if (!Array.isArray(value)) return
    for (const [index, element] of value.entries()) {
      finding.budget.take(1)
      const find = index < first.length ? first[index] : rest
      find?.(element, [...path, index], finding)
    }
  }
}

function together(all: readonly (Finder | null)[]): Finder | null {
  const finds = all.filter((find) => find !== null)
  if (finds.length < 2) return finds[0] ?? null
  return (...about) => {
    for (const find of finds) find(...about)
  }
}
