import { describe, expect, it } from 'vitest'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import { key, question, startService } from '../../support/http/http-service.ts'
import { verifies } from '../../support/verifies.ts'

const paths = ['/v1/models', '/v1/chat/completions'] as const

async function ask(url: string, path: (typeof paths)[number], headers: Record<string, string>) {
  const post = {
    method: 'POST',
    body: JSON.stringify(question),
    headers: { 'content-type': 'application/json', ...headers },
  }
  const response = await fetch(`${url}${path}`, path === '/v1/models' ? { headers } : post)
  const body = response.status === 200 ? '' : await response.text()
  if (response.status === 200) await response.body?.cancel()
  return { status: response.status, body, retryAfter: response.headers.get('retry-after') }
}

describe.each(paths)('a request to %s', (path) => {
  it.each<readonly [string, Record<string, string>, number]>([
    ['Authorization', { authorization: `Bearer ${key}` }, 200],
    ['x-api-key', { 'x-api-key': key }, 200],
    ['both, the same', { authorization: `Bearer ${key}`, 'x-api-key': key }, 200],
    ['both, and the first is wrong', { authorization: 'Bearer sp-x', 'x-api-key': key }, 400],
    ['both, and the second is wrong', { authorization: `Bearer ${key}`, 'x-api-key': 'sp-x' }, 400],
    ['both, and the first is of another scheme', { authorization: 'Basic dTpw', 'x-api-key': key }, 400],
    ['both, and the second is empty', { authorization: `Bearer ${key}`, 'x-api-key': '' }, 400],
    ['a wrong one', { authorization: 'Bearer sp-x' }, 401],
    ['one that is cut', { authorization: `Bearer ${key.slice(0, -1)}` }, 401],
    ['one with more behind it', { authorization: `Bearer ${key}x` }, 401],
    ['two in one header', { authorization: `Bearer ${key}, Bearer ${key}` }, 401],
    ['one in other letters', { authorization: `Bearer ${key.toUpperCase()}` }, 401],
    ['one of Latin 1', { authorization: `Bearer ${key}\u00e9` }, 401],
    ['one of 12,001 letters', { authorization: `Bearer ${'x'.repeat(12_001)}` }, 401],
    ['one that looks like a token', { authorization: 'Bearer a.b.c' }, 401],
    ['none', {}, 401],
  ])('with %s is answered as it should be', async (_case, headers, status) => {
    verifies('identity.one-credential')
    await using service = await startService()
    expect((await ask(service.url, path, headers)).status).toBe(status)
  })

  it('with a credential of a megabyte is 431 and never looked at', async () => {
    let isAsked = false
    const identify = async () => {
      isAsked = true
      throw new Error('it was looked at')
    }
    await using service = await startService({ identify })
    expect((await ask(service.url, path, { authorization: `Bearer ${'x'.repeat(1_000_000)}` })).status).toBe(431)
    expect(isAsked).toBe(false)
  })

  it.each<readonly [string, Record<string, string>, number]>([
    ['none', {}, 200],
    ['one of another scheme', { authorization: 'Basic dTpw' }, 401],
    ['an empty one', { authorization: '' }, 401],
    ['a scheme alone', { authorization: 'Bearer ' }, 401],
    ['one of Latin 1', { authorization: 'Bearer \u00e9' }, 401],
    ['one of 12,001 letters', { 'x-api-key': 'x'.repeat(12_001) }, 401],
    ['a wrong one', { authorization: 'Bearer sp-x' }, 401],
  ])('with %s, where whoever sends none is let in, is answered as it should be', async (_case, headers, status) => {
    verifies('identity.anonymous')
    const identify = createIdentify({ find: async () => null }, { anonymous: 'default' })
    await using service = await startService({ identify })
    expect((await ask(service.url, path, headers)).status).toBe(status)
  })

  it('with a valid key is answered, however many others from its address are wrong; those are 429', async () => {
    verifies('identity.guesses')
    await using service = await startService({ mostGuesses: 3 })
    const wrong = () => ask(service.url, path, { authorization: 'Bearer sp-guess' })
    const statuses: number[] = []
    for (let count = 0; count < 5; count += 1) statuses.push((await wrong()).status)
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    expect(Number((await wrong()).retryAfter)).toBeGreaterThan(50)
    expect((await ask(service.url, path, { authorization: `Bearer ${key}` })).status).toBe(200)
    // Who sends none guesses nothing.
    expect((await ask(service.url, path, {})).status).toBe(401)
  })

  it('counts by what a configured proxy says of it, and by what nobody else says', async () => {
    verifies('identity.proxies')
    const wrong = (url: string, from: string) =>
      ask(url, path, { authorization: 'Bearer sp-guess', 'x-forwarded-for': from })
    await using plain = await startService({ mostGuesses: 1 })
    expect([(await wrong(plain.url, '192.0.2.1')).status, (await wrong(plain.url, '192.0.2.2')).status]).toEqual([
      401, 429,
    ])
    await using behind = await startService({ mostGuesses: 1, settings: { trusted_proxies: ['127.0.0.0/8', '::1'] } })
    const one = [(await wrong(behind.url, '192.0.2.1')).status, (await wrong(behind.url, '192.0.2.1')).status]
    expect([...one, (await wrong(behind.url, '192.0.2.2')).status]).toEqual([401, 429, 401])
  })
})
