import { describe, expect, it } from 'vitest'
import { readPng } from '../../../../src/media/structure/png.ts'
import { pngChunk } from '../../../support/media/changed-pictures.ts'

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const chunk = (name: string, data: string | Buffer = ''): Buffer =>
  pngChunk(name, Buffer.from(data as string, 'latin1'))

function header({ colourType = 2, depth = 8, compression = 0, filter = 0, interlace = 0, length = 13 } = {}): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(70_000, 0)
  data.writeUInt32BE(16, 4)
  data.set([depth, colourType, compression, filter, interlace], 8)
  return pngChunk('IHDR', Buffer.concat([data, Buffer.alloc(1)]).subarray(0, length))
}

const pixels = chunk('IDAT', 'xx')
const end = chunk('IEND')
const palette = chunk('PLTE', 'abc')
const png = (...chunks: readonly Buffer[]): Buffer => Buffer.concat([signature, ...chunks])
const plain = (...chunks: readonly Buffer[]): Buffer => png(header(), ...chunks, pixels, end)
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const allDepths = [1, 2, 4, 8, 16]

/** PNG 3rd edition, table 8, and what a pixel unpacks to. */
const types = [
  { colourType: 0, depths: [1, 2, 4, 8, 16], channels: 1, colours: 'grey' },
  { colourType: 2, depths: [8, 16], channels: 3, colours: 'rgb' },
  { colourType: 3, depths: [1, 2, 4, 8], channels: 3, colours: 'palette' },
  { colourType: 4, depths: [8, 16], channels: 2, colours: 'grey' },
  { colourType: 6, depths: [8, 16], channels: 4, colours: 'rgb' },
]

