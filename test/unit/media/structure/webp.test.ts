import { describe, expect, it } from 'vitest'
import { readWebp } from '../../../../src/media/structure/webp.ts'

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
const long = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function chunk(name: string, data: Buffer): Buffer {
  return Buffer.concat([latin(name), long(data.length), data, Buffer.alloc(data.length % 2)])
}

function webp(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([latin('WEBP'), ...chunks])
  return Buffer.concat([latin('RIFF'), long(body.length), body])
}

/** RFC 9649, 2.5: three bytes, a start code, the size and how it is to be scaled. */
function lossy({ width = 24, height = 16, code = '\x9d\x01\x2a', scale = 0, more = 2 } = {}): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt16LE(width | (scale << 14), 0)
  size.writeUInt16LE(height | (scale << 14), 2)
  return chunk('VP8 ', Buffer.concat([latin(`\x10\0\0${code}`), size, Buffer.alloc(more)]))
}

/** RFC 9649, 3.4: a signature, then 14 bits of width and of height, each less one. */
function lossless({ width = 24, height = 16, signature = 0x2f } = {}): Buffer {
  const bits = ((width - 1) | ((height - 1) << 14) | (1 << 28)) >>> 0
  return chunk('VP8L', Buffer.concat([Buffer.from([signature]), long(bits)]))
}

/** RFC 9649, 2.7: flags, then 24 bits of width and of height, each less one. */
function canvas(width = 24, height = 16): Buffer {
  const data = Buffer.alloc(10)
  data.writeUIntLE(width - 1, 4, 3)
  data.writeUIntLE(height - 1, 7, 3)
  return chunk('VP8X', data)
}

const frame = chunk('ANMF', Buffer.alloc(16))
const frameOf = (name: string) => chunk('ANMF', Buffer.concat([Buffer.alloc(16), latin(name)]))
const exif = latin('II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0')

