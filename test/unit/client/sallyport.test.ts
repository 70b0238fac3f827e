import { describe, expect, it } from 'vitest'
import { Sallyport, SallyportError, type SallyportOptions } from '../../../src/client/sallyport.ts'
import { verifies } from '../../support/verifies.ts'

interface Asked {
  readonly address: string
  readonly init: RequestInit & { readonly headers?: Headers }
}

type Answer = Response | Error | (() => Response | Promise<Response>)

/** A client whose answers are given, one after another; the last one for all that follow. */
function lab(answers: readonly Answer[], options: Partial<SallyportOptions> = {}) {
  const asked: Asked[] = []
  const fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]
    asked.push({ address, init: init as Asked['init'] })
    if (answer instanceof Error) throw answer
    return answer instanceof Response ? answer.clone() : ((await answer?.()) ?? new Response())
  }
  const client = new Sallyport({ baseUrl: 'https://sandbox.example/base/', apiKey: 'sp-x', fetch, ...options })
  return { client, asked, keys: () => asked.map(({ init }) => init.headers?.get('idempotency-key')) }
}

const problem = (code: string, status: number, headers: Record<string, string> = {}): Response => {
  const body = { type: `urn:sallyport:error:${code}`, code, status, message: `It is ${code}.`, request_id: 'r1' }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  })
}
const json = (value: object) => new Response(JSON.stringify(value))

function events(...pieces: readonly (string | Error)[]): () => Response {
  return () => {
    const left = [...pieces]
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const next = left.shift()
        if (next === undefined) controller.close()
        else if (next instanceof Error) controller.error(next)
        else controller.enqueue(new TextEncoder().encode(next))
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'r9' } })
  }
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

const failure = (work: Promise<unknown>): Promise<SallyportError> =>
  work.then(
    () => Promise.reject(new Error('it came to something')),
    (thrown: unknown) => thrown as SallyportError,
  )

const down = new TypeError('fetch failed')
const code = 'print(1)'

describe('what the client sends', () => {
  it('goes below the base path, with the key, and leads nowhere else', async () => {
    const { client, asked } = lab([json({ data: [] })])
    await client.files.list({ limit: 5, after: 'file_ä', order: undefined })
    expect(asked[0]?.address).toBe('https://sandbox.example/base/v1/files?limit=5&after=file_%C3%A4')
    expect(asked[0]?.init.headers?.get('authorization')).toBe('Bearer sp-x')
    expect(asked[0]?.init).toMatchObject({ method: 'GET', redirect: 'manual' })
  })

  it('has no id that would reach another route', async () => {
    const { client, asked } = lab([json({})])
    await client.files.show('a/../b?c#d')
    expect(asked[0]?.address).toBe('https://sandbox.example/base/v1/files/a%2F..%2Fb%3Fc%23d')
    for (const id of ['', '.', '..', undefined as unknown as string]) {
      expect(() => client.conversations.delete(id)).toThrow('is no id')
    }
    expect(asked).toHaveLength(1)
  })

  it('asks for a key anew for each attempt, and never says it', async () => {
    const keys = ['sp-1', 'sp-2', 'sp 3\r\nx: y']
    const { client, asked } = lab([down, json({ data: [] })], { apiKey: async () => keys.shift() ?? '' })
    await client.models.list()
    expect(asked.map(({ init }) => init.headers?.get('authorization'))).toEqual(['Bearer sp-1', 'Bearer sp-2'])
    const thrown = await failure(client.models.list())
    expect(String(thrown)).toContain('visible ASCII')
    expect(String(thrown)).not.toContain('sp 3')
  })

  it.each(['', 'sandbox.example', 'ftp://x', 'file:///etc', 'http://a:b@x', 'http://x/?q', 'http://x/#f'])(
    'goes to no %j',
    (baseUrl) => {
      expect(() => new Sallyport({ baseUrl, apiKey: 'sp-x' })).toThrow('baseUrl')
    },
  )

  it('has no key where a link leads, wherever that is', async () => {
    const { client, asked } = lab([new Response('png')])
    await client.download('https://elsewhere.example/x?signature=1')
    await client.download('/v1/artifacts/a?signature=1')
    expect(asked.map(({ address }) => address)).toEqual([
      'https://elsewhere.example/x?signature=1',
      'https://sandbox.example/v1/artifacts/a?signature=1',
    ])
    expect(asked.map(({ init }) => init.headers)).toEqual([undefined, undefined])
  })
})

