import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentWith } from '../../support/endpoints/document.ts'
import { guardedService } from '../../support/endpoints/guarded-service.ts'
import { withPngHeader } from '../../support/media/changed-pictures.ts'
import { drawn } from '../../support/media/drawn-pictures.ts'
import { RecordedMedia } from '../../support/media/recorded-media.ts'
import { verifies } from '../../support/verifies.ts'

const picture = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png, image/jpeg' }
const url = { type: 'string', format: 'uri', contentMediaType: 'image/*' }
const withMembers = (properties: object, others: object = {}) => ({
  type: 'object',
  additionalProperties: false,
  properties: { ...properties, ...others },
})
const anew = Buffer.from('a picture drawn anew')
const sent = anew.toString('base64')
const base64 = drawn.png.toString('base64')

async function guardedWith(schema: object, settings: object = {}, version = '3.1.0') {
  const media = new RecordedMedia(anew)
  const guarded = await guardedService({ document: documentWith({ schema, version }), media, settings })
  const call = (body: unknown) =>
    guarded.call(typeof body === 'string' ? body : JSON.stringify(body), { 'content-type': 'application/json' })
  return { media, guarded, call, [Symbol.asyncDispose]: () => guarded[Symbol.asyncDispose]() }
}

describe('a picture in a body of JSON', () => {
  it('goes on drawn anew, in its place, and everything else as it was', async () => {
    verifies('endpoints.pictures-in-json')
    await using service = await guardedWith(withMembers({ image: picture }, { seed: {}, name: { type: 'string' } }))
    const body = `{ "seed" : 12345678901234567890, "image":"${base64.replaceAll('/', String.raw`\/`)}", "name":"\\u00e4" }`
    expect((await service.call(body)).status).toBe(200)
    expect(service.media.asked.map(({ bytes }) => bytes)).toEqual([drawn.png])
    expect(service.guarded.behind.requests.map(({ body: gone }) => gone)).toEqual([
      `{"seed":12345678901234567890,"image":"${sent}","name":"ä"}`,
    ])
  })

  it.each([
    ['in lists', { images: { type: 'array', items: picture } }, { images: [base64, base64] }, { images: [sent, sent] }],
    [
      'of 3.0',
      { a: { type: 'string', format: 'byte', 'x-contentMediaType': 'image/png' } },
      { a: base64 },
      { a: sent },
    ],
    ['in data: URLs', { a: url }, { a: `data:image/png;base64,${base64}` }, { a: `data:image/png;base64,${sent}` }],
    ['that may be missing', { a: { anyOf: [picture, { type: 'null' }] } }, { a: null }, { a: null }],
    [
      'under any name',
      { a: { type: 'object', additionalProperties: picture } },
      { a: JSON.parse(`{"__proto__":"${base64}"}`) as unknown },
      { a: JSON.parse(`{"__proto__":"${sent}"}`) as unknown },
    ],
  ])('is found %s', async (what, properties, body, gone) => {
    verifies('endpoints.pictures-in-json')
    await using service = await guardedWith(withMembers(properties), {}, what === 'of 3.0' ? '3.0.3' : '3.1.0')
    expect(await (await service.call(body)).text()).toBe('{"label":"cat"}')
    expect(service.guarded.behind.requests.map((request) => JSON.parse(request.body) as unknown)).toEqual([gone])
  })

  it('is refused where it is longer drawn anew than the document takes', async () => {
    verifies('endpoints.bad-pictures')
    const longer = Buffer.concat([drawn.png, Buffer.alloc(3)])
    const media = new RecordedMedia(longer)
    const schema = withMembers({ a: { ...picture, maxLength: base64.length } })
    await using guarded = await guardedService({ document: documentWith({ schema }), media })
    const answer = await guarded.call(JSON.stringify({ a: base64 }), { 'content-type': 'application/json' })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('characters, after its picture was drawn anew.')
    expect(guarded.behind.requests).toEqual([])
  })

  it('is refused where the pictures of one body are too large together', async () => {
    verifies('endpoints.bad-pictures')
    const schema = withMembers({ a: { type: 'array', items: picture } })
    await using service = await guardedWith(schema, { pictures: { pixels: 500 } })
    const answer = await service.call({ a: [base64, drawn.jpeg.toString('base64')] })
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining(
        '384 pixels in all frames; at most 116 are taken after the pictures before it. [too-many',
      ),
    ])
    expect(service.guarded.behind.requests).toEqual([])
  })

  it('is shown to no rule', async () => {
    const seen: unknown[] = []
    const payload = { ofEndpoint: async ({ body }: { readonly body: unknown }) => void seen.push(body) }
    const media = new RecordedMedia(anew)
    const document = documentWith({ schema: withMembers({ a: picture, b: { type: 'string' } }) })
    await using guarded = await guardedService({ document, media, payload })
    await guarded.call(JSON.stringify({ a: base64, b: 'words' }), { 'content-type': 'application/json' })
    expect(seen).toMatchObject([{ value: { a: null, b: 'words' } }])
  })
})

