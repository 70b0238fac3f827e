import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanEnvironment, serve, startSallyport, type Served } from '../support/cli/sallyport-process.ts'
import { serviceKey } from '../support/filters/service/filter-service.ts'
import { UpstreamServer } from '../support/http/upstream/upstream-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

/** `sallyport serve --role filters` with a configuration in which nothing else is set. */
async function startFilters(): Promise<
  { readonly url: string; readonly stop: () => Promise<number | null> } & AsyncDisposable
> {
  const environment = cleanEnvironment({
    SALLYPORT_HTTP_PORT: '0',
    SALLYPORT_HTTP_DRAIN_GRACE_MS: '0',
    SALLYPORT_TELEMETRY_LOG_LEVEL: 'silent',
    SALLYPORT_SECRETS_DIRECTORY: temporaryFolder('sallyport-filters-'),
    SALLYPORT_FILTERS_CONTENT_SERVICE_KEY: serviceKey,
  })
  const child = startSallyport(['serve', '--role', 'filters', '--output', 'json'], { environment })
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  const stop = async (): Promise<number | null> => {
    if (child.exitCode !== null) return child.exitCode
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    return ((await ended) as [number | null])[0]
  }
  const { url } = JSON.parse(line.toString()) as { url: string }
  return { url, stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

async function serveBy(filters: string, upstream: UpstreamServer): Promise<Served> {
  const file = join(temporaryFolder('sallyport-filters-'), 'sallyport.yaml')
  const configuration = {
    upstreams: { first: { kind: 'openai', base_url: upstream.baseUrl, models: ['gpt-5'] } },
    gateway: { groups: { default: { models: ['gpt-5'], call_filter_profile: 'staff' } } },
    filters: {
      content: { service: { urls: [filters], breaker_open_ms: 100 } },
      profiles: { staff: { version: 5, inbound: { 'pii/card': { action: 'block' }, pii: { action: 'allow' } } } },
    },
  }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration))
  return serve({ SALLYPORT_CONFIG: file, SALLYPORT_FILTERS_CONTENT_SERVICE_KEY: serviceKey })
}

const post = ({ url, key }: Served, path: string, body: object) =>
  fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const ask = (service: Served, content: string) =>
  post(service, '/v1/chat/completions', { model: 'gpt-5', messages: [{ role: 'user', content }] })

const card = 'My card is 4111 1111 1111 1111.'

describe('a service whose content is looked at by other processes', () => {
  it('blocks by what they say, and blocks where they are gone', async () => {
    verifies('filter-service.fails-closed')
    await using upstream = await UpstreamServer.start({ kind: 'openai', key: null })
    await using filters = await startFilters()
    await using service = await serveBy(filters.url, upstream)
    expect((await ask(service, 'Good morning')).status).toBe(200)
    const blocked = await ask(service, card)
    expect([blocked.status, await blocked.json()]).toMatchObject([400, { error: { code: 'content_filter' } }])
    expect(upstream.requests).toHaveLength(1)
    const checked = await post(service, '/v1/filters/check', { texts: [card, 'Good morning'] })
    expect(await checked.json()).toMatchObject({
      action: 'block',
      profile: { name: 'staff', version: 5 },
      detectors: { 'pii-patterns': '1' },
      parts: [{ findings: [{ start: 11, end: 30, category: 'pii/card', effective: 'block' }] }, { findings: [] }],
    })
    expect(await filters.stop()).toBe(0)
    const unseen = await ask(service, 'Good morning')
    expect([unseen.status, await unseen.json()]).toMatchObject([400, { error: { code: 'content_filter' } }])
    expect(upstream.requests).toHaveLength(1)
    const failed = await post(service, '/v1/filters/check', { texts: ['Good morning'] })
    expect(await failed.json()).toMatchObject({
      action: 'block',
      failures: [{ detector: 'pii-patterns', on_failure: 'closed', why: 'fault' }],
    })
  })
})
