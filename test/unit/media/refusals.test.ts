import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkStructure } from '../../../src/media/refusals.ts'
import { withJpegSegment, withPngChunk } from '../../support/media/changed-pictures.ts'
import { drawn, turnedJpeg } from '../../support/media/drawn-pictures.ts'
import { hostilePictures } from '../../support/media/hostile-pictures.ts'
import { asIs, roomy } from '../../support/media/limits.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { verifies } from '../../support/verifies.ts'

const pictures = Object.entries(drawn)

describe('structure checks', () => {
  it.each(hostilePictures)('refuse $what', ({ bytes, code, declaredType, limits }) => {
    verifies('media.limits', 'media.read-alike')
    expect(checkStructure(bytes, declaredType ?? null, limits ?? roomy)).toMatchObject({
      kind: 'refused',
      refusal: { code },
    })
  })

  it.each(pictures)('let an honest picture pass and read its end: %s', (_name, bytes) => {
    const verdict = checkStructure(bytes, null, { ...roomy, maximumFrames: 2 })
    expect(verdict).toMatchObject({ kind: 'decodable', structure: { width: 24, height: 16, end: bytes.length } })
  })

  it.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpg; name=a.jpg'],
    ['webp', 'IMAGE/WEBP'],
  ] as const)('take %s that is declared as %s', (name, declaredType) => {
    expect(checkStructure(drawn[name], declaredType, roomy).kind).toBe('decodable')
  })

  it.each([
    ['png16', { bitsPerChannel: 16, channels: 3, colours: 'rgb' }],
    ['pngPalette', { colours: 'palette' }],
    ['pngGrey', { colours: 'grey', channels: 1 }],
    ['pngWithAlpha', { channels: 4 }],
    ['pngInterlaced', { isInterlaced: true }],
    ['png', { isInterlaced: false, frames: 1 }],
    ['jpegProgressive', { isInterlaced: true }],
    ['jpegGrey', { colours: 'grey' }],
    ['jpegCmyk', { colours: 'cmyk', channels: 4 }],
    ['gifAnimated', { frames: 2 }],
    ['webpAnimated', { frames: 2 }],
  ] as const)('read what %s is', (name, structure) => {
    expect(checkStructure(drawn[name], null, { ...roomy, maximumFrames: 2 })).toMatchObject({ structure })
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('read how a camera was held: %i', async (orientation) => {
    expect(checkStructure(await turnedJpeg(orientation), null, roomy)).toMatchObject({ structure: { orientation } })
  })

  const large = drawn.pngWithAlpha
  const unpacked = 24 * 16 * 4
  it.each([
    ['bytes', 'too-many-bytes', 'maximumBytes', large.length],
    ['pixels from left to right', 'too-wide', 'maximumWidth', 24],
    ['pixels from top to bottom', 'too-high', 'maximumHeight', 16],
    ['pixels', 'too-many-pixels', 'maximumPixels', 24 * 16],
    ['times its size', 'unpacks-too-large', 'maximumDecompressionRatio', Math.ceil(unpacked / large.length)],
  ] as const)('take as many %s as they may, and not one more', (_what, code, limit, most) => {
    verifies('media.limits')
    expect(checkStructure(large, null, { ...roomy, [limit]: most }).kind).toBe('decodable')
    expect(checkStructure(large, null, { ...roomy, [limit]: most - 1 })).toMatchObject({ refusal: { code } })
  })

  it.each([
    ['png16', 24 * 16 * 3 * 2],
    ['pngPalette', 24 * 16 * 3],
    ['pngGrey', 24 * 16],
    ['jpegCmyk', 24 * 16 * 4],
    ['gif', 24 * 16 * 4],
    ['gifAnimated', 2 * 24 * 16 * 4],
  ] as const)('know how much %s unpacks to', (name, bytes) => {
    const picture = Buffer.concat([drawn[name]])
    const most = Math.ceil(bytes / picture.length)
    const limits = { ...roomy, maximumFrames: 2 }
    expect(checkStructure(picture, null, { ...limits, maximumDecompressionRatio: most }).kind).toBe('decodable')
    if (most > 1)
      expect(checkStructure(picture, null, { ...limits, maximumDecompressionRatio: most - 1 }).kind).toBe('refused')
  })

  it.each([
    ['gif', 'gifAnimated', 'decodable'],
    ['webp', 'webpAnimated', 'decodable'],
  ] as const)('take an animation of %s where it is drawn anew and its frames may be as many', (_type, name, kind) => {
    expect(checkStructure(drawn[name], null, { ...roomy, maximumFrames: 2 }).kind).toBe(kind)
    expect(checkStructure(drawn[name], null, { ...roomy, maximumFrames: 1 }).kind).toBe('refused')
    expect(checkStructure(drawn[name], null, { ...asIs, maximumFrames: 2 }).kind).toBe('refused')
  })

  it.each([
    ['keep', 're-encode', 'decodable'],
    ['strip', 're-encode', 'decodable'],
    ['refuse', 're-encode', 'refused'],
    ['keep', 'as-is', 'decodable'],
    ['strip', 'as-is', 'refused'],
    ['refuse', 'as-is', 'refused'],
  ] as const)('have a comment, with %s and %s, %s', (metadata, mode, kind) => {
    const told = withJpegSegment(drawn.jpeg, 0xfe, 'said')
    expect(checkStructure(told, null, { ...roomy, metadata, mode }).kind).toBe(kind)
    const profile = withJpegSegment(drawn.jpeg, 0xe2, 'ICC_PROFILE\0')
    expect(checkStructure(profile, null, { ...roomy, metadata, mode }).kind).toBe('decodable')
  })

  it.each([
    ['unknown-type', Buffer.from('words'), 'These bytes are no picture. Taken are image/png, image/jpeg.'],
    ['type-not-allowed', drawn.gif, 'This is image/gif. Taken are image/png, image/jpeg.'],
    ['type-not-allowed', Buffer.from('BM'), 'This is image/bmp. Taken are image/png, image/jpeg.'],
  ])('say what is taken: %s', (code, bytes, message) => {
    const limits = { ...roomy, types: ['image/png', 'image/jpeg'] as const }
    expect(checkStructure(bytes, null, limits)).toEqual({ kind: 'refused', refusal: { code, message } })
  })

  it('leave metadata to whoever keeps or strips it', () => {
    const told = withJpegSegment(withJpegSegment(drawn.jpeg, 0xfe, 'x'), 0xed, 'Photoshop 3.0\0')
    expect(checkStructure(told, null, roomy)).toMatchObject({
      structure: { ancillary: [{ kind: 'IPTC' }, { kind: 'comment' }] },
    })
    expect(checkStructure(told, null, asIs).kind).toBe('decodable')
    expect(checkStructure(withPngChunk(drawn.png, 'tEXt', 'a\0b'), null, asIs).kind).toBe('decodable')
  })

  it.each(pictures)('refuse every beginning of a picture that is not all of it: %s', (_name, bytes) => {
    verifies('media.any-bytes')
    const limits = { ...roomy, maximumFrames: 2 }
    const passed = Array.from(bytes.keys()).filter(
      (length) => checkStructure(bytes.subarray(0, length), null, limits).kind !== 'refused',
    )
    expect(passed).toEqual([])
  })

  it('answer whatever bytes come, and throw nothing', () => {
    verifies('media.any-bytes')
    const changes = fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255), length: fc.nat(4) }), { maxLength: 6 })
    const limits = fc.constantFrom(roomy, asIs, { ...roomy, metadata: 'refuse' as const, maximumFrames: 5 })
    const picture = fc.oneof(
      fc.tuple(fc.constantFrom(...Object.values(drawn)), changes).map(([bytes, all]) => changed(bytes, all)),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    )
    fc.assert(
      fc.property(picture, limits, (bytes, taken) => {
        const verdict = checkStructure(bytes, null, taken)
        if (verdict.kind === 'refused') {
          expect(verdict.refusal.message).toMatch(/^[A-Z0-9].*\.$/)
          return
        }
        const { width, height, frames, end } = verdict.structure
        expect(width * height * frames).toBeGreaterThan(0)
        expect(width * height * frames).toBeLessThanOrEqual(taken.maximumPixels)
        expect(end).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: propertyRuns(3000) },
    )
  })
})

/** A picture with bytes written over, put in or left out at some places. */
function changed(
  bytes: Buffer,
  changes: readonly { readonly at: number; readonly byte: number; readonly length: number }[],
): Buffer {
  let result = Buffer.from(bytes)
  for (const { at, byte, length } of changes) {
    const place = at % (result.length + 1)
    const removed = byte % 6
    result = Buffer.concat([result.subarray(0, place), Buffer.alloc(length, byte), result.subarray(place + removed)])
  }
  return result
}
