import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentWith } from '../../support/endpoints/document.ts'
import { guardedService } from '../../support/endpoints/guarded-service.ts'
import { drawn } from '../../support/media/drawn-pictures.ts'
import { RecordedMedia } from '../../support/media/recorded-media.ts'
import { verifies } from '../../support/verifies.ts'

const anew = Buffer.from('a picture drawn anew')
const multipart = 'multipart/form-data'
const urlEncoded = 'application/x-www-form-urlencoded'

const properties = {
  image: { type: 'string', contentMediaType: 'image/png, image/jpeg' },
  top: { type: 'integer', minimum: 1, maximum: 6 },
  exact: { type: 'boolean' },
  tags: { type: 'array', maxItems: 3, items: { type: 'string', maxLength: 5 } },
  options: { type: 'object', additionalProperties: false, properties: { size: { type: 'number' } } },
  notes: { type: 'string', maxLength: 20 },
}
const schema = { type: 'object', required: ['image'], additionalProperties: false, properties }

interface Wanted {
  readonly version?: string
  readonly type?: string
  readonly encoding?: object
  readonly settings?: object
  readonly components?: object
}

async function guardedForm(of: unknown, { version = '3.1.0', type = multipart, ...wanted }: Wanted = {}) {
  const media = new RecordedMedia(anew)
  const content = { [type]: { schema: of, ...(wanted.encoding === undefined ? {} : { encoding: wanted.encoding }) } }
  const operation = { requestBody: { required: true, content } }
  const document = documentWith({ version, operation, components: wanted.components ?? {} })
  const guarded = await guardedService({ document, media, settings: wanted.settings ?? {} })
  return {
    media,
    sent: guarded.behind.requests,
    send: (body: FormData | URLSearchParams) => sendForm(guarded, body),
    raw: (body: string, contentType: string) => guarded.call(Buffer.from(body), { 'content-type': contentType }),
    [Symbol.asyncDispose]: () => guarded[Symbol.asyncDispose](),
  }
}

async function sendForm(
  guarded: Awaited<ReturnType<typeof guardedService>>,
  body: FormData | URLSearchParams,
): Promise<Response> {
  const written = new Response(body)
  const contentType = written.headers.get('content-type') ?? ''
  return guarded.call(Buffer.from(await written.arrayBuffer()), { 'content-type': contentType })
}

function formOf(...parts: readonly (readonly [name: string, value: string | Buffer, type?: string])[]): FormData {
  const form = new FormData()
  for (const [name, value, type = ''] of parts) {
    if (typeof value === 'string' && type === '') form.append(name, value)
    else form.append(name, new Blob([new Uint8Array(Buffer.from(value))], { type }), '../../etc/passwd.php')
  }
  return form
}

