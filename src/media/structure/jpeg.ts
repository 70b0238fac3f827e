import { exifOrientation } from './exif-orientation.ts'
import { malformed, PictureReader, type Ancillary, type AncillaryKind, type PictureStructure } from './structure.ts'

/** More scans than any program writes: each makes a decoder go over all pixels once more. */
const maximumScans = 100

const startOfImage = 0xd8
const endOfImage = 0xd9
const startOfScan = 0xda
const comment = 0xfe
/** Baseline, extended and progressive frames with Huffman codes: the ones that programs write. */
const readFrames = new Set([0xc0, 0xc1, 0xc2])
const otherFrames = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])

interface ApplicationData {
  readonly starts: string
  readonly kind: AncillaryKind | null
  /** Bytes that it has at most. */
  readonly longest?: number
}

const applicationData: readonly ApplicationData[] = [
  { starts: 'JFIF\0', kind: null, longest: 14 },
  { starts: 'Adobe', kind: null, longest: 12 },
  { starts: 'Exif\0', kind: 'EXIF' },
  { starts: 'http://ns.adobe.com/x', kind: 'XMP' },
  { starts: 'Photoshop 3.0\0', kind: 'IPTC' },
  { starts: 'ICC_PROFILE\0', kind: 'profile' },
  { starts: 'MPF\0', kind: 'further picture' },
  { starts: 'JFXX\0', kind: 'further picture' },
]

interface Frame {
  readonly width: number
  readonly height: number
  readonly precision: number
  readonly components: number
  readonly isProgressive: boolean
}

/** Reads every segment of a JPEG, no pixels: between scans it looks for the next marker alone. ITU-T T.81, annex B. */
export function readJpeg(bytes: Uint8Array): PictureStructure {
  const reader = new PictureReader(bytes)
  const ancillary: Ancillary[] = []
  let frame: Frame | null = null
  let scans = 0
  let orientation = 1
  reader.take(2)
  for (;;) {
    const marker = nextMarker(reader)
    if (marker === endOfImage) break
    if (marker === startOfImage) throw malformed('begins twice')
    const { start, end } = takeSegment(reader)
    if (readFrames.has(marker)) {
      if (frame !== null) throw malformed('has two headers')
      frame = readFrame(reader, { start, end, isProgressive: marker === 0xc2 })
    } else if (otherFrames.has(marker)) {
      throw malformed('is packed in a way that few programs read')
    } else if (marker === startOfScan) {
      scans += 1
      if (frame === null) throw malformed('has pixels before its header')
      if (scans > maximumScans) throw malformed(`has more than ${maximumScans} scans`)
      passScan(reader)
    } else if (marker === comment || (marker >= 0xe0 && marker <= 0xef)) {
      const kind = marker === comment ? 'comment' : kindOf(reader, start, end)
      if (kind === 'EXIF' && orientation === 1)
        orientation = exifOrientation(reader.bytes.subarray(Math.min(start + 6, end), end))
      if (kind !== null) ancillary.push({ kind, start, end })
    }
  }
  if (frame === null || scans === 0) throw malformed('has no pixels')
  return {
    type: 'image/jpeg',
    width: frame.width,
    height: frame.height,
    bitsPerChannel: frame.precision,
    channels: frame.components,
    colours: frame.components === 1 ? 'grey' : frame.components === 4 ? 'cmyk' : 'rgb',
    frames: 1,
    isInterlaced: frame.isProgressive,
    isLossless: false,
    orientation,
    ancillary,
    end: reader.position,
  }
}

/** The next marker, which has to begin here; fill bytes before it are passed. */
function nextMarker(reader: PictureReader): number {
  reader.countSegment()
  if (reader.nextByte() !== 0xff) throw malformed('has bytes between its segments')
  let marker = reader.nextByte()
  while (marker === 0xff) marker = reader.nextByte()
  if (marker < 0xc0) throw malformed('has a segment that is none')
  return marker
}

function takeSegment(reader: PictureReader): { readonly start: number; readonly end: number } {
  const length = reader.bytes.readUInt16BE(reader.take(2))
  if (length < 2) throw malformed('has a segment without a length')
  const start = reader.take(length - 2)
  return { start, end: reader.position }
}

function readFrame(
  { bytes }: PictureReader,
  { start, end, isProgressive }: { readonly start: number; readonly end: number; readonly isProgressive: boolean },
): Frame {
  const components = end - start >= 6 ? bytes.readUInt8(start + 5) : 0
  if (end - start !== 6 + components * 3) throw malformed('has a header of a wrong length')
  if (![1, 3, 4].includes(components)) throw malformed('has a number of colours that is none')
  return {
    precision: bytes.readUInt8(start),
    height: bytes.readUInt16BE(start + 1),
    width: bytes.readUInt16BE(start + 3),
    components,
    isProgressive,
  }
}

/** Passes over packed pixels to the next marker: a 0xff that no 0x00 and no restart marker follows. */
function passScan(reader: PictureReader): void {
  const { bytes } = reader
  let at = reader.position
  for (;;) {
    at = bytes.indexOf(0xff, at)
    if (at === -1) {
      reader.take(bytes.length - reader.position + 1)
      return
    }
    const next = bytes[at + 1] ?? 0
    const isData = next === 0 || (next >= 0xd0 && next <= 0xd7)
    if (!isData) {
      reader.position = at
      return
    }
    at += 2
  }
}

/** What a segment of application data is; null where it says how pixels are drawn, and is no longer than that takes. */
function kindOf(reader: PictureReader, start: number, end: number): AncillaryKind | null {
  const head = reader.text(start, Math.min(end, start + 32))
  const known = applicationData.find(({ starts }) => head.startsWith(starts))
  return known === undefined || end - start > (known.longest ?? end) ? 'application data' : known.kind
}
