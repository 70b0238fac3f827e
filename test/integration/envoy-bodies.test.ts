import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serve, type Served } from '../support/cli/sallyport-process.ts'
import { deployed, EnvoyServer, envoyProgram } from '../support/envoy/envoy-program.ts'
import { ModelSocket } from '../support/envoy/model-socket.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
const path = 'missing' in program ? '' : program.path

const configuration = {
  upstreams: {
    local: {
      kind: 'openai',
      base_url: 'http://127.0.0.1:9/base/v1',
      models: { 'gpt-5': { name: 'behind' } },
      api_key: { env: 'UPSTREAM_KEY' },
    },
    elsewhere: { kind: 'openai', base_url: 'http://127.0.0.1:9/v1', models: ['gpt-elsewhere'] },
  },
  gateway: {
    groups: { default: { models: ['gpt-5', 'gpt-elsewhere'], privacy_profile: 'masked', concurrent_requests: 1_000 } },
  },
  privacy: { profiles: { masked: {} } },
  envoy: { upstream: 'local' },
}

const body = (content: string, more: object = {}) =>
  JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content }], ...more })

/** A whole answer that says `content`. */
const completion = (content: string) =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'behind',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  })

const contentIn = (sent: string) => (JSON.parse(sent) as { messages: { content: string }[] }).messages[0]?.content ?? ''

describe.skipIf('missing' in program)('a body that passes Envoy', () => {
  const socket = join(temporaryFolder('sallyport-envoy-socket-'), 'envoy.sock')
  let model: ModelSocket
  let service: Served
  let envoy: EnvoyServer

  beforeAll(async () => {
    const file = join(temporaryFolder('sallyport-envoy-config-'), 'sallyport.yaml')
    writeFileSync(file, JSON.stringify(configuration))
    model = await ModelSocket.start()
    service = await serve({
      SALLYPORT_CONFIG: file,
      SALLYPORT_ENVOY_LISTEN: `unix:${socket}`,
      SALLYPORT_ENVOY_ROLES: 'ext-authz,ext-proc',
      UPSTREAM_KEY: 'sk-upstream',
    })
    envoy = await EnvoyServer.start(path, deployed({ model: model.path, sallyport: socket }))
  }, 120_000)
  beforeEach(() => model.forget())
  afterAll(async () => {
    await envoy[Symbol.asyncDispose]()
    await service[Symbol.asyncDispose]()
    await model[Symbol.asyncDispose]()
  })

  const ask = (sent: string, more: Readonly<Record<string, string>> = {}) =>
    fetch(`${envoy.url}/v1/chat/completions`, {
      method: 'POST',
      body: sent,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${service.key}`, ...more },
    })

  it('goes to the model with tokens for values, and comes back with values for tokens', async () => {
    verifies('envoy.masked')
    model.answer = (_request, response, sent) => {
      response.setHeader('content-type', 'application/json')
      response.setHeader('x-internal', 'secret')
      response.end(completion(`You wrote ${contentIn(sent.toString())}.`))
    }
    const answer = await ask(body('Write to maria.schneider@example.org'), { cookie: 'a=b', 'x-other': 'c' })
    expect(await answer.json()).toMatchObject({
      choices: [{ message: { content: 'You wrote Write to maria.schneider@example.org.' } }],
    })
    expect(answer.status).toBe(200)
    expect(model.bodies.join('')).not.toContain('maria.schneider')
    expect(JSON.parse(model.bodies[0] ?? '')).toMatchObject({ model: 'behind' })
    const [head] = model.heads
    expect([head?.url, head?.headers.authorization]).toEqual(['/base/v1/chat/completions', 'Bearer sk-upstream'])
    expect(Object.keys(head?.headers ?? {}).filter((name) => /^x-|cookie|agent/.test(name))).toEqual([])
    expect(answer.headers.get('x-internal')).toBeNull()
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.headers.get('x-sallyport-privacy-receipt')).not.toBeNull()
  })

  it('is refused before any of it reaches the model: an unknown model, one of another upstream, no JSON, nothing, too much', async () => {
    verifies('envoy.refused')
    const outcome = async (sent: string, more: Readonly<Record<string, string>> = {}) => {
      const answer = await ask(sent, more)
      return [answer.status, ((await answer.json()) as { code: string }).code]
    }
    expect([
      await outcome(body('x').replace('gpt-5', 'gpt-9')),
      await outcome(body('x').replace('gpt-5', 'gpt-elsewhere')),
      await outcome('{"model":'),
      await outcome('[]'),
      await outcome('a', { 'content-type': 'text/plain' }),
      await outcome(''),
      await outcome(body('x'.repeat(33 * 1_048_576))),
    ]).toEqual([
      [404, 'model-not-found'],
      [404, 'model-not-found'],
      [400, 'invalid-request'],
      [400, 'invalid-request'],
      [415, 'unsupported-media-type'],
      [400, 'invalid-request'],
      [413, 'payload-too-large'],
    ])
    expect(model.heads).toEqual([])
  })

  it('comes back restored byte for byte and event by event', async () => {
    verifies('envoy.masked')
    let next: (() => void) | undefined
    model.answer = (_request, response, sent) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const token = contentIn(sent.toString())
      const delta = (content: string) =>
        `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'behind', choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`
      const events = [
        delta('Hello '),
        delta(token.slice(0, 5)),
        delta(token.slice(5)),
        delta(' and more text that follows.'),
      ]
      next = () => {
        const event = events.shift()
        if (event !== undefined) response.write(event)
        else
          response.end(
            `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'behind', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`,
          )
      }
      next()
    }
    const answer = await ask(body('maria.schneider@example.org', { stream: true }))
    let text = ''
    const pieces: string[] = []
    for await (const piece of answer.body ?? []) {
      pieces.push(Buffer.from(piece).toString())
      text += pieces.at(-1)
      next?.()
      next?.()
    }
    expect(pieces.length).toBeGreaterThan(1)
    const said = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, part]) => part).join('')
    expect(said).toBe('Hello maria.schneider@example.org and more text that follows.')
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
  })
})
