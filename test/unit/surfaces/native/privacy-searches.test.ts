import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { SearchAsked } from '../../../../src/gateway/privacy/vault/searching.ts'
import { key, startService, type TestService } from '../../../support/http/http-service.ts'
import { verifies } from '../../../support/verifies.ts'

const path = '/v1/privacy/searches'
const canary = 'Zyanya Quetzalli'
const id = 'a'.repeat(32)
const asked: SearchAsked[] = []
const forgotten: string[] = []
const ended: unknown[] = []

let at: TestService
beforeAll(async () => {
  at = await startService({
    searching: {
      find: async (_principal, search, signal) => {
        asked.push(search)
        if (search.value === 'wait') {
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
          ended.push(signal.reason)
          signal.throwIfAborted()
        }
        const found = [{ conversation: id, kinds: ['pii/person'] }]
        return { found, searched: { conversations: 2, values: 9 }, unopened: 1, next: null }
      },
      forget: async (_principal, conversation) => {
        if (conversation !== id) throw new ServiceError('not-found', 'There is no such conversation.')
        forgotten.push(conversation)
      },
    },
  })
})
afterAll(() => at[Symbol.asyncDispose]())

const post = (body: unknown) => at.post(body, {}, path)

describe('POST /v1/privacy/searches', () => {
  it('answers with conversations and kinds, and does not repeat the value', async () => {
    verifies('pii.found')
    const response = await post({ value: canary })
    const text = await response.text()
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(JSON.parse(text)).toEqual({
      object: 'privacy-search',
      found: [{ conversation: id, kinds: ['pii/person'] }],
      searched: { conversations: 2, values: 9 },
      unopened: 1,
      next: null,
    })
    expect(asked.at(-1)).toMatchObject({ value: canary, after: null })
    await post({ value: canary, after: id })
    expect(asked.at(-1)).toMatchObject({ after: id })
  })

  it.each<readonly [string, number, string]>([
    ['a value that is too long', 400, JSON.stringify({ value: canary.repeat(100) })],
    ['an empty value', 400, JSON.stringify({ value: '' })],
    ['a member that is named by the value', 400, JSON.stringify({ value: 'a', [canary]: 1 })],
    ['a name that stands twice', 400, `{"value":"a","${canary}":1,"${canary}":2}`],
    ['a body that breaks off', 400, `{"value":"${canary}"`],
    ['a place that is none', 400, JSON.stringify({ value: 'a', after: canary })],
    ['a body that is larger than any search', 413, JSON.stringify({ value: canary, pad: 'x'.repeat(9_000) })],
  ])('refuses %s without saying it again', async (_what, status, body) => {
    const before = asked.length
    const response = await post(body)
    expect(response.status).toBe(status)
    expect(await response.text()).not.toContain('Zyanya')
    expect(JSON.stringify([at.faults, at.responses])).not.toContain('Zyanya')
    expect(asked.length).toBe(before)
  })

  it('ends with its caller', async () => {
    const leaving = new AbortController()
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
    const body = JSON.stringify({ value: 'wait' })
    const before = asked.length
    const left = fetch(at.url + path, { method: 'POST', headers, body, signal: leaving.signal })
    await expect.poll(() => asked.length).toBe(before + 1)
    leaving.abort()
    await expect(left).rejects.toThrow('aborted')
    await expect.poll(() => ended).toEqual([expect.objectContaining({ code: 'cancelled' })])
  })

  it('wants a key, and takes no other method', async () => {
    expect((await fetch(at.url + path, { method: 'POST', body: '{}' })).status).toBe(401)
    const got = await fetch(at.url + path, { headers: { authorization: `Bearer ${key}` } })
    expect(got.status).toBe(405)
  })
})

describe('DELETE /v1/privacy/conversations/ID', () => {
  const remove = (conversation: string, headers = { authorization: `Bearer ${key}` }) =>
    fetch(`${at.url}/v1/privacy/conversations/${conversation}`, { method: 'DELETE', headers })

  it('forgets a conversation, and is 404 for none', async () => {
    expect((await remove(id)).status).toBe(204)
    expect(forgotten).toEqual([id])
    expect((await remove('b'.repeat(32))).status).toBe(404)
    expect((await remove(id, { authorization: 'Bearer none' })).status).toBe(401)
  })
})
