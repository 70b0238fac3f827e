import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { answerCat, guardedService } from '../../support/endpoints/guarded-service.ts'
import { verifies } from '../../support/verifies.ts'

const good = { pixels: [0.5] }
type Answer = (request: IncomingMessage, response: ServerResponse) => void
const answering =
  (status: number, type: string, body: string, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': type, ...headers }).end(body)
const rawly =
  (bytes: string): Answer =>
  ({ socket }) =>
    void socket.end(bytes)

const bad: readonly (readonly [what: string, answer: Answer, status: number, code: string])[] = [
  ['500', answering(500, 'text/html', '<h1>Traceback secret</h1>'), 502, 'endpoint-unavailable'],
  ['500 in JSON', answering(500, 'application/json', '{"label":"secret"}'), 502, 'endpoint-unavailable'],
  ['429', answering(429, 'text/plain', 'secret'), 503, 'endpoint-busy'],
  ['503', answering(503, 'text/plain', 'secret'), 503, 'endpoint-busy'],
  ['a redirect', answering(302, 'text/html', 'secret', { location: 'http://127.0.0.1:1/' }), 502, 'endpoint-protocol'],
  ['that its key is wrong', answering(401, 'application/json', '{"secret":1}'), 502, 'endpoint-protocol'],
  [
    'a status that its document does not name',
    answering(418, 'application/json', '{"secret":1}'),
    502,
    'endpoint-protocol',
  ],
  ['HTML', answering(200, 'text/html', '<b>secret</b>'), 502, 'endpoint-protocol'],
  ['no media type', (_request, response) => void response.writeHead(200).end('secret'), 502, 'endpoint-protocol'],
  ['nothing', answering(200, 'application/json', ''), 502, 'endpoint-protocol'],
  ['no JSON', answering(200, 'application/json', 'secret'), 502, 'endpoint-protocol'],
  ['another schema', answering(200, 'application/json', '["secret"]'), 502, 'endpoint-protocol'],
  [
    'an encoding',
    answering(200, 'application/json', 'secret', { 'content-encoding': 'gzip' }),
    502,
    'endpoint-protocol',
  ],
  ['more than its limit', answering(200, 'application/json', `"${'secret'.repeat(20_000)}"`), 502, 'endpoint-protocol'],
  ['garbage', rawly('secret\r\n\r\n'), 502, 'endpoint-protocol'],
  [
    'half a body',
    rawly('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"secret'),
    502,
    'endpoint-unavailable',
  ],
  ['by hanging up', ({ socket }) => void socket.destroy(), 502, 'endpoint-unavailable'],
  ['never', () => undefined, 504, 'endpoint-timeout'],
  [
    'and never ends',
    (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    504,
    'endpoint-timeout',
  ],
]

/** Milliseconds: a machine under load is slow to answer, too, and only what never answers is to be waited for in vain. */
const timeoutFor = (status: number): number => (status === 504 ? 1_500 : 60_000)

describe('a service behind an endpoint', () => {
  it.each(bad)(
    'that answers %s is one clean error, and nothing it says is shown',
    async (_what, answer, status, code) => {
      verifies('endpoints.bad-answers')
      await using guarded = await guardedService({ settings: { timeout_ms: timeoutFor(status), answer_limit_kb: 64 } })
      guarded.behind.answer = answer
      const answered = await guarded.call(good)
      const text = await answered.text()
      expect([answered.status, answered.headers.get('content-type')]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
      ])
      expect(JSON.parse(text)).toMatchObject({ code, request_id: answered.headers.get('x-request-id') })
      expect(text).not.toContain('secret')
      // Once and never again: what it did with the first is not known.
      expect(guarded.behind.requests).toHaveLength(1)
    },
  )

  it('that is not there is one clean error', async () => {
    verifies('endpoints.bad-answers')
    await using guarded = await guardedService({ settings: { base_url: 'http://127.0.0.1:1' } })
    expect(await (await guarded.call(good)).json()).toMatchObject({ status: 502, code: 'endpoint-unavailable' })
  })

  it('that fails again and again is left alone', async () => {
    verifies('endpoints.breaker')
    await using guarded = await guardedService({ settings: { breaker: { failures: 2, open_ms: 600_000 } } })
    guarded.behind.answer = answering(500, 'text/plain', '')
    for (let at = 0; at < 4; at += 1) expect((await guarded.call(good)).status).toBe(502)
    guarded.behind.answer = answerCat
    expect((await guarded.call(good)).status).toBe(502)
    expect(guarded.behind.requests).toHaveLength(2)
  })

  it('that failed is asked again after a while, and answers all who call it once it is well', async () => {
    verifies('endpoints.breaker')
    await using guarded = await guardedService({ settings: { breaker: { failures: 2, open_ms: 100 } } })
    guarded.behind.answer = answering(500, 'text/plain', '')
    for (let at = 0; at < 2; at += 1) expect((await guarded.call(good)).status).toBe(502)
    guarded.behind.answer = answerCat
    await expect.poll(async () => (await guarded.call(good)).status).toBe(200)
    for (let at = 0; at < 3; at += 1) expect((await guarded.call(good)).status).toBe(200)
  })

  it.each<[string, Answer, number]>([
    ['an error', answering(500, 'text/plain', ''), 502],
    ['nothing, and the connection closed', (request) => void request.socket.destroy(), 502],
    ['nothing in time', () => undefined, 504],
  ])('that has %s for what one caller sends goes on answering others', async (_what, answer, status) => {
    verifies('endpoints.breaker')
    const settings = { breaker: { failures: 2, open_ms: 60_000 }, timeout_ms: timeoutFor(status) }
    await using guarded = await guardedService({ settings })
    guarded.behind.answer = answer
    const mallory = { authorization: 'Bearer sp-mallory' }
    for (const expected of [status, status, 502]) expect((await guarded.call(good, mallory)).status).toBe(expected)
    expect(guarded.behind.requests).toHaveLength(2)
    guarded.behind.answer = answerCat
    expect((await guarded.call(good)).status).toBe(200)
    expect((await guarded.call(good, mallory)).status).toBe(502)
  })

  it('that nobody reaches is left alone by all', async () => {
    verifies('endpoints.breaker')
    const settings = { base_url: 'http://127.0.0.1:1', breaker: { failures: 2, open_ms: 60_000 } }
    await using guarded = await guardedService({ settings })
    const retryAfter = async (name: string) =>
      (await guarded.call(good, { authorization: `Bearer sp-${name}` })).headers.get('retry-after')
    expect([await retryAfter('ann'), await retryAfter('ann')]).not.toContain('60')
    expect(await retryAfter('bob')).toBe('60')
  })

  it('has no more calls at a time than it may, nor more that wait for it', async () => {
    verifies('endpoints.fair')
    await using guarded = await guardedService({ settings: { concurrency: 2, waiting: 2, wait_ms: 60_000 } })
    const released = Promise.withResolvers<undefined>()
    let [inside, most] = [0, 0]
    guarded.behind.answer = (request, response) => {
      inside += 1
      most = Math.max(most, inside)
      void released.promise.then(() => {
        inside -= 1
        answerCat(request, response)
      })
    }
    const answered: number[] = []
    const calls = Array.from({ length: 8 }, async () => answered.push((await guarded.call(good)).status))
    // Nothing is answered yet: whoever has been is one too many.
    await expect.poll(() => answered.length).toBe(4)
    expect([answered, most]).toEqual([[503, 503, 503, 503], 2])
    released.resolve(undefined)
    await Promise.all(calls)
    expect(answered.slice(4)).toEqual([200, 200, 200, 200])
    expect(most).toBe(2)
  })

  it('has a call told so that waits for it too long', async () => {
    verifies('endpoints.fair')
    await using guarded = await guardedService({ settings: { concurrency: 1, waiting: 2, wait_ms: 20 } })
    const released = Promise.withResolvers<undefined>()
    guarded.behind.answer = (request, response) => void released.promise.then(() => answerCat(request, response))
    const first = guarded.call(good)
    await expect.poll(() => guarded.behind.requests.length).toBe(1)
    expect((await guarded.call(good)).status).toBe(503)
    released.resolve(undefined)
    expect((await first).status).toBe(200)
    expect(guarded.behind.requests).toHaveLength(1)
  })

  it('is let go when its caller hangs up, which says nothing about it', async () => {
    await using guarded = await guardedService({ settings: { breaker: { failures: 1, open_ms: 60_000 } } })
    const gone = Promise.withResolvers<undefined>()
    guarded.behind.answer = (request) => void request.socket.once('close', () => gone.resolve(undefined))
    const { call, hangUp } = begun(guarded)
    await expect.poll(() => guarded.behind.requests.length).toBe(1)
    hangUp()
    await expect(call).rejects.toThrow(/aborted/)
    await gone.promise
    guarded.behind.answer = answerCat
    expect((await guarded.call(good)).status).toBe(200)
  })

  it('is tried by the next caller where the one who was to find out whether it is back hangs up', async () => {
    verifies('endpoints.breaker')
    await using guarded = await guardedService({ settings: { breaker: { failures: 1, open_ms: 2_000 } } })
    guarded.behind.answer = answering(500, 'text/plain', '')
    expect((await guarded.call(good)).status).toBe(502)
    const [arrived, gone] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    guarded.behind.answer = (request) => {
      request.socket.once('close', () => gone.resolve(undefined))
      arrived.resolve(undefined)
    }
    // Until it is asked again each call is refused at once.
    let probe = begun(guarded)
    while ((await Promise.race([probe.call, arrived.promise])) !== undefined) probe = begun(guarded)
    probe.hangUp()
    await expect(probe.call).rejects.toThrow(/aborted/)
    await gone.promise
    guarded.behind.answer = answerCat
    await expect.poll(async () => (await guarded.call(good)).status).toBe(200)
  })
})

/** A call of which nobody waits for the answer yet. */
function begun({ service }: Awaited<ReturnType<typeof guardedService>>) {
  const leaving = new AbortController()
  const call = fetch(`${service.url}/endpoints/classifier/predict`, {
    method: 'POST',
    headers: { authorization: 'Bearer sp-ann', 'content-type': 'application/json' },
    body: JSON.stringify(good),
    signal: leaving.signal,
  })
  return { call, hangUp: () => leaving.abort() }
}
