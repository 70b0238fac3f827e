import { expect, it } from 'vitest'
import { WalledMediaChecker } from '../../src/media/media-checker.ts'
import { documentWith } from '../support/endpoints/document.ts'
import { guardedService } from '../support/endpoints/guarded-service.ts'
import { emptyZip, page, withJpegSegment } from '../support/media/changed-pictures.ts'
import { drawn } from '../support/media/drawn-pictures.ts'
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
