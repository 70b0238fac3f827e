import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEnvoyGateway, type EnvoyGateway } from '../support/envoy/envoy-gateway.ts'
import { deployed, envoyProgram, inPlace } from '../support/envoy/envoy-program.ts'
import { answerServed } from '../support/envoy/model-socket.ts'
import { writes } from '../support/moderation/written-answers.ts'
import { verifies } from '../support/verifies.ts'

const program = envoyProgram()
if ('missing' in program) process.stderr.write(`SKIPPED: Envoy cannot be had: ${program.missing}\n`)
const path = 'missing' in program ? '' : program.path

const block = { action: 'block' }
const filters = { inbound: { pii: { action: 'allow' }, 'pii/card': block }, outbound: { 'pii/card': block } }
const card = '4111 1111 1111 1111'

describe.skipIf('missing' in program).each([
  ['FULL_DUPLEX_STREAMED', deployed],
  ['STREAMED', inPlace],
])('the content of calls through Envoy by %s', (_mode, configure) => {
  let gateway: EnvoyGateway
  let asked = 0
  beforeAll(async () => {
    gateway = await startEnvoyGateway(path, { configure, filters, limits: { privacy_profile: null } })
    gateway.model.answer = (request, response, body) => {
      asked += 1
      const { method = '', url = '' } = request
      const given = { method, path: url, rawHeaders: [], body, isAbandoned: false }
      answerServed(response, writes(given, { pieces: ['It is ', '4111 1111 ', '1111 1111', '.'] }))
    }
  }, 120_000)
  afterAll(() => gateway[Symbol.asyncDispose]())

  const ask = (content: string, stream: boolean) =>
    gateway.ask(JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content }], stream }))

  it('is blocked before the model is asked', async () => {
    verifies('content.blocked-input')
    const answer = await ask(`My card is ${card}.`, false)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'content_filter' }, decision_id: expect.any(String) })
    expect(answer.headers.get('x-sallyport-decision')).toMatch(/^dec-/)
    expect(asked).toBe(0)
  })

  it.each([false, true])('is blocked in an answer, streamed: %s', async (stream) => {
    verifies('content.blocked-output')
    const answer = await ask('Which card is mine?', stream)
    expect(answer.status).toBe(200)
    const text = await answer.text()
    expect(text).toContain('"finish_reason":"content_filter"')
    expect(text).not.toContain('4111')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(stream)
  })
})
