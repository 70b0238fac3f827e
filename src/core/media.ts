/** Types of pictures that are read at all. */
export const pictureTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const

export type PictureType = (typeof pictureTypes)[number]

/** What an endpoint takes of pictures. */
export interface MediaLimits {
  readonly types: readonly PictureType[]
  /** Bytes as they are received. */
  readonly maximumBytes: number
  /** Pixels from left to right, before the orientation of a camera is applied. */
  readonly maximumWidth: number
  /** Pixels from top to bottom, before the orientation of a camera is applied. */
  readonly maximumHeight: number
  /** Width times height times frames. */
  readonly maximumPixels: number
  /** Bytes of all pixels of all frames for each byte received. A picture of one colour may honestly reach 1,000. */
  readonly maximumDecompressionRatio: number
  /** With `as-is`, one at most, whatever is said here. An animated PNG has no more than one either way. */
  readonly maximumFrames: number
  /**
   * What is done about data of a picture that is no pixels: where it was taken, comments, thumbnails. A colour profile
   * is none of it. `strip` leaves it out, which only `re-encode` can: with `as-is` it refuses, as `refuse` does.
   */
  readonly metadata: 'strip' | 'refuse' | 'keep'
  /**
   * `re-encode` hands on the picture drawn anew: upright, sRGB, 8 bits for each channel. `as-is` hands on the bytes as
   * they came after they were decoded all the same, and refuses what programs read in different ways: bytes behind the
   * end, several frames, more than 8 bits, colours of print.
   */
  readonly mode: 're-encode' | 'as-is'
}

/** A picture that may be handed on, with the size that whoever draws it sees. */
export interface CheckedMedia {
  readonly type: PictureType
  readonly width: number
  readonly height: number
  /** 1 unless it is animated. */
  readonly frames: number
  readonly bytes: Uint8Array
}

/** Why a picture is not taken; docs/pictures.md says what each means. */
export type MediaRefusalCode =
  | 'too-many-bytes'
  | 'unknown-type'
  | 'type-not-allowed'
  | 'declared-type-differs'
  | 'malformed'
  | 'truncated'
  | 'trailing-bytes'
  | 'second-file'
  | 'no-pixels'
  | 'too-wide'
  | 'too-high'
  | 'too-many-pixels'
  | 'unpacks-too-large'
  | 'too-many-frames'
  | 'metadata'
  | 'unusual-colours'
  | 'not-decodable'
  | 'too-slow'

export interface MediaRefusal {
  readonly code: MediaRefusalCode
  /** A sentence for the sender: what is wrong and what is taken. Repeats no text of the picture. */
  readonly message: string
}

/** A refusal is a value: the caller has to look at it. */
export type MediaVerdict =
  | { readonly kind: 'accepted'; readonly media: CheckedMedia }
  | { readonly kind: 'refused'; readonly refusal: MediaRefusal }

export interface MediaDemand {
  readonly sender: string
  readonly declaredType: string | null
  readonly limits: MediaLimits
}

/** Looks at pictures before a model gets them. */
export interface MediaChecker extends AsyncDisposable {
  /**
   * `declaredType` is what the sender calls the picture, e.g. a part's Content-Type, null where nothing was said; those who send
   * are decoded for in turns, by `sender`.
   * Throws a `ServiceError` where it is not the picture's fault: `sandbox-busy` when too many wait,
   * `sandbox-unavailable` where this machine gives no walled process. Rejects with the signal's reason.
   */
  check(bytes: Uint8Array, demand: MediaDemand, signal: AbortSignal): Promise<MediaVerdict>
}
