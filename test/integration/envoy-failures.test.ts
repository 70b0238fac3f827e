import { request as send, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
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
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
const path = 'missing' in program ? '' : program.path

const mail = 'maria.schneider@example.org'

/** What deploy/envoy says where a filter cannot be asked. */
const away = {
  type: 'urn:sallyport:proxy:upstream-unavailable',
  status: 503,
  message: 'The service cannot be reached.',
  error: {
    message: 'The service cannot be reached.',
    type: 'server_error',
    code: 'upstream-unavailable',
    param: null,
  },
}

/** Kills Sallyport as a crash would, and waits until it is gone. */
async function kill({ service }: EnvoyGateway): Promise<void> {
  const gone = new Promise((tell) => service.process.once('exit', tell))
  service.process.kill('SIGKILL')
  await gone
}

describe.skipIf('missing' in program).each([
  ['FULL_DUPLEX_STREAMED', deployed],
  ['STREAMED', inPlace],
])('when the filter of Envoy fails by %s', (mode, configure) => {
  it('nothing reaches the model of a request that it is not there for', async () => {
    verifies('envoy.closed')
    await using gateway = await startEnvoyGateway(path, { configure })
    await kill(gateway)
    const answer = await gateway.ask(question(mail))
    expect([answer.status, gateway.model.heads.length, gateway.model.bytes]).toEqual([503, 0, 0])
    expect(await answer.json()).toMatchObject(away)
    const other = await fetch(`${gateway.envoy.url}/v1/messages`, { method: 'POST', body: '{}' })
    expect([other.status, await other.json()]).toEqual([
      503,
      { type: 'error', error: { type: 'overloaded_error', message: 'The service cannot be reached.' } },
    ])
  })

  it('nothing reaches the model of a body in whose middle it has died', async () => {
    verifies('envoy.closed')
    await using gateway = await startEnvoyGateway(path, { configure })
    const { envoy, service, model } = gateway
    const outgoing = send(`${envoy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${service.key}` },
    })
    const answered = new Promise<IncomingMessage>((tell) => outgoing.once('response', tell))
    outgoing.write(question(mail).slice(0, -1))
    // The filter has been asked by then: Envoy answers only when it is lost.
    await sleep(500)
    await kill(gateway)
    outgoing.end('}')
    const answer = await answered
    expect(JSON.parse(Buffer.concat((await answer.toArray()) as Buffer[]).toString())).toMatchObject(away)
    expect([answer.statusCode, model.heads.length, model.bytes]).toEqual([503, 0, 0])
  })

  it('nothing of an answer reaches the caller when it has died before that began', async () => {
    verifies('envoy.closed')
    await using gateway = await startEnvoyGateway(path, { configure })
    const { model, ask } = gateway
    const answering = new Promise<() => void>((tell) => {
      model.answer = (_request, response) =>
        tell(() => response.setHeader('content-type', 'application/json').end(completion('a secret of the model')))
    })
    const asked = ask(question(mail))
    const answer = await answering
    await kill(gateway)
    answer()
    const got = await asked
    expect([got.status, await got.json()]).toEqual([503, away])
  })

  it('nothing more of a stream reaches the caller when it dies in its middle', async () => {
    verifies('envoy.closed')
    await using gateway = await startEnvoyGateway(path, { configure })
    const { model, ask } = gateway
    let more: (() => void) | undefined
    model.answer = (_request, response, sent) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(delta('It begins with some text. '))
      more = () => {
        response.write(delta(`raw ${contentIn(sent.toString())}`))
        response.end(streamEnd)
      }
    }
    const answer = await ask(question(mail, { stream: true }))
    const reader = (answer.body ?? new ReadableStream<Uint8Array>()).getReader()
    const first = Buffer.from((await reader.read()).value ?? []).toString()
    expect(saidIn(first)).toContain('It begins')
    await kill(gateway)
    more?.()
    const rest = reader.read().then(
      ({ value }) => Buffer.from(value ?? []).toString(),
      () => 'reset',
    )
    expect(await rest).toBe('reset')
  })

  it('a stream that it can wait for no longer ends with an error or is reset, since Envoy takes a clean end for consent', async () => {
    verifies('envoy.closed')
    await using gateway = await startEnvoyGateway(path, { configure, environment: { SALLYPORT_HTTP_DRAIN_MS: '300' } })
    const { model, ask, service } = gateway
    model.answer = (_request, response, sent) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const token = contentIn(sent.toString())
      const timer = setInterval(() => response.write(delta(`${token} and so on. `)), 20)
      response.once('close', () => clearInterval(timer))
    }
    const answer = await ask(question(mail, { stream: true }))
    const reader = (answer.body ?? new ReadableStream<Uint8Array>()).getReader()
    let text = Buffer.from((await reader.read()).value ?? []).toString()
    service.process.kill('SIGTERM')
    const isReset = await (async () => {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return false
        text += Buffer.from(value).toString()
      }
    })().catch(() => true)
    // Where each piece has its answer in its place, the end is the model's.
    expect(isReset).toBe(mode === 'STREAMED')
    const events = text.trim().split('\n\n')
    if (!isReset) expect(JSON.parse(events.pop()?.slice(6) ?? '')).toMatchObject({ error: { code: 'shutting-down' } })
    expect(saidIn(events.join('\n\n'))).toMatch(new RegExp(`^(?:${mail} and so on. )+$`))
  })
})

