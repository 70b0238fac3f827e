import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { odd, unreadable, validBodies } from '../support/http/call-bodies.ts'
import { callBodySuite } from '../support/http/call-body-suite.ts'
import { key } from '../support/http/http-service.ts'
import { startPassService, type PassService } from '../support/http/pass-service.ts'
import { callerCookie, canaries, upstreamCookie } from '../support/http/upstream/canaries.ts'
import { upstreamFaults, type UpstreamFault } from '../support/http/upstream/upstream-faults.ts'
import { verifies } from '../support/verifies.ts'

const requests = {
  '/v1/chat/completions': validBodies['/v1/chat/completions'],
  '/v1/responses': validBodies['/v1/responses'],
  '/v1/messages': validBodies['/v1/messages'],
} as const

type Path = keyof typeof requests
type AnyPath = keyof typeof validBodies
const paths = Object.keys(requests) as Path[]

let at: PassService
beforeAll(async () => {
  at = await startPassService({ upstream: { timeout_ms: 800, idle_timeout_ms: 800 } })
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
})
beforeEach(() => {
  at.openai.startOver()
  at.anthropic.startOver()
  at.service.faults.length = 0
})

const isAnthropic = (path: AnyPath): boolean => path.startsWith('/v1/messages')
const upstreamOf = (path: AnyPath, { openai, anthropic } = at) => (isAnthropic(path) ? anthropic : openai)
const version = { 'anthropic-version': '2023-06-01' }
const send = (path: Path, more: object = {}, headers: Record<string, string> = {}) =>
  at.service.post({ ...requests[path], ...more }, { ...version, ...headers }, path)

/** Everything a caller can read of an answer. */
async function readable(response: Response): Promise<string> {
  return JSON.stringify([...response.headers]) + (await response.text())
}

