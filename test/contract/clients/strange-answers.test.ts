import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { verifies } from '../../support/verifies.ts'

const root = resolve(import.meta.dirname, '../../..')

interface Asked {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const json = (response: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
const problem = (code: string, status: number) => ({ code, status, message: `It is ${code}.`, request_id: 'r1' })
const events = (response: ServerResponse, ...pieces: string[]): ServerResponse => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'r9' })
  for (const piece of pieces) response.write(piece)
  return response
}

/** By the first part of the path; `nth` counts requests to it, from 0. */
const answers: Readonly<Record<string, (response: ServerResponse, nth: number, asked: Asked) => void>> = {
  redirect: (response) => void response.writeHead(302, { location: '/led/v1/execute' }).end(),
  led: (response) => json(response, { outcome: 'led' }),
  'twice-busy': (response, nth) =>
    nth < 2
      ? json(response, problem('sandbox-busy', 503), 503, { 'retry-after': '0' })
      : json(response, { outcome: 'ok' }),
  'once-broken': (response, nth) => (nth === 0 ? void response.destroy() : json(response, { outcome: 'ok' })),
  busy: (response) => json(response, problem('model-busy', 503), 503, { 'retry-after': '0' }),
  hour: (response) => json(response, problem('rate-limited', 429), 429, { 'retry-after': '3600' }),
  page: (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
  'page-200': (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  null: (response) => json(response, null, 500),
  'cut-body': (response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{', () => response.destroy())
  },
  silent: () => {},
  'stream-end': (response) => void events(response, 'data: {"type":"output"}\n\n').end(),
  'stream-broken': (response) => {
    events(response, 'data: {"type":"output"}\n\n')
    setTimeout(() => response.destroy(), 50)
  },
  'stream-error': (response) =>
    void events(response, `data: ${JSON.stringify({ type: 'error', problem: problem('refused', 400) })}\n\n`).end(),
  'stream-openai-error': (response) =>
    void events(response, 'data: {"error":{"code":"internal","message":"It broke off."}}\n\n').end(),
  'stream-whole': (response) =>
    void events(response, ': hb\r\n\r\n', 'event: x\r\ndata: {"id":\r\n', 'data: "Zoë"}\r\n\r\ndata: [DONE]\n\n').end(),
  form: (response, _nth, { body }) => json(response, { filename: /filename="([^"]*)"/.exec(body)?.[1], body }),
  link: (response) => void response.end('png'),
}

it('the client in Python makes errors of strange answers, and carries its key nowhere else', async () => {
  verifies('clients.repeats')
  verifies('clients.whole-streams')
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void text(request)
      .catch(() => '')
      .then((body) => {
        const { url: path = '', headers } = request
        const [, name = ''] = path.split('/')
        const nth = asked.filter((one) => one.path.startsWith(`/${name}/`)).length
        const one = { path, headers, body }
        asked.push(one)
        answers[name]?.(response, nth, one)
      })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const env = { PATH: process.env['PATH'], PYTHONPATH: join(root, 'clients/python'), SALLYPORT_URL: url }
    const program = join(root, 'test/support/clients/strange_answers.py')
    const { stdout } = await promisify(execFile)('python3', ['-B', '-W', 'error', program], { env })
    expect(JSON.parse(stdout)).toEqual({
      'led elsewhere': Array.from({ length: 2 }, () => ['unexpected-answer', 302, null, null]),
      repeated: 'ok',
      'broken once': 'ok',
      'never twice': ['model-busy', 503, 'r1', 0],
      'too long': ['rate-limited', 429, 'r1', 3_600],
      page: ['unexpected-answer', 502, null, null],
      'page with 200': ['unexpected-answer', 200, null, null],
      'no object': ['unexpected-answer', 500, null, null],
      'broken body': ['unreachable', null, null, null],
      silent: ['timed-out', null, null, null],
      cut: ['stream-cut', null, 'r9', null],
      broken: true,
      'no stream': ['unexpected-answer', 200, null, null],
      error: ['refused', null, 'r1', null],
      "OpenAI's error": ['internal', null, 'r9', null],
      whole: [{ id: 'Zoë' }],
      form: 'a%22; filename=%22b%0D%0Ax: y.csv',
      ids: ["'' is no id.", "'.' is no id.", "'..' is no id."],
      id: 'a%2F..%2Fb%3Fc%23d',
      keys: Array.from({ length: 3 }, () => expect.stringContaining('visible ASCII') as string),
      addresses: Array.from({ length: 5 }, () => 'base_url'),
      'no file': expect.stringContaining('http') as string,
    })
    expect(stdout).not.toContain('sp-1')
    const to = (name: string) => asked.filter(({ path }) => path.startsWith(`/${name}/`))
    expect(to('led')).toEqual([])
    expect(to('link').map(({ headers }) => headers.authorization)).toEqual([undefined])
    expect(to('busy')).toHaveLength(1)
    expect(to('hour')).toHaveLength(1)
    for (const [name, times] of [['twice-busy', 3] as const, ['once-broken', 2] as const]) {
      const keys = to(name).map(({ headers }) => headers['idempotency-key'])
      expect([keys.length, new Set(keys).size, typeof keys[0]]).toEqual([times, 1, 'string'])
    }
    expect(to('form')[0]?.headers['content-length']).toBe(String(Buffer.byteLength(to('form')[0]?.body ?? '')))
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
