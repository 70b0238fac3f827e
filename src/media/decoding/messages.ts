import type { MediaLimits, PictureType } from '../../core/media.ts'

/** A picture to decode, whose structure was checked. Both sides are the same version of the same code. */
export interface DecodeRequest {
  readonly type: PictureType
  readonly bytes: Uint8Array
  readonly mode: MediaLimits['mode']
  /** Whether its pixels were packed without a loss. */
  readonly isLossless: boolean
  readonly isMetadataKept: boolean
  /** Pixels of all frames. */
  readonly maximumPixels: number
  readonly isAnimated: boolean
}

export type DecodeReply =
  | {
      readonly kind: 'decoded'
      readonly width: number
      readonly height: number
      /** The picture drawn anew; null where it was only decoded. */
      readonly bytes: Uint8Array | null
    }
  | { readonly kind: 'not-decodable' }
  /** Its pixels did not fit into the memory of the decoder. */
  | { readonly kind: 'too-large' }
