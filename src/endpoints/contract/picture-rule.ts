import { pictureTypes, type PictureType } from '../../core/media.ts'
import type { JsonObject } from './document.ts'
import { UnfitDocument } from './unfit-document.ts'

/** What a schema says of a text that is a picture. */
export interface PictureRule {
  readonly types: readonly PictureType[]
  /** How it stands in the text; `bytes` is for forms, whose parts need no text. */
  readonly written: 'base64' | 'data-url' | 'bytes'
}

/** The media types of a list as `encoding` has them, `image/png, image/jpeg`, in lower case. */
export function listedTypes(text: unknown): readonly string[] {
  if (typeof text !== 'string') return []
  return text
    .toLowerCase()
    .split(',')
    .map((type) => type.trim())
}

/** In 3.0, which has no word for the media type of a text, `x-contentMediaType` says it. */
const contentTypeOf = (schema: JsonObject): readonly string[] =>
  listedTypes(schema['contentMediaType'] ?? schema['x-contentMediaType'])

/** How a picture stands in the text of a schema; null where the schema says of none. */
export function writtenPicture(schema: JsonObject): PictureRule['written'] | null {
  if (!contentTypeOf(schema).some((type) => type.startsWith('image/'))) return null
  if (schema['contentEncoding'] === 'base64' || schema['format'] === 'byte') return 'base64'
  return schema['format'] === 'uri' ? 'data-url' : 'bytes'
}

/** The rule of a schema for a picture; null where it says of none. Throws `UnfitDocument` for a type that nothing here reads. */
export function pictureRule(schema: JsonObject, place: string): PictureRule | null {
  const written = writtenPicture(schema)
  return written === null ? null : { types: readTypes(contentTypeOf(schema), place), written }
}

/** The types of a list that are read; `image/*` is all of those. Throws `UnfitDocument` for any other in it. */
export function readTypes(listed: readonly string[], place: string): readonly PictureType[] {
  const types = listed.flatMap((type): readonly PictureType[] => {
    if (type === 'image/*') return pictureTypes
    const known = pictureTypes.find((each) => each === type)
    if (known === undefined) {
      throw new UnfitDocument(place, `is a picture of ${type}, which is not read: ${pictureTypes.join(', ')} are`)
    }
    return [known]
  })
  return [...new Set(types)]
}
