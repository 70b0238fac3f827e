import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setInterval as every } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { documentWith } from '../support/endpoints/document.ts'
import { guardedService } from '../support/endpoints/guarded-service.ts'
import { verifies } from '../support/verifies.ts'

const good = { pixels: [0.5] }
const label = { type: 'object', required: ['label'], properties: { label: { enum: ['cat', 'secret'] } } }
const answers = { 200: { description: 'The label.', content: { 'application/json': { schema: label } } } }
const document = documentWith({ operation: { responses: answers } })

/** What a service does with a connection on which a request has come. */
type Act = (socket: Socket) => void | Promise<void>

/** A service of bare connections. */
async function bareService(act: Act) {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => void act(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const head = (...lines: readonly string[]): string =>
  ['HTTP/1.1 200 OK', 'content-type: application/json', ...lines, '', ''].join('\r\n')
const says =
  (bytes: string): Act =>
  (socket) =>
    void socket.write(bytes)
const saysAndEnds =
  (bytes: string): Act =>
  (socket) =>
    void socket.end(bytes)
const drips =
  (before: string, drop: string): Act =>
  async (socket) => {
    socket.write(before)
    for await (const _ of every(10)) {
      if (socket.destroyed) return
      socket.write(drop)
    }
  }
const floods =
  (before: string, drop: string): Act =>
  (socket) => {
    socket.write(before)
    const more = (): void => {
      while (!socket.destroyed && socket.write(drop));
    }
    socket.on('drain', more)
    more()
  }

const bad: readonly (readonly [what: string, act: Act, status: number, code: string])[] = [
  ['nothing', () => undefined, 504, 'endpoint-timeout'],
  ['a head that drips', drips('HTTP/1.1 200 OK\r\nx-a: ', 'a'), 504, 'endpoint-timeout'],
  ['a body that drips', drips(head('content-length: 100000'), ' '), 504, 'endpoint-timeout'],
  ['chunks that drip', drips(head('transfer-encoding: chunked'), '1\r\n \r\n'), 504, 'endpoint-timeout'],
  ['half of a body and nothing more', says(`${head('content-length: 90')}{"secret`), 504, 'endpoint-timeout'],
  [
    'early hints without end',
    drips('', 'HTTP/1.1 103 Early Hints\r\nlink: </secret>\r\n\r\n'),
    504,
    'endpoint-timeout',
  ],
  ['a body of 100 MB', floods(head('content-length: 104857600'), 'x'.repeat(65_536)), 502, 'endpoint-protocol'],
  [
    'chunks of 100 MB',
    floods(head('transfer-encoding: chunked'), `10000\r\n${'x'.repeat(65_536)}\r\n`),
    502,
    'endpoint-protocol',
  ],
  ['a head of 100 MB', floods('HTTP/1.1 200 OK\r\n', `x-secret: ${'x'.repeat(8_000)}\r\n`), 502, 'endpoint-protocol'],
  ['garbage', says('secret\0\x01\x02\r\n\r\n'), 502, 'endpoint-protocol'],
  ['a handshake of TLS', says('\x16\x03\x01\x02\x00\x01\x00'), 502, 'endpoint-protocol'],
  ['a page without a head', saysAndEnds('<html>secret</html>'), 502, 'endpoint-protocol'],
  ['another protocol', says('SSH-2.0-secret\r\n'), 502, 'endpoint-protocol'],
  [
    'HTML',
    says(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\nsecret`),
    502,
    'endpoint-protocol',
  ],
  ['another schema', says(`${head('content-length: 20')}{"labels":["secret"]}`), 502, 'endpoint-protocol'],
  [
    'a body that is shorter than its length',
    saysAndEnds(`${head('content-length: 90')}{"secret`),
    502,
    'endpoint-unavailable',
  ],
  [
    'a body that is longer than its length',
    says(`${head('content-length: 5')}{"label":"secret"}`),
    502,
    'endpoint-protocol',
  ],
  [
    'chunks without an end',
    saysAndEnds(`${head('transfer-encoding: chunked')}5\r\n{"lab`),
    502,
    'endpoint-unavailable',
  ],
  ['a broken chunk', says(`${head('transfer-encoding: chunked')}zz\r\nsecret\r\n`), 502, 'endpoint-protocol'],
  [
    'two lengths',
    says(`${head('content-length: 4', 'content-length: 17')}{"label":"secret"}`),
    502,
    'endpoint-protocol',
  ],
  [
    'a length and chunks',
    says(`${head('content-length: 17', 'transfer-encoding: chunked')}11\r\n{"label":"secret"}\r\n0\r\n\r\n`),
    502,
    'endpoint-protocol',
  ],
  [
    'a switch of protocols',
    says('HTTP/1.1 101 Switching Protocols\r\nupgrade: secret\r\nconnection: upgrade\r\n\r\n'),
    502,
    'endpoint-unavailable',
  ],
  ['a status that is none', says('HTTP/1.1 99999 secret\r\n\r\n'), 502, 'endpoint-protocol'],
  ['a head and no body', saysAndEnds(head('content-length: 0')), 502, 'endpoint-protocol'],
  ['by hanging up', (socket) => void socket.end(), 502, 'endpoint-unavailable'],
  ['by a reset', (socket) => void socket.resetAndDestroy(), 502, 'endpoint-unavailable'],
]

describe('a service whose connections say', () => {
  it.each(bad)('%s is one clean error with an id, and nothing of it is shown', async (_what, act, status, code) => {
    verifies('endpoints.bad-answers')
    await using behind = await bareService(act)
    const settings = { base_url: behind.url, timeout_ms: 1_000, answer_limit_kb: 64 }
    await using guarded = await guardedService({ document, settings })
    const answered = await guarded.call(good)
    const body = await answered.text()
    expect([answered.status, JSON.parse(body)]).toEqual([
      status,
      expect.objectContaining({ code, request_id: answered.headers.get('x-request-id') }),
    ])
    expect(body).not.toContain('secret')
  })

  it('more than one answer to one request gives nobody an answer that is not theirs', async () => {
    verifies('endpoints.bad-answers')
    const mine = `${head('content-length: 15')}{"label":"cat"}`
    await using behind = await bareService(says(mine + mine.replace('15', '18').replace('cat', 'secret')))
    const settings = { base_url: behind.url, timeout_ms: 2_000, concurrency: 1 }
    await using guarded = await guardedService({ document, settings })
    for (let at = 0; at < 5; at += 1) expect(await (await guarded.call(good)).text()).not.toContain('secret')
  })
})

describe('a caller who sends', () => {
  const begin = 'POST /endpoints/classifier/predict HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sp-ann\r\n'

  it.each([
    ['the head', begin, 'X-A: a\r\n'],
    ['a body', `${begin}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n`, ' '],
    ['chunks', `${begin}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
  ])('%s drop by drop is told so when the time for it is over', async (_what, before, drop) => {
    verifies('endpoints.slow-callers')
    await using guarded = await guardedService({ http: { header_timeout_ms: 1_000, request_timeout_ms: 1_000 } })
    const socket = connect(Number(new URL(guarded.service.url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    const ended = once(socket, 'close')
    const answered = text(socket).catch(() => '')
    void drips(before, drop)(socket)
    const answer = await answered
    expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*"detail":"The request did not arrive in time\."/)
    const [, id] = /x-request-id: (\S+)/i.exec(answer) ?? []
    expect(answer).toContain(`"request_id":"${id}"`)
    await ended
    expect(guarded.behind.requests).toEqual([])
  })
})
