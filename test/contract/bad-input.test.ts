import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/http/problem.ts'
import { key, question, startService } from '../support/http/http-service.ts'
import { verifies } from '../support/verifies.ts'

const authorization = { authorization: `Bearer ${key}` }

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  return (await response.json()) as Problem
}

/** Sends bytes as they are; resolves with everything the server says before it closes. */
function raw(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    let text = ''
    socket.on('data', (data) => (text += data.toString()))
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}

describe('bad requests', () => {
  it.each([
    'application/json; charset=utf-16',
    'application/json; charset="iso-8859-1"',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; charset = utf-16',
    'application/json; charset',
  ])('S14: in another character set, or in two, are answered 415: %s', async (type) => {
    await using service = await startService()
    expect((await service.post(question, { 'content-type': type })).status).toBe(415)
    expect(service.received).toEqual([])
  })

  it.each(['application/json; charset=UTF-8', 'application/json;charset="utf-8"', 'application/json; version=2'])(
    'in UTF-8 are taken: %s',
    async (type) => {
      await using service = await startService()
      expect((await service.post(question, { 'content-type': type })).status).toBe(200)
    },
  )

  it('that say themselves how large they are get their 413 before they are sent', async () => {
    await using service = await startService()
    const head = `POST /v1/sql HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n`
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1')
    socket.write(`${head}Content-Length: 99999999\r\n\r\n{`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
  })

  it.each([
    ['no key', {}, 'The request carries no API key.'],
    ['another scheme', { authorization: 'Basic dTpw' }, 'The request carries no API key that can be read.'],
    ['an unknown key', { authorization: 'Bearer sp-guess' }, 'The credential is not valid.'],
  ])('with %s are answered 401', async (_claim, headers, detail) => {
    await using service = await startService()
    const response = await fetch(`${service.url}/v1/models`, { headers: headers as Record<string, string> })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect((await problemOf(response)).detail).toBe(detail)
  })

  it.each([
    ['{"model": "analyst",\n "messages": [,]}', 'line 2, column 15: expected a value or "]"'],
    ['{"model": analyst}', 'line 1, column 11: expected a value'],
    ['{"model": "a"', 'line 1, column 14: expected "," or "}"'],
    ['{"model": "a\n"}', 'line 1, column 13: expected the rest of a string'],
    ['{} {}', 'line 1, column 4: expected the end'],
    ["{'model': 1}", 'line 1, column 2: expected a name or "}"'],
    ['[1 2]', 'line 1, column 4: expected "," or "]"'],
    ['{"a" 1}', 'line 1, column 6: expected ":"'],
    ['NaN', 'line 1, column 1: expected a value'],
  ])('that are not JSON get the place of the fault: %s', async (body, place) => {
    await using service = await startService()
    const response = await service.post(body)
    expect(response.status).toBe(400)
    expect((await problemOf(response)).detail).toBe(`The body is not valid JSON at ${place}.`)
  })

  it.each([
    [{ messages: question.messages }, 'model', 'model: '],
    [{ model: 'analyst', messages: [] }, 'messages', 'messages: must hold at least one message.'],
    [
      { model: 'analyst', messages: [{ role: 'tool', content: 'x' }] },
      'messages[0].role',
      'messages[0].role: must be system',
    ],
    [{ model: 'analyst', messages: [{ role: 'user' }] }, 'messages[0].content', 'messages[0].content: is missing'],
    [
      { model: 'analyst', messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, { type: 'image_url' }] }] },
      'messages[0].content[1].type',
      'messages[0].content[1].type: must be "text": pictures, sound and files are not read here',
    ],
    [
      { model: 'analyst', messages: [{ role: 'system', content: 'x' }] },
      'messages',
      'messages: must hold a message of the user.',
    ],
    [
      { ...question, messages: [{ role: 'user', content: ' \n' }] },
      'messages',
      'messages: must hold a message of the user that',
    ],
    [
      { ...question, messages: [{ role: 'user', content: [] }] },
      'messages',
      'messages: must hold a message of the user that',
    ],
    [{ ...question, n: 2 }, 'n', 'n: must be 1'],
    [{ ...question, response_format: { type: 'json_object' } }, 'response_format', 'answers are Markdown'],
    [{ ...question, response_format: { type: 'json_schema', json_schema: {} } }, 'response_format', 'Markdown'],
    [{ ...question, tools: [{ type: 'function', function: { name: 'f' } }] }, 'tools', 'tools: must be empty'],
    [{ ...question, functions: [{ name: 'f' }] }, 'functions', 'functions: must be empty'],
    [{ ...question, tool_choice: 'required' }, 'tool_choice', 'tool_choice: must be "none" or "auto"'],
    [{ ...question, tool_choice: { type: 'function', function: { name: 'f' } } }, 'tool_choice', 'tool_choice: must'],
    [{ ...question, function_call: { name: 'f' } }, 'function_call', 'function_call: must be "none" or "auto"'],
    [{ ...question, logprobs: true }, 'logprobs', 'logprobs: must be false'],
    [{ ...question, top_logprobs: 3 }, 'top_logprobs', 'top_logprobs: must be 0'],
    [{ ...question, modalities: ['text', 'audio'] }, 'modalities', 'modalities: must be'],
    [{ ...question, audio: { voice: 'a', format: 'wav' } }, 'audio', 'audio: must be left out'],
    [{ ...question, stop: ['\n'] }, 'stop', 'stop: must be left out'],
    [{ ...question, stop: 'END' }, 'stop', 'stop: must be left out'],
    [{ ...question, web_search_options: {} }, 'web_search_options', 'web_search_options: must be left out'],
    [
      {
        ...question,
        messages: [...question.messages, { role: 'assistant', content: null, tool_calls: [{ id: 'c' }] }],
      },
      'messages[1].tool_calls',
      'must be left out',
    ],
    [
      { ...question, messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
      'messages[0].content[0].type',
      'sound',
    ],
    [{ ...question, max_tokens: -1 }, 'max_tokens', 'max_tokens: must be at least 1.'],
    [{ ...question, max_completion_tokens: 1.5 }, 'max_completion_tokens', 'must be a whole number.'],
    [{ ...question, temperature: 'hot' }, 'temperature', 'temperature: must be a number from 0 to 2.'],
    [{ ...question, top_p: 1.1 }, 'top_p', 'top_p: must be a number from 0 to 1.'],
    [{ ...question, stream: 'yes' }, 'stream', 'stream: '],
  ])('that break the contract get the name of the member: %j', async (body, parameter, detail) => {
    verifies('serve.refused-members')
    await using service = await startService()
    const response = await service.post(body)
    const problem = await problemOf(response)
    expect(response.status).toBe(400)
    expect(problem.error).toMatchObject({ param: parameter, type: 'invalid_request_error', code: 'invalid-request' })
    expect(problem.detail).toContain(detail)
  })

  it.each([
    ['/v1/sql', { statement: 'SELECT 1', limit: 5 }, 'limit'],
    ['/v1/sessions', { sandbox: { gpus: 1 } }, 'sandbox.gpus'],
    ['/v1/sessions', JSON.parse('{"__proto__":{"x":1}}') as object, '__proto__'],
  ])('with a member that %s does not know get its name', async (path, body, parameter) => {
    await using service = await startService()
    const problem = await problemOf(await service.post(body, {}, path))
    expect(problem).toMatchObject({
      status: 400,
      detail: `${parameter}: is not known here.`,
      error: { param: parameter },
    })
  })

  it('that are too large are answered 413, also when they only grow so', async () => {
    await using service = await startService({ settings: { body_limit_mb: 2_048 / 1_048_576 } })
    const large = JSON.stringify({ ...question, user: 'x'.repeat(10_000) })
    expect((await problemOf(await service.post(large))).code).toBe('payload-too-large')
    const bomb = await service.post(gzipSync(large), { 'content-encoding': 'gzip' })
    expect(bomb.status).toBe(413)
  })

  it.each([
    ['text/plain', '{}', {}, 415],
    ['application/json; charset=latin1', '{}', {}, 415],
    ['application/json', '{}', { 'content-encoding': 'zstandard' }, 415],
    ['application/json', Buffer.from([0x22, 0xff, 0x22]), {}, 400],
    ['application/json', '', {}, 400],
    ['application/json', 'not gzip', { 'content-encoding': 'gzip' }, 400],
  ])('of type %s are answered in their kind', async (type, body, headers, status) => {
    await using service = await startService()
    const response = await service.post(body, { 'content-type': type, ...headers })
    expect(response.status).toBe(status)
    await problemOf(response)
  })

  it('to a wrong place or with a wrong method say what is there', async () => {
    await using service = await startService()
    expect((await fetch(`${service.url}/v1/nothing`)).status).toBe(404)
    expect((await fetch(`${service.url}/v1/models/%E0%A4%A`, { headers: authorization })).status).toBe(400)
    expect((await fetch(`${service.url}/v1/models/gpt`, { headers: authorization })).status).toBe(404)
    const wrong = await fetch(`${service.url}/v1/chat/completions`, { headers: authorization })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })

  it('that are not HTTP, or whose headers do not end, are answered and closed', async () => {
    await using service = await startService({ settings: { header_timeout_ms: 1_000 } })
    expect(await raw(service.url, 'HELLO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json/s)
    expect(await raw(service.url, `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
    expect(await raw(service.url, 'GET /none HTTP/1.1\r\nHost: x\r\nExpect: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 404 .*application\/problem\+json/s,
    )
    expect(await raw(service.url, 'GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /)
  })
})

const member = fc.oneof(fc.jsonValue(), fc.constantFrom('analyst', 'user', '', null, '__proto__', '\u0000', 1e308, -1))
const message = fc.oneof(
  member,
  fc.record({ role: member, content: member, tool_calls: member }, { requiredKeys: [] }),
  fc.record({
    role: fc.constant('user'),
    content: fc.array(fc.record({ type: member, text: member }, { requiredKeys: [] })),
  }),
)
const malformed = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json().map((text) => text.slice(0, -1)),
  fc.json().map((text) => `${text},`),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc
    .record(
      {
        model: member,
        messages: fc.oneof(member, fc.array(message)),
        stream: member,
        n: member,
        stream_options: member,
      },
      { requiredKeys: [] },
    )
    .map((body) => JSON.stringify(body)),
  fc.nat(200_000).map((depth) => '['.repeat(depth)),
  fc.nat(50_000).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.constant(`{"model":"analyst","__proto__":{"messages":[]},"constructor":1}`),
)

describe('malformed payloads', () => {
  it('always get an answer of their own fault, never a fault inside', async () => {
    await using service = await startService()
    await fc.assert(
      fc.asyncProperty(malformed, async (body) => {
        const response = await service.post(body)
        const isValid = response.status === 200
        // A generated body can be a valid request; it is then one in every member.
        if (isValid) expect(JSON.parse(body)).toMatchObject({ model: expect.any(String), messages: expect.any(Array) })
        else {
          const { code, error } = await problemOf(response)
          // A text that is no model's name asks for one that there is not.
          expect([400, 404]).toContain(response.status)
          expect(code === 'model-not-found').toBe(response.status === 404)
          expect(error.message).not.toBe('')
        }
      }),
      { numRuns: 400 },
    )
    expect(service.faults.filter((fault) => fault.code === 'internal')).toEqual([])
    expect((await service.post(question)).status).toBe(200)
  })
})

describe('S14: requests that two readers could read in two ways', () => {
  const head = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`
  const body = JSON.stringify(question)
  const json = ['Content-Type: application/json', `Content-Length: ${body.length}`]
  const auth = `Authorization: Bearer ${key}`

  it.each([
    ['two hosts', ['GET /livez HTTP/1.1', 'Host: a', 'Host: b'], 400],
    ['two equal hosts', ['GET /livez HTTP/1.1', 'Host: a', 'hOST: a'], 400],
    ['no host', ['GET /livez HTTP/1.1'], 400],
    ['an empty host', ['GET /livez HTTP/1.1', 'Host:'], 400],
    ['a host with a user', ['GET /livez HTTP/1.1', 'Host: u@a'], 400],
    ['a host with a path', ['GET /livez HTTP/1.1', 'Host: a/b'], 400],
    ['two keys', ['GET /v1/models HTTP/1.1', 'Host: a', auth, 'Authorization: Bearer sp-other'], 400],
    ['two lengths', ['POST /v1/sql HTTP/1.1', 'Host: a', auth, ...json, 'Content-Length: 3'], 400],
    ['two equal lengths', ['POST /v1/sql HTTP/1.1', 'Host: a', auth, ...json, json[1] ?? ''], 400],
    ['a signed length', ['POST /v1/sql HTTP/1.1', 'Host: a', auth, 'Content-Length: +3'], 400],
    ['two types', ['POST /v1/sql HTTP/1.1', 'Host: a', auth, ...json, 'Content-Type: text/plain'], 400],
    ['a length beside chunks', ['POST /v1/sql HTTP/1.1', 'Host: a', auth, ...json, 'Transfer-Encoding: chunked'], 400],
    ['another coding', ['POST /v1/sql HTTP/1.1', 'Host: a', auth, 'Transfer-Encoding: gzip, chunked'], 400],
    ['chunks twice', ['POST /v1/sql HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked, chunked'], 400],
    [
      'chunks by halves',
      ['POST /v1/sql HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
      400,
    ],
    ['chunks in HTTP/1.0', ['POST /v1/sql HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked'], 400],
    ['a folded header', ['GET /livez HTTP/1.1', 'Host: a', 'X-A: b', ' c'], 400],
    ['space before a colon', ['GET /livez HTTP/1.1', 'Host : a'], 400],
    ['another host in the address', ['GET http://b/livez HTTP/1.1', 'Host: a'], 400],
    ['its own host in the address', ['GET http://A:80/livez HTTP/1.1', 'Host: a:80'], 200],
    ['another scheme', ['GET ftp://a/livez HTTP/1.1', 'Host: a'], 400],
    ['no path', ['GET livez HTTP/1.1', 'Host: a'], 400],
    ['a fragment', ['GET /livez#x HTTP/1.1', 'Host: a'], 400],
    ['an encoded slash', ['GET /v1%2fmodels HTTP/1.1', 'Host: a', auth], 400],
    ['an encoded slash in a name', ['GET /v1/models/a%2Fb HTTP/1.1', 'Host: a', auth], 400],
    ['an encoded zero', ['GET /v1/models/a%00 HTTP/1.1', 'Host: a', auth], 400],
    ['a broken escape', ['GET /v1/models/%zz HTTP/1.1', 'Host: a', auth], 400],
    ['another version', ['GET /livez HTTP/2.0', 'Host: a'], 400],
    ['an older version', ['GET /livez HTTP/0.9', 'Host: a'], 400],
    ['HTTP/1.0 without a host', ['GET /livez HTTP/1.0'], 200],
  ])('%s', async (_claim, lines, status) => {
    verifies('serve.two-readings')
    await using service = await startService()
    const answer = await raw(service.url, head([...lines, 'Connection: close']))
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    if (status !== 200) expect(answer).toMatch(/application\/problem\+json[^]*"error":\{"message":"/)
    expect(service.received).toEqual([])
  })

  it('S7: a refused head is logged like every response, with its request id', async () => {
    await using service = await startService()
    const lines = ['POST /v1/sql HTTP/1.1', 'Host: a', auth, 'Transfer-Encoding: gzip, chunked', 'Connection: close']
    const answer = await raw(service.url, head(lines))
    const requestId = /^x-request-id: (\S+)/im.exec(answer)?.[1]
    await expect.poll(() => service.responses).toMatchObject([{ requestId, status: 400, route: null }])
    expect(service.faults).toMatchObject([{ code: 'invalid-request' }])
  })

  it('a refused head is answered once, whatever follows it on the connection', async () => {
    await using service = await startService()
    const text = head(['POST /v1/sql HTTP/1.1', 'Host: a', auth, 'Transfer-Encoding: xchunked'])
    const answer = await raw(service.url, `${text}0\r\n\r\nno request\r\n\r\n`)
    expect(answer.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 400'])
  })

  it('nothing behind a refused head is read as a request, also where it stands in the same packet', async () => {
    verifies('serve.two-readings')
    await using service = await startService()
    const refused = head(['GET /livez HTTP/1.1', 'Host: a', 'Host: b'])
    const answer = await raw(service.url, refused + head(['GET /v1/models HTTP/1.1', 'Host: a', auth]))
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400'])
    expect(service.responses).toMatchObject([{ status: 400, route: null }])
  })

  it('what is no HTTP is answered behind what is due before it, with an id that the log has', async () => {
    verifies('serve.two-readings')
    await using service = await startService()
    const answer = await raw(service.url, `${head(['GET /v1/models HTTP/1.1', 'Host: a', auth])}no request\r\n\r\n`)
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
    const [, id] = /\r\nx-request-id: ([\da-f-]{36})\r\n(?:(?!\r\n\r\n)[^])*\r\n\r\n\{"type"/.exec(answer) ?? []
    expect(id).toBeDefined()
    expect(answer).toContain(`"request_id":"${id}"`)
    expect(service.faults).toMatchObject([{ code: 'invalid-request', message: 'The request is not HTTP.' }])
  })

  it.each(['HEAD', 'GET'])('a %s whose body stops being HTTP has the answer of its method', async (method) => {
    await using service = await startService()
    const begun = head([`${method} /v1/models HTTP/1.1`, 'Host: a', auth, 'Transfer-Encoding: chunked'])
    const answer = await raw(service.url, `${begun}zz\r\n`)
    expect(answer).toMatch(/HTTP\/1\.1 \d+ /)
    expect(answer.endsWith('\r\n\r\n')).toBe(method === 'HEAD')
  })

  it('a body that stops being HTTP is answered with the id of its request', async () => {
    await using service = await startService()
    const begun = head([
      'POST /v1/sql HTTP/1.1',
      'Host: a',
      auth,
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    ])
    const answer = await raw(service.url, `${begun}zz\r\n`)
    const id = /"request_id":"([^"]+)"/.exec(answer)?.[1]
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    await expect.poll(() => service.responses.map(({ requestId }) => requestId)).toEqual([id])
  })

  it('nothing is tunnelled', async () => {
    await using service = await startService()
    const answer = await raw(service.url, head(['CONNECT a:443 HTTP/1.1', 'Host: a']))
    expect(answer).toMatch(/^HTTP\/1\.1 405 [^]*"detail":"Nothing is tunnelled here\."/)
  })

  it.each([
    '/V1/MODELS',
    '/v1/models/',
    '/v1/Models',
    '//v1/models',
    '/v1/./models',
    '/v1/../v1/models',
    '/livez/',
    '/v1\\models',
  ])('a place has one spelling: nothing is at %s', async (path) => {
    verifies('serve.one-spelling')
    await using service = await startService()
    const answer = await raw(service.url, head([`GET ${path} HTTP/1.1`, 'Host: a', auth, 'Connection: close']))
    expect(answer).toMatch(/^HTTP\/1\.1 404 /)
  })
})
