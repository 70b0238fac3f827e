import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKey } from '../support/cli/sallyport-process.ts'
import { startEnvoyGateway, type EnvoyGateway } from '../support/envoy/envoy-gateway.ts'
import { deployed, envoyProgram, inPlace } from '../support/envoy/envoy-program.ts'
import { answerServed } from '../support/envoy/model-socket.ts'
import { echoModel } from '../support/privacy/echo-model.ts'
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
const path = 'missing' in program ? '' : program.path

const mail = 'maria.schneider@example.org'
const words = `Write to ${mail}, please.`
const messages = [{ role: 'user', content: words }]

const openai = {
  '/v1/chat/completions': { model: 'gpt-5', messages },
  '/v1/responses': { model: 'gpt-5', input: words },
  '/v1/embeddings': { model: 'gpt-5', input: words },
}
const anthropic = {
  '/v1/messages': { model: 'claude-sonnet-5', max_tokens: 100, messages },
  '/v1/messages/count_tokens': { model: 'claude-sonnet-5', messages },
}

/** What of a body somebody reads, in any API: the texts of an answer, or of the events of a stream. */
function textIn(body: string): string {
  const events = [...body.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => JSON.parse(json) as Told)
  if (events.length === 0) {
    const { choices, output, content } = JSON.parse(body) as Told
    return choices?.[0]?.message.content ?? output?.[0]?.content[0]?.text ?? content?.[0]?.text ?? ''
  }
  return events
    .map(({ choices, delta }) => choices?.[0]?.delta.content ?? (typeof delta === 'string' ? delta : delta?.text) ?? '')
    .join('')
}

interface Told {
  readonly choices?: readonly { readonly message: { readonly content: string }; readonly delta: { content?: string } }[]
  readonly output?: readonly { readonly content: readonly { readonly text: string }[] }[]
  readonly content?: readonly { readonly text: string }[]
  readonly delta?: string | { readonly text?: string }
}

const modes = [
  ['FULL_DUPLEX_STREAMED', deployed],
  ['STREAMED', inPlace],
] as const
const cases = modes.flatMap(([mode, configure]) => [
  { mode, configure, kind: 'openai', calls: openai } as const,
  { mode, configure, kind: 'anthropic', calls: anthropic } as const,
])

