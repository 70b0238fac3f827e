import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentWith } from '../../support/endpoints/document.ts'
import { guardedService, schema, type GuardedService } from '../../support/endpoints/guarded-service.ts'
import { verifies } from '../../support/verifies.ts'

const good = '{"pixels":[0.5]}'
const head = (headers: string, path = '/predict', method = 'POST') =>
  `${method} /endpoints/classifier${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer sp-ann\r\n${headers}\r\n`
const json = 'Content-Type: application/json\r\n'
const sized = (body: string | Buffer, headers = json, path?: string) =>
  Buffer.concat([
    Buffer.from(head(`${headers}Content-Length: ${Buffer.byteLength(body)}\r\n`, path)),
    Buffer.from(body),
  ])
const encoded = (encoding: string, body: Buffer) => sized(body, `${json}Content-Encoding: ${encoding}\r\n`)
const chunked = (body: string) => head(`${json}Transfer-Encoding: chunked\r\n`) + body
const zeros = Buffer.from(`{"pixels":[${'0,'.repeat(400_000)}0]}`)

const bad: readonly (readonly [what: string, request: string | Buffer, status: number, words: string])[] = [
  ['no body', head(json), 400, 'The body is missing.'],
  ['an empty body in chunks', chunked('0\r\n\r\n'), 400, 'The body is empty.'],
  ['no JSON', sized('{"pixels":'), 400, 'The body is not valid JSON'],
  ['two values of JSON', sized(`${good}${good}`), 400, 'The body is not valid JSON'],
  ['a list for an object', sized('[1]'), 400, 'body must be object'],
  ['null', sized('null'), 400, 'body must be object'],
  ['a mandatory member missing', sized('{}'), 400, "body must have required property 'pixels'"],
  ['a member that there is not', sized('{"pixels":[0],"admin":true}'), 400, 'additional properties: \\"admin\\"'],
  ['a member of the prototype', sized('{"pixels":[0],"__proto__":{}}'), 400, 'additional properties'],
  ['a text for a number', sized('{"pixels":["0.5"]}'), 400, 'body.pixels[0] must be number'],
  ['a number that is too large', sized('{"pixels":[2]}'), 400, 'body.pixels[0] must be <= 1'],
  ['a number beyond all numbers', sized('{"pixels":[1e999]}'), 400, 'body.pixels[0] must be'],
  ['NaN', sized('{"pixels":[NaN]}'), 400, 'The body is not valid JSON'],
  ['too many elements', sized(`{"pixels":[${'0,'.repeat(64)}0]}`), 400, 'must NOT have more than 64 items'],
  ['no element', sized('{"pixels":[]}'), 400, 'must NOT have fewer than 1 items'],
  [
    'a text that is too long',
    sized(`{"pixels":[0],"name":"${'a'.repeat(21)}"}`),
    400,
    'must NOT have more than 20 characters',
  ],
  ['a text of another pattern', sized('{"pixels":[0],"name":"A"}'), 400, 'body.name must match pattern'],
  ['a name twice', sized('{"pixels":[0],"pixels":[1]}'), 400, 'The name \\"pixels\\" stands twice in one object.'],
  [
    'a name twice, once in escapes',
    sized(String.raw`{"pixels":[0],"\u0070ixels":[1]}`),
    400,
    'stands twice in one object',
  ],
  ['deep JSON', sized(`${'['.repeat(40)}${']'.repeat(40)}`), 400, 'It is nested more than 32 deep.'],
  ['very many values', sized(`[${'0,'.repeat(60_000)}0]`), 400, 'It holds more than 50000 values.'],
  ['no UTF-8', sized(Buffer.from([0x22, 0xff, 0x22])), 400, 'The body is not valid UTF-8.'],
  ['a byte order mark before JSON', sized(`\ufeff${good}`), 400, 'The body is not valid JSON'],
  ['a mark of UTF-16', sized(Buffer.from(`\ufeff${good}`, 'utf16le')), 400, 'The body is not valid'],
  ['a huge body', sized('x'.repeat(1_100_000)), 413, 'The body is larger than the limit.'],
  [
    'a huge body in chunks',
    chunked(`10c8e0\r\n${' '.repeat(1_100_000)}\r\n0\r\n\r\n`),
    413,
    'The body is larger than the limit.',
  ],
  ['no content type', sized(good, ''), 415, 'The content type is missing.'],
  ['another content type', sized(good, 'Content-Type: text/plain\r\n'), 415, 'The content type is \\"text/plain\\".'],
  ['a content type that is none', sized(good, 'Content-Type: json\r\n'), 415, 'The content type is \\"json\\".'],
  [
    'another character set',
    sized(good, 'Content-Type: application/json; charset=utf-16\r\n'),
    415,
    'The character set \\"utf-16\\"',
  ],
  ['two content types', sized(good, `${json}${json}`), 400, 'There is more than one content-type header.'],
  ['two lengths', head(`${json}Content-Length: 16\r\nContent-Length: 17\r\n`) + good, 400, ''],
  ['a length and chunks', head(`${json}Content-Length: 16\r\nTransfer-Encoding: chunked\r\n`) + '0\r\n\r\n', 400, ''],
  ['a length that is no number', head(`${json}Content-Length: 1e3\r\n`) + good, 400, ''],
  ['chunks of a broken size', chunked('zz\r\n'), 400, ''],
  [
    'another transfer encoding',
    head(`${json}Transfer-Encoding: gzip, chunked\r\n`) + '0\r\n\r\n',
    400,
    'The only Transfer-Encoding here is chunked.',
  ],
  [
    'a flood of headers',
    head(`${json}${'X-A: aaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(1_000)}`),
    431,
    'The headers are larger than the limit.',
  ],
  [
    'an encoding that nobody reads',
    encoded('compress', Buffer.from(good)),
    415,
    'The encoding \\"compress\\" is not read.',
  ],
  ['two encodings', encoded('gzip, br', gzipSync(good)), 415, 'is not read'],
  ['gzip that is none', encoded('gzip', Buffer.from(good)), 400, 'The body is not what its encoding says.'],
  [
    'gzip that breaks off',
    encoded('gzip', gzipSync(good).subarray(0, 20)),
    400,
    'The body is not what its encoding says.',
  ],
  ['a bomb of gzip', encoded('gzip', gzipSync(zeros)), 413, 'The body unpacks to more than its encoding may.'],
  ['a bomb of deflate', encoded('deflate', deflateSync(zeros)), 413, 'The body unpacks to more than its encoding may.'],
  ['a bomb of br', encoded('br', brotliCompressSync(zeros)), 413, 'The body unpacks to more than its encoding may.'],
  ['a bomb of zstd', encoded('zstd', zstdCompressSync(zeros)), 413, 'The body unpacks to more than its encoding may.'],
  [
    'a parameter that there is not',
    sized(good, json, '/predict?debug=1'),
    400,
    'query.debug is no parameter of this operation',
  ],
  ['a parameter twice', sized(good, json, '/predict?top=1&top=2'), 400, 'query.top stands twice'],
  ['a parameter of another kind', sized(good, json, '/predict?top=many'), 400, 'query.top must be integer'],
  ['a parameter out of bounds', sized(good, json, '/predict?top=11'), 400, 'query.top must be <= 10'],
  ['a parameter without a name', sized(good, json, '/predict?=1'), 400, 'is no parameter of this operation'],
  ['a broken escape', sized(good, json, '/predict?top=%zz'), 400, 'has an escape that is no UTF-8'],
  [
    'a long address',
    sized(good, json, `/predict?top=${'1'.repeat(5_000)}`),
    400,
    'The address is longer than the endpoint takes.',
  ],
  [
    'a header of another value',
    sized(good, `${json}X-Mode: turbo\r\n`),
    400,
    'header.x-mode must be equal to one of the allowed values',
  ],
  ['a header twice', sized(good, `${json}X-Mode: fast\r\nX-Mode: slow\r\n`), 400, 'header.x-mode stands twice'],
  ['another path', sized(good, json, '/admin'), 404, 'The endpoint has nothing at /admin.'],
  ['another spelling of the path', sized(good, json, '/pre%64ict'), 404, 'The endpoint has nothing at'],
  ['a path upwards', sized(good, json, '/../predict'), 404, 'The endpoint has nothing at'],
  ['an encoded slash', sized(good, json, '/predict%2f..'), 400, 'The path holds an encoded slash'],
  ['another method', head('', '/predict', 'DELETE'), 405, 'DELETE is not allowed on /predict.'],
]