describe('the structure of a PNG', () => {
  it('is read to its end, and not behind it', () => {
    const bytes = plain()
    expect(readPng(Buffer.concat([bytes, bytes]))).toEqual({
      type: 'image/png',
      width: 70_000,
      height: 16,
      bitsPerChannel: 8,
      channels: 3,
      colours: 'rgb',
      frames: 1,
      isInterlaced: false,
      isLossless: true,
      orientation: 1,
      ancillary: [],
      end: bytes.length,
    })
  })

  it.each(types)(
    'has the depths and channels of colour type $colourType',
    ({ colourType, depths, channels, colours }) => {
      for (const depth of allDepths) {
        const read = () => readPng(png(header({ colourType, depth }), palette, pixels, end))
        if (depths.includes(depth)) expect(read()).toMatchObject({ bitsPerChannel: depth, channels, colours })
        else expect(read).toThrow('has a colour type that is none')
      }
    },
  )

  it('has one channel more where its palette is seen through', () => {
    const through = chunk('tRNS', '\0')
    expect(readPng(png(header({ colourType: 3 }), palette, through, pixels, end))).toMatchObject({ channels: 4 })
    expect(readPng(png(header({ colourType: 2 }), through, pixels, end))).toMatchObject({ channels: 3, ancillary: [] })
  })

  it.each([0, 1])('is interlaced where its header says so: %i', (interlace) => {
    expect(readPng(png(header({ interlace }), pixels, end))).toMatchObject({ isInterlaced: interlace === 1 })
  })

  it('has its pixels in several chunks that follow each other, and a palette that none needs', () => {
    const bytes = png(header(), palette, pixels, pixels, chunk('tIME', ''), end)
    expect(readPng(bytes)).toMatchObject({ ancillary: [{ kind: 'comment' }], end: bytes.length })
  })

  it('has as many frames as are told or held, whichever are more', () => {
    const control = chunk('fcTL', 'x'.repeat(26))
    const told = (frames: number) => chunk('acTL', Buffer.concat([number(frames), number(0)]))
    expect(readPng(plain(told(3), control)).frames).toBe(3)
    expect(readPng(plain(told(1), control, control)).frames).toBe(2)
    expect(readPng(plain(control, control, control)).frames).toBe(3)
    expect(readPng(plain(chunk('acTL', number(4)))).frames).toBe(4)
    expect(readPng(plain(chunk('acTL', '\0\0\x01'))).frames).toBe(1)
  })

  it.each([
    ['tRNS', 256],
    ['gAMA', 4],
    ['cHRM', 32],
    ['sRGB', 1],
    ['sBIT', 4],
    ['bKGD', 6],
    ['hIST', 512],
    ['pHYs', 9],
    ['cICP', 4],
    ['mDCV', 24],
    ['cLLI', 8],
  ])('carries nothing in what says how it is drawn, and is no longer than that takes: %s', (name, longest) => {
    const kinds = (length: number) => readPng(plain(chunk(name, 'x'.repeat(length)))).ancillary.map(({ kind }) => kind)
    expect(kinds(longest)).toEqual([])
    expect(kinds(longest + 1)).toEqual(['application data'])
  })

  it('carries what stands in its end, and pixels of an animation that it is not', () => {
    const hidden = readPng(png(header(), pixels, chunk('IEND', 'hidden')))
    expect(hidden.ancillary.map(({ kind, start, end: behind }) => [kind, behind - start])).toEqual([
      ['application data', 6],
    ])
    expect(readPng(plain(chunk('fdAT', 'hidden'))).ancillary).toMatchObject([{ kind: 'application data' }])
  })

  it.each([
    ['iCCP', 'profile'],
    ['sPLT', 'profile'],
    ['eXIf', 'EXIF'],
    ['tEXt', 'comment'],
    ['zTXt', 'comment'],
    ['iTXt', 'comment'],
    ['tIME', 'comment'],
    ['aaAa', 'application data'],
    ['zzZz', 'application data'],
  ])('carries %s as what it is', (name, kind) => {
    expect(readPng(plain(chunk(name, 'data'))).ancillary).toEqual([{ kind, start: 41, end: 45 }])
  })

  it('stands as its EXIF data say', () => {
    const exif = 'II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0'
    expect(readPng(plain(chunk('eXIf', exif))).orientation).toBe(6)
    expect(readPng(plain(chunk('tEXt', exif))).orientation).toBe(1)
  })

  it.each([
    ['has no pixels', png(header(), end)],
    ['has no palette', png(header({ colourType: 3 }), pixels, end)],
    ['has its pixels in two places', png(header(), pixels, chunk('tIME'), pixels, end)],
    ['has a palette at a wrong place', plain(palette, palette)],
    ['has a palette at a wrong place', png(header(), pixels, palette, end)],
    ['has a part that has to be understood and is not known', plain(chunk('Aaaa'))],
    ['has a part that has to be understood and is not known', plain(chunk('Zaaa'))],
    ['has a part that has to be understood and is not known', plain(header())],
    ['does not begin with a header', png(pixels, header(), end)],
    ['does not begin with a header', png(header({ length: 12 }), pixels, end)],
    ['does not begin with a header', png(header({ length: 14 }), pixels, end)],
    ['has a colour type that is none', png(header({ colourType: 1 }), pixels, end)],
    ['has a colour type that is none', png(header({ colourType: 5 }), pixels, end)],
    ['has a colour type that is none', png(header({ colourType: 7 }), pixels, end)],
    ['is packed in a way that is not known', png(header({ compression: 1 }), pixels, end)],
    ['is packed in a way that is not known', png(header({ filter: 1 }), pixels, end)],
    ['is packed in a way that is not known', png(header({ interlace: 2 }), pixels, end)],
    ['has a part without a name', plain(chunk('ab1d'))],
    ['has a part without a name', plain(chunk('a\0cd'))],
    ['has a part with a wrong checksum', plain().fill(1, 29, 33)],
    ['has a part with a wrong checksum', png(header(), pixels, Buffer.from(end).fill(1, 11))],
    ['ends in the middle', plain().subarray(0, -1)],
    ['ends in the middle', png(header(), pixels)],
  ])('%s', (message, bytes) => {
    expect(() => readPng(bytes)).toThrow(message)
  })
})
