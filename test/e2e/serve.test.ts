import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asInstalled, metricsOf, serve, type Served } from '../support/cli/sallyport-process.ts'
import { verifies } from '../support/verifies.ts'

const marginQuestion = 'Which product categories bring the most margin?'

describe('serve, with the scripted demo model', () => {
  let service: Served
  let client: OpenAI

  beforeAll(async () => {
    service = await serve(asInstalled)
    client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key, maxRetries: 0 })
  })
  afterAll(() => service[Symbol.asyncDispose]())

  it('prints its address, the key and one curl', () => {
    verifies('serve.banner')
    expect(service.banner).toContain(`${service.url}/v1`)
    expect(service.banner).toContain(service.key)
    expect(service.banner).toContain('curl -sN')
  })

  it('lists the model and its data sources to a real client', async () => {
    const ids = (await client.models.list()).data.map((model) => model.id)
    expect(ids).toEqual(['analyst', 'analyst:shop'])
  })

  it('answers plainly: SQL and Python ran, the answer stands alone, the chart is a link', async () => {
    const completion = await client.chat.completions.create({
      model: 'analyst',
      messages: [{ role: 'user', content: marginQuestion }],
    })
    const [choice] = completion.choices
    expect(choice?.finish_reason).toBe('stop')
    expect(choice?.message.content).toContain('Scripted demo model')
    expect(choice?.message.content).toMatch(/\| Kitchen \| [\d,]+ \| €[\d,]+ \|/)
    expect(completion.usage?.total_tokens).toBeGreaterThan(100)

    const link = /\((http[^)]+\/v1\/artifacts\/[^)]+)\)/.exec(choice?.message.content ?? '')?.[1] ?? ''
    const picture = await fetch(link)
    expect(picture.headers.get('content-type')).toBe('image/png')
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    expect((await fetch(link.replace(/signature=./, 'signature=_'))).status).toBeGreaterThanOrEqual(400)
  })

  it('streams the same answer to a real client, and says how it ended', async () => {
    verifies('serve.openai-client')
    const stream = await client.chat.completions.create({
      model: 'analyst:shop',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: marginQuestion }],
    })
    let text = ''
    let finish: string | null = null
    let usage = 0
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? ''
      finish ??= chunk.choices[0]?.finish_reason ?? null
      usage = chunk.usage?.total_tokens ?? usage
    }
    expect(text).toContain('Kitchen')
    expect(finish).toBe('stop')
    expect(usage).toBeGreaterThan(100)
  })

  it('keeps a session with limits of its own until it is closed', async () => {
    verifies('sessions.kept')
    const ask = (method: string, path: string, body?: object) =>
      fetch(`${service.url}/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    const above = await ask('POST', 'sessions', { sandbox: { memory_mb: 1_000_000 } })
    expect([above.status, await above.text()]).toEqual([400, expect.stringContaining('memory_mb may be at most 1024')])
    const { id } = (await (await ask('POST', 'sessions', { sandbox: { memory_mb: 512 } })).json()) as { id: string }
    const question = { model: 'analyst', session: id, messages: [{ role: 'user', content: marginQuestion }] }
    const answer = await ask('POST', 'chat/completions', question)
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Kitchen')])
    const listed = (await (await ask('GET', 'sessions')).json()) as { data: object[] }
    expect(listed.data).toEqual([expect.objectContaining({ id, in_use: false, sandbox: { memory_mb: 512 } })])
    expect(await metricsOf(service)).toContain('event="claim-with-own-limits"} 1')
    expect((await ask('DELETE', `sessions/${id}`)).status).toBe(204)
    expect((await ask('POST', 'chat/completions', question)).status).toBe(404)
  })

  it('is alive and ready, and counts what it did', async () => {
    expect((await fetch(`${service.url}/livez`)).status).toBe(200)
    await expect.poll(async () => (await fetch(`${service.url}/readyz`)).status, { timeout: 120_000 }).toBe(200)
    expect(await metricsOf(service)).toMatch(/sallyport_tool_calls_total\{tool="run_python",result="result"\} [1-9]/)
  })

  it.each([
    ['no key', { key: null, body: '{}' }, 401],
    ['a wrong key', { key: 'sp-wrong', body: '{}' }, 401],
    ['malformed JSON', { body: '{"model":' }, 400],
    ['a body of another shape', { body: '{"model":"analyst","messages":"hello"}' }, 400],
    ['an unknown model', { body: '{"model":"gpt-9","messages":[{"role":"user","content":"x"}]}' }, 404],
    [
      '2 MB of body',
      { body: JSON.stringify({ model: 'analyst', messages: [{ role: 'user', content: 'x'.repeat(2e6) }] }) },
      413,
    ],
    ['another content type', { body: 'hello', type: 'text/plain' }, 415],
  ])('answers %s with a problem that says what to do', async (_name, request: BadRequest, status) => {
    const key = request.key === undefined ? service.key : request.key
    const response = await fetch(`${service.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': request.type ?? 'application/json',
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      body: request.body,
    })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    const problem = (await response.json()) as { title: string; error: { message: string; type: string } }
    expect(problem.title.length).toBeGreaterThan(5)
    expect(problem.error.message.length).toBeGreaterThan(5)
    expect(problem.error.type).toMatch(/_error$/)
  })
})

interface BadRequest {
  readonly key?: string | null
  readonly body: string
  readonly type?: string
}

describe('serve, with an OpenAI-compatible endpoint', () => {
  it('says that the endpoint is down, and stays up', async () => {
    await using service = await serve({
      SALLYPORT_MODEL_BASE_URL: 'http://127.0.0.1:9/v1',
      SALLYPORT_MODEL_NAME: 'x',
      SALLYPORT_MODEL_RETRIES: '0',
    })
    const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key, maxRetries: 0 })
    const asked = client.chat.completions.create({ model: 'analyst', messages: [{ role: 'user', content: 'Hello' }] })
    await expect(asked).rejects.toThrow(/The model does not answer\./)
    expect((await fetch(`${service.url}/livez`)).status).toBe(200)
  })
})
