import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { completion, question, startEnvoyGateway, type EnvoyGateway } from '../support/envoy/envoy-gateway.ts'
import { deployed, envoyProgram } from '../support/envoy/envoy-program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
const path = 'missing' in program ? '' : program.path

const mail = 'maria.schneider@example.org'
const body = question(`Write to ${mail}`)
const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
const address = '/v1/chat/completions'

interface Asked {
  readonly method?: string
  readonly target?: string
  readonly version?: string
  /** Lines, each with its end. */
  readonly more?: string
  readonly key?: string
  readonly sent?: string
  readonly length?: string
  readonly type?: string
  readonly connection?: string
}

/** Everything that comes until Envoy closes the connection. */
async function exchange({ envoy }: EnvoyGateway, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(envoy.url).port), '127.0.0.1')
  let text = ''
  socket.on('data', (piece: Buffer) => (text += piece.toString('latin1')))
  socket.on('error', () => undefined)
  socket.write(bytes, 'latin1')
  await once(socket, 'close')
  return text
}

const statusesIn = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))

describe.skipIf('missing' in program)('a stranger in front of Envoy', () => {
  let gateway: EnvoyGateway

  beforeAll(async () => {
    gateway = await startEnvoyGateway(path)
  })
  beforeEach(() => {
    gateway.model.forget()
    gateway.model.answer = (_request, response) =>
      void response.setHeader('content-type', 'application/json').end(completion('hello'))
  })
  afterAll(() => gateway[Symbol.asyncDispose]())

  const request = (asked: Asked): string => {
    const { method = 'POST', target = address, version = '1.1', more = '', sent = body, connection = 'close' } = asked
    const {
      key = gateway.service.key,
      length = `content-length: ${sent.length}\r\n`,
      type = 'application/json',
    } = asked
    const credential = key === '' ? '' : `authorization: Bearer ${key}\r\n`
    const head = `${method} ${target} HTTP/${version}\r\nhost: evil.example\r\n${credential}content-type: ${type}\r\n`
    return `${head}${length}connection: ${connection}\r\n${more}\r\n${sent}`
  }
  const ask = async (asked: Asked) => statusesIn(await exchange(gateway, request(asked)))

  /** What the model gets of every call, whatever its caller has sent. */
  const expectedHead = [
    ['host', 'localhost'],
    ['content-type', 'application/json'],
    ['authorization', 'Bearer sk-upstream'],
    ['accept-encoding', 'identity'],
    ['accept', 'application/json, text/event-stream'],
    ['transfer-encoding', 'chunked'],
  ].flat()

  it.each([
    'x-envoy-retry-on: 5xx\r\nx-envoy-max-retries: 5',
    'x-envoy-upstream-rq-timeout-ms: 1',
    'x-envoy-original-path: /other',
    'x-envoy-original-host: other',
    'x-envoy-internal: true',
    'x-envoy-hedge-on-per-try-timeout: true',
    'x-forwarded-host: other',
    'x-forwarded-for: 127.0.0.1',
    'x-forwarded-proto: https',
    'x-request-id: mine',
    'x-sallyport-group: operators',
    'x-sallyport-request-id: mine',
    'x-http-method-override: GET',
    'x-original-url: /other',
    'x-rewrite-url: /other',
    'te: trailers',
    'te: gzip',
    'keep-alive: 5',
    'proxy-connection: keep-alive',
    'proxy-authorization: Basic eDp5',
    'upgrade: websocket',
    'upgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA',
    'cookie: a=b',
    'accept-encoding: gzip',
    'accept: text/html',
    'host: second.example',
    'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'foo: \xff\xfe',
    'foo: a\r\n folded',
    'grpc-timeout: 1S',
  ])('sends the model nothing by %j', async (line) => {
    verifies('envoy.disguises')
    expect(await ask({ more: `${line}\r\n` })).toEqual([200])
    expect(gateway.model.heads.map(({ url, rawHeaders }) => [url, rawHeaders])).toEqual([
      ['/base/v1/chat/completions', expectedHead],
    ])
    expect(gateway.model.bodies.join('')).not.toContain(mail)
  })

  it.each([
    ['/v1/chat/../chat/completions', 200],
    ['/v1/x/%2e%2e/chat/completions', 200],
    ['/v1/%63hat/completions', 200],
    ['/v1\\chat\\completions', 200],
    ['http://evil.example/v1/chat/completions', 200],
    ['/v1//chat/completions', 404],
    ['//v1/chat/completions', 404],
    ['/v1/chat%2Fcompletions', 400],
    ['/v1/chat%5Ccompletions', 400],
    ['/v1/chat/completions;x=1', 404],
    ['/v1/chat/completions/', 404],
    ['/V1/chat/completions', 404],
    ['/v1/chat/completions%3Fa', 404],
    ['/base/v1/chat/completions', 404],
    ['/v1/../base/v1/chat/completions', 404],
    ['/v1/models', 404],
    ['/v1/sql', 404],
    ['/v1/sessions', 404],
    ['/metrics', 404],
    ['/admin/v1/keys', 404],
    ['/', 404],
  ])('asks the model at no address but its own by %s', async (target, status) => {
    verifies('envoy.disguises')
    expect(await ask({ target })).toEqual([status])
    const expected = status === 200 ? ['/base/v1/chat/completions'] : []
    expect(gateway.model.heads.map(({ url }) => url)).toEqual(expected)
    expect(gateway.model.bodies.join('')).not.toContain(mail)
  })

  const unread: readonly (readonly [what: string, asked: Asked])[] = [
    ['a length and chunks', { sent: chunked, more: 'transfer-encoding: chunked\r\n' }],
    ['an unknown coding', { sent: chunked, length: '', more: 'transfer-encoding: xchunked\r\n' }],
    ['chunks that are not last', { sent: chunked, length: '', more: 'transfer-encoding: chunked, identity\r\n' }],
    [
      'two codings',
      { sent: chunked, length: '', more: 'transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n' },
    ],
    ['packed chunks', { sent: chunked, length: '', more: 'transfer-encoding: gzip, chunked\r\n' }],
    ['a space before a colon', { sent: chunked, length: '', more: 'transfer-encoding : chunked\r\n' }],
    ['two lengths', { more: 'content-length: 5\r\n' }],
    ['a list of lengths', { length: `content-length: ${body.length}, ${body.length}\r\n` }],
    ['a length with a sign', { length: `content-length: +${body.length}\r\n` }],
    ['an underscore in a name', { more: 'content_length: 5\r\n' }],
    ['a fragment', { target: `${address}#x` }],
    ['an encoded zero', { target: `${address}%00` }],
    ['CONNECT', { method: 'CONNECT' }],
    ['an unknown method', { method: 'FOO' }],
    ['a method in small letters', { method: 'post' }],
    ['an old version', { version: '1.0' }],
    ['an unknown version', { version: '2.0' }],
    ['a header of 70 kB', { more: `x-large: ${'a'.repeat(70_000)}\r\n` }],
    ['150 headers', { more: Array.from({ length: 150 }, (_none, at) => `x-${at}: a\r\n`).join('') }],
    ['a header of the connection that names others', { more: 'connection: x-forwarded-for\r\n' }],
    ['TRACE', { method: 'TRACE' }],
    ['GET', { method: 'GET' }],
    ['a body that is gzip', { more: 'content-encoding: gzip\r\n' }],
    ['a body of two encodings', { more: 'content-encoding: identity\r\ncontent-encoding: gzip\r\n' }],
    ['a part of a body', { more: 'content-range: bytes 0-1/3\r\n' }],
    ['a part of an answer', { more: 'range: bytes=0-1\r\n' }],
    ['a connection that becomes another protocol', { more: 'upgrade: websocket\r\n', connection: 'upgrade' }],
    ['another type behind the first', { more: 'content-type: text/plain\r\n' }],
    ['two credentials', { more: 'x-api-key: other\r\n' }],
    ['a credential that stands twice', { more: 'authorization: Bearer other\r\n' }],
    ['a person that nobody has signed', { more: 'x-sallyport-end-user: admin\r\n' }],
    [
      'a credential among the trailers',
      { key: '', length: '', more: 'transfer-encoding: chunked\r\ntrailer: authorization\r\n' },
    ],
    ['a length of nothing', { length: 'content-length: 0\r\n' }],
    ['gRPC', { type: 'application/grpc' }],
    ['gRPC, and no key', { type: 'application/grpc', key: '' }],
    ['an expectation, and no key', { key: '', more: 'expect: 100-continue\r\n' }],
  ]

  it.each(unread)('reaches nobody with %s', async (_what, asked) => {
    verifies('envoy.disguises')
    const key = gateway.service.key
    const sent = asked.more?.includes('trailer:')
      ? chunked.replace('0\r\n\r\n', `0\r\nauthorization: Bearer ${key}\r\n\r\n`)
      : asked.sent
    const text = await exchange(gateway, request({ ...asked, ...(sent === undefined ? {} : { sent }) }))
    // gRPC says its errors by a header of its own; a request that cannot be read is closed, with or without an answer.
    const isOfGrpc = /^grpc-status: [1-9]/m.test(text)
    expect(statusesIn(text).filter((status) => status >= 200 && status < 400 && !isOfGrpc)).toEqual([])
    expect([gateway.model.heads, gateway.model.bytes]).toEqual([[], 0])
  })

  it('who hides a request in the body of another, or behind it, has it read by every filter', async () => {
    verifies('envoy.disguises')
    const hidden = request({ key: '', sent: '{}' })
    const open = request({}).replace('connection: close\r\n', '')
    expect(statusesIn(await exchange(gateway, open + hidden))).toEqual([200, 401])
    expect(
      statusesIn(await exchange(gateway, open.replace(/content-length: \d+/, 'content-length: 0') + hidden))[0],
    ).toBe(400)
    expect(gateway.model.heads).toHaveLength(1)
  })

  it('makes Envoy ask a model that fails only once', async () => {
    verifies('envoy.disguises')
    gateway.model.answer = (_request, response) => response.writeHead(500).end()
    expect(await ask({ more: 'x-envoy-retry-on: 5xx,reset\r\nx-envoy-max-retries: 5\r\n' })).toEqual([502])
    expect(gateway.model.heads).toHaveLength(1)
  })

  it('is cut off by HTTP/2 where a body is longer than its length', async () => {
    verifies('envoy.disguises')
    const session = connectHttp2(gateway.envoy.url)
    session.on('error', () => undefined)
    const stream = session.request(
      {
        ':method': 'POST',
        ':path': address,
        authorization: `Bearer ${gateway.service.key}`,
        'content-type': 'application/json',
        'content-length': '5',
      },
      { endStream: false },
    )
    stream.on('error', () => undefined)
    stream.end(body)
    await new Promise((resolve) => stream.once('close', resolve))
    session.close()
    expect(gateway.model.heads).toEqual([])
  })
})