describe('a picture in a body of JSON that is not taken', () => {
  const lists = { type: 'array', items: { type: 'array', items: picture } }
  let service: Awaited<ReturnType<typeof guardedWith>>
  beforeAll(async () => {
    service = await guardedWith(withMembers({ a: picture, url, list: lists }), { pictures: { count: 2 } })
  })
  afterAll(() => service[Symbol.asyncDispose]())

  const unpacking = withPngHeader(drawn.png, (header) => {
    header.writeUInt32BE(4_000, 0)
    header.writeUInt32BE(4_000, 4)
  })
  const wide = withPngHeader(drawn.png, (header) => header.writeUInt32BE(5_000, 0))
  it.each<[string, unknown, string]>([
    ['white space', { a: `${base64.slice(0, 76)}\n${base64.slice(76)}` }, 'a must be base64 without white'],
    ['the alphabet of addresses', { a: 'ab-_' }, 'body.a must be base64 of the alphabet with + and /'],
    ['other characters', { a: 'äbcd' }, 'body.a must be base64, which has letters, digits'],
    ['no padding', { a: 'iVBORw' }, 'body.a must be base64 that is padded'],
    ['too much padding', { a: 'iVBORw====' }, 'body.a must be base64 that ends with its padding'],
    ['something behind the padding', { a: 'iQ==iQ==' }, 'body.a must be base64 that ends with its padding'],
    ['bits left over', { a: 'iVBORx==' }, 'body.a must be base64 whose last character leaves no bits'],
    ['nothing', { a: '' }, 'body.a: These bytes are no picture. Taken are image/png, image/jpeg. [unknown-type]'],
    ['a text', { a: 'aGVsbG8=' }, '[unknown-type]'],
    ['a picture of another type', { a: drawn.webp.toString('base64') }, 'body.a: This is image/webp. Taken'],
    ['a number', { a: 5 }, 'body.a must be string'],
    ['a picture that is cut', { a: drawn.png.subarray(0, 60).toString('base64') }, '[truncated]'],
    ['a picture that is too wide', { a: wide.toString('base64') }, 'body.a: The picture has 5000 pixels'],
    ['a small picture that unpacks to much', { a: unpacking.toString('base64') }, '[unpacks-too-large]'],
    ['an address', { url: 'https://example.com/a.png' }, 'body.url must be a data: URL such as'],
    ['a data: URL in capitals', { url: `DATA:image/png;base64,${base64}` }, 'body.url must be a data: URL such as'],
    ['a data: URL with a parameter', { url: `data:image/png;a=b;base64,${base64}` }, 'body.url must be a data: URL'],
    ['a data: URL with white space', { url: `data:image/png;base64, ${base64}` }, 'base64 without white space'],
    ['a data: URL of another type', { url: `data:image/gif;base64,${base64}` }, '[declared-type-differs]'],
    [
      'the third of two pictures, deep in a list',
      { list: [[base64, base64], [base64]] },
      'body.list[1][0] is one picture more than the 2 that are taken.',
    ],
  ])('is refused with its place and the reason where it is %s, and nothing is sent', async (_what, body, words) => {
    verifies('endpoints.bad-pictures')
    const answer = await service.call(body)
    expect(answer.status).toBe(400)
    const told = (await answer.json()) as { readonly detail: string; readonly request_id: string }
    expect(told.detail).toContain(words)
    expect(told.request_id).not.toBe('')
    expect(service.guarded.behind.requests).toEqual([])
  })
})
