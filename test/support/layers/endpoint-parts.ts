import { drawn, oneColour } from '../media/drawn-pictures.ts'
import { emptyZip, page, withJpegSegment, withPngHeader, withPngPixels } from '../media/changed-pictures.ts'
import { documentFile } from '../endpoints/document.ts'

/** Pictures that attacks send, by their names in `test/attack/layers.json`. */
export const sentPictures = {
  ordinary: { type: 'image/jpeg', bytes: drawn.jpeg },
  page: { type: 'image/png', bytes: page },
  half: { type: 'image/png', bytes: drawn.png.subarray(0, Math.floor(drawn.png.length / 2)) },
  damaged: { type: 'image/png', bytes: withPngPixels(drawn.png, Buffer.alloc(200, 7)) },
  renamed: { type: 'image/png', bytes: drawn.jpeg },
  animated: { type: 'image/gif', bytes: drawn.gifAnimated },
  wide: { type: 'image/png', bytes: withPngHeader(drawn.png, (header) => header.writeUInt32BE(60_000, 0)) },
  unpacking: { type: 'image/png', bytes: await oneColour({ width: 4_000, height: 4_000 }) },
  'with a page in a comment': { type: 'image/jpeg', bytes: withJpegSegment(drawn.jpeg, 0xfe, page) },
  'with an archive behind it': { type: 'image/jpeg', bytes: Buffer.concat([drawn.jpeg, emptyZip]) },
} as const

export type SentPicture = keyof typeof sentPictures

const pictureTypes = ['image/png', 'image/jpeg', 'image/gif'] as const

/** As it is sent where no picture is looked at. */
export const unreadType = 'application/octet-stream'

const shape = (properties: object, required: readonly string[]) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})

const asked = shape(
  {
    text: { type: 'string', maxLength: 200 },
    size: { type: 'integer', minimum: 1, maximum: 64 },
    sizes: { type: 'array', maxItems: 16, items: { type: 'integer' } },
  },
  ['text'],
)
const labelled = shape({ label: { enum: ['cat', 'dog'] } }, ['label'])

const content = (schema: unknown) => ({ 'application/json': { schema } })

/**
 * The file with the document of the endpoint `guarded`. One that is `loose` has the same operations, and says nothing of what
 * they take and answer; without `pictures` it takes them as bytes.
 */
export function guardedDocument({ loose, pictures }: { readonly loose: boolean; readonly pictures: boolean }): string {
  const answers = loose
    ? { default: { description: 'x', content: { ...content({}), 'text/html': {} } } }
    : { 200: { description: 'A label.', content: content(labelled) } }
  const top = { name: 'top', in: 'query', schema: loose ? {} : { type: 'integer', minimum: 1, maximum: 10 } }
  const types = pictures ? pictureTypes : [unreadType]
  return documentFile({
    openapi: '3.1.0',
    info: { title: 'A classifier', version: '1' },
    paths: {
      '/label': {
        post: {
          operationId: 'label',
          parameters: [top],
          requestBody: { required: true, content: content(loose ? {} : asked) },
          responses: answers,
        },
      },
      '/picture': {
        post: {
          operationId: 'picture',
          requestBody: { required: true, content: Object.fromEntries(types.map((type) => [type, {}])) },
          responses: answers,
        },
      },
    },
  })
}
