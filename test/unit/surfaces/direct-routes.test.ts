import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ReceivedCall } from '../../../src/core/model-call.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import type { PassCall } from '../../../src/surfaces/calls/pass-call.ts'
import { key, question, startService, type TestService } from '../../support/http/http-service.ts'

const paths = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/embeddings',
  '/v1/messages',
  '/v1/messages/count_tokens',
] as const

const call = JSON.stringify({ model: 'gpt-5', messages: [], input: 'x' })
const auth = `Authorization: Bearer ${key}`
const json = 'Content-Type: application/json'
const close = 'Connection: close'
const ofOneAnswer = /^(?:date|x-request-id|x-should-retry|cache-control|content-type|content-length|transfer-encoding)$/

const head = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`
const post = (path: string, ...lines: string[]): string => head([`POST ${path} HTTP/1.1`, 'Host: a', ...lines])
const whole = (path: string, body: string, ...lines: string[]): string =>
  post(path, auth, json, `Content-Length: ${Buffer.byteLength(body)}`, ...lines) + body

/** A service that keeps what it would pass on, and answers each call with its number. */
async function startKeeping(options: Parameters<typeof startService>[0] = {}) {
  const calls: ReceivedCall[] = []
  const pass: PassCall = async (received, deliver) => {
    calls.push(received)
    const headers = ['content-type', 'application/json']
    await deliver({ status: 200, headers, body: Buffer.from(`{"call":${calls.length}}`) })
  }
  return { calls, service: await startService({ pass, ...options }) }
}

function open(service: TestService): Socket {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
  socket.on('error', () => {})
  return socket
}

/** Sends bytes as they are, one after the other; resolves with everything the service says before it closes. */
async function say(service: TestService, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  const socket = open(service)
  let text = ''
  socket.on('data', (data) => (text += data.toString()))
  for (const piece of pieces) {
    await new Promise((written) => socket.write(piece, written))
    await new Promise((turn) => setImmediate(turn))
  }
  if (!socket.destroyed) await once(socket, 'close')
  return text
}

describe.each(paths)('POST %s', (path) => {
  it('is passed on with its bytes, its query and its headers', async () => {
    const { calls, service } = await startKeeping()
    await using _ = service
    const query = /embeddings|chat/.test(path) ? '' : '?beta=%74rue'
    const text = await say(service, whole(`${path}${query}`, call, 'X-One: 1', close))
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n\{"call":1\}$/)
    expect(calls[0]?.body?.toString()).toBe(call)
    expect(calls[0]).toMatchObject({ method: 'POST', path: `${path.slice('/v1'.length)}${query}` })
    expect(calls[0]?.headers).toContain('X-One')
    await expect.poll(() => service.responses).toMatchObject([{ route: path, path, status: 200, complete: true }])
  })

  it('has the headers that every other answer has, and an id of its own', async () => {
    const { service } = await startKeeping()
    await using _ = service
    const other = await fetch(`${service.url}/v1/nothing`)
    const answers = [await service.post(call, {}, path), await service.post('{', {}, path)]
    for (const response of answers) {
      for (const [name, value] of other.headers) {
        if (!ofOneAnswer.test(name)) {
          expect([name, response.headers.get(name)]).toEqual([name, value])
        }
      }
    }
    const ids = [other, ...answers].map(({ headers }) => headers.get('x-request-id'))
    expect(new Set(ids).size).toBe(3)
    expect(answers.map(({ status }) => status)).toEqual([200, 400])
  })

  it.each([
    ['without a key', 401, [json, 'Content-Length: 9']],
    ['with an unknown key', 401, ['Authorization: Bearer sp-guess', json, 'Content-Length: 9']],
    ['of another type', 415, [auth, 'Content-Type: text/plain', 'Content-Length: 9']],
    ['without a type', 415, [auth, 'Content-Length: 9']],
    ['in another character set', 415, [auth, `${json}; charset=utf-16`, 'Content-Length: 9']],
    ['that is larger than it may be', 413, [auth, json, 'Content-Length: 999999999']],
  ])('%s is answered %i before its body is sent', async (_claim, status, lines) => {
    const { calls, service } = await startKeeping()
    await using _ = service
    const socket = open(service)
    socket.write(post(path, ...lines))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    expect(answer.toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer.toString()).toContain('"error":{')
    expect(calls).toEqual([])
  })

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])('as %s is not there, and is told what is', async (method) => {
    const { calls, service } = await startKeeping()
    await using _ = service
    const lines = [`${method} ${path} HTTP/1.1`, 'Host: a', auth, close]
    const text = await say(service, head(lines))
    expect(text).toMatch(/^HTTP\/1\.1 405 /)
    expect(/^allow: (.*)\r$/im.exec(text)?.[1]).toBe('POST, OPTIONS')
    expect(calls).toEqual([])
  })

  it('as HEAD has no body, and as OPTIONS says what there is', async () => {
    await using service = await startService()
    const asHead = await say(service, head([`HEAD ${path} HTTP/1.1`, 'Host: a', auth, close]))
    expect(asHead).toMatch(/^HTTP\/1\.1 405 [^]*\r\n\r\n$/)
    const asOptions = await say(service, head([`OPTIONS ${path} HTTP/1.1`, 'Host: a', close]))
    expect(asOptions).toMatch(/^HTTP\/1\.1 204 [^]*allow: /i)
  })

  it('is refused with its own kind of error once the service takes nothing more', async () => {
    const over = Promise.withResolvers<void>()
    let begun = false
    const never: PassCall = async (_call, deliver) => {
      begun = true
      await over.promise
      await deliver({ status: 200, headers: [], body: Buffer.from('{}') })
    }
    const { service } = await startKeeping({ pass: never, settings: { drain_ms: 5_000 } })
    // A connection with a request on its way is not closed.
    const waiting = open(service)
    await new Promise((written) => waiting.write(post(path, auth, json).slice(0, -2), written))
    const running = open(service)
    running.write(whole(path, call))
    await expect.poll(() => begun).toBe(true)
    const closed = service.server[Symbol.asyncDispose]()
    waiting.write(`Content-Length: ${call.length}\r\n\r\n${call}`)
    const [refused] = (await once(waiting, 'data')) as [Buffer]
    expect(refused.toString()).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 5\r\n[^]*"error":\{/i)
    expect(refused.toString()).toMatch(/\r\nconnection: close\r\n/i)
    over.resolve()
    const [answer] = (await once(running, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)
    await closed
  })
})

describe('an address like one of a model', () => {
  it.each([
    '/v1/chat/completions/',
    '/V1/chat/completions',
    '/v1/Chat/completions',
    '//v1/chat/completions',
    '/v1/./chat/completions',
    '/v1/chat/%63ompletions',
    '/v1/chat/completions;a',
    '/v1/chat/completions%3Fa',
    '/v1/chat/completions%20',
    '/v1/chat',
    '/__proto__',
    '/v1/constructor',
  ])('is none: %s', async (path) => {
    const { calls, service } = await startKeeping()
    await using _ = service
    expect(await say(service, whole(path, call, close))).toMatch(/^HTTP\/1\.1 404 /)
    expect(calls).toEqual([])
  })

  it('in absolute form is that of its path', async () => {
    const { calls, service } = await startKeeping()
    await using _ = service
    expect(await say(service, whole('http://a/v1/embeddings', call, close))).toMatch(/^HTTP\/1\.1 200 /)
    expect(calls[0]?.path).toBe('/embeddings')
  })
})

describe('a body', () => {
  const path = '/v1/chat/completions'
  const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

  it.each([
    ['in one piece', [whole(path, call, close)]],
    ['behind its head', [whole(path, call, close).slice(0, -call.length), call]],
    ['byte by byte', [whole(path, call, close).slice(0, -call.length), ...call.split('')]],
    ['in chunks', [post(path, auth, json, close, 'Transfer-Encoding: chunked'), chunk(call), '0\r\n\r\n']],
    [
      'in chunks of one byte, with a trailer',
      [
        post(path, auth, json, close, 'Transfer-Encoding: chunked'),
        call.split('').map(chunk).join(''),
        '0\r\nX: y\r\n\r\n',
      ],
    ],
  ])('%s arrives as it was sent', async (_claim, pieces) => {
    const { calls, service } = await startKeeping()
    await using _ = service
    expect(await say(service, ...pieces)).toMatch(/^HTTP\/1\.1 200 /)
    expect(calls[0]?.body?.toString()).toBe(call)
  })

  it('of very many pieces arrives as it was sent', async () => {
    const { calls, service } = await startKeeping()
    await using _ = service
    const long = JSON.stringify({ model: 'gpt-5', text: 'Zeilen “ähnlich” 7 '.repeat(500) })
    const bytes = Buffer.from(long)
    const chunks = [...bytes].map((byte) => Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]))
    const sent = [post(path, auth, json, close, 'Transfer-Encoding: chunked'), Buffer.concat(chunks), '0\r\n\r\n']
    expect(await say(service, ...sent)).toMatch(/^HTTP\/1\.1 200 /)
    expect(calls[0]?.body?.equals(bytes)).toBe(true)
  })

  it('that is compressed is passed on as it was before', async () => {
    const { calls, service } = await startKeeping()
    await using _ = service
    const response = await service.post(gzipSync(call), { 'content-encoding': 'gzip' }, path)
    expect([response.status, calls[0]?.body?.toString()]).toEqual([200, call])
  })

  it('is waited for with 100 Continue', async () => {
    const { service } = await startKeeping()
    await using _ = service
    const socket = open(service)
    socket.write(post(path, auth, json, close, 'Expect: 100-continue', `Content-Length: ${call.length}`))
    const [first] = (await once(socket, 'data')) as [Buffer]
    expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    socket.write(call)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('that only grows too large is answered while it still comes, and nothing of it is passed on', async () => {
    const { calls, service } = await startKeeping({ settings: { model_body_limit_mb: 1 / 1_024 } })
    await using _ = service
    const socket = open(service)
    socket.write(post(path, auth, json, 'Transfer-Encoding: chunked') + chunk('x'.repeat(2_000)))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /)
    // What still comes of it is no request, and the next one is.
    socket.write(`${chunk('y'.repeat(2_000))}0\r\n\r\n${whole(path, '{"model":"gpt-5"}')}`)
    const [next] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    expect(next.toString()).toMatch(/^HTTP\/1\.1 200 /)
    expect(calls.map(({ body }) => body?.toString())).toEqual(['{"model":"gpt-5"}'])
  })

  it('that comes too slowly is answered 408, and the connection closed', async () => {
    const { calls, service } = await startKeeping({ settings: { header_timeout_ms: 1_000, request_timeout_ms: 1_000 } })
    await using _ = service
    expect(await say(service, post(path, auth, json, 'Content-Length: 100'), '{')).toMatch(/^HTTP\/1\.1 408 /)
    expect(calls).toEqual([])
    // By default it has 30 seconds.
  }, 25_000)

  it('whose caller goes away in the middle ends the request, and is no fault inside', async () => {
    const { calls, service } = await startKeeping()
    await using _ = service
    const socket = open(service)
    await new Promise((written) => socket.write(`${post(path, auth, json, 'Content-Length: 100')}{"a":`, written))
    await new Promise((turn) => setImmediate(turn))
    socket.destroy()
    await expect.poll(() => service.responses).toMatchObject([{ route: path, complete: false }])
    expect(service.faults.map(({ code }) => code)).toEqual(['cancelled'])
    expect(calls).toEqual([])
  })

  it.each([
    ['an invalid text', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ['nothing', '', 400],
    ['a name twice', '{"model":"gpt-5","mode\\u006c":"other"}', 400],
    // Readers differ in whether it belongs to the text (RFC 8259, section 8.1).
    ['a mark of the order of bytes', `\ufeff${call}`, 400],
  ])('of %s is answered %s', async (_what, body, status) => {
    const { service } = await startKeeping()
    await using _ = service
    expect((await service.post(body, {}, path)).status).toBe(status)
    // One decoder serves all: what it was given before must not matter.
    expect((await service.post(call, {}, path)).status).toBe(200)
  })
})

describe('several requests on one connection', () => {
  it('that come at once are answered one by one and in order, whoever answers them', async () => {
    const { calls, service } = await startKeeping()
    await using _ = service
    const requests = [
      whole('/v1/chat/completions', call),
      head(['GET /livez HTTP/1.1', 'Host: a']),
      whole('/v1/responses', '{"model":7}'),
      whole('/v1/messages', call),
      head(['GET /v1/models HTTP/1.1', 'Host: a', auth, close]),
    ]
    const text = await say(service, requests.join(''))
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '200',
      '400',
      '200',
      '200',
    ])
    expect(calls.map(({ api }) => api)).toEqual(['chat-completions', 'messages'])
  })
})

describe('the limits of the model of the service itself', () => {
  it('hold on the path that has wider ones for others', async () => {
    const { calls, service } = await startKeeping({ settings: { body_limit_mb: 1 / 1_024 } })
    await using _ = service
    const text = 'x'.repeat(2_000)
    expect((await service.post({ ...question, user: text })).status).toBe(413)
    expect((await service.post({ model: 'gpt-5', user: text })).status).toBe(200)
    expect([service.received.length, calls.length]).toEqual([0, 1])
  })
})

describe('a fault inside', () => {
  it('is answered as one, and nothing is told of it', async () => {
    const { service } = await startKeeping({ pass: () => Promise.reject(new Error('of the inside')) })
    await using _ = service
    const response = await service.post(call, {}, '/v1/embeddings')
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(text).not.toContain('of the inside')
    expect(service.faults).toEqual([expect.any(ServiceError)])
  })
})
