import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { delta, saidIn, startEnvoyGateway, streamEnd, type EnvoyGateway } from '../support/envoy/envoy-gateway.ts'
import { deployed, envoyProgram, inPlace } from '../support/envoy/envoy-program.ts'
import { answerServed } from '../support/envoy/model-socket.ts'
import { writes } from '../support/moderation/written-answers.ts'
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
const path = 'missing' in program ? '' : program.path

const block = { action: 'block' }
const filters = {
  inbound: { pii: { action: 'allow' }, 'pii/card': block, 'pii/email': { action: 'mask' } },
  outbound: { 'pii/card': block, toxicity: { action: 'regenerate' } },
}
const harmless = 'The harbour was calm that day and nobody said a word about it. '.repeat(6)
const card = '4111 1111 1111 1111'

describe.skipIf('missing' in program).each([
  ['FULL_DUPLEX_STREAMED', deployed],
  ['STREAMED', inPlace],
])('the content of calls through Envoy by %s', (_mode, configure) => {
  let gateway: EnvoyGateway
  beforeAll(async () => {
    gateway = await startEnvoyGateway(path, { configure, filters, limits: { privacy_profile: null } })
  })
  const letWrite = (pieces: readonly string[]): void => {
    gateway.model.forget()
    gateway.model.answer = (request, response, body) => {
      const { method = '', url = '' } = request
      const given = { method, path: url, rawHeaders: [], body, isAbandoned: false }
      answerServed(response, writes(given, { pieces }))
    }
  }
  beforeEach(() => letWrite(['It is ', '4111 1111 ', '1111 1111', '.']))
  afterAll(() => gateway[Symbol.asyncDispose]())

  const ask = (content: string, stream: boolean) =>
    gateway.ask(JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content }], stream }))

  it('is blocked before the model is asked', async () => {
    verifies('content.blocked-input')
    const answer = await ask(`My card is ${card}.`, false)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: { code: 'content_filter' },
      decision_id: expect.any(String),
      appeal: '/v1/appeals',
    })
    expect(answer.headers.get('x-sallyport-answer')).toBeNull()
    expect(answer.headers.get('x-sallyport-decision')).toMatch(/^dec-/)
    expect(gateway.model.bodies).toEqual([])
  })

  it.each([false, true])('is blocked in an answer, streamed: %s', async (stream) => {
    verifies('content.blocked-output', 'feedback.names')
    const answer = await ask('Which card is mine?', stream)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-sallyport-answer')).toMatch(/^ans_[\w-]{50}$/)
    const text = await answer.text()
    expect(text).toContain('"finish_reason":"content_filter"')
    expect(text).not.toContain('4111')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(stream)
  })

  it.each([false, true])('has what is masked replaced in both directions, streamed: %s', async (stream) => {
    verifies('content.mask')
    letWrite([harmless, 'Write to maria.sch', 'neider@exam', 'ple.org, pl', 'ease. ', harmless])
    const text = await (await ask('I am anna@example.com.', stream)).text()
    expect(gateway.model.bodies.map((body) => (JSON.parse(body) as { messages: unknown }).messages)).toEqual([
      [{ role: 'user', content: 'I am [email].' }],
    ])
    const said = stream ? saidIn(text) : text
    expect(said).toContain(`${harmless}Write to [email], please. ${harmless}`)
    expect(text).not.toMatch(/maria|neider|ple\.org/)
  })

  it.each([false, true])(
    'is blocked where another answer would be asked for, and asked once, streamed: %s',
    async (stream) => {
      verifies('content.regenerate')
      letWrite(['You fucking ', 'idiot.'])
      const text = await (await ask('Who am I?', stream)).text()
      expect(gateway.model.bodies).toHaveLength(1)
      expect(text).toContain('"finish_reason":"content_filter"')
      expect(text).not.toContain('idiot')
    },
  )

  it.each([
    ['a block', [delta(`It is ${card}. `), delta(harmless), delta(harmless)]],
    ['a block in the middle', [delta(harmless), delta(harmless), delta(`It is ${card}. `), delta(harmless)]],
    ['its end', [delta(harmless), streamEnd]],
  ])('ends with the answer, though the model goes on behind %s', async (_what, events) => {
    verifies('content.blocked-output')
    gateway.model.answer = (_request, response) => {
      const behind = async (): Promise<void> => {
        for (const event of events) response.write(event)
        for (let count = 0; count < 5; count += 1) {
          await sleep(60)
          response.write(delta(`What stands behind it, and ${card}. `))
        }
        response.end(streamEnd)
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      void behind()
    }
    const answer = await ask('Which card is mine?', true)
    const text = await answer.text()
    expect(text).not.toContain('behind it')
    expect(text).not.toContain('4111')
    expect(text.match(/"finish_reason":"/g)).toHaveLength(1)
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    // The next call finds everything as it was.
    expect((await ask(`My card is ${card}.`, false)).status).toBe(400)
  })
})
