import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../src/core/events.ts'
import { ServiceError } from '../../src/core/errors.ts'
import { createAnswerIds } from '../../src/feedback/complaints/answer-ids.ts'
import { toFaultResult } from '../../src/surfaces/mcp/to-call-result.ts'
import { listening } from '../support/feedback/complaining.ts'
import { delta, end, replay } from '../support/agent-events.ts'
import { question, startService } from '../support/http/http-service.ts'
import { startModerated, type ModeratedService } from '../support/moderation/moderated-service.ts'
import { writes } from '../support/moderation/written-answers.ts'
import { echoModel } from '../support/privacy/echo-model.ts'
import { verifies } from '../support/verifies.ts'

const header = 'x-sallyport-answer'
const heard = listening()
const ids = createAnswerIds({ keys: [Buffer.alloc(32, 7)], now: Date.now })

let at: ModeratedService
beforeAll(async () => {
  at = await startModerated({
    complaints: heard,
    profiles: {
      callers: {
        inbound: { toxicity: { action: 'block' }, 'pii/email': { action: 'mask' } },
        outbound: { toxicity: { action: 'block' }, 'pii/email': { action: 'mask' } },
      },
    },
  })
})
afterAll(() => at[Symbol.asyncDispose]())

const post = (path: string, body: object) => at.service.post(body, { 'anthropic-version': '2023-06-01' }, path)

/** The upstreams write this from now on. */
function letWrite(text: string): void {
  for (const upstream of [at.openai, at.anthropic]) upstream.answer = (request) => writes(request, { pieces: [text] })
}

const paths = {
  'chat completions': [
    '/v1/chat/completions',
    (text: string) => ({ model: 'gpt-5', messages: [{ role: 'user', content: text }] }),
  ],
  responses: ['/v1/responses', (text: string) => ({ model: 'gpt-5', input: text })],
  messages: [
    '/v1/messages',
    (text: string) => ({ model: 'claude-sonnet-5', max_tokens: 64, messages: [{ role: 'user', content: text }] }),
  ],
} as const

const calls = Object.entries(paths).flatMap(([api, [path, bodyOf]]) =>
  [false, true].map((stream) => [`${api}${stream ? ', streamed' : ''}`, path, bodyOf, stream] as const),
)

describe('an answer of a model that is passed on', () => {
  it.each(calls)(
    'has a name that is its caller’s, with the decision about it: %s',
    async (_what, path, bodyOf, stream) => {
      verifies('feedback.names')
      letWrite('Well.')
      const response = await post(path, { ...bodyOf('How are you?'), stream })
      expect(response.status).toBe(200)
      await response.text()
      const name = response.headers.get(header) ?? ''
      expect(ids.read({ id: 'k1' }, name)).toEqual({
        decision: expect.stringMatching(/^dec-[0-9a-f-]{36}$/) as string,
        given: expect.any(Date) as Date,
      })
      expect(ids.read({ id: 'k3' }, name)).toBeNull()
    },
  )

  it('has none where no words of a model are in it', async () => {
    verifies('feedback.names')
    at.openai.answer = echoModel({ say: () => ({ words: 'Well.', calls: [] }) })
    const embedded = await post('/v1/embeddings', { model: 'text-embedding-3-small', input: 'x' })
    const blocked = await post('/v1/chat/completions', paths['chat completions'][1]('you scurvyrogue'))
    for (const response of [embedded, blocked]) {
      await response.text()
      expect(response.headers.get(header)).toBeNull()
    }
    expect([embedded.status, blocked.status]).toEqual([200, 400])
  })
})

describe('a block', () => {
  it.each(Object.entries(paths))(
    'says where its caller may object, of a question: %s',
    async (_api, [path, bodyOf]) => {
      verifies('feedback.appeal-told')
      const response = await post(path, bodyOf('you scurvyrogue'))
      expect(await response.json()).toMatchObject({
        decision_id: response.headers.get('x-sallyport-decision'),
        appeal: '/v1/appeals',
      })
    },
  )

  it.each(calls)('says so of an answer: %s', async (_what, path, bodyOf, stream) => {
    verifies('feedback.appeal-told')
    letWrite('And he cried: you scurvyrogue!')
    const text = await (await post(path, { ...bodyOf('How are you?'), stream })).text()
    const { decision } = at.told.at(-1) ?? {}
    expect(text).toContain(`"sallyport":{"decision_id":"${decision}","appeal":"/v1/appeals"}`)
  })
})

