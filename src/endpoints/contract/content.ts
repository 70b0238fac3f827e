import { pictureTypes, type PictureType } from '../../core/media.ts'
import { formRule, type FormRule } from './form-rule.ts'
import { isJsonType, isUnread, readMediaType } from './media-type.ts'
import { isObject, type OpenApiDocument } from './document.ts'
import type { FindPictures } from './find-pictures.ts'
import { formTypes } from './part-rule.ts'
import { membersAt, partAt } from './reference.ts'
import type { CheckValue, Schemas } from './schemas.ts'
import { below, UnfitDocument } from './unfit-document.ts'
import { requireNoRules } from './unread-schema.ts'

/** What a body of one media type has to be: a value of JSON, a form, a picture, or bytes that nobody reads. */
export type ContentRule =
  | {
      readonly kind: 'json'
      readonly check: CheckValue
      /** Pictures in a value that was checked; null where there can be none, and for an answer. */
      readonly pictures: FindPictures | null
    }
  | FormRule
  | { readonly kind: 'picture'; readonly type: PictureType }
  | { readonly kind: 'bytes' }

interface ContentParts {
  readonly schemas: Schemas
  readonly document: OpenApiDocument
}

export type ContentRules = ReadonlyMap<string, ContentRule>

/**
 * The media types of a `content` object. Throws `UnfitDocument` for a range of types, and for a request also for a type
 * that is not checked.
 */
export function contentRules(
  content: unknown,
  place: string,
  { schemas, document, of }: ContentParts & { readonly of: 'request' | 'response' },
): ContentRules {
  const { root } = document
  const seen = new Set<string>()
  return new Map(
    membersAt(content, place).map(({ name, value, place: at }): readonly [string, ContentRule] => {
      const type = readMediaType(name)
      if (type === null || type.name.includes('*')) throw new UnfitDocument(at, 'is no single media type: name each')
      // By case and parameters alone no two are told apart: the rule of one would stand for both.
      if (seen.has(type.name)) throw new UnfitDocument(at, `is ${type.name} for the second time`)
      seen.add(type.name)
      if (isJsonType(type.name)) {
        const { value: media } = partAt(root, value, at)
        if (media['schema'] === undefined) throw new UnfitDocument(at, 'has no schema: nothing would be checked')
        const schemaAt = below(at, 'schema')
        const check = schemas.compile(media['schema'], schemaAt)
        const pictures = of === 'request' ? schemas.compilePictures(media['schema'], schemaAt) : null
        return [type.name, { kind: 'json', check, pictures }]
      }
      const form = formTypes.find((known) => known === type.name)
      if (of === 'request' && form !== undefined) {
        return [type.name, formRule(form, partAt(root, value, at), { document, schemas })]
      }
      const picture = pictureTypes.find((known) => known === type.name)
      if (of === 'request' && picture !== undefined) return [type.name, { kind: 'picture', type: picture }]
      if (of === 'request' && isUnread(type.name))
        throw new UnfitDocument(at, 'is a media type that is not supported yet')
      requireNoRules(value, at, root)
      return [type.name, { kind: 'bytes' }]
    }),
  )
}

/** Does a body take pictures, as itself or in it? */
export function takesPictures({ types }: RequestBodyRule): boolean {
  return [...types.values()].some((rule) => {
    if (rule.kind === 'json') return rule.pictures !== null
    if (rule.kind !== 'form') return rule.kind === 'picture'
    return rule.pictures !== null || [...rule.fields.values()].some(({ part }) => part.kind === 'picture')
  })
}

export interface RequestBodyRule {
  readonly required: boolean
  readonly types: ContentRules
}

export function requestBodyRule(value: unknown, place: string, parts: ContentParts): RequestBodyRule | null {
  if (value === undefined) return null
  const body = partAt(parts.document.root, value, place)
  const types = contentRules(body.value['content'], below(body.place, 'content'), { ...parts, of: 'request' })
  if (types.size === 0) throw new UnfitDocument(below(body.place, 'content'), 'names no media type')
  return { required: body.value['required'] === true, types }
}

/** What an answer has to be, by its status: `200`, `2XX` or `default`. */
export type ResponseRules = ReadonlyMap<string, ContentRules>

export function responseRules(value: unknown, place: string, parts: ContentParts): ResponseRules {
  const rules = membersAt(value, place)
    .filter(({ name }) => !name.startsWith('x-'))
    .map(({ name, value: response, place: at }) => {
      const part = partAt(parts.document.root, response, at)
      const content = part.value['content']
      if (content !== undefined && !isObject(content)) throw new UnfitDocument(below(at, 'content'), 'is no object')
      return [
        name.toUpperCase(),
        contentRules(content, below(part.place, 'content'), { ...parts, of: 'response' }),
      ] as const
    })
  if (rules.length === 0) throw new UnfitDocument(place, 'names no answer')
  return new Map(rules)
}

/** The rules for a status; null where the document has none. */
export function rulesOfStatus(rules: ResponseRules, status: number): ContentRules | null {
  return rules.get(String(status)) ?? rules.get(`${Math.floor(status / 100)}XX`) ?? rules.get('DEFAULT') ?? null
}
