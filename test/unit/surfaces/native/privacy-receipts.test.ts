import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPassService, otherKey, type PassService } from '../../../support/http/pass-service.ts'
import { key } from '../../../support/http/http-service.ts'
import { echoModel } from '../../../support/privacy/echo-model.ts'
import { verifies } from '../../../support/verifies.ts'

const email = 'kim.wexler@hamlin.example'
const card = '4111 1111 1111 1111'
const path = '/v1/chat/completions'

let at: PassService
beforeAll(async () => {
  at = await startPassService({
    group: { privacy_profile: 'default' },
    privacy: { profiles: { default: { rules: { 'pii/phone': { action: 'annotate' } }, unread: 'pass' } } },
  })
  at.openai.answer = echoModel({
    say: (body) => {
      const token = /EMAIL_\w{10}/.exec(body)?.[0] ?? ''
      return { words: `${token}, [here](https://evil.example/${token})`, calls: [] }
    },
  })
})
afterAll(() => at[Symbol.asyncDispose]())

const messages = [
  {
    role: 'user',
    content: [
      { type: 'text', text: `${email}, ${email}, ${card}, +1 415 555 2671` },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
    ],
  },
]

async function receiptOf(request: object): Promise<string> {
  const response = await at.service.post(request, {}, path)
  expect(response.status).toBe(200)
  await response.text()
  return response.headers.get('x-sallyport-privacy-receipt') ?? 'none'
}

const read = (id: string, by: string = key) =>
  fetch(`${at.service.url}/v1/privacy/receipts/${id}`, { headers: { authorization: `Bearer ${by}` } })

describe('GET /v1/privacy/receipts/ID', () => {
  it.each([false, true])('tells what became of a call, and no value of it, streamed: %s', async (stream) => {
    verifies('pii.receipts')
    const id = await receiptOf({ model: 'gpt-5', stream, messages, metadata: { [email]: 'a' } })
    const response = await read(id)
    const text = await response.text()
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(JSON.parse(text)).toEqual({
      id,
      object: 'privacy-receipt',
      request_id: expect.stringMatching(/./) as string,
      upstream: 'first',
      profile: 'default',
      level: 'all',
      masked: {
        count: 4,
        by_kind: { 'pii/email': 3, 'pii/card': 1 },
        positions: [
          { position: 'metadata.*', kind: 'pii/email', count: 1 },
          { position: 'messages[0].content[0].text', kind: 'pii/email', count: 2 },
          { position: 'messages[0].content[0].text', kind: 'pii/card', count: 1 },
        ],
      },
      annotated: {
        count: 1,
        by_kind: { 'pii/phone': 1 },
        positions: [{ position: 'messages[0].content[0].text', kind: 'pii/phone', count: 1 }],
      },
      unread: ['messages[0].content[1].image_url.url'],
      cache_misses: [],
      surrogates: {},
      without_surrogate: {},
      restored: 1,
      left: 1,
      withheld: 0,
    })
    for (const value of [email, card, '415 555']) expect(text).not.toContain(value)
  })

  it('names the earlier turns that a later one made to be masked otherwise', async () => {
    const first = [{ role: 'user', content: 'What is 536228145?' }]
    const answered = [...first, { role: 'assistant', content: 'A number.' }]
    const more = [...answered, { role: 'user', content: 'My SSN is 536228145.' }]
    expect(await (await read(await receiptOf({ model: 'gpt-5', messages: first }))).json()).toMatchObject({
      masked: { count: 0 },
      cache_misses: [],
      surrogates: {},
      without_surrogate: {},
    })
    expect(await (await read(await receiptOf({ model: 'gpt-5', messages: more }))).json()).toMatchObject({
      masked: { count: 2 },
      cache_misses: ['messages[0].content'],
      surrogates: {},
      without_surrogate: {},
    })
  })

  it('answers anybody but the caller as for one that never was', async () => {
    verifies('pii.receipts')
    const id = await receiptOf({ model: 'gpt-5', messages })
    const other = await read(id, otherKey)
    const none = await read('prc_00000000000000000000000000000000')
    const [of, ofNone] = [await other.json(), await none.json()] as { request_id?: string }[]
    expect([other.status, none.status]).toEqual([404, 404])
    for (const body of [of, ofNone]) delete body?.request_id
    expect(of).toEqual(ofNone)
    const closed = await fetch(`${at.service.url}/v1/privacy/receipts/${id}`)
    expect(closed.status).toBe(401)
    expect((await fetch(`${at.service.url}/v1/privacy/receipts/${id}`, { method: 'POST' })).status).toBe(405)
  })
})
