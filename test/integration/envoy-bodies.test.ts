import { connect as connectHttp2 } from 'node:http2'
import { readFileSync } from 'node:fs'
import { request as send, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  completion,
  contentIn,
  delta,
  question,
  saidIn,
  startEnvoyGateway,
  streamEnd,
  type EnvoyGateway,
} from '../support/envoy/envoy-gateway.ts'
import { deployed, envoyProgram, inPlace } from '../support/envoy/envoy-program.ts'
import type { ModelSocket } from '../support/envoy/model-socket.ts'
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
const path = 'missing' in program ? '' : program.path

const mail = 'maria.schneider@example.org'

describe.skipIf('missing' in program).each([
  ['FULL_DUPLEX_STREAMED', deployed],
  ['STREAMED', inPlace],
])('a body that passes Envoy by %s', (mode, configure) => {
  let gateway: EnvoyGateway
  let model: ModelSocket
  let ask: EnvoyGateway['ask']

  beforeAll(async () => {
    gateway = await startEnvoyGateway(path, { configure })
    model = gateway.model
    ask = gateway.ask
  })
  beforeEach(() => model.forget())
  afterAll(() => gateway[Symbol.asyncDispose]())

  const echo: ModelSocket['answer'] = (_request, response, sent) => {
    response.setHeader('content-type', 'application/json')
    response.setHeader('x-internal', 'secret')
    response.end(completion(`You wrote ${contentIn(sent.toString())}.`))
  }

  it('goes to the model with tokens for values, and comes back with values for tokens', async () => {
    verifies('envoy.masked')
    model.answer = echo
    const answer = await ask(question(`Write to ${mail}`), { cookie: 'a=b', 'x-other': 'c' })
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: `You wrote Write to ${mail}.` } }] })
    expect(answer.status).toBe(200)
    expect(model.bodies.join('')).not.toContain(mail)
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
      await outcome(question('x', { model: 'gpt-9' })),
      await outcome(question('x', { model: 'gpt-elsewhere' })),
      await outcome('{"model":'),
      await outcome('[]'),
      await outcome('a', { 'content-type': 'text/plain' }),
      await outcome(''),
      await outcome(question('x'.repeat(33 * 1_048_576))),
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

  it('may be larger than what Envoy holds, in both directions', async () => {
    model.answer = (_request, response, sent) => {
      response.setHeader('content-type', 'application/json')
      response.end(completion(contentIn(sent.toString())))
    }
    const large = `${mail} ${'word '.repeat(400_000)}`
    const answer = (await (await ask(question(large))).json()) as { choices: { message: { content: string } }[] }
    expect(answer.choices[0]?.message.content === large).toBe(true)
    expect(model.bodies.join('')).not.toContain(mail)
  })

  it('comes back restored, event by event as the model writes it', async () => {
    verifies('envoy.masked')
    let next: (() => void) | undefined
    model.answer = (_request, response, sent) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const token = contentIn(sent.toString())
      const events = [
        delta('Hello '),
        delta('to you. '),
        delta(token.slice(0, 5)),
        delta(token.slice(5)),
        delta(' and more text that follows.'),
      ]
      next = () => {
        const event = events.shift()
        if (response.writableEnded) return
        if (event === undefined) response.end(streamEnd)
        else response.write(event)
      }
      next()
    }
    const answer = await ask(question(mail, { stream: true }))
    const pieces: string[] = []
    // Nothing more is written before what was written has come, but for what is held back until more is known.
    for await (const piece of answer.body ?? []) {
      pieces.push(Buffer.from(piece).toString())
      next?.()
      next?.()
    }
    expect(pieces.length).toBeGreaterThan(2)
    expect(saidIn(pieces.join(''))).toBe(`Hello to you. ${mail} and more text that follows.`)
    expect(pieces.join('')).toMatch(/data: \[DONE\]\n\n$/)
  })

  it('comes back whole over HTTP/2, and no trailer passes in either direction', async () => {
    verifies('envoy.masked')
    model.answer = (_request, response, sent) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', trailer: 'x-leak' })
      response.write(delta(contentIn(sent.toString())))
      response.write(streamEnd)
      response.addTrailers({ 'x-leak': 'secret' })
      response.end()
    }
    const session = connectHttp2(gateway.envoy.url)
    const stream = session.request(
      {
        ':method': 'POST',
        ':path': '/v1/chat/completions',
        'content-type': 'application/json',
        authorization: `Bearer ${gateway.service.key}`,
      },
      { endStream: false },
    )
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-mail': mail }))
    stream.end(question(mail, { stream: true }))
    let trailers: object = {}
    stream.on('trailers', (headers) => (trailers = headers))
    const pieces = (await stream.toArray()) as Buffer[]
    session.close()
    expect(saidIn(Buffer.concat(pieces).toString())).toBe(mail)
    expect(Object.keys(trailers)).toEqual([])
    expect(Object.keys(model.heads[0]?.trailers ?? {})).toEqual([])
  })

  it('is answered in the words of the model where that refuses it, and in those of Sallyport where it fails', async () => {
    const outcome = async (status: number, sent: string, type = 'application/json') => {
      model.answer = (_request, response) => response.writeHead(status, { 'content-type': type }).end(sent)
      const answer = await ask(question('x'))
      const { error } = (await answer.json()) as { error: { message: string; code: string | null } }
      return [answer.status, error.code, error.message]
    }
    const refusal = JSON.stringify({
      error: { message: 'Too long.', type: 'invalid_request_error', code: 'long', param: null },
    })
    expect(await outcome(400, refusal)).toEqual([400, 'long', 'Too long.'])
    const failed = [await outcome(500, '{}'), await outcome(200, '<html>', 'text/html'), await outcome(200, '{"a":')]
    expect(failed.map(([status, code]) => [status, code])).toEqual([
      [502, 'model-unavailable'],
      [502, 'model-protocol'],
      [502, 'model-protocol'],
    ])
    const part = await outcome(206, completion('part'))
    expect([part[0], part[1]]).toEqual([502, 'model-protocol'])
  })

  it('is never taken for whole where the model breaks off, or ends before its end', async () => {
    verifies('envoy.broken')
    const outcome = async (end: (response: ServerResponse) => void) => {
      model.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(delta('half of it and some more text. '))
        setTimeout(() => end(response), 100)
      }
      const answer = await ask(question('x', { stream: true }))
      return answer.text().catch(() => 'reset')
    }
    // Envoy resets what the model has reset.
    expect(await outcome((response) => response.destroy())).toBe('reset')
    const ended = await outcome((response) => response.end())
    // Where each piece has its answer in its place, the end is the model's.
    if (mode === 'STREAMED') expect(ended).toBe('reset')
    else expect(ended).toMatch(/^data: .*half of it.*data: \{"error":\{.*"code":"model-protocol"/s)
    expect(ended).not.toContain('[DONE]')
  })

  it('costs a caller who leaves what was written until then, and ends at the model', async () => {
    verifies('envoy.left')
    const gone = new Promise((tell) => {
      model.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const timer = setInterval(() => response.write(delta('more and more text. ')), 20)
        response.once('close', () => {
          clearInterval(timer)
          tell('closed')
        })
      }
    })
    const leaving = new AbortController()
    const answer = await ask(question('x', { stream: true }), {}, leaving.signal)
    const reader = answer.body?.getReader()
    await reader?.read()
    leaving.abort()
    expect(await gone).toBe('closed')
    const file = gateway.service.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? ''
    const lines = () =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { fact: Record<string, unknown> }).fact)
    await expect
      .poll(() => lines().at(-1))
      .toMatchObject({ event: 'fault', code: 'cancelled', api: 'chat-completions' })
    const requestId = lines().at(-1)?.['requestId']
    expect(lines().find((line) => line['event'] === 'call' && line['requestId'] === requestId)).toMatchObject({
      upstream: 'local',
    })
  })

  it('may be sent as slowly as a caller likes, and one that breaks off reaches nobody', async () => {
    verifies('envoy.refused')
    const outgoing = send(`${gateway.envoy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.service.key}` },
    })
    const closed = new Promise((tell) => outgoing.on('error', () => undefined).on('close', tell))
    outgoing.write('{"model":"gpt-5","messages":[')
    await new Promise((resolve) => setTimeout(resolve, 200))
    outgoing.destroy()
    await closed
    model.answer = echo
    expect((await ask(question('x'))).status).toBe(200)
    expect(model.heads).toHaveLength(1)
  })
})
