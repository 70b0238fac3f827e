import { connect } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ScannedUpstream } from '../support/waf/scanned-upstream.ts'
import { wafFolder, wafProgram } from '../support/waf/waf-program.ts'
import { WafServer } from '../support/waf/waf-server.ts'
import { verifies } from '../support/verifies.ts'

const program = wafProgram()
if ('missing' in program)
  process.stderr.write(`SKIPPED: the firewall of deploy/waf cannot be had: ${program.missing}\n`)

const route = '/v1/chat/completions'
const injection = "1' OR '1'='1' UNION SELECT password FROM users-- "
const json = 'Content-Type: application/json'

interface Sent {
  readonly target?: string
  readonly method?: string
  readonly version?: string
  readonly headers?: readonly string[]
  readonly body?: string | Buffer
  /** In place of a length. */
  readonly chunks?: readonly string[]
}

/** A request byte for byte. */
function bytesOf({ target = route, method = 'POST', version = 'HTTP/1.1', headers = [json], body, chunks }: Sent) {
  const written = chunks === undefined ? Buffer.from(body ?? '{}') : Buffer.from(chunks.join('\r\n'))
  const length = chunks === undefined ? `Content-Length: ${written.length}` : 'Transfer-Encoding: chunked'
  const own = ['Host: sallyport.example', 'User-Agent: tests', 'Accept: */*']
  const connection = headers.some((line) => line.startsWith('Connection')) ? [] : ['Connection: close']
  const lines = [`${method} ${target} ${version}`, ...own, ...connection, ...headers, length, '', '']
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), written])
}

/** Wherever its text stands, it is no position. */
const memberWith = (text: string): string => JSON.stringify({ messages: [], metadata: { note: text } })

