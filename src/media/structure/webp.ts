import { exifOrientation } from './exif-orientation.ts'
import { malformed, PictureReader, type Ancillary, type AncillaryKind, type PictureStructure } from './structure.ts'

const ancillaryKinds: Readonly<Record<string, AncillaryKind>> = { ICCP: 'profile', EXIF: 'EXIF', 'XMP ': 'XMP' }

interface Size {
  readonly width: number
  readonly height: number
}

interface Chunk {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** Reads every chunk of a WebP, no pixels. RFC 9649. */
export function readWebp(bytes: Uint8Array): PictureStructure {
  const reader = new PictureReader(bytes)
  const head = reader.take(12)
  const end = head + 8 + reader.bytes.readUInt32LE(head + 4)
  if (end < reader.position) throw malformed('has a length that is none')
  const ancillary: Ancillary[] = []
  const ofAnimation: Ancillary[] = []
  let canvas: Size | null = null
  let image: Size | null = null
  let frames = 0
  let isLossless = true
  let orientation = 1
  while (reader.position < end) {
    const chunk = readChunk(reader, end)
    const { name, start } = chunk
    if (name === 'VP8X') {
      if (canvas !== null || image !== null) throw malformed('has two headers')
      canvas = canvasSize(reader, chunk)
    } else if (name === 'VP8 ' || name === 'VP8L') {
      if (image !== null) throw malformed('has two pictures')
      image = name === 'VP8 ' ? lossySize(reader, chunk) : losslessSize(reader, chunk)
      isLossless &&= name === 'VP8L'
    } else if (name === 'ANMF') {
      frames += 1
      isLossless &&= isLosslessFrame(reader, chunk)
    } else if (name === 'ANIM') {
      ofAnimation.push({ kind: 'application data', start, end: chunk.end })
    } else if (name !== 'ALPH') {
      const kind = ancillaryKinds[name] ?? 'application data'
      if (kind === 'EXIF') orientation = orientationOf(reader.bytes.subarray(start, chunk.end))
      ancillary.push({ kind, start, end: chunk.end })
    }
  }
  // Of a still picture nobody reads what is said of an animation.
  if (frames === 0) ancillary.push(...ofAnimation)
  const size = canvas ?? image
  if (size === null || (image === null && frames === 0)) throw malformed('has no pixels')
  if (image !== null && (image.width !== size.width || image.height !== size.height || frames > 0))
    throw malformed('has a picture of another size than itself')
  return {
    type: 'image/webp',
    width: size.width,
    height: size.height,
    bitsPerChannel: 8,
    channels: 4,
    colours: 'rgb',
    frames: Math.max(1, frames),
    isInterlaced: false,
    isLossless,
    orientation,
    ancillary,
    end: reader.position,
  }
}

function readChunk(reader: PictureReader, pictureEnd: number): Chunk {
  reader.countSegment()
  const head = reader.take(8)
  const length = reader.bytes.readUInt32LE(head + 4)
  const start = reader.take(length)
  const end = reader.position
  // A chunk of an odd length is followed by one byte that belongs to none.
  if (length % 2 === 1) reader.take(1)
  if (reader.position > pictureEnd) throw malformed('has a part that is longer than itself')
  return { name: reader.text(head, head + 4), start, end }
}

/** A frame begins with sixteen bytes about itself, behind which its picture stands; one with ALPH before that is lossy. */
function isLosslessFrame(reader: PictureReader, { start }: Chunk): boolean {
  return reader.text(start + 16, start + 20) === 'VP8L'
}

function canvasSize({ bytes }: PictureReader, { start, end }: Chunk): Size {
  if (end - start < 10) throw malformed('has a header that is too short')
  return { width: bytes.readUIntLE(start + 4, 3) + 1, height: bytes.readUIntLE(start + 7, 3) + 1 }
}

function lossySize({ bytes }: PictureReader, { start, end }: Chunk): Size {
  if (end - start < 10 || bytes.readUIntBE(start + 3, 3) !== 0x9d012a) throw malformed('has a header that is none')
  return { width: bytes.readUInt16LE(start + 6) & 0x3fff, height: bytes.readUInt16LE(start + 8) & 0x3fff }
}

function losslessSize({ bytes }: PictureReader, { start, end }: Chunk): Size {
  if (end - start < 5 || bytes.readUInt8(start) !== 0x2f) throw malformed('has a header that is none')
  const bits = bytes.readUInt32LE(start + 1)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

/** Some programs put the name that JPEG wants before the TIFF header. */
function orientationOf(exif: Buffer): number {
  return exifOrientation(exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif)
}
