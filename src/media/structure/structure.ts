import type { PictureType } from '../../core/media.ts'

/** Data of a picture that is no pixels. `profile` says what its colours mean and is no metadata. */
export type AncillaryKind = 'EXIF' | 'XMP' | 'IPTC' | 'comment' | 'further picture' | 'application data' | 'profile'

export interface Ancillary {
  readonly kind: AncillaryKind
  /** Index of its first byte. */
  readonly start: number
  /** Index behind its last byte. */
  readonly end: number
}

/** What a picture says of itself, read without decoding it. */
export interface PictureStructure {
  readonly type: PictureType
  readonly width: number
  readonly height: number
  readonly bitsPerChannel: number
  /** Of a pixel as it is unpacked: a palette unpacks to three, and to four with transparency. */
  readonly channels: number
  readonly colours: 'grey' | 'rgb' | 'palette' | 'cmyk'
  readonly frames: number
  readonly isInterlaced: boolean
  /** Whether every frame is packed without a loss. */
  readonly isLossless: boolean
  /** 1 to 8, as EXIF counts them; 1 is upright. */
  readonly orientation: number
  readonly ancillary: readonly Ancillary[]
  /** Index behind the last byte of the picture. */
  readonly end: number
}

/** A picture that breaks its own rules. `truncated`: it ends before its end. */
export class StructureError extends Error {
  readonly code: 'malformed' | 'truncated'

  /** `message` is a half sentence that goes on after "The picture": "has two headers". */
  constructor(code: 'malformed' | 'truncated', message: string) {
    super(message)
    this.code = code
  }
}

/** More segments than any program writes: each costs a look, so they are bounded apart from the bytes. */
const maximumSegments = 100_000

/** Reads forward through a picture and never behind its end; takes segments one by one, up to a bound. */
export class PictureReader {
  readonly bytes: Buffer
  position = 0
  #segments = 0

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Index of `length` bytes from here, all of which there are; goes on behind them. */
  take(length: number): number {
    const start = this.position
    if (start + length > this.bytes.length) throw new StructureError('truncated', 'ends in the middle')
    this.position = start + length
    return start
  }

  nextByte(): number {
    return this.bytes[this.take(1)] ?? 0
  }

  /** Counts a segment that begins here. */
  countSegment(): void {
    this.#segments += 1
    if (this.#segments > maximumSegments) throw malformed(`has more than ${maximumSegments} segments`)
  }

  text(start: number, end: number): string {
    return this.bytes.toString('latin1', start, end)
  }
}

export function malformed(message: string): StructureError {
  return new StructureError('malformed', message)
}
