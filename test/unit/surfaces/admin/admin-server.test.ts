import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { ReadableTrail } from '../../../../src/surfaces/admin/audit.ts'
import { issueCertificate, makeAuthority } from '../../../support/http/certificates.ts'
import { startAdmin, type AdminService } from '../../../support/http/admin-service.ts'
import { verifies } from '../../../support/verifies.ts'

/** The status of a request whose headers are exactly these: `fetch` writes a Host of its own. */
function statusOf(url: string, headers: Readonly<Record<string, string>>, ca?: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const send = url.startsWith('https') ? httpsRequest : httpRequest
  const asked = send(`${url}/admin/v1/keys`, { headers, ...(ca === undefined ? {} : { ca }) }, (response) => {
    response.resume()
    response.once('end', () => resolve(response.statusCode ?? 0))
  })
  asked.once('error', reject)
  asked.end()
  return promise
}

/** One for all tests that leave it as it is. */
let service: AdminService
/** What its trail cannot be read for. */
let thrown: Error
beforeAll(async () => {
  const trail: Partial<ReadableTrail> = {
    search() {
      throw thrown
    },
  }
  service = await startAdmin({ settings: { names: ['admin.internal'] }, trail })
})
afterAll(() => service[Symbol.asyncDispose]())

describe('the operators’ routes', () => {
  it('answer keys that have the scope admin, and no others', async () => {
    verifies('admin.scope')
    const statusWith = async (authorization: string) =>
      (await service.ask('GET', '/admin/v1/keys', undefined, { authorization })).status
    expect(await statusWith(`Bearer ${service.key}`)).toBe(200)
    expect(await statusWith(`Bearer ${await service.makeKey(['ask', 'models', 'sql', 'metrics'])}`)).toBe(403)
    expect(await statusWith('Bearer sp-nobody')).toBe(401)
    expect(await statusWith('')).toBe(401)
  })

  it.each([
    ['a name that leads here', { host: 'evil.example:8081' }, 400],
    ['a name that only begins like one of ours', { host: 'localhost.evil.example' }, 400],
    ['a page of another origin', { host: 'localhost', origin: 'https://evil.example' }, 400],
    ['a page of no origin', { host: 'localhost', origin: 'null' }, 400],
    ['a page that sends no origin', { host: 'localhost', 'sec-fetch-site': 'cross-site' }, 400],
    ['a tunnel with a port of its own', { host: 'localhost:9999' }, 200],
    ['the address', { host: '127.0.0.1' }, 200],
    ['the address of IPv6', { host: '[::1]:8081' }, 200],
    ['a name that is configured', { host: 'Admin.Internal' }, 200],
  ])('asked by %s', async (_how, headers, status) => {
    verifies('admin.browsers')
    expect(await statusOf(service.url, { authorization: `Bearer ${service.key}`, ...headers })).toBe(status)
  })

  it('tell a page that asks whether it may nothing of methods and origins', async () => {
    verifies('admin.browsers')
    const answer = await service.ask('OPTIONS', '/admin/v1/keys', undefined, {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
    })
    expect(answer.status).toBe(400)
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('listen where nobody else reaches them, or with TLS', async () => {
    verifies('admin.listener')
    await expect(startAdmin({ settings: { host: '0.0.0.0' } })).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('http.tls') as string,
    })
    const authority = makeAuthority('Test')
    const { certificateFile, keyFile } = issueCertificate(authority, 'admin')
    const tls = { certificate_file: certificateFile, key_file: keyFile, client_ca_file: null } as const
    await using service = await startAdmin({ tls: { ...tls, minimum_version: 'TLSv1.2', reload_ms: 10_000 } })
    const ca = readFileSync(authority.certificateFile, 'utf8')
    expect(await statusOf(service.url, { authorization: `Bearer ${service.key}` }, ca)).toBe(200)
  })

  it('say which setting to change where the port is taken', async () => {
    verifies('admin.listener')
    await using first = await startAdmin()
    await expect(startAdmin({ settings: { port: Number(new URL(first.url).port) } })).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringContaining('EADDRINUSE') as string,
      advice: expect.stringMatching(/runs here already.*another http\.port.*admin\.port/) as string,
    })
  })

  it('have every change on the trail before it is made, by whom, and how it ended', async () => {
    verifies('admin.audited')
    await using service = await startAdmin()
    const made = await service.ask('POST', '/admin/v1/keys', { name: 'alice', scopes: ['ask'] })
    const { id } = (await made.json()) as { id: string }
    await service.ask('DELETE', `/admin/v1/keys/${id}`)
    await service.ask('DELETE', `/admin/v1/keys/${id}`)
    await service.ask('GET', '/admin/v1/keys')
    const about = { principal: service.keyId, group: 'default', requestId: expect.any(String) as string }
    expect(service.changes).toEqual([
      {
        event: 'admin-change',
        ...about,
        action: 'keys.create',
        target: null,
        told: { group: 'default', scopes: ['ask'] },
        done: null,
      },
      { event: 'admin-change-end', ...about, action: 'keys.create', target: null, told: { made: id }, done: true },
      { event: 'admin-change', ...about, action: 'keys.revoke', target: id, told: {}, done: null },
      { event: 'admin-change-end', ...about, action: 'keys.revoke', target: id, told: {}, done: true },
      { event: 'admin-change', ...about, action: 'keys.revoke', target: id, told: {}, done: null },
      { event: 'admin-change-end', ...about, action: 'keys.revoke', target: id, told: {}, done: false },
    ])
  })

  it('change nothing that the trail cannot be told', async () => {
    verifies('admin.audited')
    await using service = await startAdmin({ isTrailBroken: true })
    expect((await service.ask('DELETE', `/admin/v1/keys/${service.keyId}`)).status).toBe(503)
    expect((await service.keys.list()).map(({ id }) => id)).toContain(service.keyId)
  })

  it.each([
    ['a fault inside', new Error('password=hunter2 at /srv/state'), 500, 'Something went wrong inside.'],
    [
      'a fault of the configuration',
      new ServiceError('invalid-config', 'hunter2'),
      500,
      'Something went wrong inside.',
    ],
    [
      'a fault of the storage',
      new ServiceError('storage-unavailable', 'hunter2'),
      503,
      'The service cannot use its storage.',
    ],
    ['a fault of the trail', new ServiceError('service-unavailable', 'hunter2'), 503, 'The service does not answer.'],
  ])('tell of %s no more than the id of the request, by which the log has it', async (_what, fault, status, detail) => {
    verifies('admin.faults')
    thrown = fault
    const answer = await service.ask('GET', '/admin/v1/audit')
    const text = await answer.text()
    const { request_id: requestId } = JSON.parse(text) as { request_id: string }
    expect(JSON.parse(text)).toMatchObject({ status, detail })
    expect(text).not.toMatch(/hunter2|\/srv|stack/)
    expect([...answer.headers.values()].join('\n')).not.toContain('hunter2')
    expect(answer.headers.get('x-request-id')).toBe(requestId)
    const told = service.faults.filter((each) => each.requestId === requestId)
    expect(told.map(({ error }) => error.message)).toEqual([fault.message])
  })

  it('show a key once, when it is made or rotated, and no secret of a group', async () => {
    verifies('admin.secrets')
    const secret = 'a-secret-of-the-group-of-forty-characters'
    await using service = await startAdmin({ groups: { default: { end_user_secret: secret } } })
    const made = (await (await service.ask('POST', '/admin/v1/keys', { name: 'a' })).json()) as {
      id: string
      key: string
    }
    const rotated = (await (await service.ask('POST', `/admin/v1/keys/${made.id}/rotation`, {})).json()) as typeof made
    expect([made.key, rotated.key]).toEqual([expect.stringMatching(/^sp-/), expect.stringMatching(/^sp-/)])
    const read = ['keys', `keys/${rotated.id}`, 'groups', 'audit', 'openapi.json'].map(async (path) =>
      (await service.ask('GET', `/admin/v1/${path}`)).text(),
    )
    const texts = (await Promise.all(read)).join('\n')
    expect(texts).toContain(rotated.id)
    expect(texts).not.toMatch(new RegExp(`${secret}|${made.key}|${rotated.key}|sp-[\\w-]{30}|[0-9a-f]{64}`))
  })

  it('say how each limit of a caller stands, and use nothing of it', async () => {
    verifies('admin.limits')
    const limits = [{ per: 'user', unit: 'requests', most: 10, every: '1m' }]
    await using service = await startAdmin({
      groups: { default: { concurrent_requests: 2, tokens_per_day: 1000, limits } },
    })
    const { id } = (await service.keys.create('alice', 'default')).stored
    const account = `key:${id}`
    const day = { account, unit: 'tokens', window: 'day', most: 1_000 } as const
    const ask = { id: 'one', limits: [day], bounds: { tokens: 300 }, known: {}, leaseMilliseconds: 30_000 }
    const held = await service.quotas.hold(ask)
    const read = async (query: string) => (await service.ask('GET', `/admin/v1/limits?principal=${query}`)).json()
    const standing = async () => ((await read(id)) as { limits: readonly { unit: string }[] }).limits
    const tokens = { per: 'key', unit: 'tokens', window: 'day', most: 1_000 }
    expect(await standing()).toContainEqual({
      ...tokens,
      used: 0,
      held: 300,
      left: 700,
      next_at: expect.any(String) as string,
    })
    if (held.kind === 'held') await service.quotas.settle(held.lease, { tokens: 120 })
    for (const _ of [1, 2, 3]) await standing()
    expect(await standing()).toContainEqual(expect.objectContaining({ ...tokens, used: 120, held: 0, left: 880 }))
    expect(await standing()).toContainEqual(expect.objectContaining({ per: 'user', used: 0, held: 0, left: 10 }))
    expect(await read(`token-${'a'.repeat(43)}`)).toMatchObject({ code: 'invalid-request' })
    expect(await read(`token-${'a'.repeat(43)}&group=default`)).toMatchObject({ group: 'default' })
    expect(await read('nobody')).toMatchObject({ code: 'not-found' })
  })

  it('give a long list of suspensions in pieces, and say where one cannot go on', async () => {
    verifies('admin.pages')
    await using service = await startAdmin()
    for (const digit of ['a', 'b', 'c']) {
      const principal = `token-${digit.repeat(43)}`
      await service.suspensions.add({ principal, person: null, note: null, lasts: null }, 'local')
    }
    const read = async (query: string) => {
      const answer = await service.ask('GET', `/admin/v1/suspensions?${query}`)
      return (await answer.json()) as { data: readonly { id: string }[]; next: string | null; detail: string }
    }
    const first = await read('limit=2')
    const second = await read(`limit=2&after=${first.next}`)
    expect(second.next).toBeNull()
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(3)
    for (const after of ['susp_gone', 'zzz']) {
      expect((await read(`after=${after}`)).detail).toBe('after: is nothing that a list ended with.')
    }
  })

  it('read moments to the millisecond, whatever digits they were written with', async () => {
    verifies('admin.moments')
    const asked: unknown[] = []
    await using service = await startAdmin({
      trail: {
        async *search(query) {
          asked.push([query.since, query.until])
          yield* []
        },
      },
    })
    await service.ask('GET', '/admin/v1/audit?since=2026-11-29T01:26:12Z&until=2026-11-29T01:26:12.123456789Z')
    expect(asked).toEqual([['2026-11-29T01:26:12.000Z', '2026-11-29T01:26:12.123Z']])
    const expires = { until: '2099-01-01T00:00:00Z' }
    const scopes = ['sql', 'ask', 'sql']
    const made = await service.ask('POST', '/admin/v1/keys', { name: 'a', scopes, expires })
    expect(await made.json()).toMatchObject({ expires: '2099-01-01T00:00:00.000Z', scopes: ['ask', 'sql'] })
    expect((await service.ask('POST', '/admin/v1/keys', { name: 'a', scopes: [] })).status).toBe(400)
  })

  it('end a search when its caller leaves, also where it finds nothing', async () => {
    const ended = Promise.withResolvers<string>()
    const begun = Promise.withResolvers<void>()
    await using service = await startAdmin({
      trail: {
        async *search(_query, _after, signal) {
          begun.resolve()
          signal.addEventListener('abort', () => ended.resolve('ended'))
          await ended.promise
          yield* []
        },
      },
    })
    const leaving = new AbortController()
    const headers = { authorization: `Bearer ${service.key}` }
    const asked = fetch(`${service.url}/admin/v1/audit`, { headers, signal: leaving.signal })
    await begun.promise
    leaving.abort()
    await expect(asked).rejects.toThrow('abort')
    expect(await ended.promise).toBe('ended')
  })

  it('refuse a note that cannot be shown', async () => {
    const principal = `token-${'a'.repeat(43)}`
    for (const note of ['a\u0000b', 'a\u001b[2J', 'a\nb', ' ']) {
      expect((await service.ask('POST', '/admin/v1/suspensions', { principal, note })).status).toBe(400)
    }
  })

  it('give a long list in pieces, which go on where a key that one ended with is gone', async () => {
    await using service = await startAdmin()
    for (const name of ['a', 'b', 'c', 'd']) await service.keys.create(name, 'default')
    const ids: string[] = []
    for (let next: string | null = ''; next !== null;) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`
      const page = (await (await service.ask('GET', `/admin/v1/keys?limit=2${after}`)).json()) as {
        data: readonly { id: string }[]
        next: string | null
      }
      ids.push(...page.data.map(({ id }) => id))
      if (next === '') await service.keys.revoke(page.data[1]?.id ?? '')
      next = page.next
    }
    expect(ids).toHaveLength(5)
    expect(new Set(ids).size).toBe(5)
  })
})
