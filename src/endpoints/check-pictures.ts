import { ServiceError } from '../core/errors.ts'
import type { CheckedMedia, MediaChecker, MediaLimits, PictureType } from '../core/media.ts'
import { bytesOf } from '../core/sizes.ts'
import type { EndpointOptions } from './options.ts'

/** A picture of a body that an operation takes. */
export interface ReceivedPicture {
  readonly bytes: Buffer
  /** What is taken at its place. */
  readonly types: readonly PictureType[]
  /** What its sender calls it; null where nothing was said. */
  readonly declaredType: string | null
  /** Where it stands, as a caller is told: `body.image`. */
  readonly parameter: string
}

/** Looks at one picture more of the same body and gives what is sent of it. */
export type CheckPicture = (
  picture: ReceivedPicture,
) => Promise<Pick<CheckedMedia, 'type'> & { readonly bytes: Buffer }>

/**
 * Checks the pictures of one body, one after the other: what is sent of each is drawn anew, or as it came where the endpoint is set
 * so. Their number and the pixels of all together have limits. Rejects with `invalid-request` where a picture is not taken,
 * its message ending in the code of docs/pictures.md, and as the checker does where no picture can be looked at.
 */
export function pictureChecks(
  media: MediaChecker | null,
  { pictures: options, body_limit_kb }: Pick<EndpointOptions, 'pictures' | 'body_limit_kb'>,
  { sender, signal }: { readonly sender: string; readonly signal: AbortSignal },
): CheckPicture {
  let [count, pixels] = [0, 0]
  return async ({ bytes, types, declaredType, parameter }) => {
    if (media === null) throw new ServiceError('internal', 'A picture came, and nothing was opened that looks at it.')
    const refuse = (message: string): ServiceError => new ServiceError('invalid-request', message, { parameter })
    count += 1
    if (count > options.count)
      throw refuse(`${parameter} is one picture more than the ${options.count} that are taken.`)
    const limits: MediaLimits = {
      types,
      maximumBytes: bytesOf.kb(body_limit_kb),
      maximumWidth: options.width,
      maximumHeight: options.height,
      maximumPixels: options.pixels - pixels,
      maximumDecompressionRatio: options.ratio,
      maximumFrames: options.frames,
      metadata: options.metadata,
      mode: options.mode,
    }
    const verdict = await media.check(bytes, { sender, declaredType, limits }, signal)
    if (verdict.kind === 'refused') {
      const { code, message } = verdict.refusal
      const together = code === 'too-many-pixels' && count > 1 ? ' after the pictures before it' : ''
      throw refuse(`${parameter}: ${message.replace(/\.$/, `${together}.`)} [${code}]`)
    }
    const { type, width, height, frames, bytes: checked } = verdict.media
    pixels += width * height * frames
    return { type, bytes: Buffer.from(checked) }
  }
}
