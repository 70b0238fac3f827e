import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
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
import { envoyProgram } from '../support/envoy/envoy-program.ts'
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
const path = 'missing' in program ? '' : program.path

const megabyte = 1_048_576

/** Bytes of memory that a process has. */
function residentBytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024
}

describe.skipIf('missing' in program)('what is large, slow or many, through Envoy', () => {
  let gateway: EnvoyGateway

  beforeAll(async () => {
    // Nothing is hidden, so that what is measured is the way of bytes: to look for values in 10 MB takes longer than all of it.
    gateway = await startEnvoyGateway(path, { limits: { privacy_profile: null } })
  })
  beforeEach(() => gateway.model.forget())
  afterAll(() => gateway[Symbol.asyncDispose]())

  it('is 10 MB in both directions, to the byte', async () => {
    verifies('envoy.flat')
    const { model, ask } = gateway
    model.answer = (_request, response, sent) =>
      void response.setHeader('content-type', 'application/json').end(completion(contentIn(sent.toString())))
    const large = `“é” 🌤 ${'word '.repeat(2 * megabyte)}`
    const answer = (await (await ask(question(large))).json()) as { choices: { message: { content: string } }[] }
    expect(answer.choices[0]?.message.content === large).toBe(true)
    expect(model.bytes).toBeGreaterThan(10 * megabyte)
    expect(contentIn(model.bodies[0] ?? '') === large).toBe(true)
  })

  it('is a stream without anything to restore, whose bytes are those of the model', async () => {
    verifies('envoy.flat')
    const events =
      Array.from({ length: 2_000 }, (_none, at) => delta(`Words of event ${at}, “é” 🌤 \\n. `)).join('') + streamEnd
    gateway.model.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const bytes = Buffer.from(events)
      // Cut in the middle of events and of characters.
      for (let at = 0; at < bytes.length; at += 997) response.write(bytes.subarray(at, at + 997))
      response.end()
    }
    const answer = await gateway.ask(question('x', { stream: true }))
    expect((await answer.text()) === events).toBe(true)
  })

  it('is a hundred streams at once, of which neither Envoy nor Sallyport keeps anything', async () => {
    verifies('envoy.flat')
    const { model, ask, envoy, service } = gateway
    const [streams, events, size] = [100, 100, 10_000]
    const write = async (response: ServerResponse, token: string): Promise<void> => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let at = 0; at < events && !response.destroyed; at += 1) {
        if (!response.write(delta(`${'w '.repeat(size / 2)}${token} `))) {
          await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
        }
        await sleep(1)
      }
      response.end(streamEnd)
    }
    model.answer = (_request, response, sent) => void write(response, contentIn(sent.toString()))
    const round = async (): Promise<void> => {
      const said = async (words: string): Promise<number> => {
        const text = saidIn(await (await ask(question(words, { stream: true }))).text())
        return text.endsWith(`${words} `) ? text.length : 0
      }
      const lengths = await Promise.all(Array.from({ length: streams }, (_none, at) => said(`person ${at + 100}`)))
      expect(new Set(lengths)).toEqual(new Set([events * (size + 'person 100 '.length)]))
    }
    await round()
    const before = [residentBytes(envoy.pid), residentBytes(service.process.pid)]
    const rounds = 2
    for (let at = 0; at < rounds; at += 1) await round()
    const after = [residentBytes(envoy.pid), residentBytes(service.process.pid)]
    // What went through meanwhile is several times of what either may have more.
    const passed = rounds * streams * events * size
    expect(passed).toBeGreaterThan(190 * megabyte)
    const grown = [0, 1].map((at) => (after[at] ?? Number.NaN) - (before[at] ?? Number.NaN))
    expect(grown.filter((bytes) => !(bytes < passed / 3))).toEqual([])
  })

  it('is a body that comes slowly, of which the model gets nothing before its end', async () => {
    verifies('envoy.refused')
    const { model, service, envoy } = gateway
    model.answer = (_request, response, sent) =>
      void response.setHeader('content-type', 'application/json').end(completion(contentIn(sent.toString())))
    const text = question('word '.repeat(20_000))
    const seen: number[] = []
    async function* slowly(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < text.length; at += 10_000) {
        yield Buffer.from(text.slice(at, at + 10_000))
        await sleep(20)
        seen.push(model.heads.length)
      }
    }
    const answer = await fetch(`${envoy.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${service.key}` },
      body: ReadableStream.from(slowly()),
      duplex: 'half',
    })
    expect([answer.status, contentIn(model.bodies[0] ?? '').length]).toEqual([200, 100_000])
    expect([...new Set(seen.slice(0, -1))]).toEqual([0])
  })
})
