import { crc32 } from 'node:zlib'

const ends = { iendBytes: 12, signatureBytes: 8, headerEnd: 33 } as const

export function pngChunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const head = Buffer.alloc(4)
  head.writeUInt32BE(data.length)
  const tail = Buffer.alloc(4)
  tail.writeUInt32BE(crc32(named))
  return Buffer.concat([head, named, tail])
}

/** A PNG with one more chunk, right behind its header. */
export function withPngChunk(png: Buffer, name: string, data: Buffer | string): Buffer {
  const chunk = pngChunk(name, Buffer.from(data))
  return Buffer.concat([png.subarray(0, ends.headerEnd), chunk, png.subarray(ends.headerEnd)])
}

/** A PNG whose header says something else, with the checksum of what it says. */
export function withPngHeader(png: Buffer, change: (header: Buffer) => void): Buffer {
  const header = Buffer.from(png.subarray(16, 29))
  change(header)
  return Buffer.concat([png.subarray(0, ends.signatureBytes), pngChunk('IHDR', header), png.subarray(ends.headerEnd)])
}

export function withoutPngEnd(png: Buffer): Buffer {
  return png.subarray(0, png.length - ends.iendBytes)
}

export function jpegSegment(marker: number, data: Buffer | string): Buffer {
  const bytes = Buffer.from(data)
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(bytes.length + 2, 2)
  return Buffer.concat([head, bytes])
}

/** A JPEG with something more right behind its first marker. */
export function withJpegSegment(jpeg: Buffer, marker: number, data: Buffer | string): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), jpegSegment(marker, data), jpeg.subarray(2)])
}

/** A JPEG whose frame header says another size. */
export function withJpegSize(jpeg: Buffer, size: { readonly width: number; readonly height: number }): Buffer {
  const changed = Buffer.from(jpeg)
  const frame = changed.findIndex((byte, at) => byte === 0xff && [0xc0, 0xc2].includes(changed[at + 1] ?? 0))
  changed.writeUInt16BE(size.height, frame + 5)
  changed.writeUInt16BE(size.width, frame + 7)
  return changed
}

/** A GIF whose canvas has another size. */
export function withGifSize(gif: Buffer, size: { readonly width: number; readonly height: number }): Buffer {
  const changed = Buffer.from(gif)
  changed.writeUInt16LE(size.width, 6)
  changed.writeUInt16LE(size.height, 8)
  return changed
}

/** A WebP with one more chunk at its end, and its length told with it. */
export function withWebpChunk(webp: Buffer, name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32LE(data.length, 4)
  const changed = Buffer.concat([webp, head, data, Buffer.alloc(data.length % 2)])
  changed.writeUInt32LE(changed.length - 8, 4)
  return changed
}

/** A ZIP archive without files: its end alone, which is all that a reader looks for. */
export const emptyZip = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)])

export const page = Buffer.from('<!doctype html><html><body>not a picture</body></html>')

/** A PNG with the right checksums whose packed pixels are not those of any picture. */
export function withPngPixels(png: Buffer, data: Buffer): Buffer {
  const start = png.indexOf('IDAT') - 4
  const end = start + 12 + png.readUInt32BE(start)
  return Buffer.concat([png.subarray(0, start), pngChunk('IDAT', data), png.subarray(end)])
}

/** A picture without its last third, and with another end. */
export function withoutTail(bytes: Buffer, end: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, Math.floor((bytes.length * 2) / 3)), end])
}

/** A lossy WebP of one part without the last third of its pixels; both its lengths say what there is. */
export function withShorterWebp(webp: Buffer): Buffer {
  const changed = Buffer.from(withoutTail(webp, Buffer.alloc(0)))
  const even = changed.subarray(0, changed.length - (changed.length % 2))
  even.writeUInt32LE(even.length - 8, 4)
  even.writeUInt32LE(even.length - 20, 16)
  return even
}
