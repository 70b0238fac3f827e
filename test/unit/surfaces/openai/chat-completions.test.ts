import { setTimeout as sleep } from 'node:timers/promises'
import OpenAI, { APIError } from 'openai'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { delta, end, replay, toolResult } from '../../../support/agent-events.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'
import { key, question, startService } from '../../../support/http/http-service.ts'
import { verifies } from '../../../support/verifies.ts'

const table = {
  columns: [
    { name: 'country', type: 'text' },
    { name: 'orders', type: 'int8' },
  ],
  rows: Array.from({ length: 30 }, (_, index) => [`C|${index}`, index]),
  totalRows: 1_247,
}
const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64')
const artifact = { type: 'artifact', artifact: { name: 'chart.png', mediaType: 'image/png', content: png } } as const

const client = (url: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
const typed = { model: 'analyst', messages: [{ role: 'user' as const, content: 'How many orders?' }] }

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('plain answers', () => {
  it('are read by the openai client', async () => {
    await using service = await startService()
    const completion = await client(service.url).chat.completions.create(typed)
    expect(completion.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'Fine.' },
    })
    expect(completion.usage).toEqual({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 })
    expect(completion).toMatchObject({ sallyport: { ending: 'answer', steps: 1, duration_ms: 10, findings: [] } })
    expect(service.received[0]).toMatchObject({ channel: 'http', model: 'analyst', dataSource: null })
  })

  it('take the data source from the model, text from parts, and developer as system', async () => {
    await using service = await startService()
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'How many' },
          { type: 'text', text: 'orders?' },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'user', content: 'And refunds?' },
    ]
    const response = await service.post({
      model: 'analyst:shop',
      messages,
      temperature: 0.2,
      tools: [],
      user: 'u',
    })
    expect(response.status).toBe(200)
    expect(service.received[0]).toMatchObject({
      model: 'analyst',
      dataSource: 'shop',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'How many\norders?' },
        { role: 'assistant', content: '' },
        { role: 'user', content: 'And refunds?' },
      ],
    })
  })

  it('carry the last table and the charts as signed links', async () => {
    await using service = await startService({ events: [toolResult({ table }), artifact, delta('See below.'), end()] })
    const body = (await (await service.post(question)).json()) as OpenAI.ChatCompletion
    const content = body.choices[0]?.message.content ?? ''
    expect(content).toMatch(/^See below\.\n\n\| country \| orders \|\n\| --- \| ---: \|\n\| C\\\|0 \| 0 \|\n/)
    expect(content).toContain('*20 of 1,247 rows.*')
    const link = /!\[chart\.png\]\((\S+)\)/.exec(content)?.[1] ?? ''
    const image = await fetch(link)
    expect(image.status).toBe(200)
    expect(Object.fromEntries(image.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(Buffer.from(await image.arrayBuffer()).toString('base64')).toBe(png)
    expect((await fetch(link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')))).status).toBe(404)
    expect((await fetch(link.replace(/expires=\d/, 'expires=9'))).status).toBe(404)
  })

  it('show no second table where the answer has one, and label a scripted model', async () => {
    const own = 'So:\n\n| a | b |\n|---|---|\n| 1 | 2 |'
    await using service = await startService({
      events: [toolResult({ cell: cellResult({ results: [{ isMain: true, data: table }] }) }), delta(own), end()],
      label: 'Scripted demo model',
    })
    const body = (await (await service.post(question)).json()) as OpenAI.ChatCompletion
    expect(body.choices[0]?.message.content).toBe(`> Scripted demo model\n\n${own}`)
  })

  it('W11: say beside its link that a filter masked parts of a file', async () => {
    const file = (name: string, isMasked: boolean) =>
      ({ type: 'artifact', artifact: { name, mediaType: 'text/csv', content: 'YQo=', isMasked } }) as const
    await using service = await startService({ events: [file('a.csv', true), file('b.csv', false), end()] })
    const body = (await (await service.post(question)).json()) as OpenAI.ChatCompletion
    const content = body.choices[0]?.message.content ?? ''
    expect(content).toMatch(/\[a\.csv\]\(\S+\) \(a filter masked parts of it\)\n\n\[b\.csv\]\(\S+\)$/)
  })

  it.each([
    ['step-limit', 'length'],
    ['model-filtered', 'content_filter'],
  ] as const)('that ended by %s do not look whole', async (ending, reason) => {
    await using service = await startService({ events: [delta('Half'), end({ ending, message: 'It stopped.' })] })
    const body = (await (await service.post(question)).json()) as OpenAI.ChatCompletion
    expect(body.choices[0]).toMatchObject({ finish_reason: reason, message: { content: 'Half\n\n**It stopped.**' } })
  })

  it('become an error with the status of the fault when the run failed', async () => {
    const failed = end({ ending: 'failed', code: 'model-unavailable', message: '10.0.0.7:11434 cannot be reached.' })
    await using service = await startService({ events: [delta('Half'), failed] })
    const error = await client(service.url)
      .chat.completions.create(typed)
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(APIError)
    expect(error).toMatchObject({ code: 'model-unavailable', type: 'server_error' })
    expect((error as Error).message).toContain('The model does not answer.')
  })

  it.each([
    [42, '42', null],
    [90, '90', 'false'],
  ])('C4: say when the model endpoint said to come back: %d s', async (retryAfterSeconds, header, repeat) => {
    const failed = end({ ending: 'failed', code: 'model-unavailable', message: 'busy', retryAfterSeconds })
    await using service = await startService({ events: [failed] })
    const { status, headers } = await service.post(question)
    expect([status, headers.get('retry-after'), headers.get('x-should-retry')]).toEqual([502, header, repeat])
  })

  it('never show the message of a fault inside, which the log gets', async () => {
    await using service = await startService({
      answer: async function* () {
        yield delta('x')
        throw new Error('password of the database is hunter2')
      },
    })
    const response = await service.post(question)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('hunter2')
    expect(service.faults[0]?.message).toContain('hunter2')
  })
})

describe('members of OpenAI that have no effect', () => {
  const ignored = { temperature: 0.2, seed: 7, user: 'ann', max_tokens: 50, 'x y': 1, logit_bias: null }

  it.each([false, true])('are listed in a header, streamed: %s', async (stream) => {
    verifies('serve.ignored-settings')
    await using service = await startService()
    const response = await service.post({ ...question, ...ignored, stream, messages: question.messages })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-sallyport-ignored')).toBe('max_tokens, temperature, seed, user, +1')
  })

  it('are listed with their place where they stand within another', async () => {
    await using service = await startService()
    const messages = [
      { role: 'assistant', content: 'Hello.', refusal: null, annotations: [] },
      { role: 'assistant', content: null, refusal: 'I will not.' },
      { role: 'user', name: 'ann', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'x' } }] },
      { role: 'user', name: 'bob', content: 'How many?', 'x y': 1 },
    ]
    const options = { include_usage: true, include_obfuscation: false }
    const response = await service.post({ ...question, messages, stream: true, stream_options: options })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-sallyport-ignored')).toBe(
      'stream_options.include_obfuscation, messages.refusal, messages.name, messages.content.cache_control, +1',
    )
  })

  it('are none where each member counts, or asks for what is done anyway', async () => {
    await using service = await startService()
    const neutral = {
      stream: false,
      n: 1,
      response_format: { type: 'text' },
      tools: [],
      tool_choice: 'auto',
      logprobs: false,
      modalities: ['text'],
      stop: null,
      audio: null,
    }
    const response = await service.post({ ...question, ...neutral })
    expect([response.status, response.headers.get('x-sallyport-ignored')]).toEqual([200, null])
  })
})

