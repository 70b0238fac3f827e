import { describe, expect, it } from 'vitest'
import { readJpeg } from '../../../../src/media/structure/jpeg.ts'
import { jpegSegment } from '../../../support/media/changed-pictures.ts'

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
const start = latin('\xff\xd8')
const finish = latin('\xff\xd9')

/** The header of a frame of 24 × 16 pixels. */
function frame({ marker = 0xc0, components = 3, precision = 8, more = 0 } = {}): Buffer {
  const head = Buffer.from([precision, 0, 16, 0, 24, components])
  return jpegSegment(marker, Buffer.concat([head, Buffer.alloc(components * 3 + more, 1)]))
}

const scan = (data = '\x12\x34'): Buffer => Buffer.concat([jpegSegment(0xda, '\x01\x01\0\0\x3f\0'), latin(data)])
const jpeg = (...segments: readonly Buffer[]): Buffer => Buffer.concat([start, ...segments, finish])

/** EXIF data that say how a camera was held. */
const exif = (orientation: number): Buffer =>
  jpegSegment(
    0xe1,
    latin(`Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0${String.fromCharCode(orientation)}\0\0\0`),
  )

describe('the structure of a JPEG', () => {
  it('is read to its end, and not behind it', () => {
    const bytes = jpeg(frame(), scan())
    expect(readJpeg(Buffer.concat([bytes, bytes]))).toEqual({
      type: 'image/jpeg',
      width: 24,
      height: 16,
      bitsPerChannel: 8,
      channels: 3,
      colours: 'rgb',
      frames: 1,
      isInterlaced: false,
      isLossless: false,
      orientation: 1,
      ancillary: [],
      end: bytes.length,
    })
  })

  it.each([
    [1, 'grey'],
    [3, 'rgb'],
    [4, 'cmyk'],
  ] as const)('has the colours of %i components', (components, colours) => {
    expect(readJpeg(jpeg(frame({ components, precision: 12 }), scan()))).toMatchObject({
      channels: components,
      colours,
      bitsPerChannel: 12,
    })
  })

  it.each([
    [0xc0, false],
    [0xc1, false],
    [0xc2, true],
  ])('comes in several passes, by the marker of its frame: %i', (marker, isInterlaced) => {
    expect(readJpeg(jpeg(frame({ marker }), scan()))).toMatchObject({ isInterlaced })
  })

  it.each([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])(
    'is not read where it is packed in a way that few programs know: %i',
    (marker) => {
      expect(() => readJpeg(jpeg(frame({ marker }), scan()))).toThrow('is packed in a way that few programs read')
    },
  )

  it.each([
    ['Exif\0', 'EXIF'],
    ['http://ns.adobe.com/xap/1.0/', 'XMP'],
    ['Photoshop 3.0\0', 'IPTC'],
    ['ICC_PROFILE\0', 'profile'],
    ['MPF\0', 'further picture'],
    ['JFXX\0', 'further picture'],
    ['anything', 'application data'],
    ['', 'application data'],
  ] as const)('carries what begins with %s as what it is', (head, kind) => {
    for (const marker of [0xe0, 0xef]) {
      const data = latin(`${head}${'x'.repeat(head === '' ? 0 : 40)}`)
      const found = [{ kind, start: 6, end: 6 + data.length }]
      expect(readJpeg(jpeg(jpegSegment(marker, data), frame(), scan())).ancillary).toEqual(found)
    }
  })

  it.each([
    ['JFIF\0', 14],
    ['Adobe', 12],
  ])('carries nothing in what says how it is drawn, and is no longer than that takes: %s', (head, longest) => {
    const ancillary = (length: number) =>
      readJpeg(jpeg(jpegSegment(0xe0, latin(head.padEnd(length, 'x'))), frame(), scan())).ancillary
    expect(ancillary(longest)).toEqual([])
    expect(ancillary(longest + 1)).toEqual([{ kind: 'application data', start: 6, end: 7 + longest }])
  })

  it('carries a comment, and nothing in segments that say how it is packed', () => {
    const tables = [0xdb, 0xc4, 0xdd, 0xf0, 0xdf].map((marker) => jpegSegment(marker, 'JFXX\0'))
    const bytes = jpeg(jpegSegment(0xfe, 'said'), ...tables, frame(), scan())
    expect(readJpeg(bytes)).toMatchObject({ ancillary: [{ kind: 'comment', start: 6, end: 10 }], end: bytes.length })
  })

  it('stands as the first EXIF data say that turn it', () => {
    expect(readJpeg(jpeg(exif(6), exif(8), frame(), scan())).orientation).toBe(6)
    expect(readJpeg(jpeg(exif(1), exif(8), frame(), scan())).orientation).toBe(8)
    expect(readJpeg(jpeg(jpegSegment(0xe1, 'Exif\0'), frame(), scan())).orientation).toBe(1)
    expect(readJpeg(jpeg(jpegSegment(0xfe, exif(6).subarray(4)), frame(), scan())).orientation).toBe(1)
  })

  it('has pixels in which marks of restarts and bytes of their own stand', () => {
    const data = ['\xff\0', ...Array.from({ length: 8 }, (_, index) => `\xff${String.fromCharCode(0xd0 + index)}`)]
    const bytes = jpeg(frame(), scan(`a${data.join('b')}c`))
    expect(readJpeg(bytes)).toMatchObject({ end: bytes.length })
  })

  it('may have bytes that fill before a marker, and a segment without data', () => {
    const bytes = jpeg(latin('\xff\xff'), frame(), jpegSegment(0xfe, ''), scan())
    expect(readJpeg(bytes)).toMatchObject({ ancillary: [{ kind: 'comment' }], end: bytes.length })
  })

  it('has as many scans as it may, and not one more', () => {
    const scans = Array.from({ length: 100 }, () => scan())
    expect(readJpeg(jpeg(frame(), ...scans)).frames).toBe(1)
    expect(() => readJpeg(jpeg(frame(), ...scans, scan()))).toThrow('has more than 100 scans')
  })

  it.each([
    ['begins twice', jpeg(start, frame(), scan())],
    ['begins twice', jpeg(frame(), scan('\xff\xd8'))],
    ['has two headers', jpeg(frame(), frame(), scan())],
    ['has pixels before its header', jpeg(scan(), frame())],
    ['has no pixels', jpeg(frame())],
    ['has no pixels', jpeg(jpegSegment(0xfe, 'x'))],
    ['has bytes between its segments', jpeg(latin('\0'), frame(), scan())],
    ['has a segment that is none', jpeg(latin('\xff\xbf\0\x02'), frame(), scan())],
    ['has a segment that is none', jpeg(latin('\xff\0\0\x02'), frame(), scan())],
    ['has a segment without a length', jpeg(latin('\xff\xfe\0\x01'), frame(), scan())],
    ['has a header of a wrong length', jpeg(frame({ more: 1 }), scan())],
    ['has a header of a wrong length', jpeg(jpegSegment(0xc0, '\x08\0\x10\0\x18'), scan())],
    ['has a header of a wrong length', Buffer.concat([start, jpegSegment(0xc0, '\x08')])],
    ['has a number of colours that is none', jpeg(frame({ components: 2 }), scan())],
    ['has a number of colours that is none', jpeg(frame({ components: 5 }), scan())],
    ['has a number of colours that is none', jpeg(frame({ components: 0 }), scan())],
    ['has more than 100000 segments', jpeg(...Array.from({ length: 100_000 }, () => latin('\xff\xfe\0\x02')))],
    ['ends in the middle', jpeg(frame(), scan()).subarray(0, -2)],
    ['ends in the middle', jpeg(frame(), scan()).subarray(0, -1)],
    ['ends in the middle', jpeg(frame(), scan('\xff\0')).subarray(0, -2)],
  ])('%s', (message, bytes) => {
    expect(() => readJpeg(bytes)).toThrow(message)
  })
})
