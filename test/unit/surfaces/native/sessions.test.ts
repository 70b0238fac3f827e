import { describe, expect, it } from 'vitest'
import { SessionStore } from '../../../../src/sessions/session-store.ts'
import { createGrantFor } from '../../../../src/gateway/authorize/groups.ts'
import { gatewayOptions } from '../../../../src/gateway/options.ts'
import { createSessionService, type SessionService } from '../../../../src/surfaces/native/sessions.ts'
import { key, question, startService, type TestService } from '../../../support/http/http-service.ts'
import { RecordingSandbox } from '../../../support/sandbox/recording-sandbox.ts'
import { sandboxCeilings } from '../../../support/sandbox/sandbox-ceilings.ts'
import { verifies } from '../../../support/verifies.ts'

const never = new AbortController().signal

function createStore(maximumPerTenant = 3) {
  const clock = { now: 0 }
  const store = new SessionStore<RecordingSandbox>({
    claim: async () => new RecordingSandbox(),
    idleMilliseconds: 60_000,
    maximumPerTenant,
    now: () => clock.now,
  })
  const sessions: SessionService = {
    open: (principal, limits) => store.open(principal.id, { limits, ceilings: sandboxCeilings }),
    list: async (principal) => store.list(principal.id),
    find: (principal, id) => store.find(principal.id, id),
    close: (principal, id) => store.close(principal.id, id),
  }
  return { store, sessions, clock }
}

interface Page {
  readonly data: readonly { readonly id: string }[]
  readonly has_more: boolean
  readonly last_id: string | null
}

const open = (service: TestService, body: unknown = {}) => service.post(body, {}, '/v1/sessions')

function ask(service: TestService, method: string, path = '/v1/sessions', credential = key): Promise<Response> {
  return fetch(`${service.url}${path}`, { method, headers: { authorization: `Bearer ${credential}` } })
}

