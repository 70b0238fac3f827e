import { crc32 } from 'node:zlib'
import { exifOrientation } from './exif-orientation.ts'
import { malformed, PictureReader, type Ancillary, type AncillaryKind, type PictureStructure } from './structure.ts'

const signatureBytes = 8

interface Header {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly colourType: number
  readonly isInterlaced: boolean
}

/** Depths that a colour type may have. PNG 3rd edition, table 8. */
const depths: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

const colours = { 0: 'grey', 2: 'rgb', 3: 'palette', 4: 'grey', 6: 'rgb' } as const
const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 }

/** Chunks that say how pixels are drawn, which are no metadata, and the bytes that they have at most. PNG 3rd edition, 11.3. */
const drawingChunks: Readonly<Record<string, number>> = {
  tRNS: 256,
  gAMA: 4,
  cHRM: 32,
  sRGB: 1,
  sBIT: 4,
  bKGD: 6,
  hIST: 512,
  pHYs: 9,
  cICP: 4,
  mDCV: 24,
  cLLI: 8,
}

const ancillaryKinds: Readonly<Record<string, AncillaryKind>> = {
  iCCP: 'profile',
  sPLT: 'profile',
  eXIf: 'EXIF',
  tEXt: 'comment',
  zTXt: 'comment',
  iTXt: 'comment',
  tIME: 'comment',
}

/** Reads every chunk of a PNG and its checksum, no pixels. An animation has as many frames as its chunks say or hold. */
export function readPng(bytes: Uint8Array): PictureStructure {
  const reader = new PictureReader(bytes)
  reader.take(signatureBytes)
  const ancillary: Ancillary[] = []
  const seen = new Set<string>()
  let header: Header | null = null
  let orientation = 1
  let toldFrames = 0
  let frameControls = 0
  let last = ''
  for (;;) {
    const { name, start, end } = readChunk(reader)
    if (header === null) {
      header = readHeader(reader, { name, start, end })
    } else if (name === 'IEND') {
      if (!seen.has('IDAT')) throw malformed('has no pixels')
      if (end > start) ancillary.push({ kind: 'application data', start, end })
      if (colours[header.colourType as keyof typeof colours] === 'palette' && !seen.has('PLTE'))
        throw malformed('has no palette')
      break
    } else if (name === 'IDAT') {
      if (seen.has('IDAT') && last !== 'IDAT') throw malformed('has its pixels in two places')
    } else if (name === 'PLTE') {
      if (seen.has('PLTE') || seen.has('IDAT')) throw malformed('has a palette at a wrong place')
    } else if (name === 'acTL') {
      toldFrames = end - start >= 4 ? reader.bytes.readUInt32BE(start) : 0
    } else if (name === 'fcTL') {
      frameControls += 1
    } else if (isCritical(name)) {
      throw malformed('has a part that has to be understood and is not known')
    } else if (end - start > (drawingChunks[name] ?? -1)) {
      const kind = ancillaryKinds[name] ?? 'application data'
      if (kind === 'EXIF') orientation = exifOrientation(reader.bytes.subarray(start, end))
      ancillary.push({ kind, start, end })
    }
    seen.add(name)
    last = name
  }
  return {
    type: 'image/png',
    width: header.width,
    height: header.height,
    bitsPerChannel: header.depth,
    channels: (channels[header.colourType] ?? 4) + (header.colourType === 3 && seen.has('tRNS') ? 1 : 0),
    colours: colours[header.colourType as keyof typeof colours],
    frames: Math.max(1, toldFrames, frameControls),
    isInterlaced: header.isInterlaced,
    isLossless: true,
    orientation,
    ancillary,
    end: reader.position,
  }
}

interface Chunk {
  readonly name: string
  readonly start: number
  readonly end: number
}

function readChunk(reader: PictureReader): Chunk {
  reader.countSegment()
  const head = reader.take(8)
  const length = reader.bytes.readUInt32BE(head)
  const name = reader.text(head + 4, head + 8)
  if (!/^[A-Za-z]{4}$/.test(name)) throw malformed('has a part without a name')
  const start = reader.take(length)
  const end = reader.position
  const sum = reader.bytes.readUInt32BE(reader.take(4))
  if (crc32(reader.bytes.subarray(head + 4, end)) !== sum) throw malformed('has a part with a wrong checksum')
  return { name, start, end }
}

function readHeader({ bytes }: PictureReader, { name, start, end }: Chunk): Header {
  if (name !== 'IHDR' || end - start !== 13) throw malformed('does not begin with a header')
  const depth = bytes.readUInt8(start + 8)
  const colourType = bytes.readUInt8(start + 9)
  if (depths[colourType]?.includes(depth) !== true) throw malformed('has a colour type that is none')
  const [compression, filter, interlace] = bytes.subarray(start + 10, end)
  if (compression !== 0 || filter !== 0 || (interlace ?? 2) > 1) throw malformed('is packed in a way that is not known')
  return {
    width: bytes.readUInt32BE(start),
    height: bytes.readUInt32BE(start + 4),
    depth,
    colourType,
    isInterlaced: interlace === 1,
  }
}

/** A chunk whose name begins with a capital has to be understood by whoever draws the picture. */
function isCritical(name: string): boolean {
  return name.charAt(0) < 'a'
}
