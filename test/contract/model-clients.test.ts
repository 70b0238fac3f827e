import { setTimeout as sleep } from 'node:timers/promises'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Served } from '../support/cli/sallyport-process.ts'
import { serveModels } from '../support/http/model-gateway.ts'
import { modelClients } from '../support/http/model-calls/clients.ts'
import { collected, type CallTarget, type ModelCall } from '../support/http/model-calls/model-call.ts'
import { callerCookie, canaries, upstreamCookie } from '../support/http/upstream/canaries.ts'
import { headerValues, type RecordedRequest } from '../support/http/upstream/recorded-request.ts'
import { UpstreamServer, type UpstreamServerOptions } from '../support/http/upstream/upstream-server.ts'

/** What a client came to, and what of it the upstream saw. */
interface Seen {
  readonly told: unknown
  readonly requests: readonly RecordedRequest[]
}

/** What differs from call to call, by the names under which clients tell it; headers have tests of their own. */
const ofOneCall = new Set(['headers', 'performance'])

/** All that a client tells, but for how long it took and whom it asked. */
function plainly(told: unknown): unknown {
  const text = JSON.stringify(told, (name, value: unknown) =>
    ofOneCall.has(name) || (typeof value === 'string' && value.startsWith('http://127.0.0.1:')) ? undefined : value,
  )
  return text === undefined ? null : JSON.parse(text)
}

async function watch(call: ModelCall, to: CallTarget, upstream: UpstreamServer): Promise<Seen> {
  upstream.startOver()
  const told = plainly(await call(to))
  return { told, requests: [...upstream.requests] }
}

/** What the upstream saw of a request, but for its headers. */
const withoutHeaders = ({ method, path, body }: RecordedRequest) => ({ method, path, body: body.toString('latin1') })

/** What a caller sends beside what its client does: none of it is for the upstream. */
const headers = { cookie: callerCookie, 'x-forwarded-for': '203.0.113.7' }

const upstreams = {} as Record<UpstreamServerOptions['kind'], UpstreamServer>
let service: Served

beforeAll(async () => {
  for (const kind of ['openai', 'anthropic'] as const) upstreams[kind] = await UpstreamServer.start({ kind })
  service = await serveModels({ origins: { openai: upstreams.openai.origin, anthropic: upstreams.anthropic.origin } })
})

afterAll(async () => {
  await service[Symbol.asyncDispose]()
  for (const upstream of Object.values(upstreams)) await upstream[Symbol.asyncDispose]()
})

describe.each(Object.entries(modelClients))('%s', (_name, { kind, calls }) => {
  it.each(Object.entries(calls))('%s: comes to the same as by a direct call', async (title, call) => {
    const upstream = upstreams[kind]
    const direct = await watch(call, { origin: upstream.origin, apiKey: canaries.key, headers }, upstream)
    expect(direct.requests.length).toBeGreaterThan(0)
    const through = await watch(call, { origin: service.url, apiKey: service.key, headers }, upstream)
    expect(through.told).toEqual(direct.told)
    expect(through.requests.map(withoutHeaders)).toEqual(direct.requests.map(withoutHeaders))
    for (const request of through.requests) expectOwnHeaders(request, kind)
    if (title.endsWith('abort')) await expectAbandoned(through.requests)
  })
})

describe.each(['openai', 'anthropic'] as const)('what comes back of an upstream of kind %s', (kind) => {
  it('has the headers of the lists, and none of an account, a cookie or a place', async () => {
    const { path, body } = {
      openai: {
        path: '/v1/chat/completions',
        body: { model: 'gpt-5', messages: [{ role: 'user', content: 'Hello.' }] },
      },
      anthropic: {
        path: '/v1/messages',
        body: { model: 'claude-sonnet-5', max_tokens: 9, messages: [{ role: 'user', content: 'Hello.' }] },
      },
    }[kind]
    const response = await fetch(service.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': service.key, 'anthropic-version': '2023-06-01' },
      body: JSON.stringify(body),
    })
    const told = JSON.stringify([...response.headers])
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    for (const theirs of [upstreamCookie, 'org-upstream', 'cloudflare', 'ratelimit', canaries.key]) {
      expect(told).not.toContain(theirs)
    }
    const sent = upstreams[kind].requests.at(-1)
    const key = kind === 'openai' ? ['authorization', `Bearer ${canaries.key}`] : ['x-api-key', canaries.key]
    expect(headerValues(sent as RecordedRequest, key[0] ?? '')).toEqual([key[1]])
  })
})

it('lists the models that the caller may ask for, and no others', async () => {
  const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key, maxRetries: 0 })
  const listed = await collected(client.models.list())
  expect(listed.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['analyst', 'gpt-5', 'text-embedding-3-small', 'claude-sonnet-5']),
  )
  expect(await client.models.retrieve('gpt-5')).toMatchObject({ id: 'gpt-5', object: 'model' })
  await expect(client.models.retrieve('gpt-6')).rejects.toMatchObject({ status: 404 })
})

/** Names that may arrive at an upstream, beside those that the caller's client needs there. */
const ownNames = ['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host', 'user-agent']
const passedNames = { openai: ['authorization'], anthropic: ['x-api-key', 'anthropic-version', 'anthropic-beta'] }

function expectOwnHeaders(request: RecordedRequest, kind: UpstreamServerOptions['kind']): void {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  const allowed = new Set([...ownNames, ...passedNames[kind]])
  expect(names.filter((name) => !allowed.has(name))).toEqual([])
  const text = request.rawHeaders.join('\n')
  for (const secret of [service.key, callerCookie]) expect(text).not.toContain(secret)
}

/** The upstream has to hear of it soon that nobody waits for its answer. */
async function expectAbandoned(requests: readonly RecordedRequest[]): Promise<void> {
  for (let tries = 0; tries < 200 && !requests.every((request) => request.isAbandoned); tries += 1) await sleep(10)
  expect(requests.map(({ isAbandoned }) => isAbandoned)).toEqual([true])
}