describe('sessions over HTTP', () => {
  it('are opened, listed and closed', async () => {
    const { store, sessions } = createStore()
    await using _ = store
    await using service = await startService({ sessions })
    const opened = await open(service, { sandbox: { memory_mb: 512, cpus: 0.5 } })
    expect(opened.status).toBe(201)
    const session = (await opened.json()) as { id: string; expires_at: string }
    expect(opened.headers.get('location')).toBe(`/v1/sessions/${session.id}`)
    expect(session).toMatchObject({ object: 'session', in_use: false, sandbox: { memory_mb: 512, cpus: 0.5 } })
    expect(Date.parse(session.expires_at) - Date.now()).toBeLessThanOrEqual(60_000)
    expect(await (await ask(service, 'GET')).json()).toMatchObject({ object: 'list', data: [{ id: session.id }] })
    const path = `/v1/sessions/${session.id}`
    expect((await ask(service, 'DELETE', path)).status).toBe(204)
    expect(await (await ask(service, 'GET')).json()).toMatchObject({ object: 'list', data: [], has_more: false })
    expect((await ask(service, 'DELETE', path)).status).toBe(404)
  })

  it('are listed a page at a time, ten thousand of them as well', async () => {
    verifies('sessions.pages')
    const { store, sessions } = createStore(20_000)
    await using _ = store
    await using service = await startService({ sessions })
    const ids: string[] = []
    for (let count = 0; count < 10_000; count += 1) ids.push((await store.open('k1', null)).id)
    const page = async (query: string) => (await ask(service, 'GET', `/v1/sessions${query}`)).json() as Promise<Page>
    const seen: string[] = []
    for (let query = ''; ;) {
      const { data, has_more: more, last_id: last } = await page(query)
      expect(data.length).toBeLessThanOrEqual(1_000)
      seen.push(...data.map(({ id }) => id))
      if (!more) break
      query = `?after=${last}`
    }
    expect(seen).toEqual(ids)
    const newest = await page('?order=desc&limit=2')
    expect(newest).toMatchObject({ data: [{ id: ids[9_999] }, { id: ids[9_998] }], has_more: true })
    // One that was closed while somebody went through the pages is no place to go on from.
    await store.close('k1', ids[5] ?? '')
    const lost = await ask(service, 'GET', `/v1/sessions?after=${ids[5]}`)
    expect([lost.status, await lost.json()]).toMatchObject([400, { error: { param: 'after' } }])
    expect((await ask(service, 'GET', '/v1/sessions?limit=1001')).status).toBe(400)
  })

  it('are not for a group that may neither ask the own model nor run programs, which is told what it lacks', async () => {
    verifies('models.nothing-of-analyst')
    const { store } = createStore()
    await using _ = store
    const { groups } = gatewayOptions.parse({
      groups: {
        passing: { models: ['gpt-5'], tools: ['run_sql'] },
        asking: { models: ['*'], tools: [] },
        running: { models: [], tools: ['run_shell'] },
      },
    })
    const models = ['analyst', 'gpt-5']
    const sessions = createSessionService(
      async () => store,
      createGrantFor({ groups, dataSources: [], models, sandboxCeilings, processors: 8 }),
    )
    const principal = (group: string) => ({ id: group, kind: 'api-key', group }) as const
    await expect(sessions.open(principal('passing'), {})).rejects.toMatchObject({
      code: 'forbidden',
      advice: expect.stringContaining('gateway.groups.passing.models'),
    })
    expect((await sessions.open(principal('asking'), {})).id).toMatch(/./)
    expect((await sessions.open(principal('running'), {})).id).toMatch(/./)
  })

  it('are named by a chat completion', async () => {
    await using service = await startService()
    expect((await service.post({ ...question, session: 'session_1' })).status).toBe(200)
    expect(service.received[0]?.sessionId).toBe('session_1')
    expect((await service.post(question)).status).toBe(200)
    expect(service.received[1]?.sessionId).toBe(null)
  })

  it("destroy their sandbox when they are closed, and are nobody else's to close or to see", async () => {
    const { store, sessions } = createStore()
    await using _ = store
    await using service = await startService({ sessions })
    await using lease = store.lease('somebody else', null, { keep: true })
    const sandbox = await lease.session.sandbox(never)
    expect(await (await ask(service, 'GET')).json()).toMatchObject({ object: 'list', data: [], has_more: false })
    const foreign = await ask(service, 'DELETE', `/v1/sessions/${lease.session.id}`)
    const missing = await ask(service, 'DELETE', '/v1/sessions/session_none')
    expect([foreign.status, missing.status]).toEqual([404, 404])
    const [one, other] = (await Promise.all([foreign.json(), missing.json()])) as { detail: string }[]
    expect(one?.detail.replace(lease.session.id, 'session_none')).toBe(other?.detail)
    expect(sandbox.disposed).toBe(0)
    await store.close('somebody else', lease.session.id)
    expect(sandbox.disposed).toBe(1)
  })

  it('say that they expired, to their owner only', async () => {
    verifies('sessions.idle')
    const { store, sessions, clock } = createStore()
    await using _ = store
    await using service = await startService({ sessions })
    const { id } = (await (await open(service)).json()) as { id: string }
    clock.now = 60_001
    await store.expire()
    const answer = (await (await ask(service, 'DELETE', `/v1/sessions/${id}`)).json()) as { detail: string }
    expect(answer.detail).toContain(`The session "${id}" was unused for 60 s and was closed`)
    expect(() => store.lease('somebody else', id)).toThrow(`There is no session "${id}"`)
  })

  it.each([
    [
      'above a ceiling',
      { sandbox: { memory_mb: 999_999 } },
      'memory_mb may be at most 1024 for this group, and 999999',
    ],
    ['of a limit there is none of', { sandbox: { gpu: 1 } }, 'sandbox'],
    ['with half a megabyte', { sandbox: { memory_mb: 0.5 } }, 'sandbox.memory_mb'],
    ['with less than nothing', { sandbox: { cpus: -1 } }, 'sandbox.cpus'],
    ['with text for a number', { sandbox: { cpus: '1' } }, 'sandbox.cpus'],
    ['with a number too large for JSON', '{"sandbox":{"cpus":1e999}}', 'cpus'],
    ['with members of an object', { sandbox: { __proto__: { cpus: 9 }, constructor: 1 } }, 'sandbox'],
    ['for somebody else', { tenant: 'root' }, 'tenant'],
  ])('are refused %s', async (_name, body, named) => {
    const { store, sessions } = createStore()
    await using _ = store
    await using service = await startService({ sessions })
    const answer = await open(service, body)
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { detail: string }).detail).toContain(named)
    expect(store.list('k1')).toEqual([])
  })

  it('S8: have a limit to their number, which a client does not ask about again by itself', async () => {
    const { store, sessions } = createStore(1)
    await using _ = store
    await using service = await startService({ sessions })
    await open(service)
    const second = await open(service)
    expect([second.status, second.headers.get('x-should-retry')]).toEqual([403, 'false'])
    expect(await second.json()).toMatchObject({ code: 'quota-exceeded', resets_at: expect.stringMatching(/^2\d{3}-/) })
  })

  it('need a key, and no other method', async () => {
    await using service = await startService()
    expect((await ask(service, 'GET', '/v1/sessions', 'wrong')).status).toBe(401)
    expect((await ask(service, 'DELETE', '/v1/sessions/x', 'wrong')).status).toBe(401)
    const other = await ask(service, 'PUT')
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
  })
})
