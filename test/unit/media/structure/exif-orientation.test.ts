import { describe, expect, it } from 'vitest'
import { exifOrientation } from '../../../../src/media/structure/exif-orientation.ts'

interface Entry {
  readonly tag: number
  readonly type: number
  readonly value: number
}

interface Shape {
  readonly isLittle?: boolean
  /** Entries that the directory says it has, where it lies. */
  readonly told?: number
  /** Bytes between the header and the directory. */
  readonly gap?: number
}

const orientation = (value: number, type = 3): Entry => ({ tag: 0x0112, type, value })
const width: Entry = { tag: 0x0100, type: 3, value: 7 }

/** EXIF data with one directory of these entries. TIFF 6.0, section 2. */
function exifWith(entries: readonly Entry[], { isLittle = true, told = entries.length, gap = 0 }: Shape = {}): Buffer {
  const bytes = Buffer.alloc(8 + gap + 2 + entries.length * 12)
  const short = (value: number, at: number) =>
    isLittle ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at)
  bytes.write(isLittle ? 'II*\0' : 'MM\0*', 'latin1')
  if (isLittle) bytes.writeUInt32LE(8 + gap, 4)
  else bytes.writeUInt32BE(8 + gap, 4)
  short(told, 8 + gap)
  for (const [index, { tag, type, value }] of entries.entries()) {
    const at = 10 + gap + index * 12
    short(tag, at)
    short(type, at + 2)
    short(value, at + (type === 4 && !isLittle ? 10 : 8))
  }
  return bytes
}

describe('how a camera was held', () => {
  it.each([true, false])('is read in both orders of bytes, little first: %s', (isLittle) => {
    for (const value of [1, 2, 3, 4, 5, 6, 7, 8])
      expect(exifOrientation(exifWith([orientation(value)], { isLittle }))).toBe(value)
  })

  it.each([true, false])('is read where it is written as a long number, too, little first: %s', (isLittle) => {
    expect(exifOrientation(exifWith([orientation(6, 4)], { isLittle }))).toBe(6)
  })

  it('is found among other entries and behind a gap', () => {
    expect(exifOrientation(exifWith([width, width, orientation(6)], { gap: 5 }))).toBe(6)
  })

  it.each([0, 9, 65_535])('is upright where a value is none: %i', (value) => {
    expect(exifOrientation(exifWith([orientation(value), orientation(6)]))).toBe(1)
  })

  it('is not read from an entry of another type, and from the next one', () => {
    expect(exifOrientation(exifWith([orientation(3, 2)]))).toBe(1)
    expect(exifOrientation(exifWith([orientation(3, 9), orientation(6)]))).toBe(6)
    expect(exifOrientation(exifWith([{ tag: 0x0112, type: 1, value: 3 }, width, orientation(8)]))).toBe(8)
  })

  it('is not read behind the entries that the directory has', () => {
    expect(exifOrientation(exifWith([width, orientation(6)], { told: 1 }))).toBe(1)
    expect(exifOrientation(exifWith([width, orientation(6)], { told: 2 }))).toBe(6)
  })

  it('is read from the whole entries of a directory that says it has more', () => {
    const lying = exifWith([width, orientation(6)], { told: 60_000 })
    expect(exifOrientation(lying)).toBe(6)
    expect(exifOrientation(lying.subarray(0, -1))).toBe(1)
    expect(exifOrientation(exifWith([width, width], { told: 60_000 }))).toBe(1)
  })

  it.each([
    ['no bytes', Buffer.alloc(0)],
    ['seven bytes', exifWith([orientation(6)]).subarray(0, 7)],
    ['a header alone', exifWith([]).subarray(0, 8)],
    ['one byte of a directory', exifWith([]).subarray(0, 9)],
    ['a directory without entries', exifWith([])],
    ['a directory behind the end', exifWith([orientation(6)], { gap: 40 }).subarray(0, 30)],
    ['another order of bytes', Buffer.from(exifWith([orientation(6)])).fill('XX', 0, 2)],
    ['half of each order', Buffer.from(exifWith([orientation(6)])).fill('MM*\0', 0, 4)],
  ])('is upright where nothing readable is said: %s', (_what, bytes) => {
    expect(exifOrientation(bytes)).toBe(1)
  })
})
