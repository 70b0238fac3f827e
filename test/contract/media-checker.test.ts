import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { MediaLimits, MediaVerdict } from '../../src/core/media.ts'
import { pictureProbe } from '../../src/compose/picture-probe.ts'
import { WalledMediaChecker, type MediaCheckerOptions } from '../../src/media/media-checker.ts'
import { checkStructure } from '../../src/media/refusals.ts'
import { behindWall } from '../../src/processes/wall.ts'
import { verifies } from '../support/verifies.ts'
import {
  emptyZip,
  page,
  withJpegSegment,
  withPngChunk,
  withPngHeader,
  withPngPixels,
  withShorterWebp,
  withoutTail,
} from '../support/media/changed-pictures.ts'
import { drawn, noise, turnedJpeg } from '../support/media/drawn-pictures.ts'
import { hostilePictures } from '../support/media/hostile-pictures.ts'
import { asIs, roomy } from '../support/media/limits.ts'
import { processesWith } from '../support/processes/processes-with.ts'

const never = new AbortController().signal
const usual: MediaCheckerOptions = {
  processes: 1,
  waiting: 50,
  picturesPerProcess: 1000,
  deadlineMilliseconds: 60_000,
  memoryMegabytes: 512,
}
const shared = new WalledMediaChecker(usual)

function check(bytes: Buffer, limits: MediaLimits, checker = shared): Promise<MediaVerdict> {
  return checker.check(bytes, { sender: 'ann', declaredType: null, limits }, never)
}

async function accepted(bytes: Buffer, limits: MediaLimits): Promise<Buffer> {
  const verdict = await check(bytes, limits)
  if (verdict.kind === 'refused') throw new Error(verdict.refusal.message)
  return Buffer.from(verdict.media.bytes)
}

/** The largest difference of one colour between two pictures. */
async function difference(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all(
    [one, other].map((bytes) => sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer()),
  )
  return (a ?? Buffer.alloc(0)).reduce((most, value, index) => Math.max(most, Math.abs(value - (b?.[index] ?? 999))), 0)
}

/** Decoders that this process started. */
function decoders(): readonly number[] {
  return processesWith('decoder-process.ts')
}

