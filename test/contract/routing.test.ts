import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPassService, type PassService } from '../support/http/pass-service.ts'
import { verifies } from '../support/verifies.ts'

let at: PassService
beforeAll(async () => {
  at = await startPassService({
    upstream: { chat_limit: 'max_tokens' },
    group: { models: ['assistant'], show_routes: true, budget: { answer_tokens: 60 } },
    routes: { assistant: { targets: ['gpt-5', 'text-embedding-3-small'] }, other: { targets: ['gpt-5'] } },
  })
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
})

const ask = (model: string) => at.service.post({ model, messages: [{ role: 'user', content: 'Hello' }] })

describe('a route', () => {
  it('is asked like a model, and its first target answers, under its own name and in the words of its upstream', async () => {
    verifies('routing.granted')
    verifies('routing.header')
    verifies('routing.limit-in-words')
    const response = await ask('assistant')
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ model: 'gpt-5' })])
    const told = response.headers.get('x-sallyport-route')
    expect(told).toBe(
      '"gpt-5";upstream="first";by=order;answered;attempts=1, "text-embedding-3-small";upstream="first";by=order',
    )
    const sent = at.openai.requests.map(({ body }) => JSON.parse(body.toString()) as object)
    expect(sent).toEqual([{ max_tokens: 60, model: 'gpt-5', messages: [{ role: 'user', content: 'Hello' }] }])
  })

  it('is all that a group can ask that lists nothing else', async () => {
    verifies('routing.granted')
    expect((await ask('gpt-5')).status).toBe(404)
    expect((await ask('other')).status).toBe(404)
  })
})
