import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { signatureHeaders } from '../../../../src/filters/remote/webhook-signature.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'
import { detectorOf } from '../../../support/filters/remote/adapters.ts'
import { completion, startFakeLlamaGuard, startFakeScores } from '../../../support/filters/remote/fake-judge.ts'
import { startFakeModeration } from '../../../support/filters/remote/fake-moderation.ts'
import { startFakeNemo } from '../../../support/filters/remote/fake-nemo.ts'
import { sendJson, type FakeServer } from '../../../support/filters/remote/fake-server.ts'
import { startFakeWebhook, webhookKey } from '../../../support/filters/remote/fake-webhook.ts'

const inspect = (settings: object, texts: readonly string[], direction: 'inbound' | 'outbound' = 'inbound') =>
  detectorOf({ deadline_ms: 10_000, ...settings }).filter.inspect(
    texts.map((text) => ({ text, provenance: 'user' as const })),
    { direction, group: 'staff', executedSql: [] },
    never,
  )

const bodies = (fake: FakeServer) => fake.asked.map(({ body }) => body)

describe('OpenAI Moderation', () => {
  it('is asked for its model with up to 32 texts at once, and the highest of its scores counts', async () => {
    await using fake = await startFakeModeration()
    const texts = Array.from({ length: 40 }, (_, index) => `text number ${index}`)
    const found = await inspect({ kind: 'moderation', url: `${fake.url}/v1/` }, [...texts, 'You vermin'])
    expect(found).toMatchObject([{ part: 40, start: 0, end: 10, category: 'toxicity/hate', score: 0.93 }])
    expect(fake.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(2).fill('POST /v1/moderations'))
    expect(bodies(fake)).toEqual([
      { model: 'omni-moderation-latest', input: texts.slice(0, 32) },
      { model: 'omni-moderation-latest', input: [...texts.slice(32), 'You vermin'] },
    ])
  })

  it('does not tell low scores, and all of them where they are asked for', async () => {
    await using fake = await startFakeModeration()
    const settings = { kind: 'moderation', url: `${fake.url}/v1` }
    expect(await inspect(settings, ['hello'])).toEqual([])
    expect(await inspect({ ...settings, minimum_score: 0 }, ['hello'])).toHaveLength(6)
  })

  it('has a double that the official client understands, in all that its types say', async () => {
    await using fake = await startFakeModeration()
    const client = new OpenAI({ baseURL: `${fake.url}/v1`, apiKey: 'k', maxRetries: 0 })
    const { results } = await client.moderations.create({ model: 'omni-moderation-latest', input: ['hurt', 'hello'] })
    expect(results.map(({ flagged }) => flagged)).toEqual([true, false])
    const names = Object.keys(results[0]?.categories ?? {})
    expect(names).toHaveLength(13)
    expect(Object.keys(results[0]?.category_scores ?? {})).toEqual(names)
  })
})

describe('a judge', () => {
  it('is asked about one text at a time, for few tokens without chance', async () => {
    await using fake = await startFakeLlamaGuard()
    const settings = { kind: 'judge', url: `${fake.url}/v1`, model: 'guard', verdict: 'llama-guard' }
    expect(await inspect(settings, ['vermin, I will hurt you', 'hello'], 'outbound')).toMatchObject([
      { part: 0, category: 'toxicity/violence', score: 1 },
      { part: 0, category: 'toxicity/hate', score: 1 },
    ])
    const fixed = { model: 'guard', temperature: 0, max_tokens: 256, stream: false }
    const sent = (content: string) => [
      { role: 'user', content: '.' },
      { role: 'assistant', content },
    ]
    expect(bodies(fake)).toEqual([
      { ...fixed, messages: sent('vermin, I will hurt you') },
      { ...fixed, messages: sent('hello') },
    ])
  })

  it('leaves out codes that nobody wants, which is not the same as safe', async () => {
    await using fake = await startFakeLlamaGuard()
    const settings = { kind: 'judge', url: `${fake.url}/v1`, model: 'guard', verdict: 'llama-guard' }
    expect(await inspect({ ...settings, categories: { S1: null } }, ['I will hurt you'])).toEqual([])
    expect(await inspect({ ...settings, categories: { S1: null } }, ['hurt the vermin'])).toHaveLength(1)
  })

  it('gives scores for the words of the configuration', async () => {
    await using fake = await startFakeScores()
    const categories = { threat: 'guard/threat', insult: 'guard/insult' }
    const settings = {
      kind: 'judge',
      url: `${fake.url}/v1`,
      model: 'm',
      verdict: 'scores',
      prompt: 'Judge.',
      categories,
    }
    expect(await inspect(settings, ['hurt', 'hello'])).toMatchObject([
      { part: 0, category: 'guard/threat', score: 0.9 },
    ])
    expect(fake.asked[0]?.body).toMatchObject({ response_format: { type: 'json_object' } })
    fake.answer = (response) =>
      sendJson(response, { status: 200, body: completion('{"scores":{"threat":0,"insult":0.4}}') })
    expect(await inspect(settings, ['hello'])).toMatchObject([{ category: 'guard/insult', score: 0.4 }])
  })
})

