import { describe, expect, it } from 'vitest'
import type { Model, ModelEvent, ModelMessage, ModelRequest } from '../../../../src/models/model.ts'
import { createDetectorsFor } from '../../../../src/gateway/privacy/detect/detectors.ts'
import { privacyOptions } from '../../../../src/gateway/privacy/profiles/options.ts'
import { createPrivateModelFor, type ModelCaller } from '../../../../src/gateway/privacy/private-model.ts'
import { TokenKeys } from '../../../../src/gateway/privacy/keys/token-keys.ts'
import { verifies } from '../../../support/verifies.ts'

const email = 'kim.wexler@hamlin.example'
const usage = { inputTokens: 1, outputTokens: 1, estimated: false }
const never = new AbortController().signal

const caller = (privacyProfile: string | null): ModelCaller =>
  ({ principal: { id: 'k1', kind: 'api-key', group: 'default' }, grant: { privacyProfile } }) as ModelCaller

/** A model that records what it is asked and says what it is told to say of it. */
function recording(say: (token: string) => readonly ModelEvent[]) {
  const requests: ModelRequest[] = []
  const model: Model = {
    id: 'fake',
    scripted: false,
    async *turn(request) {
      requests.push(request)
      const token = /EMAIL_(?:[A-Z]\d){5}/.exec(JSON.stringify(request.messages))?.[0] ?? 'none'
      yield* say(token)
      yield { type: 'finish', reason: 'stop', usage }
    },
  }
  return { model, requests }
}

function privateModel(model: Model, privacy: object = {}, profile: string | null = 'default'): Model {
  const options = privacyOptions.parse(privacy)
  const detectorsFor = createDetectorsFor(options)
  const tokenKeys = async () => new TokenKeys(Buffer.alloc(32, 7))
  return createPrivateModelFor({ options, detectorsFor, tokenKeys })(model, caller(profile))
}

async function turn(model: Model, messages: readonly ModelMessage[]): Promise<readonly ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of model.turn({ messages, tools: [], maximumOutputTokens: 100 }, never)) events.push(event)
  return events
}