describe('what the client repeats', () => {
  it('asks again with one key for the same program where nobody answers', async () => {
    verifies('clients.repeats')
    const { client, keys } = lab([down, down, json({ outcome: 'ok' })])
    expect(await client.programs.execute({ code })).toEqual({ outcome: 'ok' })
    expect(new Set(keys()).size).toBe(1)
    expect(keys()[0]).toMatch(/^[0-9a-f]{32}$/)
    await client.programs.execute({ code })
    expect(new Set(keys()).size).toBe(2)
  })

  it.each([
    ['rate-limited', 429],
    ['service-unavailable', 503],
    ['request-in-flight', 409],
  ])('asks again after as long as %s says', async (name, status) => {
    const { client, asked } = lab([problem(name, status, { 'retry-after': '0' }), json({ outcome: 'ok' })])
    await client.programs.execute({ code })
    expect(asked).toHaveLength(2)
  })

  it.each([
    ['what was refused', problem('refused', 400)],
    ['what failed', problem('internal', 500, { 'retry-after': '0' })],
    ['a conflict that says no time', problem('conflict', 409)],
    ['a wait of an hour', problem('rate-limited', 429, { 'retry-after': '3600' })],
    ['what is no answer', new Response('<html>', { status: 502 })],
    ['where it is led elsewhere', new Response(null, { status: 302, headers: { location: 'https://evil.example' } })],
  ])('does not ask again: %s', async (_what, answer) => {
    const { client, asked } = lab([answer])
    await failure(client.programs.execute({ code }))
    expect(asked).toHaveLength(1)
  })

  it('never asks again where that could be done twice', async () => {
    verifies('clients.repeats')
    const { client, asked } = lab([down])
    const messages = [{ role: 'user', content: 'How many?' }] as const
    for (const ask of [
      () => client.chat.complete({ model: 'analyst', messages }),
      () => client.files.create({ file: new Blob(['x']), purpose: 'user_data' }),
      () => client.conversations.delete('conv_1'),
      () => client.sessions.open({}),
    ]) {
      asked.length = 0
      expect(await failure(ask())).toMatchObject({ code: 'unreachable', status: null, cause: down })
      expect(asked).toHaveLength(1)
    }
  })

  it('gives up after as often as it is told', async () => {
    const { client, asked } = lab([down], { retries: 1 })
    await failure(client.models.list())
    expect(asked).toHaveLength(2)
  })

  it('stops waiting when it is given up', async () => {
    const stopping = new AbortController()
    const { client, asked } = lab([problem('rate-limited', 429, { 'retry-after': '30' })])
    const work = client.programs.execute({ code }, { signal: stopping.signal })
    setTimeout(() => stopping.abort(new Error('enough')), 20)
    await expect(work).rejects.toThrow('enough')
    expect(asked).toHaveLength(1)
  })
})