describe.skipIf('missing' in program)('many streams through Envoy', () => {
  const count = 1_000

  it(`are ${count}, each restored for its own caller, fifty at a time`, async () => {
    verifies('envoy.masked')
    await using gateway = await startEnvoyGateway(path)
    const { model, ask } = gateway
    model.answer = (_request, response, sent) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const words = contentIn(sent.toString())
      // Cut in the middle of events and of tokens.
      const text = delta('I wrote ') + [...words.matchAll(/.{1,7}/gs)].map(([part]) => delta(part)).join('') + streamEnd
      const parts = text.match(/.{1,211}/gs) ?? []
      const next = (): void => {
        const part = parts.shift()
        if (part === undefined) response.end()
        else response.write(part, () => setImmediate(next))
      }
      next()
    }
    const mails = Array.from({ length: count }, (_none, at) => `person.${at}@company-${at % 7}.example.org`)
    const wrong: string[] = []
    const waiting = mails.values()
    const worker = async (): Promise<void> => {
      for (const own of waiting) {
        const answer = await ask(question(`Write to ${own}, please.`, { stream: true }))
        const said = saidIn(await answer.text())
        if (answer.status !== 200 || said !== `I wrote Write to ${own}, please.`) wrong.push(`${answer.status} ${said}`)
      }
    }
    await Promise.all(Array.from({ length: 50 }, worker))
    expect(wrong).toEqual([])
    expect(model.bodies).toHaveLength(count)
    expect(model.bodies.filter((sent) => sent.includes('person.'))).toEqual([])
  })

  it('wait for a caller who does not read, up to the model', async () => {
    verifies('envoy.pressure')
    await using gateway = await startEnvoyGateway(path)
    const { model, ask } = gateway
    let written = 0
    model.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const event = delta('x'.repeat(10_000))
      const write = (): void => {
        while (!response.destroyed) {
          written += event.length
          if (!response.write(event)) break
        }
      }
      response.on('drain', write)
      write()
    }
    const leaving = new AbortController()
    const answer = await ask(question('x', { stream: true }), {}, leaving.signal)
    expect(answer.status).toBe(200)
    let before = -1
    await expect
      .poll(
        () => {
          const isStill = written === before
          before = written
          return isStill
        },
        { interval: 1_000 },
      )
      .toBe(true)
    expect(written).toBeLessThan(64_000_000)
    leaving.abort()
  })
})
