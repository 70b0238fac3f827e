import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { key } from '../../../support/http/http-service.ts'
import { otherKey, startPassService, type PassService } from '../../../support/http/pass-service.ts'
import { namedEvent, servedEvents } from '../../../support/http/upstream/served.ts'
import { verifies } from '../../../support/verifies.ts'

const user = [{ role: 'user', content: 'Say something.' }]

const requests = {
  '/v1/chat/completions': { model: 'gpt-5', messages: user },
  '/v1/responses': { model: 'gpt-5', input: 'Say something.' },
  '/v1/messages': { model: 'claude-sonnet-5', max_tokens: 100, messages: user },
} as const

type Path = keyof typeof requests

let at: PassService
beforeAll(async () => {
  at = await startPassService()
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
})
beforeEach(() => {
  at.openai.startOver()
  at.anthropic.startOver()
})

const upstreamOf = (path: Path) => (path === '/v1/messages' ? at.anthropic : at.openai)
const send = (path: Path, more: object = {}, headers: Record<string, string> = {}) =>
  at.service.post({ ...requests[path], ...more }, { 'anthropic-version': '2023-06-01', ...headers }, path)

describe('what a provider keeps', () => {
  const get = (path: string, by = key, method = 'GET') =>
    fetch(`${at.service.url}${path}`, { method, headers: { authorization: `Bearer ${by}` } })

  it.each([false, true])("is its maker's to read, go on from, cancel and delete (streamed: %s)", async (stream) => {
    verifies('models.own-ids')
    const text = await (await send('/v1/responses', { stream, store: true })).text()
    const id = /"id":"(resp_[^"]+)"/.exec(text)?.[1] ?? ''
    const item = /"id":"(msg_[^"]+)"/.exec(text)?.[1] ?? ''
    const reaching = [
      { previous_response_id: id },
      { prompt_cache_options: { comparison_response_id: id } },
      { input: [{ type: 'item_reference', id: item }] },
      { input: [{ type: 'message', role: 'assistant', id: item, content: [] }] },
    ]
    for (const more of reaching) {
      const sent = at.openai.requests.length
      const foreign = await send('/v1/responses', more, { authorization: `Bearer ${otherKey}` })
      expect([more, foreign.status, at.openai.requests.length]).toEqual([more, 404, sent])
      expect([more, (await send('/v1/responses', more)).status]).not.toEqual([more, 404])
    }
    const sent = at.openai.requests.length
    for (const [path, method] of [
      [id, 'GET'],
      [`${id}/input_items`, 'GET'],
      [`${id}/cancel`, 'POST'],
      [id, 'DELETE'],
    ] as const) {
      expect((await get(`/v1/responses/${path}`, otherKey, method)).status).toBe(404)
    }
    expect(at.openai.requests).toHaveLength(sent)
    expect((await get(`/v1/responses/${id}`)).status).toBe(200)
    expect((await get(`/v1/responses/${id}/input_items?limit=5`)).status).toBe(200)
    expect(at.openai.requests.at(-1)?.path).toBe(`/v1/responses/${id}/input_items?limit=5`)
    expect((await get(`/v1/responses/${id}`, key, 'DELETE')).status).toBe(200)
    const before = at.openai.requests.length
    expect((await get(`/v1/responses/${id}`)).status).toBe(404)
    expect(at.openai.requests).toHaveLength(before)
  })

  it.each([
    ['/v1/responses', { previous_response_id: 'resp_x' }],
    ['/v1/responses', { conversation: 'conv_x' }],
    ['/v1/responses', { input: [{ type: 'reasoning', id: 'rs_x', summary: [] }] }],
    ['/v1/responses', { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-x' }] }] }],
    [
      '/v1/chat/completions',
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-x' } }] }] },
    ],
    ['/v1/messages', { container: 'container_x' }],
  ] as const)("and nobody here has made is nobody's: %s with %j", async (path, more) => {
    const response = await send(path, more)
    expect(response.status).toBe(404)
    expect(upstreamOf(path).requests).toEqual([])
  })

  it.each([false, true])(
    'of a thread of Messages is its for its maker to go on with (streamed: %s)',
    async (stream) => {
      verifies('models.own-ids')
      await using fresh = await startPassService()
      const ask = (by: string, more: object) =>
        fresh.service.post(
          { ...requests['/v1/messages'], stream, ...more },
          { 'anthropic-version': '2023-06-01', authorization: `Bearer ${by}` },
          '/v1/messages',
        )
      const text = await (await ask(key, { thread: { type: 'create' } })).text()
      const id = /"id":"(msg_[^"]+)"/.exec(text)?.[1] ?? ''
      const reaching = [
        { thread: { type: 'continue', previous_message_id: id } },
        { diagnostics: { previous_message_id: id } },
      ]
      for (const more of reaching) {
        const sent = fresh.anthropic.requests.length
        expect([more, (await ask(otherKey, more)).status]).toEqual([more, 404])
        expect(fresh.anthropic.requests).toHaveLength(sent)
        expect([more, (await ask(key, more)).status]).toEqual([more, 200])
      }
      const other = /"id":"(msg_[^"]+)"/.exec(await (await ask(key, {})).text())?.[1] ?? ''
      // Nobody can go on from an answer that is not kept.
      expect((await ask(key, { thread: { type: 'continue', previous_message_id: other } })).status).toBe(404)
    },
  )

  it('is gone when the provider says so with nothing', async () => {
    const id = /"id":"(resp_[^"]+)"/.exec(await (await send('/v1/responses', { store: true })).text())?.[1] ?? ''
    at.openai.answer = () => ({ steps: [{ do: 'head', status: 204, headers: { 'openai-version': '1' } }] })
    const gone = await get(`/v1/responses/${id}`, key, 'DELETE')
    expect([gone.status, await gone.text(), gone.headers.get('openai-version')]).toEqual([204, '', '1'])
    expect([gone.headers.has('content-length'), gone.headers.has('transfer-encoding')]).toEqual([false, false])
    at.openai.answer = null
    const sent = at.openai.requests.length
    expect((await get(`/v1/responses/${id}`)).status).toBe(404)
    expect(at.openai.requests).toHaveLength(sent)
  })

  it('is gone when the provider answers its deletion with an empty body', async () => {
    const id = /"id":"(resp_[^"]+)"/.exec(await (await send('/v1/responses', { store: true })).text())?.[1] ?? ''
    at.openai.answer = () => ({ steps: [{ do: 'head', status: 200, headers: { 'content-length': '0' } }] })
    const gone = await get(`/v1/responses/${id}`, key, 'DELETE')
    expect([gone.status, await gone.text()]).toEqual([200, ''])
    expect((await get(`/v1/responses/${id}`)).status).toBe(404)
  })

  it('is no answer where nothing comes', async () => {
    for (const status of [200, 204]) {
      const headers: Record<string, string> = status === 200 ? { 'content-length': '0' } : {}
      at.openai.answer = () => ({ steps: [{ do: 'head', status, headers }] })
      expect((await send('/v1/responses')).status).toBe(502)
    }
  })

  it.each(['', '/input_items'])(
    'is not asked for by HEAD, of which no provider knows: /v1/responses/ID%s',
    async (part) => {
      const id = /"id":"(resp_[^"]+)"/.exec(await (await send('/v1/responses', { store: true })).text())?.[1] ?? ''
      const sent = at.openai.requests.length
      const head = await get(`/v1/responses/${id}${part}`, key, 'HEAD')
      const allowed = part === '' ? 'GET, DELETE, OPTIONS' : 'GET, OPTIONS'
      expect([head.status, head.headers.get('allow')]).toEqual([405, allowed])
      expect(at.openai.requests).toHaveLength(sent)
    },
  )

  it('has items that are kept as soon as they are told of, though the stream is cut', async () => {
    const events = [
      { type: 'response.created', response: { id: 'resp_cut', status: 'in_progress' } },
      { type: 'response.output_item.added', item: { id: 'rs_cut', type: 'reasoning', summary: [] } },
    ]
    at.openai.answer = () => servedEvents(events.map(namedEvent), {}, [{ do: 'reset' }])
    await (await send('/v1/responses', { stream: true })).text()
    at.openai.answer = null
    const referring = { input: [{ type: 'reasoning', id: 'rs_cut', summary: [] }] }
    const sent = at.openai.requests.length
    expect((await send('/v1/responses', referring, { authorization: `Bearer ${otherKey}` })).status).toBe(404)
    expect(at.openai.requests).toHaveLength(sent)
    await (await send('/v1/responses', referring)).text()
    expect(at.openai.requests).toHaveLength(sent + 1)
  })

  it('is listed from no item of somebody else', async () => {
    verifies('models.own-ids')
    await using fresh = await startPassService()
    const make = async (by: string): Promise<readonly string[]> => {
      const body = { ...requests['/v1/responses'], store: true }
      const text = await (await fresh.service.post(body, { authorization: `Bearer ${by}` }, '/v1/responses')).text()
      return ['resp', 'msg'].map((kind) => new RegExp(`"id":"(${kind}_[^"]+)"`).exec(text)?.[1] ?? '')
    }
    const [id, own] = await make(key)
    const [, foreign] = await make(otherKey)
    const list = (query: string) =>
      fetch(`${fresh.service.url}/v1/responses/${id}/input_items?${query}`, {
        headers: { authorization: `Bearer ${key}` },
      })
    const sent = fresh.openai.requests.length
    for (const query of [
      `after=${foreign}`,
      `before=${foreign}`,
      `%61fter=${foreign}`,
      `after=${own}&after=${foreign}`,
    ]) {
      expect([query, (await list(query)).status]).toEqual([query, 404])
    }
    expect(fresh.openai.requests).toHaveLength(sent)
    for (const query of [`after=${own}`, 'after=msg_made_by_the_provider']) {
      expect([query, (await list(query)).status]).toEqual([query, 200])
    }
  })

  it('has an id that is one word of a path', async () => {
    for (const id of ['a%20b', 'x.y', '..', 'a'.repeat(201)]) {
      expect((await get(`/v1/responses/${id}`)).status).toBe(404)
    }
    expect(at.openai.requests).toEqual([])
  })
})
