import sharp from 'sharp'
import { expect, it } from 'vitest'
import { WalledMediaChecker } from '../../src/media/media-checker.ts'
import { documentWith } from '../support/endpoints/document.ts'
import { guardedService } from '../support/endpoints/guarded-service.ts'
import { emptyZip, page, withJpegSegment, withPngPixels } from '../support/media/changed-pictures.ts'
import { drawn, oneColour, turnedJpeg } from '../support/media/drawn-pictures.ts'
import { verifies } from '../support/verifies.ts'

const decoders = {
  processes: 1,
  waiting: 8,
  picturesPerProcess: 100,
  deadlineMilliseconds: 30_000,
  memoryMegabytes: 512,
}
const content = { 'image/jpeg': {}, 'image/png': {} }
const document = documentWith({ operation: { requestBody: { required: true, content } } })

it('an endpoint gets a picture drawn anew, and nothing of one that is not taken', async () => {
  verifies('media.endpoint')
  await using media = new WalledMediaChecker(decoders)
  await using guarded = await guardedService({ document, media })
  const send = (bytes: Buffer, type: string) => guarded.call(bytes, { 'content-type': type })

  const carried = Buffer.concat([withJpegSegment(drawn.jpeg, 0xfe, page), emptyZip])
  expect((await send(carried, 'image/jpeg')).status).toBe(200)
  const [first] = guarded.behind.requests
  expect(first?.body.length).toBeGreaterThan(200)
  expect(first?.body).not.toContain('<html')
  expect(first?.body).not.toContain('PK\x05\x06')

  for (const [bytes, type, code] of [
    [drawn.png, 'image/jpeg', 'type-not-allowed'],
    [drawn.png.subarray(0, 60), 'image/png', 'truncated'],
    [page, 'image/png', 'type-not-allowed'],
  ] as const) {
    const refused = await send(bytes, type)
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain(`[${code}]`)
  }
  expect((await send(drawn.webp, 'image/webp')).status).toBe(415)
  expect(guarded.behind.requests).toHaveLength(1)
})

it('an endpoint gets pictures in JSON drawn anew, whatever honest programs write, and nothing of one that does not decode', async () => {
  verifies('endpoints.pictures-in-json')
  verifies('endpoints.bad-pictures')
  const picture = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/*' }
  const schema = { type: 'object', properties: { images: { type: 'array', items: picture } } }
  await using media = new WalledMediaChecker(decoders)
  await using guarded = await guardedService({ document: documentWith({ schema }), media })
  const send = (...pictures: readonly Buffer[]) =>
    guarded.call(JSON.stringify({ images: pictures.map((each) => each.toString('base64')) }), {
      'content-type': 'application/json',
    })

  const honest = [drawn.pngInterlaced, drawn.png16, drawn.jpegCmyk, drawn.webp, drawn.gif, await turnedJpeg(6)]
  expect((await send(...honest)).status).toBe(200)
  const { images } = JSON.parse(guarded.behind.requests[0]?.body ?? '') as { readonly images: readonly string[] }
  const gone = await Promise.all(images.map((text) => sharp(Buffer.from(text, 'base64')).metadata()))
  expect(gone.map(({ format, width, height }) => `${format} ${width}×${height}`)).toEqual([
    'png 24×16',
    'png 24×16',
    'jpeg 24×16',
    'webp 24×16',
    'gif 24×16',
    'jpeg 16×24',
  ])
  expect(new Set(gone.map(({ depth, space }) => `${depth} ${space}`))).toEqual(new Set(['uchar srgb']))

  const carrying = Buffer.concat([withJpegSegment(drawn.jpeg, 0xfe, page), emptyZip])
  expect((await send(carrying)).status).toBe(200)
  expect(guarded.behind.requests[1]?.body).not.toContain(carrying.toString('base64'))

  for (const [bytes, code] of [
    [withPngPixels(drawn.png, Buffer.alloc(40)), 'not-decodable'],
    [drawn.gifAnimated, 'too-many-frames'],
    [drawn.webpAnimated, 'too-many-frames'],
    [await oneColour({ width: 5_000, height: 1 }), 'too-wide'],
  ] as const) {
    const refused = await send(drawn.png, bytes)
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain(`body.images[1]: `)
    expect(await (await send(bytes)).text()).toContain(`[${code}]`)
  }
  expect(guarded.behind.requests).toHaveLength(2)
})