describe('NeMo Guardrails', () => {
  it('is always told which rails to run, and asked about one message', async () => {
    await using fake = await startFakeNemo()
    const settings = { kind: 'nemo', url: `${fake.url}/`, config_id: 'words' }
    await inspect(settings, ['hello'])
    await inspect(settings, ['hello'], 'outbound')
    expect(bodies(fake)).toEqual([
      {
        model: '',
        messages: [{ role: 'user', content: 'hello' }],
        guardrails: { config_id: 'words', rail_types: ['input'] },
      },
      {
        model: '',
        messages: [{ role: 'assistant', content: 'hello' }],
        guardrails: { config_id: 'words', rail_types: ['output'] },
      },
    ])
  })

  it('has failed where one of its rails has, which it tells as a block', async () => {
    await using fake = await startFakeNemo()
    await expect(inspect({ kind: 'nemo', url: fake.url, config_id: 'words' }, ['break down'])).rejects.toThrow(
      'NeMo Guardrails could not run one of its rails.',
    )
  })
})

describe('a webhook', () => {
  const settings = (fake: FakeServer) => ({
    kind: 'webhook',
    url: `${fake.url}/check`,
    categories: ['guard/threat'],
    signing_key: webhookKey,
  })

  it('gives places in code points, which are found where they stand', async () => {
    await using fake = await startFakeWebhook()
    const texts = ['😀 I will hurt you 😀', 'hurt and hurt']
    const found = await inspect(settings(fake), texts, 'outbound')
    expect(found.map(({ part, start, end }) => texts[part]?.slice(start, end))).toEqual(['hurt', 'hurt', 'hurt'])
    expect(fake.asked[0]).toMatchObject({ method: 'POST', path: '/check' })
    const [{ body } = { body: null }] = fake.asked
    const { id, ...rest } = body as { readonly id: string }
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(rest).toEqual({
      version: 1,
      direction: 'outbound',
      group: 'staff',
      categories: ['guard/threat'],
      texts: texts.map((text) => ({ text })),
    })
  })

  it('is sent a signature over the time and the bytes of the body, which another key does not make', async () => {
    await using fake = await startFakeWebhook()
    await inspect(settings(fake), ['hello'])
    await expect(inspect({ ...settings(fake), signing_key: 'another' }, ['hello'])).rejects.toThrow('status 401')
    await inspect({ ...settings(fake), signing_key: null }, ['hello']).catch(() => undefined)
    expect(fake.asked.at(-1)?.headers).not.toHaveProperty('x-sallyport-signature')
    // Worked out with: printf '1700000000.{"a":"é"}' | openssl dgst -sha256 -hmac 'a key'
    expect(signatureHeaders(new Secret('a key'), '{"a":"é"}', 1_700_000_000)).toEqual({
      'x-sallyport-timestamp': '1700000000',
      'x-sallyport-signature': 'v1=06ae7d775ac2c048fd0389a7b68839efa1850f2d62ef8a3adcedd9b07bd35de6',
    })
  })
})

describe('a disguised text', () => {
  const textsSent = (fake: FakeServer) =>
    fake.asked.flatMap(({ body }) => (body as { readonly texts: readonly { readonly text: string }[] }).texts)
  const settings = (fake: FakeServer) => ({
    kind: 'webhook',
    url: fake.url,
    categories: ['guard/threat'],
    signing_key: webhookKey,
  })

  it.each([
    ['with letters of another script', 'I will \u04bburt you', '\u04bburt'],
    ['in letters that stand apart', 'I will h u r t you', 'h u r t'],
    ['in signs', 'I will hur7 you', 'hur7'],
  ])('%s is found where it stands by a detector that compares words', async (_name, text, disguised) => {
    await using fake = await startFakeWebhook()
    const found = await inspect(settings(fake), [text])
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual([disguised])
  })

  it('goes as it is alone where it is not to be respelled, and so does one with accents or of another script', async () => {
    await using fake = await startFakeWebhook()
    const texts = ['I will h u r t you', 'Zoë Müller fährt nach Köln', 'Привет, как дела?', 'Θα έρθω αύριο']
    await inspect({ ...settings(fake), respelled: false }, texts)
    expect(textsSent(fake).map(({ text }) => text)).toEqual(texts)
  })
})

describe('values in a text that is judged', () => {
  const text = 'I will hurt you, kim@hamlin.example, with card 4111 1111 1111 1111.'
  const encoded = `read ${Buffer.from('write to kim@hamlin.example today').toString('base64')} and I will hurt you`
  const sent = (fake: FakeServer) => JSON.stringify(fake.asked.map(({ body }) => body))

  it('are written over for a model, encoded ones too, and everything else stays in its place', async () => {
    await using fake = await startFakeModeration()
    const settings = { kind: 'moderation', url: `${fake.url}/v1` }
    const found = await inspect(settings, [text, encoded, 'sk-proj-Zk3vQ9xT7bLm2Rw8Yc5Nd1Hf6Jg4Ks0Pab12Cd34'])
    expect(found.map(({ part, start, end }) => [part, start, end])).toEqual([
      [0, 0, text.length],
      [1, 0, encoded.length],
    ])
    expect(sent(fake)).toContain('I will hurt you, xxxxxxxxxxxxxxxxxx, with card xxxxxxxxxxxxxxxxxxx.')
    expect(sent(fake)).not.toMatch(/hamlin|4111|sk-proj|Zk3vQ9xT7b/)
    expect(sent(fake)).not.toContain(encoded.slice(5, 30))
  })

  it('are sent where that is configured, and to rails and webhooks', async () => {
    await using moderation = await startFakeModeration()
    await using webhook = await startFakeWebhook()
    await inspect({ kind: 'moderation', url: `${moderation.url}/v1`, hide_values: false }, [text])
    const own = { kind: 'webhook', url: webhook.url, categories: ['guard/threat'], signing_key: webhookKey }
    const [{ start, end } = { start: 0, end: 0 }] = await inspect(own, [text])
    expect(text.slice(start, end)).toBe('hurt')
    for (const fake of [moderation, webhook]) expect(sent(fake)).toContain('kim@hamlin.example')
  })
})
