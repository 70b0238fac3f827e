import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BarePassThrough } from '../support/http/bare-pass-through.ts'
import { modelClients } from '../support/http/model-calls/clients.ts'
import type { CallTarget, ModelCall } from '../support/http/model-calls/model-call.ts'
import { callerCookie, canaries } from '../support/http/upstream/canaries.ts'
import type { RecordedRequest } from '../support/http/upstream/recorded-request.ts'
import { UpstreamServer, type UpstreamServerOptions } from '../support/http/upstream/upstream-server.ts'

/** What a client came to, and what of it the upstream saw. */
interface Seen {
  readonly told: unknown
  readonly requests: readonly RecordedRequest[]
}

/** All that a client tells, but for how long it took and whom it asked. */
function plainly(told: unknown): unknown {
  const text = JSON.stringify(told, (name, value: unknown) =>
    name === 'performance' || (typeof value === 'string' && value.startsWith('http://127.0.0.1:')) ? undefined : value,
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

const headers = { cookie: callerCookie, 'x-forwarded-for': '203.0.113.7' }

const upstreams = {} as Record<UpstreamServerOptions['kind'], UpstreamServer>

beforeAll(async () => {
  for (const kind of ['openai', 'anthropic'] as const) upstreams[kind] = await UpstreamServer.start({ kind })
})

afterAll(async () => {
  for (const upstream of Object.values(upstreams)) await upstream[Symbol.asyncDispose]()
})

describe.each(Object.entries(modelClients))('%s', (_name, { kind, calls }) => {
  it.each(Object.entries(calls))('%s: is told the same as by a direct call', async (title, call) => {
    const upstream = upstreams[kind]
    const direct = await watch(call, { origin: upstream.origin, apiKey: canaries.key, headers }, upstream)
    expect(direct.requests.length).toBeGreaterThan(0)
    await using between = await BarePassThrough.start(upstream.origin)
    const through = await watch(call, { origin: between.origin, apiKey: canaries.key, headers }, upstream)
    expect(through.told).toEqual(direct.told)
    expect(through.requests.map(withoutHeaders)).toEqual(direct.requests.map(withoutHeaders))
    if (title.endsWith('abort')) await expectAbandoned(through.requests)
  })
})

/** The upstream has to hear of it soon that nobody waits for its answer. */
async function expectAbandoned(requests: readonly RecordedRequest[]): Promise<void> {
  for (let tries = 0; tries < 200 && !requests.every((request) => request.isAbandoned); tries += 1) await sleep(10)
  expect(requests.map(({ isAbandoned }) => isAbandoned)).toEqual([true])
}
