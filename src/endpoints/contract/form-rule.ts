import { isObject, listOf, type JsonObject, type OpenApiDocument } from './document.ts'
import { holdsPicture, type FindPictures } from './find-pictures.ts'
import { fieldRule, mostCombined, type FieldRule, type FormType } from './part-rule.ts'
import { membersAt, partAt, type Part } from './reference.ts'
import type { CheckValue, Schemas } from './schemas.ts'
import { below, UnfitDocument } from './unfit-document.ts'

/** What a form has to be: the parts that it may have by name, and the object that they make. */
export interface FormRule {
  readonly kind: 'form'
  readonly type: FormType
  readonly fields: ReadonlyMap<string, FieldRule>
  readonly check: CheckValue
  /** Pictures in texts of a form that was checked; null where there can be none. */
  readonly pictures: FindPictures | null
}

interface Parts {
  readonly document: OpenApiDocument
  readonly schemas: Schemas
}

/** The rule of a form by its media type object. Throws `UnfitDocument` for a form that could be read in two ways. */
export function formRule(type: FormType, { value: media, place }: Part, parts: Parts): FormRule {
  const at = below(place, 'schema')
  if (media['schema'] === undefined) throw new UnfitDocument(place, 'has no schema: nothing would be checked')
  const properties = propertiesOf({ value: media['schema'], place: at }, parts)
  if (properties.size === 0) throw new UnfitDocument(at, 'has no properties, of which each is a part')
  const encodings = encodingsOf(media['encoding'], below(place, 'encoding'), { names: properties, type })
  const fields = new Map<string, FieldRule>()
  const finds: { readonly name: string; readonly find: FindPictures }[] = []
  for (const [name, { value, place: of }] of properties) {
    if (!/^[^"\\\p{Cc}]{1,200}$/u.test(name)) throw new UnfitDocument(of, 'has a name that no part can have')
    const field = fieldRule({ value, place: of }, encodings.get(name) ?? null, { ...parts, type })
    fields.set(name, field)
    const isText = field.part.kind === 'text' || field.part.kind === 'json'
    const find = isText ? parts.schemas.compilePictures(value, of) : null
    if (find !== null) finds.push({ name, find })
  }
  const pictures: FindPictures = (value, budget) =>
    finds.flatMap(({ name, find }) =>
      find((value as JsonObject)[name], budget).map(({ path, text, rule }) => ({ path: [name, ...path], text, rule })),
    )
  const check = parts.schemas.compile(media['schema'], at)
  return { kind: 'form', type, fields, check, pictures: finds.length === 0 ? null : pictures }
}

/** The properties of an object through references and `allOf`: whatever else says something of members names no part. */
function propertiesOf(
  { value, place }: { readonly value: unknown; readonly place: string },
  parts: Parts,
  depth = 0,
): ReadonlyMap<string, { readonly value: unknown; readonly place: string }> {
  const { root, version } = parts.document
  const schema = partAt(root, value, place)
  if (depth > mostCombined) throw new UnfitDocument(place, 'is combined of more schemas than are read')
  const { properties, allOf, ...others } = schema.value
  const { $ref: reference, ...beside } = isObject(value) ? value : {}
  const isBeside = reference !== undefined && version === '3.1'
  if (holdsPicture(others, parts.document) || (isBeside && holdsPicture(beside, parts.document))) {
    throw new UnfitDocument(schema.place, 'says of a picture beside its properties')
  }
  if (isBeside && (beside['properties'] !== undefined || beside['allOf'] !== undefined)) {
    throw new UnfitDocument(place, 'has properties beside a reference: put both into allOf')
  }
  const found = new Map(membersAt(properties, below(schema.place, 'properties')).map((each) => [each.name, each]))
  for (const [index, each] of listOf(allOf).entries()) {
    const at = below(below(schema.place, 'allOf'), index)
    for (const [name, property] of propertiesOf({ value: each, place: at }, parts, depth + 1)) {
      if (found.has(name)) throw new UnfitDocument(property.place, 'is a property for the second time')
      found.set(name, { name, ...property })
    }
  }
  return found
}

/** The media types of parts by name. */
function encodingsOf(
  value: unknown,
  place: string,
  { names, type }: { readonly names: ReadonlyMap<string, unknown>; readonly type: FormType },
): ReadonlyMap<string, Part> {
  return new Map(
    membersAt(value, place).map(({ name, value: encoding, place: at }) => {
      if (!names.has(name)) throw new UnfitDocument(at, 'is of no property')
      if (!isObject(encoding)) throw new UnfitDocument(at, 'is no object')
      for (const [member, set] of Object.entries(encoding)) {
        const isUsual =
          member === 'contentType' ||
          member.startsWith('x-') ||
          (type === 'application/x-www-form-urlencoded' &&
            ((member === 'style' && set === 'form') || (member === 'explode' && set === true))) ||
          (member === 'allowReserved' && set === false) ||
          (member === 'headers' && isObject(set) && Object.keys(set).length === 0)
        if (!isUsual) throw new UnfitDocument(below(at, member), 'is not read: contentType is')
      }
      return [name, { value: encoding, place: at }] as const
    }),
  )
}
