import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import OpenAI6 from 'openai-6'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Served } from '../support/cli/sallyport-process.ts'
import { modelClients } from '../support/http/model-calls/clients.ts'
import { ComparedCalls } from '../support/http/model-calls/compared-calls.ts'
import { collected } from '../support/http/model-calls/model-call.ts'
import { canaries, upstreamCookie } from '../support/http/upstream/canaries.ts'
import { headerValues, type RecordedRequest } from '../support/http/upstream/recorded-request.ts'
import type { UpstreamServer, UpstreamServerOptions } from '../support/http/upstream/upstream-server.ts'

/** What differs from call to call, by the names under which clients tell it; headers have tests of their own. */
const ofOneCall = new Set(['headers', 'performance'])

/** All that a client tells, but for how long it took and whom it asked. */
function plainly(told: unknown): unknown {
  const text = JSON.stringify(told, (name, value: unknown) =>
    ofOneCall.has(name) || (typeof value === 'string' && value.startsWith('http://127.0.0.1:')) ? undefined : value,
  )
  return text === undefined ? null : JSON.parse(text)
}

let compared: ComparedCalls
let service: Served
const upstreams = {} as Record<UpstreamServerOptions['kind'], UpstreamServer>

beforeAll(async () => {
  compared = await ComparedCalls.start()
  service = compared.service
  Object.assign(upstreams, compared.upstreams)
})

afterAll(async () => {
  await compared[Symbol.asyncDispose]()
})

describe.each(Object.entries(modelClients))('%s', (_name, { kind, calls }) => {
  it.each(Object.entries(calls))('%s: comes to the same as by a direct call', async (title, call) => {
    const { direct, through, stray } = await compared.both(title, kind, async (to) => plainly(await call(to)))
    expect(direct.requests).not.toEqual([])
    expect(through).toEqual(direct)
    expect([stray, through.givenUp]).toEqual([[], title.endsWith('abort') ? [true] : []])
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
    for (const theirs of [upstreamCookie, 'org-upstream', 'cloudflare', '-ratelimit-', canaries.key]) {
      expect(told).not.toContain(theirs)
    }
    const sent = upstreams[kind].requests.at(-1)
    const key = kind === 'openai' ? ['authorization', `Bearer ${canaries.key}`] : ['x-api-key', canaries.key]
    expect(headerValues(sent as RecordedRequest, key[0] ?? '')).toEqual([key[1]])
  })
})

describe('the models that a caller may ask for', () => {
  const all = ['analyst', 'gpt-5', 'text-embedding-3-small', 'claude-sonnet-5']

  it.each([
    ['openai 7', OpenAI],
    ['openai 6', OpenAI6 as unknown as typeof OpenAI],
  ])('are listed for %s, and no others', async (_name, Constructor) => {
    const client = new Constructor({ baseURL: `${service.url}/v1`, apiKey: service.key, maxRetries: 0 })
    const listed = await collected(client.models.list())
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(all))
    expect(await client.models.retrieve('gpt-5')).toMatchObject({ id: 'gpt-5', object: 'model' })
    await expect(client.models.retrieve('gpt-6')).rejects.toMatchObject({ status: 404 })
  })

  it('are listed for @anthropic-ai/sdk, and no others', async () => {
    const client = new Anthropic({ baseURL: service.url, apiKey: service.key, maxRetries: 0 })
    const listed = await collected(client.models.list())
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(all))
    expect(await client.models.retrieve('claude-sonnet-5')).toMatchObject({ id: 'claude-sonnet-5', type: 'model' })
    await expect(client.models.retrieve('claude-1')).rejects.toMatchObject({ status: 404 })
  })
})