describe('what the client makes of answers', () => {
  it('is an error with all that the service said', async () => {
    const { client } = lab([problem('rate-limited', 429, { 'retry-after': '60' })])
    const thrown = await failure(client.chat.complete({ model: 'analyst', messages: [] }))
    expect(thrown).toBeInstanceOf(SallyportError)
    expect(thrown).toMatchObject({
      name: 'SallyportError',
      message: 'It is rate-limited.',
      code: 'rate-limited',
      status: 429,
      requestId: 'r1',
      retryAfterMilliseconds: 60_000,
      problem: { type: 'urn:sallyport:error:rate-limited' },
    })
  })

  it.each([
    ['a page of a proxy', new Response('<html>Bad gateway', { status: 502 }), 502],
    ['a page with status 200', new Response('<html>Log in'), 200],
    ['JSON of something else', new Response('{"error":"no"}', { status: 500 }), 500],
    ['JSON that is no object', new Response('null', { status: 500 }), 500],
    ['an empty answer', new Response('', { status: 500 }), 500],
  ])('is no answer of the service: %s', async (_what, answer, status) => {
    const thrown = await failure(lab([answer]).client.models.list())
    expect(thrown).toMatchObject({ code: 'unexpected-answer', status, problem: null })
    expect(thrown.message).toContain('none of Sallyport')
  })

  it('says that a broken answer broke', async () => {
    const broken = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) }))
    expect(await failure(lab([broken]).client.models.list())).toMatchObject({ code: 'unreachable' })
  })

  it('passes over a time that is a date', async () => {
    const { client } = lab([problem('rate-limited', 429, { 'retry-after': 'Sun, 29 Nov 2026 21:00:00 GMT' })])
    expect(await failure(client.models.list())).toMatchObject({ retryAfterMilliseconds: null })
  })
})

describe('what the client reads of streams', () => {
  const result = '{"type":"result","result":{"outcome":"ok"}}'

  it('is whole, in whatever pieces it comes', async () => {
    const text = `: hb\r\n\r\nevent: x\r\ndata: {"type":"output",\r\ndata:"stream":"stdout","text":"Zoë 🙂"}\r\n\r\nid: 7\r\rdata: ${result}\n\n`
    const bytes = new TextEncoder().encode(text)
    const whole = [
      { type: 'output', stream: 'stdout', text: 'Zoë 🙂' },
      { type: 'result', result: { outcome: 'ok' } },
    ]
    for (const size of [1, 2, 3, 7, 1_000]) {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
          controller.close()
        },
      })
      const { client } = lab([() => new Response(body, { headers: { 'content-type': 'text/event-stream' } })])
      expect(await all(client.programs.executeStream({ code }))).toEqual(whole)
    }
  })

  it('ends with what is last there', async () => {
    const { client, asked } = lab([events('data: {"id":"1"}\n\ndata: [DONE]\n\ndata: {"id":"2"}\n\n')])
    expect(await all(client.chat.completeStream({ model: 'analyst', messages: [] }))).toEqual([{ id: '1' }])
    expect(JSON.parse(asked[0]?.init.body as string)).toEqual({ model: 'analyst', messages: [], stream: true })
    expect(asked[0]?.init.headers?.get('accept')).toBe('text/event-stream')
  })

  it.each([
    ['ends too early', ['data: {"type":"output"}\n\n'], 'stream-cut'],
    ['ends within an event', [`data: ${result}\n`], 'stream-cut'],
    ['breaks', ['data: {"type":"output"}\n\n', new TypeError('terminated')], 'unreachable'],
    ['is no JSON', ['data: {"type"\n\n'], 'unexpected-answer'],
    [
      'has an error',
      ['data: {"type":"error","problem":{"code":"refused","message":"No.","request_id":"r2"}}\n\n'],
      'refused',
    ],
    [
      "has an error in OpenAI's form",
      ['data: {"error":{"code":"internal","message":"It broke off."}}\n\n'],
      'internal',
    ],
  ])('is an error where it %s', async (_what, pieces, name) => {
    verifies('clients.whole-streams')
    const thrown = await failure(all(lab([events(...pieces)]).client.programs.executeStream({ code })))
    expect(thrown).toMatchObject({ code: name, requestId: name === 'refused' ? 'r2' : 'r9' })
  })

  it('is none where the answer is none', async () => {
    const { client } = lab([json({ outcome: 'ok' })])
    expect(await failure(all(client.programs.executeStream({ code })))).toMatchObject({ code: 'unexpected-answer' })
  })

  it('is let go by leaving the loop', async () => {
    let cancelled = 0
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('data: {"type":"output"}\n\n')),
      cancel: () => void (cancelled += 1),
    })
    const { client } = lab([() => new Response(body, { headers: { 'content-type': 'text/event-stream' } })])
    for await (const event of client.programs.executeStream({ code })) {
      expect(event.type).toBe('output')
      break
    }
    expect(cancelled).toBe(1)
  })
})
