import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { completion, delta, question, startEnvoyGateway, type EnvoyGateway } from '../support/envoy/envoy-gateway.ts'
import { deployed, envoyProgram, inPlace } from '../support/envoy/envoy-program.ts'
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
const path = 'missing' in program ? '' : program.path

interface Standing {
  readonly unit: string
  readonly used: number
  readonly held: number
}

describe.skipIf('missing' in program).each([
  ['FULL_DUPLEX_STREAMED', deployed],
  ['STREAMED', inPlace],
])('what a caller has used, where a call through Envoy by %s ends badly', (_mode, configure) => {
  let gateway: EnvoyGateway
  let id = ''

  const command = async (...words: readonly string[]): Promise<unknown> => {
    const { stdout } = await sallyportHere([...words, '--output', 'json'], { environment: gateway.service.environment })
    return JSON.parse(stdout)
  }
  const standings = async (): Promise<readonly Standing[]> =>
    ((await command('limits', 'show', id)) as { limits: readonly Standing[] }).limits
  const tokensOf = (limits: readonly Standing[]) => limits.find(({ unit }) => unit === 'tokens')?.used ?? Number.NaN

  beforeAll(async () => {
    // One at a time: what is held for ever is seen by the next.
    const limits = { concurrent_requests: 1, tokens_per_day: 1_000_000 }
    gateway = await startEnvoyGateway(path, { configure, limits })
    id = ((await command('keys', 'list')) as { keys: { id: string }[] }).keys[0]?.id ?? ''
  })
  afterAll(() => gateway[Symbol.asyncDispose]())

  /** Does something, and gives the tokens that were charged when nothing is held any more. */
  async function charged(work: () => Promise<void>): Promise<number> {
    const before = tokensOf(await standings())
    await work()
    await expect
      .poll(async () => (await standings()).map(({ held }) => held).filter((held) => held > 0), { interval: 500 })
      .toEqual([])
    return tokensOf(await standings()) - before
  }

  /** A stream that goes on until it is broken off; `begun` resolves when its caller has something of it. */
  async function begin(signal?: AbortSignal): Promise<{ readonly rest: Promise<string>; readonly die: () => void }> {
    const dying = Promise.withResolvers<() => void>()
    gateway.model.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const timer = setInterval(() => response.write(delta('more and more text of some length. ')), 10)
      response.once('close', () => clearInterval(timer))
      dying.resolve(() => response.destroy())
    }
    const answer = await gateway.ask(question('x', { stream: true, max_tokens: 5_000 }), {}, signal)
    expect(answer.status).toBe(200)
    const reader = (answer.body ?? new ReadableStream<Uint8Array>()).getReader()
    await reader.read()
    const rest = (async () => {
      for (let text = ''; ;) {
        const { done, value } = await reader.read()
        if (done) return text
        text += Buffer.from(value).toString()
      }
    })().catch(() => 'reset')
    return { rest, die: await dying.promise }
  }

  it('is what was written by then, where the caller leaves', async () => {
    verifies('envoy.settled')
    const tokens = await charged(async () => {
      const leaving = new AbortController()
      const { rest } = await begin(leaving.signal)
      leaving.abort()
      await rest
    })
    expect(tokens).toBeGreaterThan(0)
    expect(tokens).toBeLessThan(5_000)
  })

  it('is what was written by then, where the model dies in the middle, and nothing where it dies before it has said anything', async () => {
    verifies('envoy.settled')
    const tokens = await charged(async () => {
      const { rest, die } = await begin()
      die()
      expect(await rest).not.toContain('[DONE]')
    })
    expect(tokens).toBeGreaterThan(0)
    expect(tokens).toBeLessThan(5_000)
    gateway.model.answer = (_request, response) => response.destroy()
    const none = await charged(async () => {
      const answer = await gateway.ask(question('x'))
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([502, 'model-unavailable'])
    })
    expect(none).toBe(0)
  })

  it('is what was sent, where the caller leaves before the model has said anything', async () => {
    verifies('envoy.settled')
    const asked = Promise.withResolvers<void>()
    gateway.model.answer = () => asked.resolve()
    const tokens = await charged(async () => {
      const leaving = new AbortController()
      const answer = gateway.ask(question('x'.repeat(400)), {}, leaving.signal).catch(() => 'left')
      await asked.promise
      leaving.abort()
      expect(await answer).toBe('left')
    })
    expect(tokens).toBeGreaterThan(0)
  })

  it('is what was written by then, where Envoy is killed, and the next Envoy finds nothing held', async () => {
    verifies('envoy.settled')
    const tokens = await charged(async () => {
      const { rest } = await begin()
      await gateway.envoy.kill()
      expect(await rest).toBe('reset')
    })
    expect(tokens).toBeGreaterThan(0)
    expect(tokens).toBeLessThan(5_000)
    await gateway.envoy.restart()
    gateway.model.answer = (_request, response) =>
      void response.setHeader('content-type', 'application/json').end(completion('Here again.'))
    const counted = await charged(async () => {
      expect((await gateway.ask(question('x'))).status).toBe(200)
    })
    expect(counted).toBe(15)
  })
})