describe('what must not reach the service behind an endpoint', () => {
  let guarded: GuardedService
  beforeAll(async () => {
    guarded = await guardedService()
  })
  afterAll(async () => guarded[Symbol.asyncDispose]())

  it.each(bad)('%s is answered with its reason and an id, and goes nowhere', async (_what, request, status, words) => {
    verifies('endpoints.bad-input')
    const before = guarded.behind.requests.length
    const answer = await guarded.raw(request)
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`)
    expect(answer).toContain(words)
    expect(answer).toMatch(/"request_id":"[^"]+"/)
    expect(guarded.behind.requests.length).toBe(before)
  })

  it.each([
    ['as it is', sized(good)],
    [
      'in chunks, with extensions of them',
      chunked(`8;a=b\r\n${good.slice(0, 8)}\r\n8\r\n${good.slice(8)}\r\n0\r\n\r\n`),
    ],
    ['that waits until it is asked for', sized(good, `${json}Expect: 100-continue\r\n`)],
    ['in gzip', encoded('gzip', gzipSync(good))],
    ['in zstd', encoded('zstd', zstdCompressSync(good))],
    ['with a character set', sized(good, 'Content-Type: Application/JSON; charset="UTF-8"\r\n')],
    [
      'with what is none of its concern',
      sized(good, `${json}Cookie: a=b\r\nX-Forwarded-For: 1.2.3.4\r\nTE: trailers\r\n`),
    ],
  ])('a good call %s is sent in one form, with the key of the service and no other', async (_what, request) => {
    verifies('endpoints.one-form')
    const before = guarded.behind.requests.length
    expect(await guarded.raw(request)).toMatch(/HTTP\/1\.1 200 [^]*\{"label":"cat"\}/)
    const [sent, ...more] = guarded.behind.requests.slice(before)
    expect(more).toEqual([])
    const names = sent?.headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
    expect(names?.toSorted()).toEqual([
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'x-api-key',
    ])
    expect(sent).toMatchObject({ method: 'POST', url: '/v1/predict', body: good })
    const type = sent?.headers.findIndex((name) => name.toLowerCase() === 'content-type') ?? -1
    expect(sent?.headers[type + 1]).toBe('application/json')
    expect(sent?.headers).toContain('of-the-service')
    expect(sent?.headers.join()).not.toContain('sp-ann')
  })
})

describe('an endpoint', () => {
  it('knows its caller before anything else, and is there for who may call it', async () => {
    verifies('endpoints.granted')
    await using guarded = await guardedService({ grants: [] })
    const statuses = [{ authorization: '' }, { authorization: 'Bearer nobody' }, {}].map(
      async (headers) => (await guarded.call(good, headers)).status,
    )
    expect(await Promise.all(statuses)).toEqual([401, 401, 404])
    expect(guarded.behind.requests).toEqual([])
  })

  it('says which methods a path takes where another is used', async () => {
    await using guarded = await guardedService()
    expect(await guarded.raw(head('', '/predict', 'DELETE'))).toMatch(/^HTTP\/1\.1 405 [^]*\r\nallow: POST\r\n/i)
  })

  it('is granted by operation, too', async () => {
    verifies('endpoints.granted')
    await using one = await guardedService({ grants: ['classifier.predict'] })
    expect((await one.call(good)).status).toBe(200)
    await using other = await guardedService({ grants: ['classifier.train'] })
    expect((await other.call(good)).status).toBe(403)
    expect(other.behind.requests).toEqual([])
  })

  it('is refused where nobody knows its price and money is limited, and it is said which price is missing', async () => {
    const limits = [{ per: 'key', unit: 'money', most: 250, every: 'day' }]
    await using guarded = await guardedService({ limits, settings: { price: null } })
    const answer = await guarded.call({ pixels: [0.5] })
    expect(await answer.json()).toMatchObject({
      status: 403,
      detail: expect.stringContaining('The endpoint "classifier" has no price') as string,
      advice: expect.stringContaining('endpoints.classifier.price') as string,
    })
    expect(guarded.behind.requests).toEqual([])
  })

  it('charges each call that is answered, and none beyond what is left', async () => {
    verifies('endpoints.charged')
    await using guarded = await guardedService({ limits: [{ per: 'key', unit: 'money', most: 250, every: 'day' }] })
    const statuses: number[] = []
    for (const body of [good, '{}', good, good]) statuses.push((await guarded.call(body)).status)
    // What was refused cost nothing.
    expect(statuses).toEqual([200, 400, 200, 403])
  })

  it('sends the key of the service and nothing of a caller in its header, also where its document has that as a parameter', async () => {
    verifies('endpoints.one-form')
    const parameters = ['X-Service-Key', 'X-Mode'].map((name) => ({
      name,
      in: 'header',
      required: true,
      schema: { type: 'string' },
    }))
    await using guarded = await guardedService({
      document: documentWith({ schema, parameters }),
      settings: { api_key_header: 'x-service-key' },
    })
    const sent = { 'x-mode': 'fast' }
    expect((await guarded.call(good, { ...sent, 'x-service-key': 'of a caller' })).status).toBe(200)
    expect((await guarded.call(good, sent)).status).toBe(200)
    for (const { headers } of guarded.behind.requests) {
      const keys = headers.filter((_, at) => headers[at - 1] === 'x-service-key')
      expect(keys).toEqual(['of-the-service'])
    }
  })

  it('takes other bytes as they are where its document says so', async () => {
    const operation = {
      requestBody: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
      responses: { 204: { description: 'Kept.' } },
    }
    await using guarded = await guardedService({ document: documentWith({ schema, operation }) })
    guarded.behind.answer = (_request, response) => void response.writeHead(204).end()
    const answer = await guarded.call(Buffer.from([0, 255]), { 'content-type': 'application/octet-stream' })
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    // It need not have one.
    expect(await guarded.raw(head(''))).toContain('HTTP/1.1 204')
  })
})
