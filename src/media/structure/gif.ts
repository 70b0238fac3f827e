import { malformed, PictureReader, type Ancillary, type AncillaryKind, type PictureStructure } from './structure.ts'

const imageDescriptor = 0x2c
const extension = 0x21
const trailer = 0x3b
const commentLabel = 0xfe
const plainTextLabel = 0x01
const applicationLabel = 0xff
const controlLabel = 0xf9
/** Of a control extension: its one block of four bytes. */
const controlBytes = 6
/** A name, how often an animation is shown, and how much of it to load ahead: the blocks of these with their lengths. */
const loopBytes = 23

/** Bits of a packed field: whether a table of colours follows, and how many colours it has. */
const hasTable = 0x80
const isInterlacedBit = 0x40
const tableBytes = (packed: number): number => 3 * 2 ** ((packed & 7) + 1)

/** Reads every block of a GIF, no pixels. Its size is that of the canvas, which no frame may leave. GIF89a. */
export function readGif(bytes: Uint8Array): PictureStructure {
  const reader = new PictureReader(bytes)
  const head = reader.take(13)
  const width = reader.bytes.readUInt16LE(head + 6)
  const height = reader.bytes.readUInt16LE(head + 8)
  const packed = reader.bytes.readUInt8(head + 10)
  if ((packed & hasTable) !== 0) reader.take(tableBytes(packed))
  const ancillary: Ancillary[] = []
  let frames = 0
  let isInterlaced = false
  for (;;) {
    reader.countSegment()
    const block = reader.nextByte()
    if (block === trailer) break
    if (block === imageDescriptor) {
      frames += 1
      isInterlaced = passImage(reader, { width, height }) || isInterlaced
    } else if (block === extension) {
      passExtension(reader, ancillary)
    } else {
      throw malformed('has a block that is none')
    }
  }
  if (frames === 0) throw malformed('has no pixels')
  return {
    type: 'image/gif',
    width,
    height,
    bitsPerChannel: 8,
    channels: 4,
    colours: 'palette',
    frames,
    isInterlaced,
    isLossless: true,
    orientation: 1,
    ancillary,
    end: reader.position,
  }
}

/** Passes one frame; true where its lines are interlaced. */
function passImage(reader: PictureReader, canvas: { readonly width: number; readonly height: number }): boolean {
  const { bytes } = reader
  const at = reader.take(9)
  const right = bytes.readUInt16LE(at) + bytes.readUInt16LE(at + 4)
  const bottom = bytes.readUInt16LE(at + 2) + bytes.readUInt16LE(at + 6)
  if (right > canvas.width || bottom > canvas.height) throw malformed('has a frame larger than itself')
  const packed = bytes.readUInt8(at + 8)
  if ((packed & hasTable) !== 0) reader.take(tableBytes(packed))
  reader.nextByte()
  passBlocks(reader)
  return (packed & isInterlacedBit) !== 0
}

function passExtension(reader: PictureReader, ancillary: Ancillary[]): void {
  const label = reader.nextByte()
  const start = reader.position
  passBlocks(reader)
  const end = reader.position
  const kind = kindOf(label, reader.text(start + 1, start + 12), end - start)
  if (kind !== null) ancillary.push({ kind, start, end })
}

/** What an extension of so many bytes is; null where it says how frames are drawn, and is no longer than that takes. */
function kindOf(label: number, name: string, length: number): AncillaryKind | null {
  if (label === commentLabel || label === plainTextLabel) return 'comment'
  if (label === controlLabel && length <= controlBytes) return null
  if (label !== applicationLabel) return 'application data'
  if ((name === 'NETSCAPE2.0' || name === 'ANIMEXTS1.0') && length <= loopBytes) return null
  if (name.startsWith('XMP')) return 'XMP'
  return name.startsWith('ICC') ? 'profile' : 'application data'
}

/** Passes blocks of up to 255 bytes to the empty one that ends them. */
function passBlocks(reader: PictureReader): void {
  for (;;) {
    const length = reader.nextByte()
    if (length === 0) return
    reader.take(length)
  }
}
