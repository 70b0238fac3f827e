import { ServiceError } from '../core/errors.ts'
import type { ReceivedEndpointCall, BodyLimits, ReadBody } from '../core/endpoint-call.ts'
import type { CheckPicture } from './check-pictures.ts'
import { CheckingBudget } from './contract/checking-budget.ts'
import type { ContentRule } from './contract/content.ts'
import { readMediaType } from './contract/media-type.ts'
import type { Operation } from './contract/operations.ts'
import { checkForm } from './form/check-form.ts'
import type { FormLimits } from './form/form-part.ts'
import { boundaryOf, readMultipart } from './form/read-multipart.ts'
import { readUrlEncoded } from './form/read-url-encoded.ts'
import { writeMultipart, writeUrlEncoded } from './form/write-form.ts'
import { checkPicturesOf, pictureFault, putPictures, writeJsonWith } from './json-pictures.ts'

/** A body that is as the document says, and how it is sent. */
export interface CheckedBody {
  readonly contentType: string
  readonly bytes: Buffer
  /** Of a body of JSON or a form, with null in the places of pictures and of bytes; undefined for any other. */
  readonly value: unknown
}

export interface BodyChecks extends Omit<BodyLimits, 'json'> {
  readonly json: NonNullable<BodyLimits['json']>
  readonly form: FormLimits
  readonly checkPicture: CheckPicture
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads the body of a call and holds it against the operation; null where there is none and need not be one. Rejects with
 * `invalid-request`, `unsupported-media-type` or `payload-too-large` before anything of it is sent.
 */
export async function checkBody(
  { body: rule }: Operation,
  call: Pick<ReceivedEndpointCall, 'headers' | 'hasBody' | 'readBody' | 'readJson'>,
  limits: BodyChecks,
): Promise<CheckedBody | null> {
  if (rule === null) {
    if (!call.hasBody) return null
    throw new ServiceError('invalid-request', 'This operation takes no body.', { parameter: 'body' })
  }
  if (!call.hasBody) {
    if (!rule.required) return null
    throw new ServiceError('invalid-request', 'The body is missing.', { parameter: 'body' })
  }
  const { contentType, written } = mediaTypeOf(call.headers, [...rule.types.keys()])
  const content = rule.types.get(contentType)
  if (content === undefined) throw new ServiceError('internal', 'A media type has no rule.')
  const { bytes: maximumBytes, ratio, json, checkPicture } = limits
  const { bytes, value } = await call.readBody({
    bytes: maximumBytes,
    ratio,
    json: content.kind === 'json' ? json : null,
  })
  if (content.kind === 'json') return { contentType, ...(await checkJson({ bytes, value }, content, checkPicture)) }
  if (content.kind === 'form') {
    const { form } = limits
    const isMultipart = content.type === 'multipart/form-data'
    const parts = isMultipart ? readMultipart(bytes, boundaryOf(written), form) : readUrlEncoded(bytes, form)
    const readJson = (part: Buffer): unknown => call.readJson(part, json)
    const checked = await checkForm(parts, content, { readJson, checkPicture })
    return { ...(isMultipart ? writeMultipart : writeUrlEncoded)(checked.parts), value: checked.value }
  }
  if (content.kind === 'picture') {
    const { type } = content
    const picture = await checkPicture({ bytes, types: [type], declaredType: type, parameter: 'body' })
    return { contentType, bytes: picture.bytes, value: undefined }
  }
  if (contentType.startsWith('text/')) requireText(bytes)
  return { contentType, bytes, value: undefined }
}

async function checkJson(
  { bytes, value }: ReadBody,
  { check, pictures }: Extract<ContentRule, { readonly kind: 'json' }>,
  checkPicture: CheckPicture,
): Promise<ReadBody> {
  const budget = new CheckingBudget(bytes.length)
  const fault = check(value, budget)
  const parameter = `body${fault?.place ?? ''}`
  if (fault !== null) throw new ServiceError('invalid-request', `${parameter} ${fault.reason}.`, { parameter })
  const found = pictures?.(value, budget) ?? []
  if (found.length === 0) return { bytes, value }
  const checked = await checkPicturesOf(found, checkPicture)
  // A picture drawn anew may be a longer text than the document has room for.
  const written = putPictures(value, checked, (text) => text)
  const unfit = check(written, new CheckingBudget(bytes.length))
  if (unfit !== null) throw pictureFault(unfit)
  return { bytes: writeJsonWith(bytes, checked), value: putPictures(value, checked, () => null) }
}

/** The media type of a body, and all that was written of it. */
function mediaTypeOf(
  headers: readonly string[],
  taken: readonly string[],
): { readonly contentType: string; readonly written: string } {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type')
  const written = at < 0 ? null : (headers[at + 1] ?? '')
  const type = written === null ? null : readMediaType(written)
  const advice = `This operation takes ${taken.join(', ')}${taken.length > 1 ? '' : ' alone'}.`
  if (type === null || !taken.includes(type.name)) {
    const shown = written === null ? 'missing' : `"${written.slice(0, 100)}"`
    throw new ServiceError('unsupported-media-type', `The content type is ${shown}.`, { advice })
  }
  if (type.charset !== null && !/^utf-?8$/.test(type.charset)) {
    throw new ServiceError(
      'unsupported-media-type',
      `The character set "${type.charset.slice(0, 50)}" is not supported.`,
      {
        advice: 'Send UTF-8.',
      },
    )
  }
  return { contentType: type.name, written: written ?? '' }
}

function requireText(bytes: Buffer): void {
  try {
    decoder.decode(bytes)
  } catch (cause) {
    throw new ServiceError('invalid-request', 'The body is not valid UTF-8.', { cause, parameter: 'body' })
  }
}
