import type { MediaChecker, MediaDemand, MediaRefusalCode, MediaVerdict } from '../core/media.ts'
import type { DecodeOutcome } from './decoding/decoder.ts'
import { Decoders, type DecodersOptions } from './decoding/decoders.ts'
import { checkStructure } from './refusals.ts'
import type { PictureStructure } from './structure/structure.ts'

export type MediaCheckerOptions = DecodersOptions

/**
 * Checks pictures in two steps: their structure in this process, where nothing decodes, then their pixels in a process
 * behind a wall, which is the only one that loads the library of decoders. Where this machine gives no wall, nothing is
 * decoded and every check rejects with `sandbox-unavailable`; `warm` tells so at the start.
 */
export class WalledMediaChecker implements MediaChecker {
  readonly #decoders: Decoders

  constructor(options: MediaCheckerOptions) {
    this.#decoders = new Decoders(options)
  }

  async warm(signal: AbortSignal): Promise<void> {
    await this.#decoders.warm(signal)
  }

  async check(
    received: Uint8Array,
    { sender, declaredType, limits }: MediaDemand,
    signal: AbortSignal,
  ): Promise<MediaVerdict> {
    const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength)
    const checked = checkStructure(bytes, declaredType, limits)
    if (checked.kind === 'refused') return checked
    const { structure } = checked
    const outcome = await this.#decoders.decode(
      {
        type: structure.type,
        // Nothing behind the end of a picture reaches a decoder.
        bytes: bytes.subarray(0, structure.end),
        mode: limits.mode,
        isLossless: structure.isLossless,
        isMetadataKept: limits.metadata === 'keep',
        maximumPixels: limits.maximumPixels,
        isAnimated: structure.frames > 1,
      },
      { sender, signal },
    )
    return verdictOf(outcome, structure, bytes)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#decoders[Symbol.asyncDispose]()
  }
}

/** What a decoder's answer says of a picture with this structure; `received` are all of its bytes. */
export function verdictOf(outcome: DecodeOutcome, structure: PictureStructure, received: Buffer): MediaVerdict {
  if (outcome.kind === 'late') return refused('too-slow', 'The picture takes too long to decode.')
  if (outcome.kind === 'lost' || outcome.kind === 'too-large')
    return refused('not-decodable', 'The picture takes more memory than a decoder may use. Send a smaller one.')
  if (outcome.kind === 'not-decodable')
    return refused('not-decodable', 'The picture is damaged: not all of it decodes.')
  const { width, height, bytes } = outcome
  if (!isOfSize(structure, width, height))
    return refused('not-decodable', 'The picture decodes to another size than its header says.')
  const { type, frames } = structure
  return { kind: 'accepted', media: { type, width, height, frames, bytes: bytes ?? received } }
}

/** Whether this is the size that the header says, upright or turned. */
function isOfSize(structure: PictureStructure, width: number, height: number): boolean {
  const isSame = width === structure.width && height === structure.height
  return isSame || (structure.orientation >= 5 && width === structure.height && height === structure.width)
}

function refused(code: MediaRefusalCode, message: string): MediaVerdict {
  return { kind: 'refused', refusal: { code, message } }
}