const brokenTypes: Readonly<Record<Path, RegExp>> = {
  '/v1/chat/completions': /\n\ndata: \{"error":\{"message":"[^"]+","type":"server_error"[^\n]*\}\n\n$/,
  '/v1/responses': /\n\nevent: error\ndata: \{"type":"error","code":"[a-z-]+","message":"[^"]+"[^\n]*\}\n\n$/,
  '/v1/messages':
    /\n\nevent: error\ndata: \{"type":"error","error":\{"type":"(?:api|timeout)_error","message":"[^"]+"\}[^\n]*\}\n\n$/,
}

/** Faults after which an answer is whole all the same. */
const harmless: ReadonlySet<UpstreamFault> = new Set(['gzip that nobody asked for', 'chunks of one byte'])
/** Faults that begin when a stream has begun. */
const late: ReadonlySet<UpstreamFault> = new Set([
  'half an event',
  'no terminator',
  'silence in the middle',
  'broken off in the middle',
])

const faults = Object.keys(upstreamFaults) as UpstreamFault[]
const statusOf: Partial<Record<UpstreamFault, number>> = {
  'status 400': 400,
  'status 404': 404,
  'status 429': 429,
  'the request said back with 429': 429,
  'silence before the head': 504,
  'silence in the middle': 504,
  'answer before the body was read': 413,
}

describe.each(paths)('an upstream of %s that fails', (path) => {
  it.each(
    faults.filter(
      (fault) => !harmless.has(fault) && fault !== 'no terminator' && fault !== 'one event of many megabytes',
    ),
  )('by %s: is answered with an error in the form of the API, and nothing of the upstream', async (fault) => {
    verifies('models.errors')
    upstreamOf(path).fault = fault
    const response = await send(path)
    const text = await readable(response)
    expect([response.status, text]).toEqual([statusOf[fault] ?? 502, expect.stringContaining('"error":{')])
    if (path === '/v1/messages') expect(text).toContain('{"type":"error","error":{')
    for (const canary of Object.values(canaries)) {
      // What is wrong with a request is said in the upstream's own words.
      const isOwnToRead = [400, 404, 413].includes(response.status) && canary === canaries.advice
      if (!isOwnToRead) expect(text).not.toContain(canary)
    }
    expect(text).not.toContain('127.0.0.1')
  })

  it.each(faults.filter((fault) => late.has(fault) || fault === 'one event of many megabytes'))(
    'in a stream by %s: the stream ends with an error event behind whole events, never as if it were finished',
    async (fault) => {
      verifies('models.broken-streams')
      const upstream = upstreamOf(path)
      upstream.fault = fault
      upstream.megabytes = 20
      const response = await send(path, { stream: true })
      const text = await response.text()
      if (fault === 'one event of many megabytes') {
        expect(response.status).toBe(502)
        expect(text.length).toBeLessThan(10_000)
        return
      }
      expect(response.status).toBe(200)
      // Many endpoints leave out [DONE]; a reason to finish has said that the answer is whole.
      if (path === '/v1/chat/completions' && fault === 'no terminator') {
        expect(text).toMatch(/"finish_reason":"stop"[^\n]*\n\n(?:data: \{[^\n]*"usage":\{[^\n]*\n\n)?$/)
        return
      }
      if (path === '/v1/messages' && fault === 'no terminator') {
        expect(text).toMatch(/\n\nevent: message_stop\ndata: \{"type":"message_stop"\}\n\n$/)
        return
      }
      expect(text).toMatch(brokenTypes[path])
      for (const canary of Object.values(canaries)) expect(text).not.toContain(canary)
    },
  )

  it.each([...harmless])('by %s is understood, plain and streamed', async (fault) => {
    const upstream = upstreamOf(path)
    for (const stream of [false, true]) {
      upstream.startOver()
      const usual = await (await send(path, { stream })).text()
      upstream.startOver()
      upstream.fault = fault
      const response = await send(path, { stream })
      expect(response.headers.get('content-encoding')).toBeNull()
      expect(await response.text()).toBe(usual)
    }
  })

  it('costs its caller nothing', async () => {
    upstreamOf(path).fault = 'status 500'
    const before = await at.tokensLeft()
    await (await send(path)).text()
    expect(await at.tokensLeft()).toBe(before)
  })
})

describe.each(paths)('a call of %s', (path) => {
  it('is charged by the count of its provider, plain and streamed', async () => {
    const counts: number[] = []
    for (const stream of [false, true]) {
      upstreamOf(path).startOver()
      const before = await at.tokensLeft()
      await (
        await send(path, {
          stream,
          ...(path === '/v1/chat/completions' && { stream_options: { include_usage: true } }),
        })
      ).text()
      counts.push(before - (await at.tokensLeft()))
    }
    expect(counts[0]).toBe(counts[1])
    expect(counts[0]).toBeGreaterThan(20)
  })

  it('shows the upstream neither the key nor a cookie of its caller, and the caller no cookie of the upstream', async () => {
    verifies('models.keys')
    const response = await send(path, {}, { cookie: callerCookie, 'x-forwarded-for': '192.0.2.7' })
    const [request] = upstreamOf(path).requests
    const sent = JSON.stringify(request?.rawHeaders) + String(request?.body)
    for (const canary of [key, callerCookie, '192.0.2.7']) expect(sent).not.toContain(canary)
    expect(await readable(response)).not.toContain(upstreamCookie)
  })

  it('ends at the upstream when its caller goes away, in the middle and before the answer', async () => {
    verifies('models.hang-up')
    for (const fault of ['silence in the middle', 'silence before the head'] as const) {
      const upstream = upstreamOf(path)
      upstream.startOver()
      at.service.faults.length = 0
      upstream.fault = fault
      const leaving = new AbortController()
      const asked = fetch(`${at.service.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...version },
        body: JSON.stringify({ ...requests[path], stream: true }),
        signal: leaving.signal,
      })
      asked.catch(() => undefined)
      await expect.poll(() => upstream.requests.length).toBe(1)
      leaving.abort()
      await expect.poll(() => upstream.requests[0]?.isAbandoned).toBe(true)
      // For the caller who left, not for the silence, which would be noticed later.
      await expect.poll(() => at.service.faults.map(({ code }) => code)).toEqual(['cancelled'])
    }
  })
})

describe.each(Object.keys(validBodies) as AnyPath[])('a body for %s', (path) => {
  callBodySuite(path, unreadable, odd)
})

describe('a tool that the provider runs by itself', () => {
  const more = { tools: [{ type: 'web_search_2025_08_26' }] }

  it('is refused where no policy grants it, and nothing is sent', async () => {
    verifies('models.hosted-tools')
    const response = await send('/v1/responses', more)
    expect([response.status, await response.json()]).toEqual([
      403,
      expect.objectContaining({ error: expect.objectContaining({ param: 'tools[0].type' }) }),
    ])
    expect(at.openai.requests).toEqual([])
  })

  it('is passed on where the policy names it', async () => {
    await using granted = await startPassService({ group: { hosted_tools: ['web_search'] } })
    const response = await granted.service.post({ ...requests['/v1/responses'], ...more }, {}, '/v1/responses')
    expect(response.status).toBe(200)
  })
})

describe('a caller who reads slowly', () => {
  it('makes the upstream wait, and costs little memory', async () => {
    verifies('models.slow-readers')
    let written = 0
    at.openai.answer = () => ({
      steps: [
        { do: 'head', status: 200, headers: { 'content-type': 'text/event-stream' } },
        ...Array.from({ length: 4_000 }, () => {
          const bytes = Buffer.from(`data: {"choices":[],"p":"${'x'.repeat(65_000)}"}\n\n`)
          return {
            do: 'write' as const,
            get bytes() {
              written += bytes.length
              return bytes
            },
          }
        }),
      ],
    })
    const body = JSON.stringify({ ...requests['/v1/chat/completions'], stream: true })
    const socket = connect(Number(new URL(at.service.url).port), '127.0.0.1')
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await once(socket, 'readable')
    let before = -1
    while (written !== before) {
      before = written
      await sleep(150)
    }
    // What the sockets of four ends hold, and nothing near the 260 MB that there are.
    expect(written).toBeLessThan(120_000_000)
    socket.destroy()
    await expect.poll(() => at.openai.requests[0]?.isAbandoned).toBe(true)
  })
})

describe.each(paths)('a call of %s for which there is no connection', (path) => {
  it('is answered 503 in the form of the API and with when to repeat it, and nothing of it is sent', async () => {
    verifies('models.busy-form')
    await using narrow = await startPassService({ upstream: { connections: 1, waiting: 0 } })
    const upstream = upstreamOf(path, narrow)
    upstream.fault = 'silence before the head'
    const body = requests[path]
    const first = narrow.service.post(body, version, path).catch(() => null)
    await expect.poll(() => upstream.requests.length).toBe(1)
    const second = await narrow.service.post(body, version, path)
    const { error } = (await second.json()) as { error: { type: string; message: string } }
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1'])
    expect(error.type).toBe(isAnthropic(path) ? 'overloaded_error' : 'server_error')
    expect(error.message).not.toContain('127.0.0.1')
    expect(upstream.requests).toHaveLength(1)
    await upstream[Symbol.asyncDispose]()
    expect((await first)?.status).toBe(502)
  })
})

describe('a stream that nobody asked for', () => {
  it('is refused, and its connection let go, however long it would go on', async () => {
    at.openai.answer = () => ({
      steps: [
        { do: 'head', status: 200, headers: { 'content-type': 'text/event-stream' } },
        { do: 'repeat', times: 20_000, bytes: Buffer.from(`data: {"p":"${'x'.repeat(65_000)}"}\n\n`) },
      ],
    })
    const response = await send('/v1/chat/completions')
    expect([response.status, await response.text()]).toEqual([502, expect.stringContaining('"error":{')])
    await expect.poll(() => at.openai.requests[0]?.isAbandoned).toBe(true)
  })
})

describe('Responses over WebSocket', () => {
  it('is refused with a sentence', async () => {
    verifies('models.websocket')
    const socket = connect(Number(new URL(at.service.url).port), '127.0.0.1')
    socket.write(
      `GET /v1/responses HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    )
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    expect(bytes.toString()).toMatch(
      /^HTTP\/1\.1 405 [\s\S]*\r\nallow: POST, OPTIONS\r\n[\s\S]*not served over WebSocket/i,
    )
  })

  it.each(['GET', 'HEAD'])(
    'is all that %s would be there for: it is not among the methods that are allowed',
    async (method) => {
      const headers = { authorization: `Bearer ${key}` }
      const response = await fetch(`${at.service.url}/v1/responses`, { method, headers })
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
    },
  )
})

describe('the log of faults', () => {
  it('tells the operator which upstream it was', async () => {
    at.openai.fault = 'status 401'
    await (await send('/v1/chat/completions')).text()
    expect(at.service.faults.at(-1)?.message).toContain('The upstream "first"')
    expect(at.service.faults.at(-1)?.advice).toContain('upstreams.first.api_key')
    expect(JSON.stringify(at.service.faults.map(({ message }) => message))).not.toContain(canaries.key)
  })
})
