import { describe, expect, it } from 'vitest'
import { readGif } from '../../../../src/media/structure/gif.ts'

interface FrameShape {
  readonly x?: number
  readonly y?: number
  readonly width?: number
  readonly height?: number
  readonly packed?: number
  readonly blocks?: readonly number[]
}

const tableOf = (packed: number): Buffer => Buffer.alloc((packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1), 0x21)

function frame({ x = 0, y = 0, width = 6, height = 4, packed = 0, blocks = [2, 3] }: FrameShape = {}): Buffer {
  const head = Buffer.alloc(10)
  head[0] = 0x2c
  for (const [index, value] of [x, y, width, height].entries()) head.writeUInt16LE(value, 1 + index * 2)
  head[9] = packed
  const data = blocks.map((length) => Buffer.from([length, ...Buffer.alloc(length, 0x3b)]))
  return Buffer.concat([head, tableOf(packed), Buffer.from([2]), ...data, Buffer.from([0])])
}

function extension(label: number, ...blocks: readonly string[]): Buffer {
  const data = blocks.map((text) => Buffer.from([text.length, ...Buffer.from(text, 'latin1')]))
  return Buffer.concat([Buffer.from([0x21, label]), ...data, Buffer.from([0])])
}

/** A GIF of 6 × 4 pixels. */
function gif(blocks: readonly Buffer[], packed = 0): Buffer {
  const head = Buffer.from('GIF89a\x06\0\x04\0\0\0\0', 'latin1')
  head[10] = packed
  return Buffer.concat([head, tableOf(packed), ...blocks, Buffer.from([0x3b])])
}

describe('the structure of a GIF', () => {
  it('is read to its end, and not behind it', () => {
    const bytes = gif([frame()])
    expect(readGif(Buffer.concat([bytes, bytes]))).toEqual({
      type: 'image/gif',
      width: 6,
      height: 4,
      bitsPerChannel: 8,
      channels: 4,
      colours: 'palette',
      frames: 1,
      isInterlaced: false,
      isLossless: true,
      orientation: 1,
      ancillary: [],
      end: bytes.length,
    })
  })

  it.each([0x00, 0x07, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87])(
    'has tables of the length that they say: %i',
    (packed) => {
      const bytes = gif([frame({ packed }), frame({ packed })], packed)
      expect(readGif(bytes)).toMatchObject({ frames: 2, end: bytes.length })
    },
  )

  it('has frames that fill it, and none that leaves it', () => {
    expect(readGif(gif([frame(), frame({ x: 5, y: 3, width: 1, height: 1 })]))).toMatchObject({ frames: 2 })
    for (const shape of [{ width: 7 }, { height: 5 }, { x: 1 }, { y: 1 }, { x: 6, width: 1 }, { y: 4, height: 1 }])
      expect(() => readGif(gif([frame(shape)]))).toThrow('has a frame larger than itself')
  })

  it('is interlaced where one of its frames is', () => {
    const interlaced = frame({ packed: 0x40 })
    expect(readGif(gif([interlaced, frame()]))).toMatchObject({ isInterlaced: true })
    expect(readGif(gif([frame(), interlaced]))).toMatchObject({ isInterlaced: true })
    expect(readGif(gif([frame({ packed: 0x3f }), frame()]))).toMatchObject({ isInterlaced: false })
  })

  it.each([
    [0xfe, 'said by somebody', 'comment'],
    [0x01, 'shown as a text', 'comment'],
    [0xff, 'XMP DataXMP', 'XMP'],
    [0xff, 'ICCRGBG1012', 'profile'],
    [0xff, 'SOMETHING10', 'application data'],
  ] as const)('carries what extension %i holds: %s', (label, text, kind) => {
    const said = extension(label, text, 'and more')
    const bytes = gif([said, frame()])
    const start = 13 + 2
    expect(readGif(bytes).ancillary).toEqual([{ kind, start, end: 13 + said.length }])
  })

  it.each([
    [0xff, ['NETSCAPE2.0', '\x01\0\0']],
    [0xff, ['ANIMEXTS1.0', '\x01\0\0', '\x02\0\0\0\0']],
    [0xf9, ['\x04\0\0\0']],
  ] as const)(
    'carries nothing in what says how frames follow, and is no longer than that takes: %i %j',
    (label, texts) => {
      const bytes = gif([extension(label, ...texts), frame()])
      expect(readGif(bytes)).toMatchObject({ ancillary: [], end: bytes.length })
      const longer = extension(label, ...texts, 'hidden')
      expect(readGif(gif([longer, frame()])).ancillary).toEqual([
        { kind: 'application data', start: 15, end: 13 + longer.length },
      ])
    },
  )

  it('carries what stands in an extension that nobody knows', () => {
    expect(readGif(gif([extension(0x77, 'hidden'), frame()])).ancillary).toMatchObject([{ kind: 'application data' }])
  })

  it.each([
    ['has no pixels', gif([extension(0xfe, 'nothing to see')])],
    ['has a block that is none', gif([Buffer.from([0x00]), frame()])],
    ['has a block that is none', gif([frame(), Buffer.from([0x2d])])],
    ['ends in the middle', gif([frame({ blocks: [9] })]).subarray(0, -6)],
    ['ends in the middle', gif([frame()]).subarray(0, -1)],
    ['has more than 100000 segments', gif(Array.from({ length: 100_000 }, () => frame({ blocks: [] })))],
  ])('%s', (message, bytes) => {
    expect(() => readGif(bytes)).toThrow(message)
  })

  it('has as many segments as it may', () => {
    const frames = Array.from({ length: 99_999 }, () => frame({ blocks: [] }))
    expect(readGif(gif(frames)).frames).toBe(99_999)
  })
})