describe.skipIf('missing' in program)('a model behind Envoy that says', () => {
  let gateway: EnvoyGateway
  let said = ''
  const answer = completion('hello')
  const typed = 'content-type: application/json\r\n'
  const whole = `HTTP/1.1 200 OK\r\n${typed}content-length: ${answer.length}\r\n\r\n${answer}`
  const server = createServer((socket) => {
    let got = ''
    socket.on('error', () => undefined)
    socket.on('data', (piece: Buffer) => {
      got += piece.toString()
      if (got.endsWith('0\r\n\r\n')) socket.end(said, 'latin1')
    })
  })

  beforeAll(async () => {
    const model = join(temporaryFolder('sallyport-model-'), 'model.sock')
    server.listen(model)
    await once(server, 'listening')
    gateway = await startEnvoyGateway(path, { configure: ({ sallyport }) => deployed({ model, sallyport }) })
  })
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]()
    server.close()
  })

  it.each([
    ['hints before its answer', `HTTP/1.1 103 Early Hints\r\nlink: </SECRET>\r\n\r\n${whole}`],
    ['that it goes on', `HTTP/1.1 100 Continue\r\nx: SECRET\r\n\r\n${whole}`],
    ['what no standard knows before its answer', `HTTP/1.1 150 What\r\nx: SECRET\r\n\r\n${whole}`],
    ['more than its length', `${whole}HTTP/1.1 200 OK\r\n${typed}content-length: 6\r\n\r\nSECRET`],
    [
      'headers of others',
      whole.replace(
        typed,
        `${typed}set-cookie: SECRET\r\nserver: SECRET\r\nx-envoy-upstream-service-time: SECRET\r\ngrpc-message: SECRET\r\n`,
      ),
    ],
    [
      'trailers',
      `HTTP/1.1 200 OK\r\n${typed}transfer-encoding: chunked\r\n\r\n${answer.length.toString(16)}\r\n${answer}\r\n0\r\nx-t: SECRET\r\n\r\n`,
    ],
    ['no length', `HTTP/1.1 200 OK\r\n${typed}\r\n${answer}`],
  ])('%s is heard by its answer alone', async (_what, words) => {
    verifies('envoy.disguises')
    said = words
    const { status, headers, text } = await ask()
    expect([status, (JSON.parse(text) as { choices: object[] }).choices.length]).toEqual([200, 1])
    expect(text + headers).not.toContain('SECRET')
  })

  it.each([
    ['another protocol', `HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\nSECRET`],
    ['gzip', `HTTP/1.1 200 OK\r\n${typed}content-encoding: gzip\r\ncontent-length: 6\r\n\r\nSECRET`],
    ['an encoding without a name', `HTTP/1.1 200 OK\r\n${typed}content-encoding: \r\ncontent-length: 6\r\n\r\nSECRET`],
    ['a part', `HTTP/1.1 206 Part\r\n${typed}content-range: bytes 0-5/9\r\ncontent-length: 6\r\n\r\nSECRET`],
    ['a part for the whole', whole.replace(typed, `${typed}content-range: bytes 0-5/9\r\n`)],
    ['nothing', 'HTTP/1.1 204 No\r\nx-leak: SECRET\r\n\r\n'],
    ['that nothing is new', 'HTTP/1.1 304 No\r\nx-leak: SECRET\r\n\r\n'],
    ['another place', 'HTTP/1.1 302 No\r\nlocation: http://SECRET/\r\ncontent-length: 0\r\n\r\n'],
    ['a status that there is not', 'HTTP/1.1 999 No\r\ncontent-length: 6\r\n\r\nSECRET'],
    ['that Sallyport is nobody', `HTTP/1.1 401 No\r\nwww-authenticate: SECRET\r\n${typed}content-length: 2\r\n\r\n{}`],
    ['less than its length', whole.replace(/content-length: \d+/, 'content-length: 9999')],
    [
      'a length and chunks',
      `HTTP/1.1 200 OK\r\n${typed}content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n6\r\nSECRET\r\n0\r\n\r\n`,
    ],
    ['no HTTP', 'SECRET\r\n\r\n'],
    ['nothing at all', ''],
    ['gRPC', 'HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\ncontent-length: 6\r\n\r\nSECRET'],
  ])('%s is never taken for an answer, and its caller reads so in the form of the API', async (_what, words) => {
    verifies('envoy.disguises')
    said = words
    const { status, headers, text } = await ask()
    const { error } = JSON.parse(text) as { error: { code: string; type: string } }
    expect([status, error.code]).toEqual([502, expect.stringMatching(/^model-(?:protocol|rejected|unavailable)$/)])
    expect(text + headers).not.toContain('SECRET')
  })

  const ask = async () => {
    const answered = await gateway.ask(question('x'))
    const { status, headers } = answered
    return { status, headers: JSON.stringify([...headers]), text: await answered.text() }
  }
})