/** Letters that rules look for, as escapes of JSON. */
const escaped = (text: string): string =>
  text.replaceAll(/[A-Z']/g, (letter) => String.raw`\u00` + letter.charCodeAt(0).toString(16))

const chunked = (body: string, end = '0', more: readonly string[] = []): readonly string[] => [
  body.length.toString(16),
  body,
  end,
  ...more,
  '',
  '',
]

const form = (parts: readonly string[], tail = ''): string =>
  `${parts.map((part) => `--b\r\nContent-Disposition: form-data; name="prompt"${part}\r\n`).join('')}--b--\r\n${tail}`
const formType = 'Content-Type: multipart/form-data; boundary=b'

describe.skipIf('missing' in program)('an attack in disguise, at the firewall', () => {
  let upstream: ScannedUpstream
  let waf: WafServer

  beforeAll(async () => {
    if ('missing' in program) return
    upstream = await ScannedUpstream.start()
    const exclusions = join(wafFolder, 'exclusions.conf')
    waf = await WafServer.start(program.path, upstream.url, { exclusions })
  })
  afterAll(async () => {
    await waf[Symbol.asyncDispose]()
    await upstream[Symbol.asyncDispose]()
  })

  /** The head and the body of all that is answered until the connection ends. */
  async function exchange(bytes: Buffer): Promise<{ status: number; head: string; body: string }> {
    const { hostname, port } = new URL(waf.url)
    const socket = connect({ host: hostname, port: Number(port) })
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer')))
    socket.write(bytes)
    const answer = Buffer.concat(await socket.toArray()).toString()
    const [head = '', body = ''] = answer.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '').split('\r\n\r\n')
    return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]), head, body }
  }

  /** What the service behind is sent: whether anything, its address, its headers and its body. */
  async function sentBy(sent: Sent): Promise<{ status: number; seen: string | null }> {
    let seen: string | null = null
    upstream.answer = ({ url, rawHeaders }, response, body) => {
      seen = [url, ...rawHeaders, body.toString()].join('\n')
      response.end('{}')
    }
    const { status } = await exchange(bytesOf(sent))
    return { status, seen }
  }

  it.each<readonly [string, Sent, Sent]>([
    [
      'written with escapes',
      { body: escaped(memberWith(injection)) },
      { body: escaped(memberWith('Hello')).replace('note', 'no\\u0074e') },
    ],
    [
      'in a member that stands twice, first',
      { body: `{"metadata":{"n":${JSON.stringify(injection)}},"metadata":{"n":"a"}}` },
      { body: '{"metadata":{"n":"a"},"metadata":{"n":"b"}}' },
    ],
    [
      'in a member that stands twice, last',
      { body: `{"metadata":{"n":"a"},"metadata":{"n":${JSON.stringify(injection)}}}` },
      { body: '{"metadata":{"n":"a"},"metadata":{"n":"b"}}' },
    ],
    [
      'in chunks with extensions',
      { chunks: chunked(memberWith(injection)).with(0, `${memberWith(injection).length.toString(16)};a=b`) },
      { chunks: chunked(memberWith('a')).with(0, `${memberWith('a').length.toString(16)};a=b`) },
    ],
    [
      'beside a length that lies',
      { headers: [json, 'Content-Length: 4'], chunks: chunked(memberWith(injection)) },
      { headers: [json, 'Content-Length: 4'], chunks: chunked(memberWith('a')) },
    ],
    [
      'in a request for another protocol',
      {
        headers: [json, 'Connection: Upgrade, HTTP2-Settings, close', 'Upgrade: h2c', 'HTTP2-Settings: AA'],
        body: memberWith(injection),
      },
      {
        headers: [json, 'Connection: Upgrade, HTTP2-Settings, close', 'Upgrade: h2c', 'HTTP2-Settings: AA'],
        body: memberWith('a'),
      },
    ],
    [
      'with another case of the media type',
      { headers: ['Content-Type: APPLICATION/Json; charset=UTF-8'], body: escaped(memberWith(injection)) },
      { headers: ['Content-Type: APPLICATION/Json; charset=UTF-8'], body: memberWith('a') },
    ],
    [
      'in a form',
      { headers: [formType], body: form([`\r\n\r\n${injection}`]) },
      { headers: [formType], body: form(['\r\n\r\nHello']) },
    ],
  ])('is refused %s, where ordinary words pass', async (_way, attack, harmless) => {
    verifies('waf.disguises')
    expect(await sentBy(attack)).toEqual({ status: 403, seen: null })
    expect(await sentBy(harmless)).toEqual({ status: 200, seen: expect.not.stringMatching(/^upgrade$/im) as string })
  })

  const hidden = escaped(memberWith(injection))
  it.each<readonly [string, Sent, number]>([
    ['as text', { headers: ['Content-Type: text/plain'], body: hidden }, 403],
    ['as a form', { headers: ['Content-Type: application/x-www-form-urlencoded'], body: hidden }, 403],
    ['as XML', { headers: ['Content-Type: text/xml'], body: hidden }, 400],
    ['as another kind of parts', { headers: ['Content-Type: multipart/related; boundary=b'], body: hidden }, 403],
    ['as JSON of another kind', { headers: ['Content-Type: application/cloudevents+json'], body: hidden }, 403],
    ['as nothing', { headers: [], body: hidden }, 403],
    ['as two things', { headers: [json, 'Content-Type: application/x-www-form-urlencoded'], body: hidden }, 403],
    ['as something behind a semicolon', { headers: ['Content-Type: ;application/json'], body: hidden }, 403],
    ['packed', { headers: [json, 'Content-Encoding: gzip'], body: gzipSync(hidden) }, 400],
    [
      'in UTF-16',
      {
        headers: ['Content-Type: application/json; charset=utf-16'],
        body: Buffer.from(memberWith(injection), 'utf16le'),
      },
      400,
    ],
    ['behind a byte order mark', { body: `\uFEFF${hidden}` }, 400],
    ['at an address with an escaped slash', { target: '/v1/chat%2Fcompletions', body: positionWith(injection) }, 403],
    ['at an address with an escaped letter', { target: '/v1/%63hat/completions', body: positionWith(injection) }, 403],
    ['at an address with two slashes', { target: `/${route}`, body: positionWith(injection) }, 403],
    ['at an address with a parameter', { target: `${route};a=b`, body: positionWith(injection) }, 403],
    ['at an address in absolute form', { target: `http://other.example${route}`, body: positionWith(injection) }, 403],
    ['with a query that cannot be read', { target: `${route}?q=%zz` }, 400],
    [
      'behind the end of a form',
      { headers: [formType], body: form(['\r\n\r\na'], form([`\r\n\r\n${injection}`])) },
      400,
    ],
    ['before the beginning of a form', { headers: [formType], body: `${injection}\r\n${form(['\r\n\r\na'])}` }, 400],
    ['in a form without an end', { headers: [formType], body: form(['\r\n\r\na']).replace('--b--\r\n', '') }, 400],
    ['to be read without its media type', { headers: [json, 'Connection: close, Content-Type'] }, 400],
    ['to be read without its key', { headers: [json, 'Connection: close, Authorization', 'Authorization: B a'] }, 400],
  ])('does not pass %s', async (_way, sent, status) => {
    verifies('waf.disguises')
    expect(await sentBy(sent)).toEqual({ status, seen: null })
  })

  it.each<readonly [string, Sent, number]>([
    ['two lengths', { headers: [json, 'Content-Length: 3'] }, 400],
    ['two hosts', { headers: [json, 'Host: other.example'] }, 400],
    ['an encoding that nobody knows', { headers: [json, 'Transfer-Encoding: gzip, chunked'] }, 501],
    ['another version', { version: 'HTTP/3.0' }, 505],
    ['headers without end', { headers: [json, `X-A: ${'a'.repeat(40_000)}`] }, 431],
    ['a method that is none', { method: 'P(ST' }, 400],
    ['an expectation', { headers: [json, 'Expect: a-miracle'] }, 417],
  ])('is refused in the form of the API, and with an id of the log, for %s', async (_what, sent, status) => {
    verifies('waf.refusals')
    const before = upstream.passed
    const answer = await exchange(bytesOf(sent))
    expect([answer.status, /content-type: (\S+);/i.exec(answer.head)?.[1]]).toEqual([
      status,
      'application/problem+json',
    ])
    const problem = JSON.parse(answer.body) as { request_id: string; status: number; error: { message: string } }
    expect(problem.status).toBe(status)
    expect(problem.error.message).not.toBe('')
    expect(/x-request-id: (\S+)/i.exec(answer.head)?.[1]).toBe(problem.request_id)
    const line = () => waf.lines.find(({ request_id: id }) => id === problem.request_id)
    await expect.poll(line).toMatchObject({ msg: 'refused', status })
    expect(upstream.passed).toBe(before)
  })

  it('hands on no trailers, which come behind what was scanned', async () => {
    verifies('waf.disguises')
    const chunks = chunked('{}', '0', [`X-Evil: ${injection}`])
    const { status, seen } = await sentBy({ headers: [json, 'Trailer: X-Evil'], chunks })
    expect([status, seen]).toEqual([200, expect.not.stringContaining('Evil') as string])
  })

  it('scans a name with capitals as it is, though it is written otherwise for exemptions', async () => {
    verifies('waf.positions')
    const named = (name: string): Sent => ({ body: JSON.stringify({ metadata: { [name]: 1 } }) })
    expect(await sentBy(named(injection))).toMatchObject({ status: 403 })
    expect(await sentBy(named('imageData'))).toMatchObject({ status: 200 })
    // The pattern of a position takes no notice of case, and ~ stands for capitals.
    for (const [list, text] of [
      ['Messages', 'content'],
      ['messages', 'Content'],
      ['messages', 'conten\u212a'],
    ] as const) {
      const body = JSON.stringify({ [list]: [{ role: 'user', [text]: injection }] })
      expect(await sentBy({ body })).toMatchObject({ status: 403 })
    }
  })

  it('holds no more bodies at once than it may, and takes others when those have gone', async () => {
    verifies('waf.limits')
    if ('missing' in program) return
    const flags = ['-body-limit', '60000', '-held-limit', '100000']
    await using small = await WafServer.start(program.path, upstream.url, {
      exclusions: join(wafFolder, 'exclusions.conf'),
      flags,
    })
    const body = positionWith('x'.repeat(59_000))
    let finish: (() => void) | undefined
    const arrived = new Promise<void>((tell) => {
      upstream.answer = (_request, response) => {
        finish = () => void response.end('{}')
        tell()
      }
    })
    const ask = async () =>
      fetch(`${small.url}${route}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const first = ask()
    await arrived
    const second = await ask()
    expect([second.status, second.headers.get('retry-after'), await second.json()]).toEqual([
      503,
      '5',
      expect.objectContaining({ type: 'urn:sallyport:waf:busy' }),
    ])
    finish?.()
    expect((await first).status).toBe(200)
    upstream.answer = (_request, response) => void response.end('{}')
    await expect.poll(async () => (await ask()).status).toBe(200)
  })
})

function positionWith(text: string): string {
  return JSON.stringify({ messages: [{ role: 'user', content: text }] })
}