describe('the structure of a WebP', () => {
  it('is read to its end, and not behind it', () => {
    const bytes = webp(lossy())
    expect(readWebp(Buffer.concat([bytes, bytes]))).toEqual({
      type: 'image/webp',
      width: 24,
      height: 16,
      bitsPerChannel: 8,
      channels: 4,
      colours: 'rgb',
      frames: 1,
      isInterlaced: false,
      isLossless: false,
      orientation: 1,
      ancillary: [],
      end: bytes.length,
    })
  })

  it('has the size of its pixels, without the bits that scale them', () => {
    expect(readWebp(webp(lossy({ width: 16_383, height: 1, scale: 3 })))).toMatchObject({ width: 16_383, height: 1 })
    expect(readWebp(webp(lossless({ width: 16_384, height: 1 })))).toMatchObject({ width: 16_384, height: 1 })
    expect(readWebp(webp(lossless({ width: 1, height: 16_384 })))).toMatchObject({ width: 1, height: 16_384 })
  })

  it('has the size of its canvas, which is that of a still picture', () => {
    const large = readWebp(webp(canvas(16_777_216, 65_537), frame))
    expect(large).toMatchObject({ width: 16_777_216, height: 65_537, frames: 1 })
    expect(readWebp(webp(canvas(), lossy()))).toMatchObject({ width: 24, height: 16, frames: 1 })
  })

  it('has as many frames as it holds', () => {
    expect(readWebp(webp(canvas(), chunk('ANIM', Buffer.alloc(6)), frame, frame, frame))).toMatchObject({
      frames: 3,
      ancillary: [],
    })
  })

  it.each([
    ['ICCP', 'profile'],
    ['EXIF', 'EXIF'],
    ['XMP ', 'XMP'],
    ['abcd', 'application data'],
  ])('carries %s as what it is, whether or not a byte fills it up', (name, kind) => {
    for (const length of [4, 5]) {
      const bytes = webp(lossy(), chunk(name, Buffer.alloc(length)))
      const at = 12 + lossy().length + 8
      expect(readWebp(bytes)).toMatchObject({ ancillary: [{ kind, start: at, end: at + length }], end: bytes.length })
    }
  })

  it('carries nothing in what says how it is seen through', () => {
    expect(readWebp(webp(canvas(), chunk('ALPH', Buffer.alloc(3)), lossy())).ancillary).toEqual([])
  })

  it('stands as its EXIF data say, with or without the name that JPEG gives them', () => {
    expect(readWebp(webp(lossy(), chunk('EXIF', exif))).orientation).toBe(6)
    expect(readWebp(webp(lossy(), chunk('EXIF', Buffer.concat([latin('Exif\0\0'), exif])))).orientation).toBe(6)
    expect(readWebp(webp(lossy(), chunk('XMP ', exif))).orientation).toBe(1)
  })

  it.each([
    ['has a length that is none', Buffer.concat([latin('RIFF'), long(3), latin('WEBP')])],
    ['has no pixels', Buffer.concat([latin('RIFF'), long(4), latin('WEBP')])],
    ['has no pixels', webp(canvas())],
    ['has two headers', webp(canvas(), canvas(), lossy())],
    ['has two headers', webp(lossy(), canvas())],
    ['has two pictures', webp(lossy(), lossy())],
    ['has two pictures', webp(lossy(), lossless())],
    ['has a picture of another size than itself', webp(canvas(25, 16), lossy())],
    ['has a picture of another size than itself', webp(canvas(24, 17), lossy())],
    ['has a picture of another size than itself', webp(canvas(), lossy(), frame)],
    ['has a header that is none', webp(lossy({ code: '\x9d\x01\x2b' }))],
    ['has a header that is none', webp(chunk('VP8 ', latin('\x10\0\0\x9d\x01\x2a\x18\0\x10')))],
    ['has a header that is none', webp(lossless({ signature: 0x2e }))],
    ['has a header that is none', webp(chunk('VP8L', latin('\x2f\0\0\0')))],
    ['has a header that is too short', webp(chunk('VP8X', Buffer.alloc(9)), lossy())],
    ['ends in the middle', webp(lossy()).subarray(0, -1)],
    ['ends in the middle', webp(lossy(), chunk('XMP ', latin('x'))).subarray(0, -1)],
  ])('%s', (message, bytes) => {
    expect(() => readWebp(bytes)).toThrow(message)
  })

  it('has a header of just the length that it needs', () => {
    const bytes = webp(lossy({ more: 0 }))
    expect(readWebp(bytes)).toMatchObject({ width: 24, height: 16, end: bytes.length })
  })

  it('has no part that is longer than itself, though bytes follow', () => {
    const bytes = webp(lossy(), chunk('XMP ', latin('abcd')))
    for (const less of [1, 4, 11]) {
      const changed = Buffer.concat([bytes, Buffer.alloc(20)])
      changed.writeUInt32LE(bytes.length - 8 - less, 4)
      expect(() => readWebp(changed)).toThrow('has a part that is longer than itself')
    }
    const whole = Buffer.concat([bytes, Buffer.alloc(20)])
    expect(readWebp(whole).end).toBe(bytes.length)
  })

  it('is packed without a loss where all of its frames are', () => {
    const isLossless = (...chunks: readonly Buffer[]) => readWebp(webp(...chunks)).isLossless
    expect([isLossless(lossless()), isLossless(canvas(), lossless())]).toEqual([true, true])
    expect([isLossless(lossy()), isLossless(canvas(), lossy())]).toEqual([false, false])
    expect(isLossless(canvas(), frameOf('VP8L'), frameOf('VP8L'))).toBe(true)
    expect(isLossless(canvas(), frameOf('VP8L'), frameOf('VP8 '))).toBe(false)
    expect(isLossless(canvas(), frameOf('ALPH'))).toBe(false)
  })

  it('carries what is said of an animation where it is none', () => {
    const anim = chunk('ANIM', Buffer.from('hidden'))
    expect(readWebp(webp(canvas(), anim, lossy())).ancillary).toMatchObject([{ kind: 'application data' }])
    expect(readWebp(webp(canvas(), anim, frame)).ancillary).toEqual([])
  })
})
