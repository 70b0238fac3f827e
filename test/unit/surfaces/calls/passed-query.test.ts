import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { passedQuery } from '../../../../src/surfaces/calls/passed-query.ts'
import { key } from '../../../support/http/http-service.ts'
import { startPassService, type PassService } from '../../../support/http/pass-service.ts'
import { verifies } from '../../../support/verifies.ts'

describe('what of a query goes up', () => {
  it.each([
    ['/a', ''],
    ['/a?', ''],
    ['/a?stream=true', '?stream=true'],
    [
      '/a?include[]=web_search_call.action.sources&include[]=x',
      '?include[]=web_search_call.action.sources&include[]=x',
    ],
    ['/a?include%5B%5D=x&stream=false', '?include%5B%5D=x&stream=false'],
  ])('is as it came where all of it is of the list: %s', (url, query) => {
    expect(passedQuery(url, ['stream', 'include'])).toBe(query)
  })

  it.each([
    '?key=secret-canary',
    '?stream=true&key=secret-canary',
    '?%6Bey=secret-canary',
    '?stream=true;key=secret-canary',
    '?stream=true%26key=secret-canary',
    '?stream=true%3Fkey=secret-canary',
    '?stream=true?key=secret-canary',
    '?stream=true%0d%0akey:%20secret-canary',
    '?secret-canary',
    '?STREAM=true',
    '?stream[]=true&stream[x]=1',
    '?__proto__=1',
    `?stream=${'x'.repeat(201)}`,
    '?stream=%ff',
  ])('is nothing of a query with anything else, which is refused without being said back: %s', (query) => {
    verifies('models.query')
    expect(() => passedQuery(`/a${query}`, ['stream', 'include'])).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    )
    try {
      passedQuery(`/a${query}`, ['stream', 'include'])
    } catch (thrown) {
      expect(JSON.stringify(thrown) + String(thrown)).not.toContain('secret-canary')
    }
  })
})

describe('a query that is not of the list of its endpoint', () => {
  let at: PassService
  beforeAll(async () => {
    at = await startPassService()
  })
  afterAll(async () => {
    await at[Symbol.asyncDispose]()
  })

  const user = [{ role: 'user', content: 'Say something.' }]
  it.each([
    ['/v1/chat/completions', { model: 'gpt-5', messages: user }],
    ['/v1/responses', { model: 'gpt-5', input: 'x' }],
    ['/v1/embeddings', { model: 'text-embedding-3-small', input: 'x' }],
    ['/v1/messages', { model: 'claude-sonnet-5', max_tokens: 9, messages: user }],
    ['/v1/messages/count_tokens', { model: 'claude-sonnet-5', messages: user }],
  ])('is refused at %s in the form of its API, and nothing is sent', async (path, body) => {
    verifies('models.query')
    const refused = await at.service.post(body, { 'anthropic-version': '2023-06-01' }, `${path}?key=secret-canary`)
    expect(refused.status).toBe(400)
    const text = await refused.text()
    expect(text).toContain(path.startsWith('/v1/messages') ? '{"type":"error","error":{' : '"error":{')
    expect(text).not.toContain('secret-canary')
    expect(JSON.stringify(at.service.responses) + JSON.stringify(at.service.faults)).not.toContain('secret-canary')
    expect([...at.openai.requests, ...at.anthropic.requests]).toEqual([])
  })

  it.each(['', '/cancel', '/input_items'])('is refused of a response that is kept, too: %s', async (part) => {
    verifies('models.query')
    const response = await fetch(`${at.service.url}/v1/responses/resp_1${part}?key=secret-canary`, {
      method: part === '/cancel' ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${key}` },
    })
    expect(response.status).toBe(400)
    expect(at.openai.requests).toEqual([])
  })
})
