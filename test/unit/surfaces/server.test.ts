import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../../src/core/events.ts'
import { ArtifactStore } from '../../../src/surfaces/artifact-store.ts'
import { delta, end } from '../../support/agent-events.ts'
import { key, monitoringKey, question, startService } from '../../support/http/http-service.ts'
import { verifies } from '../../support/verifies.ts'

const headers = { authorization: `Bearer ${key}` }

describe('the service', () => {
  it('lists its models and describes one', async () => {
    await using service = await startService()
    const list = await (await fetch(`${service.url}/v1/models`, { headers })).json()
    expect(list).toMatchObject({ object: 'list', data: [{ id: 'analyst', object: 'model' }, { id: 'analyst:shop' }] })
    const one = await (await fetch(`${service.url}/v1/models/analyst:shop`, { headers })).json()
    expect(one).toEqual({ id: 'analyst:shop', object: 'model', created: 0, owned_by: 'demo' })
  })

  it('S15: says whether it lives and is ready without a key, and its metrics to who may see those of all', async () => {
    verifies('security.metrics-key')
    await using service = await startService({ ready: false })
    expect((await fetch(`${service.url}/livez`)).status).toBe(200)
    expect((await fetch(`${service.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${service.url}/metrics`)).status).toBe(401)
    const tenant = await fetch(`${service.url}/metrics`, { headers })
    expect([tenant.status, await tenant.text()]).toEqual([403, expect.stringContaining('monitoring')])
    const monitor = await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${monitoringKey}` } })
    expect(await monitor.text()).toBe('requests_total 1\n')
  })

  it('sends headers that keep its answers inert, and an id for each', async () => {
    await using service = await startService()
    const response = await fetch(`${service.url}/livez`)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
    expect(response.headers.has('x-powered-by')).toBe(false)
  })

  it('S7, S11: tells each response with its request id, and by its route, not by what a caller wrote', async () => {
    verifies('errors.request-id')
    await using service = await startService()
    const ids = []
    for (const path of ['/v1/models/Ada%20Lovelace', '/Ada/Lovelace?x=1', '/livez']) {
      const response = await fetch(`${service.url}${path}`, { headers })
      ids.push(response.headers.get('x-request-id'))
      await response.text()
    }
    expect(service.responses).toMatchObject([
      { requestId: ids[0], route: '/v1/models/:id', status: 404 },
      { requestId: ids[1], route: null, path: '/Ada/Lovelace', status: 404 },
      { requestId: ids[2], route: '/livez', status: 200 },
    ])
    expect(new Set(ids).size).toBe(3)
  })

  it('says what is wrong when its port is taken', async () => {
    await using service = await startService()
    const taken = startService({ settings: { port: service.server.port } })
    await expect(taken).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('EADDRINUSE'),
      advice: expect.stringContaining('"sallyport doctor" says whether it is a service that runs'),
    })
  })
})

/** Answers after `milliseconds`, or throws the reason of its signal. */
async function* slow(milliseconds: number, signal: AbortSignal): AsyncGenerator<AgentEvent> {
  yield delta('Working. ')
  await sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted())
  yield delta('Done.')
  yield end()
}

describe('shutting down', () => {
  it('lets a running answer finish and takes no new one', async () => {
    const service = await startService({
      settings: { drain_ms: 5_000 },
      answer: (_received, signal) => slow(300, signal),
    })
    const running = await service.post({ ...question, stream: true })
    const closed = service.server[Symbol.asyncDispose]()
    await expect(fetch(`${service.url}/readyz`)).rejects.toThrow('fetch failed')
    expect(await running.text()).toContain('[DONE]')
    await closed
  })

  it('S13: answers on for a grace, says that it is not ready, and asks connections to end', async () => {
    verifies('serve.drain-grace')
    const over = Promise.withResolvers<void>()
    const waited: number[] = []
    const wait = (milliseconds: number): Promise<void> => {
      waited.push(milliseconds)
      return over.promise
    }
    const service = await startService({ settings: { drain_grace_ms: 6_000 }, wait })
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
    const closed = service.server[Symbol.asyncDispose]()
    const ready = await fetch(`${service.url}/readyz`)
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close'])
    expect((await fetch(`${service.url}/livez`)).status).toBe(200)
    const answer = await service.post(question)
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close'])
    expect(waited).toEqual([6_000])
    over.resolve()
    await closed
    await expect(fetch(`${service.url}/readyz`)).rejects.toThrow('fetch failed')
  })

  it('aborts what takes too long, and says so in the stream', async () => {
    verifies('serve.drain-ends')
    const service = await startService({
      settings: { drain_ms: 100 },
      answer: (_received, signal) => slow(60_000, signal),
    })
    const running = await service.post({ ...question, stream: true })
    await service.server[Symbol.asyncDispose]()
    const text = await running.text()
    expect(text).toContain('"code":"shutting-down"')
    expect(text).not.toContain('[DONE]')
  })
})

describe('links to files', () => {
  const artifact = { name: 'a.png', mediaType: 'image/png', content: Buffer.alloc(40).toString('base64') }

  function store(extra: { maximumBytes?: number; now?: () => number } = {}) {
    return new ArtifactStore({ timeToLiveMilliseconds: 1_000, maximumBytes: 100, baseUrl: () => 'http://x', ...extra })
  }

  function open(on: ArtifactStore, link: string | null) {
    const url = new URL(link ?? '')
    return on.get(
      url.pathname.split('/').at(-1) ?? '',
      url.searchParams.get('expires') ?? '',
      url.searchParams.get('signature') ?? '',
    )
  }

  it('end with their time', () => {
    verifies('serve.chart-links')
    let time = 5_000
    const kept = store({ now: () => time })
    const link = kept.put({ id: 'key_a' }, artifact)
    expect(open(kept, link)?.name).toBe('a.png')
    time = 6_000
    expect(open(kept, link)).toBeNull()
  })

  it('make room for newer ones, and refuse what no room is enough for', () => {
    const kept = store()
    const links = [
      kept.put({ id: 'key_a' }, artifact),
      kept.put({ id: 'key_a' }, artifact),
      kept.put({ id: 'key_a' }, artifact),
    ]
    expect(links.map((link) => open(kept, link) !== null)).toEqual([false, true, true])
    expect(kept.put({ id: 'key_a' }, { ...artifact, content: Buffer.alloc(101).toString('base64') })).toBeNull()
  })
})