describe.skipIf('missing' in program).each(cases)('the APIs of $kind through Envoy by $mode', (given) => {
  const { configure, kind, calls } = given
  const paths = Object.keys(calls)
  let gateway: EnvoyGateway
  let stranger: string

  beforeAll(async () => {
    gateway = await startEnvoyGateway(path, { configure, kind })
    stranger = await createKey(gateway.service, 'strangers')
    const say = (body: string) => ({ words: `You wrote: ${/Write to [^,"]*/.exec(body)?.[0]}`, calls: [] })
    const answer = echoModel({ say })
    gateway.model.answer = (request, response, body) => {
      const { method = '', url: asked = '' } = request
      if (asked.endsWith('/count_tokens'))
        response.setHeader('content-type', 'application/json').end('{"input_tokens":5}')
      else
        answerServed(
          response,
          answer({ method: body.length === 0 ? 'GET' : method, path: asked, rawHeaders: [], body, isAbandoned: false }),
        )
    }
  })
  beforeEach(() => gateway.model.forget())
  afterAll(() => gateway[Symbol.asyncDispose]())

  const ask = async (
    at: string,
    more: object = {},
    key: string | null = gateway.service.key,
    method: 'POST' | 'PUT' = 'POST',
  ) => {
    const sent = { ...(calls as Record<string, object>)[at], ...more }
    const answer = await fetch(gateway.envoy.url + at, {
      method,
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
      body: JSON.stringify(sent),
    })
    return { status: answer.status, body: await answer.text(), type: answer.headers.get('content-type') }
  }

  it.each(paths)('let a call of %s through, with a token for the value on the way to the model', async (at) => {
    verifies('envoy.masked')
    const { status, body } = await ask(at)
    expect([status, gateway.model.heads.map(({ url }) => url)]).toEqual([200, [`/base${at}`]])
    expect(gateway.model.bodies[0]).toMatch(/Write to (?:EMAIL_\w+|email), please\./)
    expect(gateway.model.bodies[0]).not.toContain(mail)
    if (!/embeddings|count_tokens/.test(at)) expect(textIn(body)).toBe(`You wrote: Write to ${mail}`)
  })

  it.each(paths.filter((at) => !/embeddings|count_tokens/.test(at)))(
    'restore the stream of %s, cut in the middle of tokens, to the byte',
    async (at) => {
      verifies('envoy.masked')
      const { status, body, type } = await ask(at, { stream: true })
      expect([status, type?.split(';')[0]]).toEqual([200, 'text/event-stream'])
      expect(textIn(body)).toBe(`You wrote: Write to ${mail}`)
      expect(body).not.toContain('EMAIL_')
    },
  )

  it.each(paths)(
    'refuse a call of %s in the form of its API, by its head and by its body, and ask no model',
    async (at) => {
      verifies('envoy.head', 'envoy.refused')
      const refused = [
        await ask(at, {}, null),
        await ask(at, {}, 'sp-nobody'),
        await ask(at, {}, stranger),
        await ask(at, { model: kind === 'openai' ? 'gpt-elsewhere' : 'claude-elsewhere' }),
        await ask(at, {}, gateway.service.key, 'PUT'),
      ]
      expect(refused.map(({ status }) => status)).toEqual([401, 401, 403, 404, 405])
      for (const { body } of refused) {
        const told = JSON.parse(body) as { type: string; error: { type: string; message: string; code?: string } }
        expect(told.error.message).toMatch(/\w/)
        if (kind === 'anthropic') expect([told.type, told.error.code]).toEqual(['error', undefined])
        else expect(told.error.code).toMatch(/^[a-z_-]+$/)
      }
      expect(gateway.model.heads).toEqual([])
    },
  )

  it.runIf(kind === 'openai')(
    'give back, cancel and delete what a provider keeps, to whoever it is of and to nobody else',
    async () => {
      verifies('envoy.kept')
      const other = await createKey(gateway.service, 'default')
      const made = JSON.parse((await ask('/v1/responses')).body) as { id: string }
      gateway.model.forget()
      const kept = `/v1/responses/${made.id}`
      const asked = [
        ['GET', ''],
        ['GET', '/input_items'],
        ['POST', '/cancel'],
        ['DELETE', ''],
      ] as const
      const call = async (method: string, part: string, key = gateway.service.key) => {
        const answer = await fetch(gateway.envoy.url + kept + part, {
          method,
          headers: { authorization: `Bearer ${key}` },
        })
        return { status: answer.status, body: await answer.text() }
      }
      const ids = ['/v1/responses/resp_nobody', '/v1/responses/a%2e%2e', '/v1/responses/compact']
      for (const at of ids) {
        const answer = await fetch(gateway.envoy.url + at, { headers: { authorization: `Bearer ${other}` } })
        expect(answer.status).toBe(404)
      }
      expect((await call('PUT', '')).status).toBe(405)
      expect((await call('POST', '')).status).toBe(404)
      for (const [method, part] of asked) expect((await call(method, part, other)).status).toBe(404)
      expect(gateway.model.heads).toEqual([])
      const restored = await call('GET', '')
      expect([restored.status, restored.body]).toEqual([200, expect.stringContaining('"id"')])
      for (const [method, part] of asked.slice(1)) expect((await call(method, part)).status).toBe(200)
      expect(gateway.model.heads.map(({ method, url }) => `${method} ${url}`)).toEqual(
        asked.map(([method, part]) => `${method} /base${kept}${part}`),
      )
      expect(gateway.model.heads.map(({ headers }) => headers.authorization)).toEqual(
        asked.map(() => 'Bearer sk-upstream'),
      )
      expect((await call('GET', '')).status).toBe(404)
    },
  )

  it.runIf(kind === 'openai')('read the body of none that has none: what is sent with it goes nowhere', async () => {
    verifies('envoy.kept')
    const made = JSON.parse((await ask('/v1/responses')).body) as { id: string }
    gateway.model.forget()
    const answer = await fetch(`${gateway.envoy.url}/v1/responses/${made.id}/cancel`, {
      method: 'POST',
      body: `{"x":"${mail}"}`,
      headers: { authorization: `Bearer ${gateway.service.key}`, 'content-type': 'application/json' },
    })
    expect([answer.status, gateway.model.heads.length, gateway.model.bytes]).toEqual([200, 1, 0])
  })
})