describe('streamed answers', () => {
  it('are read by the openai client, with usage when asked for', async () => {
    await using service = await startService({
      events: [{ type: 'step-start', step: 1 }, delta('One. '), delta('Two.'), delta('Three.', 2), end()],
    })
    const stream = await client(service.url).chat.completions.create({
      ...typed,
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = await all(stream)
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' })
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('One. Two.\n\nThree.')
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 15 } })
  })

  it('end with [DONE] only when they are whole', async () => {
    verifies('errors.broken-stream')
    await using service = await startService({
      answer: async function* () {
        yield delta('Half an ans')
        throw new ServiceError('model-protocol', 'The model broke off.')
      },
    })
    const text = await (await service.post({ ...question, stream: true })).text()
    expect(text).toContain('**The answer broke off: The model does not answer.**')
    expect(text).toContain('data: {"error":{"message":"The model does not answer.')
    expect(text).not.toContain('[DONE]')
    expect(text).not.toContain('"finish_reason":"stop"')
    const stream = await client(service.url).chat.completions.create({ ...typed, stream: true })
    await expect(all(stream)).rejects.toBeInstanceOf(APIError)
  })

  it('that fail before their first word have a status of their own', async () => {
    await using service = await startService({
      answer: async function* () {
        yield { type: 'step-start', step: 1 }
        throw new ServiceError('rate-limited', 'Requests of yours run.', { retryAfterSeconds: 60 })
      },
    })
    const response = await service.post({ ...question, stream: true })
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('60')
  })

  it('stay open with comments while nothing is said', async () => {
    await using service = await startService({
      settings: { heartbeat_ms: 100 },
      answer: async function* () {
        await sleep(350)
        yield delta('At last.')
        yield end()
      },
    })
    const text = await (await service.post({ ...question, stream: true })).text()
    expect(text.startsWith(': hb\n\n')).toBe(true)
    expect(text).toContain('At last.')
  })

  it('abort the run when the caller closes them', async () => {
    const aborted = Promise.withResolvers<unknown>()
    await using service = await startService({
      answer: async function* (_received, signal) {
        signal.addEventListener('abort', () => aborted.resolve(signal.reason))
        yield delta('Working on it.')
        await aborted.promise
        yield* replay([end({ ending: 'cancelled' })])
      },
    })
    const stream = await client(service.url).chat.completions.create({ ...typed, stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content !== '') break
    expect(await aborted.promise).toMatchObject({ code: 'cancelled' })
  })
})
