import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricsOf, serve, startSallyport, type Served } from '../support/cli/sallyport-process.ts'
import { ScriptedOpenAiServer, type ServedTurn } from '../support/http/scripted-openai-server.ts'
import { verifies } from '../support/verifies.ts'

const messages = [{ role: 'user', content: 'How many orders are there?' }]

/** Every place is kept small, so that these tests need no sandbox. */
const withoutSandboxes = { SALLYPORT_SANDBOX_POOL_MINIMUM_READY: '0', SALLYPORT_SANDBOX_POOL_MAXIMUM_READY: '0' }

/** Nobody may ask for its own model, so that it makes nothing ready that works on data. */
const withoutModels = { SALLYPORT_GATEWAY_GROUPS: '{default: {models: []}}' }

function ask(service: Served, body: object, key = service.key): Promise<Response> {
  return fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

interface LogLine {
  readonly level: number
  readonly requestId?: string
  readonly msg: string
  readonly error?: { readonly message: string }
}

function logOf(service: Served): LogLine[] {
  return service
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
}

const errorLevel = 50

describe('S6: a model endpoint that fails', () => {
  const page = '<html>\u001b]0;evil\u0007 internal-gateway 10.1.2.3:9999 \u202e</html>'
  const html = { 'content-type': 'text/html' }
  const turns: readonly (readonly [name: string, turn: ServedTurn])[] = [
    ['400 with a page', { kind: 'status', status: 400, body: page, headers: html }],
    ['500 with a page', { kind: 'status', status: 500, body: page, headers: html }],
    ['403 with a page', { kind: 'status', status: 403, body: page, headers: html }],
    ['400 with words', { kind: 'status', status: 400, body: JSON.stringify({ error: { message: page } }) }],
    ['a redirect', { kind: 'status', status: 302, body: '', headers: { location: 'http://10.1.2.3:9999/' } }],
    ['200 with a page', { kind: 'page' }],
    ['an error within its stream', { kind: 'raw', body: `data: ${JSON.stringify({ error: { message: page } })}\n\n` }],
  ]
  let position = 0
  let endpoint: ScriptedOpenAiServer
  let service: Served
  beforeAll(async () => {
    endpoint = await ScriptedOpenAiServer.start(() => turns[position]?.[1] ?? { kind: 'hang' })
    service = await serve({
      ...withoutSandboxes,
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
      SALLYPORT_MODEL_RETRIES: '0',
    })
  })
  afterAll(async () => {
    await service[Symbol.asyncDispose]()
    await endpoint[Symbol.asyncDispose]()
  })

  it.each(turns.flatMap(([name], at) => [false, true].map((stream) => ({ name, at, stream }))))(
    'with $name says nothing of it to the caller, and all to the log; streamed: $stream',
    async ({ at, stream }) => {
      verifies('security.operator-only')
      position = at
      const response = await ask(service, { model: 'analyst', messages, stream })
      const text = await response.text()
      expect(text).toContain('The model does not answer.')
      expect(text).not.toMatch(
        /10\.1\.2\.3|127\.0\.0\.1|internal-gateway|evil|html|base_url|api_key|scripted-1|HTTP \d/i,
      )
      const id = response.headers.get('x-request-id')
      await expect
        .poll(() => logOf(service).filter(({ requestId, level }) => requestId === id && level === errorLevel))
        .not.toEqual([])
      const lines = logOf(service).filter(({ requestId }) => requestId === id)
      expect(lines.map(({ error }) => error?.message ?? '').join()).toContain('127.0.0.1')
      // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not be there
      expect(service.log()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    },
  )
})

describe('S7: what answers 5xx', () => {
  it('is in the log with its request id: a storage that was overwritten', async () => {
    verifies('errors.request-id')
    await using service = await serve(withoutModels)
    const storage = service.environment['SALLYPORT_STORAGE_PATH'] ?? ''
    for (const file of [storage, `${storage}-wal`]) writeFileSync(file, Buffer.alloc(65_536, 'no storage '))
    // Keys that were read before count for a second.
    await sleep(1_500)
    const response = await ask(service, { model: 'analyst', messages })
    const problem = (await response.json()) as { request_id: string; detail: string }
    expect([response.status, problem.detail]).toEqual([503, 'The service cannot use its storage.'])
    expect(problem.request_id).toBe(response.headers.get('x-request-id'))
    const own = () => logOf(service).filter(({ requestId }) => requestId === problem.request_id)
    await expect.poll(() => own().map(({ msg }) => msg)).toContain('response')
    expect(own().every(({ level }) => level === errorLevel)).toBe(true)
    expect(
      own()
        .map(({ error }) => error?.message ?? '')
        .join(),
    ).toMatch(/The storage .* is damaged/)
  })
})

describe('S8: many chats at once', () => {
  async function statusesOf(
    groups: string,
    count: number,
  ): Promise<{ statuses: number[]; retryAfter: (string | null)[] }> {
    await using endpoint = await heldEndpoint()
    await using service = await serve({
      ...withoutSandboxes,
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
      SALLYPORT_GATEWAY_GROUPS: groups,
    })
    const asked = Array.from({ length: count }, () => ask(service, { model: 'analyst', messages }))
    let refused = 0
    for (const one of asked) void one.then(({ status }) => (refused += status === 200 ? 0 : 1)).catch(() => {})
    await expect.poll(() => endpoint.waiting() + refused).toBe(count)
    endpoint.release()
    const responses = await Promise.all(asked)
    const limited = responses.filter(({ status }) => status === 429)
    return {
      statuses: responses.map(({ status }) => status),
      retryAfter: limited.map(({ headers }) => headers.get('retry-after')),
    }
  }

  it('without a session are bounded by the limit of requests at a time alone', async () => {
    const { statuses } = await statusesOf('{default: {concurrent_requests: 400, tokens_per_day: 1000000000}}', 300)
    expect(new Set(statuses)).toEqual(new Set([200]))
  })

  it('above the limit get the time to come back, and as many as the limit run', async () => {
    const { statuses, retryAfter } = await statusesOf(
      '{default: {concurrent_requests: 100, tokens_per_day: 1000000000}}',
      300,
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(100)
    expect(statuses.filter((status) => status === 429)).toHaveLength(200)
    expect(retryAfter.every((seconds) => Number(seconds) >= 1 && Number(seconds) <= 60)).toBe(true)
  })
})

describe('what a service keeps and shows', () => {
  let service: Served
  beforeAll(async () => {
    service = await serve({ ...withoutSandboxes, SALLYPORT_TELEMETRY_LOG_LEVEL: 'debug' })
  })
  afterAll(() => service[Symbol.asyncDispose]())

  it('S11: has no text of a caller on the trail or in the log', async () => {
    verifies('audit.no-texts')
    const words = 'Ada Lovelace has diabetes'
    expect((await ask(service, { model: words, messages })).status).toBe(404)
    expect((await ask(service, { model: `analyst:${words}`, messages })).status).toBe(404)
    expect((await ask(service, { model: 'analyst', session: words, messages, user: words })).status).toBe(404)
    expect((await ask(service, { model: 'analyst', messages, [words]: 1, n: 7 })).status).toBe(400)
    const authorization = `Bearer ${service.key}`
    expect((await fetch(`${service.url}/${encodeURIComponent(words)}`, { headers: { authorization } })).status).toBe(
      404,
    )
    const trail = readFileSync(service.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')
    await expect.poll(() => logOf(service).filter(({ msg }) => msg === 'response').length).toBeGreaterThanOrEqual(5)
    expect(trail).toMatch(/"model":"unknown:[0-9a-f]{8}:[0-9a-f]{64}"/)
    expect(trail + service.log()).not.toMatch(/Lovelace|diabetes/)
  })

  it('S15: shows figures of the process, to a key of the group that may', async () => {
    verifies('security.metrics-key')
    const tenant = await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${service.key}` } })
    expect(tenant.status).toBe(403)
    const text = await metricsOf(service)
    expect(text).toMatch(/^process_resident_memory_bytes \d/m)
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m)
  })

  it('S15: warns of a storage that others may read', async () => {
    verifies('security.readable-files-named')
    const keys = service.environment['SALLYPORT_STORAGE_PATH'] ?? ''
    chmodSync(keys, 0o644)
    // Another service with the same keys: the banner has no new key, so it is waited for by its log.
    const second = startSallyport(['serve'], {
      environment: { ...service.environment, SALLYPORT_TELEMETRY_LOG_LEVEL: 'warn' },
    })
    let log = ''
    second.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
    await expect.poll(() => log).toMatch(/sallyport\.db \(mode 0644\).*others than their owner/)
    second.kill('SIGTERM')
    await new Promise((resolve) => second.on('close', resolve))
    chmodSync(keys, 0o600)
  })

  it('S13: says on SIGTERM that it is not ready, while it still answers', async () => {
    verifies('serve.drain-grace')
    await using leaving = await serve({ ...withoutModels, SALLYPORT_HTTP_DRAIN_GRACE_MS: '3000' })
    await expect.poll(async () => (await fetch(`${leaving.url}/readyz`)).status, { timeout: 120_000 }).toBe(200)
    leaving.process.kill('SIGTERM')
    await expect.poll(async () => (await fetch(`${leaving.url}/readyz`)).status).toBe(503)
    const models = await fetch(`${leaving.url}/v1/models`, { headers: { authorization: `Bearer ${leaving.key}` } })
    expect(models.status).toBe(200)
    await leaving[Symbol.asyncDispose]()
    expect(leaving.process.exitCode).toBe(0)
  })
})

/** An OpenAI-compatible endpoint that holds its answers until the test releases them. */
async function heldEndpoint() {
  const released = Promise.withResolvers<void>()
  let waiting = 0
  const choice = { index: 0, message: { role: 'assistant', content: 'Here.' }, finish_reason: 'stop' }
  const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 }
  const body = JSON.stringify({ id: 'c', object: 'chat.completion', created: 0, model: 'm', choices: [choice], usage })
  const server = createServer((request, response) => {
    request.resume()
    waiting += 1
    void released.promise.then(() => response.writeHead(200, { 'content-type': 'application/json' }).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    waiting: () => waiting,
    release: () => released.resolve(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('credentials that are nobody’s', () => {
  it('are counted on the audit trail when the service ends, if not before', async () => {
    verifies('audit.refused-credentials')
    const service = await serve(withoutModels)
    for (const key of ['sp-nobody', 'sp-no one']) {
      expect((await ask(service, { model: 'analyst', messages }, key)).status).toBe(401)
    }
    await service[Symbol.asyncDispose]()
    const trail = readFileSync(service.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')
    // The second cannot be read as a credential at all.
    expect(trail).toContain('{"event":"credentials-refused","requestId":"","count":1,"addresses":1}')
  })

  it('are all counted in the metrics, of one address too, whose guesses are answered with 429 after the first', async () => {
    verifies('metrics.refused-credentials')
    await using service = await serve(withoutModels)
    const statuses: number[] = []
    for (let guess = 0; guess < 30; guess += 1) {
      statuses.push((await ask(service, { model: 'analyst', messages }, `sp-nobody-${guess}`)).status)
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(20)
    expect(await metricsOf(service)).toContain('sallyport_events_total{part="credentials",event="refused"} 30')
  })
})
