import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endpointsOf, type Endpoint } from '../../support/http/client-endpoints.ts'
import { key } from '../../support/http/http-service.ts'
import { startPassService, type PassService } from '../../support/http/pass-service.ts'
import { verifies } from '../../support/verifies.ts'

/** What docs/models.md says is served. */
const served: ReadonlySet<string> = new Set([
  'POST /v1/chat/completions',
  'POST /v1/responses',
  'GET /v1/responses/x_1',
  'DELETE /v1/responses/x_1',
  'POST /v1/responses/x_1/cancel',
  'GET /v1/responses/x_1/input_items',
  'POST /v1/embeddings',
  'POST /v1/messages',
  'POST /v1/messages/count_tokens',
  'GET /v1/models',
  'GET /v1/models/x_1',
])

/** The service's own, whatever a provider has at the same address. */
const isOwn = (path: string) => /^\/v1\/sessions(?:\/x_1)?$/.test(path)

let at: PassService
beforeAll(async () => {
  at = await startPassService()
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
})

async function statusOf({ method, path, query }: Endpoint): Promise<number> {
  const response = await fetch(`${at.service.url}${path}?${query}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(method === 'POST' ? { body: JSON.stringify({ model: 'gpt-5', input: 'x', messages: [] }) } : {}),
  })
  await response.text()
  return response.status
}

describe.each(['openai', '@anthropic-ai/sdk'])('the endpoints that the client %s asks', (client) => {
  const endpoints = endpointsOf(client)

  it('are found in its program', () => {
    expect(endpoints.length).toBeGreaterThan(30)
    const known = endpoints.filter(({ method, path }) => served.has(`${method} ${path}`))
    expect(known.length).toBeGreaterThan(client === 'openai' ? 6 : 2)
  })

  it('have no query of their own that is not passed on', async () => {
    verifies('models.query')
    const asked = endpoints.filter(({ method, path, query }) => served.has(`${method} ${path}`) && query !== '')
    if (client === 'openai') expect(asked).not.toEqual([])
    for (const { method, path, query } of asked) expect(await statusOf({ method, path, query })).not.toBe(400)
  })

  it('are served, or answered 404 by name, or 405 where another method is served; nothing is sent for them', async () => {
    verifies('models.not-served')
    const wrong: unknown[] = []
    at.openai.startOver()
    at.anthropic.startOver()
    for (const { method, path } of endpoints) {
      if (served.has(`${method} ${path}`) || isOwn(path)) continue
      const response = await fetch(at.service.url + path, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { body: JSON.stringify({ model: 'gpt-5', input: 'x', messages: [] }) }),
      })
      const text = await response.text()
      const others = [...served].filter((one) => one.endsWith(` ${path}`)).map((one) => one.split(' ')[0] ?? '')
      const isRight =
        others.length === 0
          ? response.status === 404
          : response.status === 405 && others.every((other) => response.headers.get('allow')?.includes(other))
      if (!isRight || !text.includes(path) || !text.includes('"error":{'))
        wrong.push([method, path, response.status, text])
    }
    expect(wrong).toEqual([])
    expect([...at.openai.requests, ...at.anthropic.requests]).toEqual([])
  })
})