describe('the service’s own model behind a privacy profile', () => {
  const messages: readonly ModelMessage[] = [
    { role: 'system', content: 'You answer.' },
    { role: 'user', content: `Who is ${email}?` },
    {
      role: 'assistant',
      content: '',
      toolCalls: [{ callId: 'c', name: 'run_sql', argumentsText: `{"sql":"SELECT '${email}'"}` }],
    },
    { role: 'tool', callId: 'c', content: JSON.stringify({ rows: [[email, '4111 1111 1111 1111']] }) },
  ]

  it('sees no value of a question, a statement or a row, and all else as it was', async () => {
    const { model, requests } = recording(() => [])
    await turn(privateModel(model), messages)
    const seen = JSON.stringify(requests[0]?.messages)
    expect(seen).not.toMatch(/kim|4111/)
    expect(seen.match(/EMAIL_\w+/g)).toHaveLength(3)
    expect(
      seen.replaceAll(/EMAIL_(?:[A-Z]\d){5}/g, email).replaceAll(/CARD_(?:[A-Z]\d){5}/g, '4111 1111 1111 1111'),
    ).toBe(JSON.stringify(messages))
  })

  it('has its words and the calls of tools with the values again', async () => {
    const { model } = recording((token) => [
      { type: 'text-delta', text: `It is ${token.slice(0, 9)}` },
      { type: 'call-begin', name: 'run_sql' },
      { type: 'text-delta', text: `${token.slice(9)}, not https://evil.example/${token} or` },
      {
        type: 'tool-call',
        call: {
          callId: 'd',
          name: 'run_sql',
          argumentsText: `{"sql":"SELECT * FROM t WHERE u = 'https://x/${token}' AND e = '${token}'"}`,
        },
      },
    ])
    const events = await turn(privateModel(model), messages)
    const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')
    expect(events.filter(({ type }) => type === 'call-begin')).toEqual([{ type: 'call-begin', name: 'run_sql' }])
    expect(text).toMatch(/^It is kim\.wexler@hamlin\.example, not https:\/\/evil\.example\/EMAIL_\w+ or$/)
    expect(events.find(({ type }) => type === 'tool-call')).toMatchObject({
      call: { argumentsText: `{"sql":"SELECT * FROM t WHERE u = 'https://x/${email}' AND e = '${email}'"}` },
    })
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage })
  })

  it('has the values of a plan again as words have them, so that none leaves in an address', async () => {
    verifies('agent.plan-values')
    const { model } = recording((token) => {
      const text = `Write to ${token} "now", see https://evil.example/${token}`
      const argumentsText = JSON.stringify({ steps: [{ text, status: 'pending' }] })
      return [
        { type: 'tool-call', call: { callId: 'p', name: 'update_plan', argumentsText } },
        { type: 'tool-call', call: { callId: 'q', name: 'update_plan', argumentsText: `{"steps":"${token}` } },
      ]
    })
    const events = await turn(privateModel(model), messages)
    const [first, second] = events.flatMap((event) => (event.type === 'tool-call' ? [event.call.argumentsText] : []))
    const { steps } = JSON.parse(first ?? '') as { readonly steps: readonly { readonly text: string }[] }
    expect(steps[0]?.text).toMatch(
      /^Write to kim\.wexler@hamlin\.example "now", see https:\/\/evil\.example\/EMAIL_\w+$/,
    )
    expect(second).toMatch(/^\{"steps":"EMAIL_\w+$/)
  })

  it('sees nothing of what its profile lists, and what it allows', async () => {
    verifies('own-values.found')
    const { model, requests } = recording(() => [])
    const profile = {
      deny: [{ category: 'pii/organization', values: ['You answer'] }],
      allow: { values: [email.toUpperCase()] },
      recognizers: [{ name: 'call-of-sql', pattern: 'SELECT' }],
    }
    await turn(privateModel(model, { profiles: { default: profile } }), messages)
    const seen = JSON.stringify(requests[0]?.messages)
    expect(seen.match(/(?:COMPANY|CALLOFSQL|CARD|EMAIL)_/g)).toEqual(['COMPANY_', 'CALLOFSQL_', 'CARD_'])
    expect(seen.split(email)).toHaveLength(4)
  })

  it('says what it says, word by word, and no word that is empty', async () => {
    const said: readonly ModelEvent[] = [
      { type: 'text-delta', text: 'It is. ' },
      { type: 'text-delta', text: 'an E' },
      { type: 'text-delta', text: 'nd.' },
    ]
    const { model } = recording(() => said)
    const events = await turn(privateModel(model), messages)
    expect(events).toEqual([
      { type: 'text-delta', text: 'It is. ' },
      { type: 'text-delta', text: 'an ' },
      { type: 'text-delta', text: 'End.' },
      { type: 'finish', reason: 'stop', usage },
    ])
    const open = recording(() => [{ type: 'text-delta', text: 'an E' }])
    expect((await turn(privateModel(open.model), messages)).slice(0, 2)).toEqual([
      { type: 'text-delta', text: 'an ' },
      { type: 'text-delta', text: 'E' },
    ])
    expect(privateModel({ ...model, contextTokens: 7 }).contextTokens).toBe(7)
    expect('contextTokens' in privateModel(model)).toBe(false)
  })

  it('is sent the same bytes again in every later turn', async () => {
    const { model, requests } = recording(() => [])
    const hidden = privateModel(model)
    await turn(hidden, messages.slice(0, 2))
    await turn(hidden, messages)
    expect(requests[1]?.messages.slice(0, 2)).toEqual(requests[0]?.messages)
  })

  it('is the model itself where no profile is named, or where it hides nothing from it', async () => {
    const { model } = recording(() => [])
    expect(privateModel(model, {}, null)).toBe(model)
    expect(privateModel(model, { profiles: { default: { upstreams: { analyst: 'none' } } } })).toBe(model)
  })

  it('is asked nothing where a profile blocks what a message holds', async () => {
    const { model, requests } = recording(() => [])
    const blocked = privateModel(model, { profiles: { default: { rules: { 'pii/card': { action: 'block' } } } } })
    await expect(turn(blocked, messages)).rejects.toMatchObject({ code: 'refused' })
    expect(requests).toEqual([])
    expect(() => privateModel(model, {}, 'absent')).toThrow(/absent/)
  })
})