describe('what a filter has replaced', () => {
  it.each(Object.entries(paths))('in a question is named by its decision: %s', async (_api, [path, bodyOf]) => {
    verifies('content.changed-named')
    letWrite('Well.')
    const told = at.told.length
    const response = await post(path, bodyOf('Write to anna.berg@example.com.'))
    await response.text()
    expect(at.told.length).toBe(told + 1)
    expect(response.headers.get('x-sallyport-decision')).toBe(at.told[told]?.decision)
  })

  it('in a whole answer is named, too, behind that of the question', async () => {
    verifies('content.changed-named')
    letWrite('Write to anna.berg@example.com.')
    const told = at.told.length
    const [path, bodyOf] = paths['chat completions']
    const response = await post(path, bodyOf('Is it anna.berg@example.com?'))
    expect(await response.text()).not.toContain('anna.berg')
    const decisions = at.told.slice(told).map(({ direction, decision }) => `${direction} ${decision}`)
    const named = response.headers.get('x-sallyport-decision')?.split(', ') ?? []
    expect(decisions).toEqual([`inbound ${named[0]}`, `outbound ${named[1]}`])
  })
})

describe('an answer of the analyst', () => {
  const events: readonly AgentEvent[] = [delta('Fine.'), end()]

  it('has a name in its head, and as the id of its completion, with the decision of its request', async () => {
    verifies('feedback.names')
    await using service = await startService({ complaints: heard, events })
    for (const stream of [false, true]) {
      const response = await service.post({ ...question, stream })
      const text = await response.text()
      const name = response.headers.get(header) ?? ''
      const decision = `dec-${response.headers.get('x-request-id')}`
      expect(ids.read({ id: 'k1' }, name)).toMatchObject({ decision })
      expect(text).toContain(`"id":"${name.replace('ans_', 'chatcmpl-')}"`)
      const own = await service.post(
        { model: 'analyst', input: 'How many?', store: false, stream },
        {},
        '/v1/responses',
      )
      await own.text()
      const ownDecision = `dec-${own.headers.get('x-request-id')}`
      expect(ids.read({ id: 'k1' }, own.headers.get(header) ?? '')).toMatchObject({ decision: ownDecision })
    }
  })

  it('has none where there is no answer but a fault', async () => {
    verifies('feedback.names')
    await using service = await startService({
      complaints: heard,
      // oxlint-disable-next-line require-yield -- It fails before anything comes.
      answer: async function* () {
        throw new ServiceError('refused', 'No.')
      },
    })
    for (const stream of [false, true]) {
      const chat = await service.post({ ...question, stream })
      const own = await service.post(
        { model: 'analyst', input: 'How many?', store: false, stream },
        {},
        '/v1/responses',
      )
      expect([chat.status, chat.headers.get(header), own.status, own.headers.get(header)]).toEqual([
        400,
        null,
        400,
        null,
      ])
    }
  })

  it('that a filter has ended says where its caller may object', async () => {
    verifies('feedback.appeal-told')
    const decision = { decision: 'dec-7', appeal: '/v1/appeals' }
    const filtered = { ...end(), ending: 'model-filtered', message: 'It was withheld.', ...decision } as AgentEvent
    await using service = await startService({ complaints: heard, answer: () => replay([delta('One.'), filtered]) })
    const member = { sallyport: { decision_id: 'dec-7', appeal: '/v1/appeals' } }
    expect(await (await service.post(question)).json()).toMatchObject(member)
    const own = await service.post({ model: 'analyst', input: 'How many?', store: false }, {}, '/v1/responses')
    expect(await own.json()).toMatchObject(member)
  })

  it('whose question is blocked when a stream has begun says so in its last event, and to a host of MCP', async () => {
    verifies('feedback.appeal-told')
    const about = { decision: 'dec-7', appeal: '/v1/appeals' }
    const blocked = new ServiceError('content-blocked', 'The request was blocked.', about)
    await using service = await startService({
      settings: { heartbeat_ms: 100 },
      // oxlint-disable-next-line require-yield -- It fails before anything comes.
      answer: async function* () {
        await sleep(250)
        throw blocked
      },
    })
    const said = '"decision_id":"dec-7","appeal":"/v1/appeals"'
    expect(await (await service.post({ ...question, stream: true })).text()).toContain(said)
    const asked = { model: 'analyst', input: 'How many?', store: false, stream: true }
    expect(await (await service.post(asked, {}, '/v1/responses')).text()).toContain(said)
    expect(JSON.stringify(toFaultResult(blocked, 'r1'))).toContain('POST /v1/appeals')
  })
})