describe('a picture that is drawn anew', () => {
  it.each(Object.entries(drawn))('keeps its size and type, and has 8 bits of sRGB: %s', async (_name, bytes) => {
    verifies('media.drawn-anew')
    const anew = await accepted(bytes, { ...roomy, maximumFrames: 2 })
    const [before, after] = [bytes, anew].map((picture) =>
      checkStructure(picture, null, { ...roomy, maximumFrames: 2 }),
    )
    expect(after).toMatchObject({
      kind: 'decodable',
      structure: { width: 24, height: 16, bitsPerChannel: 8, ancillary: [], end: anew.length },
    })
    expect(after).toMatchObject({ structure: { type: before?.kind === 'decodable' ? before.structure.type : null } })
    expect((await sharp(anew).metadata()).space).toBe('srgb')
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('stands upright, however the camera was held: %i', async (orientation) => {
    verifies('media.drawn-anew')
    const turned = await turnedJpeg(orientation)
    const anew = await accepted(turned, roomy)
    const upright = await sharp(turned).autoOrient().jpeg({ quality: 100 }).toBuffer()
    expect(await sharp(anew).metadata()).not.toHaveProperty('orientation')
    expect(await difference(anew, upright)).toBeLessThan(40)
    const verdict = await check(turned, roomy)
    const isLying = orientation >= 5
    expect(verdict).toMatchObject({ media: isLying ? { width: 16, height: 24 } : { width: 24, height: 16 } })
  })

  it.each([
    ['behind a JPEG', Buffer.concat([drawn.jpeg, emptyZip, page])],
    ['behind a PNG', Buffer.concat([drawn.png, emptyZip, page])],
    ['behind a GIF', Buffer.concat([drawn.gif, emptyZip, page])],
    ['behind a WebP', Buffer.concat([drawn.webp, emptyZip, page])],
    ['inside a JPEG', withJpegSegment(withJpegSegment(drawn.jpeg, 0xfe, page), 0xe5, emptyZip)],
    ['inside a PNG', withPngChunk(withPngChunk(drawn.png, 'tEXt', page), 'zIPs', emptyZip)],
  ])('carries nothing of what came %s', async (_where, bytes) => {
    verifies('media.drawn-anew')
    const anew = await accepted(bytes, roomy)
    expect([anew.includes('<html'), anew.includes('PK\x05\x06')]).toEqual([false, false])
    expect([bytes.includes('<html'), bytes.includes('PK\x05\x06')]).toEqual([true, true])
  })

  it('loses nothing where it came without a loss', async () => {
    verifies('media.drawn-anew')
    expect(await difference(await accepted(drawn.webpLossless, roomy), drawn.webpLossless)).toBe(0)
    expect(await difference(await accepted(drawn.png, roomy), drawn.png)).toBe(0)
  })

  it('stands upright also where that is written as a long number', async () => {
    verifies('media.drawn-anew')
    const exif = 'Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x04\0\x01\0\0\0\x06\0\0\0\0\0\0\0'
    const turned = withJpegSegment(drawn.jpeg, 0xe1, Buffer.from(exif, 'latin1'))
    expect(await check(turned, roomy)).toMatchObject({ kind: 'accepted', media: { width: 16, height: 24 } })
  })

  it('keeps metadata where that is wanted, though none of how the camera was held', async () => {
    const told = await sharp(await turnedJpeg(6))
      .withExif({ IFD0: { Artist: 'somebody', Orientation: '6' } })
      .jpeg()
      .toBuffer()
    const kept = await accepted(told, { ...roomy, metadata: 'keep' })
    expect((await accepted(told, roomy)).includes('somebody')).toBe(false)
    expect(kept.includes('somebody')).toBe(true)
    expect((await sharp(kept).metadata()).orientation ?? 1).toBe(1)
  })
})

describe('a picture that is handed on as it is', () => {
  it.each([
    'png',
    'pngWithAlpha',
    'pngPalette',
    'pngGrey',
    'pngInterlaced',
    'jpeg',
    'jpegGrey',
    'jpegProgressive',
    'gif',
    'webp',
    'webpLossless',
  ] as const)('has not one byte changed: %s', async (name) => {
    verifies('media.as-is')
    expect(await accepted(drawn[name], asIs)).toEqual(drawn[name])
  })
})

const damaged = [
  ['pixels that are packed by no rule', withPngPixels(drawn.png, Buffer.alloc(200, 7))],
  ['fewer pixels than its header says', withPngPixels(drawn.png, deflateSync(Buffer.alloc(100)))],
  [
    'a larger size in its header than it has pixels',
    withPngHeader(drawn.png, (header) => header.writeUInt32BE(400, 4)),
  ],
  ['a JPEG cut in its pixels, with an end put on', withoutTail(await noise(64, 'jpeg'), Buffer.from([0xff, 0xd9]))],
  ['a WebP cut in its pixels, with lengths to fit', withShorterWebp(await noise(64, 'webp'))],
] as const

describe('a picture that does not decode whole', () => {
  it.each(damaged)('is refused however it would be handed on: %s', async (_what, bytes) => {
    verifies('media.decoded-whole')
    for (const limits of [roomy, asIs]) {
      expect(checkStructure(bytes, null, limits).kind).toBe('decodable')
      expect(await check(bytes, limits)).toMatchObject({ kind: 'refused', refusal: { code: 'not-decodable' } })
    }
  })

  it('is refused before any process starts where its structure says enough', async () => {
    verifies('media.structure-first')
    await using checker = new WalledMediaChecker(usual)
    const before = decoders().length
    for (const { bytes, code, declaredType, limits } of hostilePictures) {
      const verdict = await checker.check(
        bytes,
        { sender: 'ann', declaredType: declaredType ?? null, limits: limits ?? roomy },
        never,
      )
      expect(verdict).toMatchObject({ kind: 'refused', refusal: { code } })
    }
    expect(decoders().length).toBe(before)
  })
})

describe('a decoder', () => {
  it('that needs too much memory is given up with its picture alone', async () => {
    verifies('media.memory')
    await using checker = new WalledMediaChecker({ ...usual, memoryMegabytes: 50 })
    const large = await noise(3900, 'png')
    const limits = { ...roomy, maximumBytes: large.length }
    expect(await check(large, limits, checker)).toMatchObject({ refusal: { code: 'not-decodable' } })
    expect(await check(large, limits)).toMatchObject({ kind: 'accepted' })
    expect(await check(drawn.png, roomy, checker)).toMatchObject({ kind: 'accepted' })
  })

  it('that takes too long is killed, and the next picture has a new one', async () => {
    verifies('media.deadline')
    await using checker = new WalledMediaChecker({ ...usual, deadlineMilliseconds: 400 })
    await checker.warm(never)
    const slow = await noise(3900, 'png')
    const limits = { ...roomy, maximumBytes: slow.length }
    expect(await check(slow, limits, checker)).toMatchObject({ refusal: { code: 'too-slow' } })
    expect(await check(slow, limits)).toMatchObject({ kind: 'accepted' })
    await checker.warm(never)
    expect(await check(drawn.png, roomy, checker)).toMatchObject({ kind: 'accepted' })
  })

  it('has a queue with an end, and whoever does not fit is told so at once', async () => {
    verifies('media.queue')
    await using checker = new WalledMediaChecker({ ...usual, waiting: 2 })
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => check(drawn.png, roomy, checker)))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'])
    expect(answers.at(-1)).toMatchObject({ reason: { code: 'sandbox-busy' } })
    expect(await check(drawn.png, roomy, checker)).toMatchObject({ kind: 'accepted' })
  })

  it('gives a place in a full queue to another sender than the one who fills it', async () => {
    verifies('media.queue')
    await using checker = new WalledMediaChecker({ ...usual, waiting: 2 })
    const of = (sender: string) => checker.check(drawn.png, { sender, declaredType: null, limits: roomy }, never)
    const answers = await Promise.allSettled([of('ann'), of('ann'), of('ann'), of('bob')])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(answers[2]).toMatchObject({ reason: { code: 'sandbox-busy' } })
  })

  it('goes on for others when one who waits has gone', async () => {
    await using checker = new WalledMediaChecker(usual)
    const gone = new AbortController()
    const first = check(drawn.png, roomy, checker)
    const second = checker.check(drawn.png, { sender: 'ann', declaredType: null, limits: roomy }, gone.signal)
    const third = check(drawn.jpeg, roomy, checker)
    gone.abort()
    await expect(second).rejects.toMatchObject({ name: 'AbortError' })
    expect(await first).toMatchObject({ kind: 'accepted' })
    expect(await third).toMatchObject({ kind: 'accepted', media: { type: 'image/jpeg' } })
  })

  it('that is worn gives way to a new one, and none stays behind', async () => {
    verifies('media.worn')
    const before = decoders()
    const checker = new WalledMediaChecker({ ...usual, picturesPerProcess: 2 })
    const seen = new Set<number>()
    for (let picture = 0; picture < 6; picture += 1) {
      await check(drawn.png, roomy, checker)
      for (const pid of decoders()) if (!before.includes(pid)) seen.add(pid)
    }
    expect(seen.size).toBeGreaterThan(3)
    await checker[Symbol.asyncDispose]()
    await expect.poll(() => decoders().filter((pid) => seen.has(pid))).toEqual([])
  })

  it('refuses every picture where it gets no wall, and says what to do', async () => {
    verifies('media.no-wall')
    const root = join(import.meta.dirname, '../..')
    const readable = [
      process.execPath,
      ...['package.json', 'src', 'test', 'node_modules'].map((name) => join(root, name)),
    ]
    const program = join(root, 'test/support/processes/checking-process.ts')
    // Behind one wall there is nothing to make another of.
    const [first = '', ...rest] = behindWall([process.execPath, program], { readable, memoryMegabytes: 2048 })
    const child = spawn(first, rest, { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    const [answer] = (await once(child, 'message')) as [unknown]
    expect(answer).toEqual({
      code: 'sandbox-unavailable',
      advice: expect.stringContaining('user namespaces') as string,
      probe: {
        passed: true,
        detail: expect.stringMatching(/^none is decoded here: .*user namespaces/) as string,
        fix: null,
      },
    })
  })

  it('is proven by doctor', async () => {
    verifies('media.no-wall')
    expect(await pictureProbe.run(never)).toEqual({ passed: true, detail: 'PNG, JPEG, GIF and WebP', fix: null })
  })
})
