import { ServiceError } from '../core/errors.ts'
import type { MediaChecker, PictureType } from '../core/media.ts'
import { bytesOf } from '../core/sizes.ts'
import type { EndpointOptions } from './options.ts'

/**
 * What is sent of a picture that an operation takes: drawn anew, or as it came where the endpoint is set so. Rejects with
 * `invalid-request` where the picture is not taken, its message ending in the code of docs/pictures.md, and as the checker
 * does where no picture can be looked at.
 */
export async function checkPicture(
  media: MediaChecker | null,
  { bytes, type, options }: { readonly bytes: Buffer; readonly type: PictureType; readonly options: EndpointOptions },
  signal: AbortSignal,
): Promise<Buffer> {
  if (media === null) throw new ServiceError('internal', 'A picture came, and nothing was opened that looks at it.')
  const { width, height, pixels, ratio, frames, metadata, mode } = options.pictures
  const limits = {
    types: [type],
    maximumBytes: bytesOf.kb(options.body_limit_kb),
    maximumWidth: width,
    maximumHeight: height,
    maximumPixels: pixels,
    maximumDecompressionRatio: ratio,
    maximumFrames: frames,
    metadata,
    mode,
  }
  const verdict = await media.check(bytes, { declaredType: type, limits }, signal)
  if (verdict.kind === 'accepted') return Buffer.from(verdict.media.bytes)
  const { code, message } = verdict.refusal
  throw new ServiceError('invalid-request', `${message} [${code}]`, { parameter: 'body' })
}