describe('a form', () => {
  it('goes on written anew: in the order of its document, pictures drawn anew, no file name of a caller', async () => {
    verifies('endpoints.forms')
    await using service = await guardedForm(schema)
    const answer = await service.send(
      formOf(
        ['notes', 'Größe'],
        ['tags', 'a'],
        ['options', '{"size": 1.50}', 'application/json'],
        ['top', '3.0'],
        ['image', drawn.png, 'image/png'],
        ['exact', 'true'],
        ['tags', ''],
      ),
    )
    expect(await answer.text()).toBe('{"label":"cat"}')
    const [{ headers, body } = { headers: [], body: '' }] = service.sent
    const boundary = /^--(sallyport-[0-9a-f]{40})\r\n/.exec(body)?.[1] ?? ''
    expect(headers).toContain(`multipart/form-data; boundary=${boundary}`)
    expect(body.split(`--${boundary}`)).toEqual([
      '',
      '\r\nContent-Disposition: form-data; name="image"; filename="picture.png"\r\nContent-Type: image/png\r\n\r\na picture drawn anew\r\n',
      '\r\nContent-Disposition: form-data; name="top"\r\n\r\n3\r\n',
      '\r\nContent-Disposition: form-data; name="exact"\r\n\r\ntrue\r\n',
      '\r\nContent-Disposition: form-data; name="tags"\r\n\r\na\r\n',
      '\r\nContent-Disposition: form-data; name="tags"\r\n\r\n\r\n',
      '\r\nContent-Disposition: form-data; name="options"\r\nContent-Type: application/json\r\n\r\n{"size": 1.50}\r\n',
      '\r\nContent-Disposition: form-data; name="notes"\r\n\r\nGröße\r\n',
      '--\r\n',
    ])
    expect(service.media.asked.map(({ bytes, declaredType }) => [bytes, declaredType])).toEqual([
      [drawn.png, 'image/png'],
    ])
  })

  const base64 = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/*' }
  it.each<[string, object, Wanted, FormData, readonly string[]]>([
    [
      'of 3.0 with a picture by its encoding',
      { type: 'object', properties: { file: { type: 'string', format: 'binary' } } },
      { version: '3.0.3', encoding: { file: { contentType: 'image/png, image/jpeg' } } },
      formOf(['file', drawn.jpeg]),
      ['name="file"; filename="picture.jpg"\r\nContent-Type: image/jpeg\r\n\r\na picture drawn anew'],
    ],
    [
      'with several pictures',
      { type: 'object', properties: { files: { type: 'array', items: { contentMediaType: 'image/*' } } } },
      {},
      formOf(['files', drawn.png, 'image/png'], ['files', drawn.webp]),
      ['filename="picture.png"', 'filename="picture.webp"\r\nContent-Type: image/webp'],
    ],
    [
      'with a picture that may be missing, behind references',
      { $ref: '#/components/schemas/Form' },
      {
        components: {
          schemas: {
            Form: { allOf: [{ type: 'object', properties: { file: { $ref: '#/components/schemas/File' } } }] },
            File: { anyOf: [{ type: 'string', contentMediaType: 'image/png' }, { type: 'null' }] },
          },
        },
      },
      formOf(['file', drawn.png]),
      ['name="file"; filename="picture.png"'],
    ],
    [
      'with a picture in base64, as a text and within JSON',
      {
        type: 'object',
        properties: {
          text: base64,
          list: { type: 'array', items: base64 },
          deep: { type: 'object', properties: { a: base64 } },
        },
      },
      {},
      formOf(
        ['deep', JSON.stringify({ a: drawn.png.toString('base64') })],
        ['text', drawn.png.toString('base64')],
        ['list', drawn.png.toString('base64')],
        ['list', drawn.jpeg.toString('base64')],
      ),
      [
        `name="text"\r\n\r\n${anew.toString('base64')}\r\n`,
        `name="list"\r\n\r\n${anew.toString('base64')}\r\n`,
        `Content-Type: application/json\r\n\r\n{"a":"${anew.toString('base64')}"}\r\n`,
      ],
    ],
    [
      'with bytes that nobody reads',
      { type: 'object', properties: { file: { type: 'string', format: 'binary', maxLength: 2 } } },
      {},
      formOf(['file', Buffer.from([0, 1]), 'text/html']),
      ['name="file"; filename="file"\r\nContent-Type: application/octet-stream\r\n\r\n\0\u0001\r\n'],
    ],
    [
      'with bytes that are octets to its document, whatever a sender calls them',
      { type: 'object', properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } } },
      {},
      formOf(['file', Buffer.from([0, 1]), 'image/png']),
      ['name="file"; filename="file"\r\nContent-Type: application/octet-stream\r\n\r\n\0\u0001\r\n'],
    ],
    [
      'with bytes of a type',
      { type: 'object', properties: { file: {} } },
      { encoding: { file: { contentType: 'application/pdf, audio/*' } } },
      formOf(['file', '%PDF', 'application/pdf']),
      ['Content-Type: application/pdf\r\n\r\n%PDF'],
    ],
    [
      'with a text of a type',
      { type: 'object', properties: { file: { type: 'string' } } },
      { encoding: { file: { contentType: 'text/csv' } } },
      formOf(['file', 'a,b', 'text/csv']),
      ['name="file"\r\nContent-Type: text/csv\r\n\r\na,b'],
    ],
  ])('is read %s', async (_what, of, wanted, form, pieces) => {
    verifies('endpoints.forms')
    await using service = await guardedForm(of, wanted)
    expect(await (await service.send(form)).text()).toBe('{"label":"cat"}')
    for (const piece of pieces) expect(service.sent[0]?.body).toContain(piece)
    expect(service.sent[0]?.body).not.toContain('passwd')
  })
})

describe('a form that is not as its document says', () => {
  let service: Awaited<ReturnType<typeof guardedForm>>
  beforeAll(async () => {
    service = await guardedForm(schema, { settings: { forms: { parts: 8 } } })
  })
  afterAll(() => service[Symbol.asyncDispose]())

  const image = ['image', drawn.png, 'image/png'] as const
  it.each<[string, FormData, string]>([
    ['a part missing', formOf(['top', '3']), "body must have required property 'image'"],
    ['a part that there is not', formOf(image, ['admin', '1']), 'body.admin is no part of this form.'],
    ['a part of the prototype', formOf(image, ['__proto__', '1']), 'body.__proto__ is no part of this form.'],
    ['a part twice', formOf(image, ['top', '1'], ['top', '2']), 'body.top stands twice.'],
    ['a picture twice', formOf(image, image), 'body.image stands twice.'],
    ['a text for a number', formOf(image, ['top', 'many']), 'body.top must be integer'],
    ['nothing for a number', formOf(image, ['top', '']), 'body.top must be integer'],
    ['a number in another spelling', formOf(image, ['top', '0x3']), 'body.top must be integer'],
    ['a number beyond all numbers', formOf(image, ['top', '1e999']), 'body.top must be integer'],
    ['a number out of bounds', formOf(image, ['top', '7']), 'body.top must be <= 6'],
    ['a flag in another spelling', formOf(image, ['exact', 'TRUE']), 'body.exact must be boolean'],
    [
      'too many elements',
      formOf(image, ...Array.from({ length: 4 }, () => ['tags', 'a'] as const)),
      'more than 3 items',
    ],
    [
      'an element that is too long',
      formOf(image, ['tags', 'a'], ['tags', 'abcdef']),
      'body.tags[1] must NOT have more',
    ],
    ['a text that is no UTF-8', formOf(image, ['notes', Buffer.from([0xff]), 'text/plain']), 'body.notes is no UTF-8.'],
    [
      'a text of another type',
      formOf(image, ['notes', 'a', 'text/html']),
      'body.notes is text/html, and has to be text/plain.',
    ],
    ['no JSON', formOf(image, ['options', '{']), 'body.options is no JSON that is taken: The body is not valid JSON'],
    ['JSON of another shape', formOf(image, ['options', '{"a":1}']), 'additional properties: "a"'],
    ['a name twice in JSON', formOf(image, ['options', '{"size":1,"size":2}']), 'The name "size" stands twice'],
    ['deep JSON', formOf(image, ['options', '['.repeat(40) + ']'.repeat(40)]), 'nested more than 32 deep'],
    ['a text for a picture', formOf(['image', 'hello']), 'body.image: These bytes are no picture.'],
    ['a picture of a type that is not taken', formOf(['image', drawn.webp, 'image/webp']), '[type-not-allowed]'],
    ['a picture sent as another', formOf(['image', drawn.png, 'image/jpeg']), '[declared-type-differs]'],
    ['a picture sent as a text', formOf(['image', drawn.png, 'text/plain']), '[declared-type-differs]'],
    ['a picture that is cut', formOf(['image', drawn.png.subarray(0, 60), 'image/png']), '[truncated]'],
    [
      'more parts than are taken',
      formOf(image, ...Array.from({ length: 8 }, () => ['tags', 'a'] as const)),
      'more than 8 parts',
    ],
  ])('with %s is refused with its place and the reason, and nothing is sent', async (_what, form, words) => {
    verifies('endpoints.bad-forms')
    const answer = await service.send(form)
    expect(answer.status).toBe(400)
    const told = (await answer.json()) as { readonly detail: string; readonly request_id: string }
    expect(told.detail).toContain(words)
    expect(told.request_id).not.toBe('')
    expect(service.sent).toEqual([])
  })

  it('without its end, or with another form behind it, is answered, and nothing is sent', async () => {
    verifies('endpoints.bad-forms')
    const open = '--B\r\nContent-Disposition: form-data; name="top"\r\n\r\n1'
    for (const body of [open, `${open}\r\n--B--\r\n${open}\r\n--B--`]) {
      const answer = await service.raw(body, `${multipart}; boundary=B`)
      expect(answer.status).toBe(400)
      expect(await answer.text()).toMatch(/The form (?:breaks off in part 1|goes on behind its end boundary)/)
    }
    expect(service.sent).toEqual([])
  })

  it('with bytes of a type that is not taken is refused', async () => {
    verifies('endpoints.bad-forms')
    const encoding = { file: { contentType: 'application/pdf, audio/*' } }
    await using another = await guardedForm({ type: 'object', properties: { file: {} } }, { encoding })
    for (const type of ['application/zip', 'audiox/a', '']) {
      const answer = await another.send(formOf(['file', Buffer.from('a'), type]))
      expect([answer.status, await answer.text()]).toEqual([
        400,
        expect.stringContaining('and has to be application/pdf'),
      ])
    }
    expect((await another.send(formOf(['file', 'a', 'audio/ogg']))).status).toBe(200)
  })
})

describe('a form in the words of addresses', () => {
  const fields = { a: { type: 'integer' }, b: { type: 'array', items: { type: 'string' } }, c: { type: 'string' } }
  let service: Awaited<ReturnType<typeof guardedForm>>
  beforeAll(async () => {
    service = await guardedForm({ type: 'object', properties: fields }, { type: urlEncoded })
  })
  afterAll(() => service[Symbol.asyncDispose]())

  it('goes on in one spelling', async () => {
    verifies('endpoints.forms')
    const body = new URLSearchParams([
      ['c', 'ä b&=+'],
      ['b', 'x'],
      ['a', '1.0'],
      ['b', ''],
    ])
    expect((await service.send(body)).status).toBe(200)
    expect(service.sent[0]?.body).toBe('a=1&b=x&b=&c=%C3%A4%20b%26%3D%2B')
    expect(service.sent[0]?.headers).toContain(urlEncoded)
  })

  it.each([
    ['a=1&a=2', 'body.a stands twice.'],
    ['d=1', 'body.d is no part of this form.'],
    ['c=1&', 'body. is no part of this form.'],
    ['a=%zz', 'The form has an escape that is no UTF-8.'],
    ['c=%ff', 'The form has an escape that is no UTF-8.'],
    ['a=x', 'body.a must be integer'],
    ['b=&'.repeat(64), 'The form has more than 64 parts.'],
  ])('is refused as %s', async (body, words) => {
    verifies('endpoints.bad-forms')
    const before = service.sent.length
    const refused = await service.raw(body, urlEncoded)
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(words)])
    expect(service.sent).toHaveLength(before)
  })
})
