import type { MediaLimits, MediaRefusalCode } from '../../../src/core/media.ts'
import {
  emptyZip,
  jpegSegment,
  page,
  withGifSize,
  withJpegSegment,
  withJpegSize,
  withoutPngEnd,
  withPngChunk,
  withPngHeader,
  withWebpChunk,
} from './changed-pictures.ts'
import { drawn, oneColour } from './drawn-pictures.ts'
import { asIs, roomy } from './limits.ts'

/** A picture that is refused before anything decodes it, and why. */
export interface HostilePicture {
  readonly what: string
  readonly bytes: Buffer
  readonly code: MediaRefusalCode
  readonly declaredType?: string
  readonly limits?: MediaLimits
}

const strict: MediaLimits = { ...roomy, metadata: 'refuse' }
const manyFrames: MediaLimits = { ...roomy, maximumFrames: 10 }
const only = (type: 'image/png' | 'image/jpeg'): MediaLimits => ({ ...roomy, types: [type] })
const frameControl = Buffer.alloc(26)
const animationOf = (frames: number): Buffer => {
  const control = Buffer.alloc(8)
  control.writeUInt32BE(frames)
  return control
}
const half = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2))
const text = (value: string): Buffer => Buffer.from(value, 'latin1')

export const hostilePictures: readonly HostilePicture[] = [
  { what: 'no bytes', bytes: Buffer.alloc(0), code: 'unknown-type' },
  { what: 'zero bytes only', bytes: Buffer.alloc(500), code: 'unknown-type' },
  { what: 'a picture behind a space', bytes: Buffer.concat([text(' '), drawn.png]), code: 'unknown-type' },
  { what: 'a page', bytes: page, code: 'type-not-allowed' },
  { what: 'SVG', bytes: text('<svg xmlns="http://www.w3.org/2000/svg"/>'), code: 'type-not-allowed' },
  { what: 'SVG behind a declaration', bytes: text('<?xml version="1.0"?><svg/>'), code: 'type-not-allowed' },
  { what: 'BMP', bytes: text('BM\x00\x00'), code: 'type-not-allowed' },
  { what: 'TIFF', bytes: text('II*\0\x08\0\0\0'), code: 'type-not-allowed' },
  { what: 'AVIF', bytes: text('\0\0\0\x20ftypavif'), code: 'type-not-allowed' },
  { what: 'HEIC', bytes: text('\0\0\0\x20ftypheic'), code: 'type-not-allowed' },
  { what: 'PDF', bytes: text('%PDF-1.7\n'), code: 'type-not-allowed' },
  { what: 'ZIP', bytes: text('PK\x03\x04'), code: 'type-not-allowed' },
  { what: 'GIF where only PNG is taken', bytes: drawn.gif, code: 'type-not-allowed', limits: only('image/png') },
  { what: 'PNG sent as JPEG', bytes: drawn.png, code: 'declared-type-differs', declaredType: 'image/jpeg' },
  { what: 'JPEG sent as text', bytes: drawn.jpeg, code: 'declared-type-differs', declaredType: 'text/plain' },
  {
    what: 'more bytes than are taken',
    bytes: drawn.png,
    code: 'too-many-bytes',
    limits: { ...roomy, maximumBytes: 9 },
  },
  { what: 'the signature of PNG alone', bytes: drawn.png.subarray(0, 8), code: 'truncated' },
  { what: 'half a PNG', bytes: half(drawn.png), code: 'truncated' },
  { what: 'half a JPEG', bytes: half(drawn.jpeg), code: 'truncated' },
  { what: 'half a progressive JPEG', bytes: half(drawn.jpegProgressive), code: 'truncated' },
  { what: 'half a GIF', bytes: half(drawn.gif), code: 'truncated' },
  { what: 'half a WebP', bytes: half(drawn.webp), code: 'truncated' },
  { what: 'a PNG without its end', bytes: withoutPngEnd(drawn.png), code: 'truncated' },
  {
    what: 'a PNG with a wrong checksum',
    bytes: Buffer.from(drawn.png).fill(0, 20, 24),
    code: 'malformed',
  },
  {
    what: 'a PNG with two headers',
    bytes: withPngChunk(drawn.png, 'IHDR', drawn.png.subarray(16, 29)),
    code: 'malformed',
  },
  {
    what: 'a PNG of 3 bits for each colour',
    bytes: withPngHeader(drawn.png, (header) => header.writeUInt8(3, 8)),
    code: 'malformed',
  },
  {
    what: 'a PNG with an unknown part that has to be known',
    bytes: withPngChunk(drawn.png, 'CgBI', ''),
    code: 'malformed',
  },
  {
    what: 'a PNG without pixels',
    bytes: Buffer.concat([drawn.png.subarray(0, 33), drawn.png.subarray(-12)]),
    code: 'malformed',
  },
  {
    what: 'a PNG of zero width',
    bytes: withPngHeader(drawn.png, (header) => header.writeUInt32BE(0, 0)),
    code: 'no-pixels',
  },
  { what: 'a JPEG of zero height', bytes: withJpegSize(drawn.jpeg, { width: 24, height: 0 }), code: 'no-pixels' },
  { what: 'a GIF with a frame beyond it', bytes: withGifSize(drawn.gif, { width: 0, height: 0 }), code: 'malformed' },
  {
    what: 'a PNG that says it is two billion pixels wide',
    bytes: withPngHeader(drawn.png, (header) => header.writeUInt32BE(2 ** 31 - 1, 0)),
    code: 'too-wide',
  },
  {
    what: 'a JPEG that says it is as large as JPEG can say',
    bytes: withJpegSize(drawn.jpeg, { width: 65_500, height: 65_500 }),
    code: 'too-wide',
  },
  {
    what: 'a GIF that says it is as large as GIF can say',
    bytes: withGifSize(drawn.gif, { width: 4000, height: 65_535 }),
    code: 'too-high',
  },
  {
    what: 'a PNG of more pixels than are taken, within width and height',
    bytes: withPngHeader(drawn.png, (header) => {
      header.writeUInt32BE(4096, 0)
      header.writeUInt32BE(4096, 4)
    }),
    code: 'too-many-pixels',
  },
  {
    what: 'one colour that unpacks to much more than it has bytes',
    bytes: await oneColour({ width: 4000, height: 4000 }),
    code: 'unpacks-too-large',
    limits: { ...roomy, maximumDecompressionRatio: 300 },
  },
  { what: 'an animated GIF', bytes: drawn.gifAnimated, code: 'too-many-frames' },
  { what: 'an animated WebP', bytes: drawn.webpAnimated, code: 'too-many-frames' },
  {
    what: 'an animated PNG',
    bytes: withPngChunk(drawn.png, 'acTL', animationOf(2)),
    code: 'too-many-frames',
    limits: manyFrames,
  },
  {
    what: 'a PNG that says it has one frame and has two',
    bytes: withPngChunk(withPngChunk(drawn.png, 'fcTL', frameControl), 'fcTL', frameControl),
    code: 'too-many-frames',
    limits: manyFrames,
  },
  {
    what: 'an animated GIF as it is',
    bytes: drawn.gifAnimated,
    code: 'too-many-frames',
    limits: { ...asIs, maximumFrames: 10 },
  },
  {
    what: 'many frames of few pixels each',
    bytes: drawn.gifAnimated,
    code: 'too-many-pixels',
    limits: { ...manyFrames, maximumPixels: 24 * 16 * 2 - 1 },
  },
  {
    what: 'a JPEG that begins twice',
    bytes: Buffer.concat([drawn.jpeg.subarray(0, 2), drawn.jpeg]),
    code: 'malformed',
  },
  {
    what: 'a JPEG with two frame headers',
    bytes: withJpegSegment(
      withJpegSegment(drawn.jpeg, 0xc0, text('\x08\0\x10\0\x18\x01\x01\x11\0')),
      0xfe,
      'a comment between',
    ),
    code: 'malformed',
  },
  { what: 'a lossless JPEG', bytes: withJpegSegment(drawn.jpeg, 0xc3, ''), code: 'malformed' },
  {
    what: 'a JPEG of more scans than any program writes',
    bytes: Buffer.concat([
      drawn.jpegGrey.subarray(0, -2),
      ...Array.from({ length: 100 }, () => jpegSegment(0xda, text('\x01\x01\0\0\x3f\0'))),
      drawn.jpegGrey.subarray(-2),
    ]),
    code: 'malformed',
  },
  {
    what: 'a WebP of another size than its canvas',
    bytes: withWebpChunk(
      Buffer.concat([drawn.webp.subarray(0, 12), text('VP8X\x0a\0\0\0'), Buffer.alloc(10), drawn.webp.subarray(12)]),
      'ICCP',
      Buffer.alloc(2),
    ),
    code: 'malformed',
  },
  {
    what: 'a WebP with two pictures',
    bytes: withWebpChunk(drawn.webp, 'VP8 ', drawn.webp.subarray(20)),
    code: 'malformed',
  },
  {
    what: 'a comment where none is taken',
    bytes: withPngChunk(drawn.png, 'tEXt', 'a\0b'),
    code: 'metadata',
    limits: strict,
  },
  {
    what: 'XMP where none is taken',
    bytes: withWebpChunk(drawn.webp, 'XMP ', text('<x/>')),
    code: 'metadata',
    limits: strict,
  },
  {
    what: 'a second picture in a JPEG where no metadata is taken',
    bytes: withJpegSegment(drawn.jpeg, 0xe2, 'MPF\0'),
    code: 'metadata',
    limits: strict,
  },
  {
    what: 'metadata that cannot be taken out of a picture as it is',
    bytes: withJpegSegment(drawn.jpeg, 0xfe, 'comment'),
    code: 'metadata',
    limits: { ...asIs, metadata: 'strip' },
  },
  ...(['png', 'jpeg', 'gif', 'webp'] as const).map((name) => ({
    what: `a ZIP behind a picture as it is, ${name}`,
    bytes: Buffer.concat([drawn[name], emptyZip]),
    code: 'trailing-bytes' as const,
    limits: asIs,
  })),
  {
    what: 'a picture behind a picture as it is',
    bytes: Buffer.concat([drawn.jpeg, drawn.jpeg]),
    code: 'trailing-bytes',
    limits: asIs,
  },
  {
    what: 'a ZIP inside a PNG as it is',
    bytes: withPngChunk(drawn.png, 'zIPs', emptyZip),
    code: 'second-file',
    limits: asIs,
  },
  {
    what: 'a page inside a JPEG as it is',
    bytes: withJpegSegment(drawn.jpeg, 0xfe, page),
    code: 'second-file',
    limits: asIs,
  },
  {
    what: 'a page inside the colour profile of a WebP as it is',
    bytes: withWebpChunk(drawn.webp, 'ICCP', page),
    code: 'second-file',
    limits: asIs,
  },
  { what: '16 bits for each channel as it is', bytes: drawn.png16, code: 'unusual-colours', limits: asIs },
  { what: 'colours of print as it is', bytes: drawn.jpegCmyk, code: 'unusual-colours', limits: asIs },
]
