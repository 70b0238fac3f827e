import { ServiceError } from '../core/errors.ts'
import type { ReceivedEndpointCall, BodyLimits } from '../core/endpoint-call.ts'
import type { PictureType } from '../core/media.ts'
import { readMediaType } from './contract/media-type.ts'
import type { Operation } from './contract/operations.ts'

/** A body that is as the document says, and how it is sent. */
export interface CheckedBody {
  readonly contentType: string
  readonly bytes: Buffer
  /** Of a body of JSON; undefined for any other. */
  readonly value: unknown
}

export interface BodyChecks extends Omit<BodyLimits, 'json'> {
  readonly json: NonNullable<BodyLimits['json']>
  /** Looks at a picture and gives what is sent of it. Rejects with what is wrong with it. */
  readonly checkPicture: (bytes: Buffer, type: PictureType) => Promise<Buffer>
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads the body of a call and holds it against the operation; null where there is none and need not be one. Rejects with
 * `invalid-request`, `unsupported-media-type` or `payload-too-large` before anything of it is sent.
 */
export async function checkBody(
  { body: rule }: Operation,
  call: Pick<ReceivedEndpointCall, 'headers' | 'hasBody' | 'readBody'>,
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
  const contentType = mediaTypeOf(call.headers, [...rule.types.keys()])
  const content = rule.types.get(contentType)
  if (content === undefined) throw new ServiceError('internal', 'A media type has no rule.')
  const { bytes: maximumBytes, ratio, json, checkPicture } = limits
  const { bytes, value } = await call.readBody({
    bytes: maximumBytes,
    ratio,
    json: content.kind === 'json' ? json : null,
  })
  if (content.kind === 'json') {
    const fault = content.check(value)
    if (fault === null) return { contentType, bytes, value }
    const parameter = `body${fault.place}`
    throw new ServiceError('invalid-request', `${parameter} ${fault.reason}.`, { parameter })
  }
  if (content.kind === 'picture') {
    return { contentType, bytes: await checkPicture(bytes, content.type), value: undefined }
  }
  if (contentType.startsWith('text/')) requireText(bytes)
  return { contentType, bytes, value: undefined }
}

function mediaTypeOf(headers: readonly string[], taken: readonly string[]): string {
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
  return type.name
}

function requireText(bytes: Buffer): void {
  try {
    decoder.decode(bytes)
  } catch (cause) {
    throw new ServiceError('invalid-request', 'The body is not valid UTF-8.', { cause, parameter: 'body' })
  }
}
