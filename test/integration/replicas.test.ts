import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { ensureRedis, startRedis } from '../support/databases/redis-server.ts'
import { Load } from '../support/replicas/load.ts'
import { hasRealSandboxes, restarts, TwoReplicas, type Told } from '../support/replicas/two-replicas.ts'
import { eventsOf } from '../support/surfaces/killed/callers.ts'
import type { KilledService } from '../support/surfaces/killed/killed-service.ts'
import { verifies } from '../support/verifies.ts'

/** A machine that does much else takes seconds to write a row. */
const leaseMilliseconds = 15_000

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: replicas behind a balancer, ${problem}\n`)

/** Where what callers use is kept; in Redis as well where there is time for it. */
const stores = hasRealSandboxes && ensureRedis() === null ? ['postgresql', 'redis'] : ['postgresql']

type Asked = Parameters<TwoReplicas['ask']>

describe.skipIf(problem !== null).each(stores)('two replicas behind a balancer, quotas in %s', (store) => {
  const stack = new AsyncDisposableStack()
  let replicas: TwoReplicas
  let [one, other]: KilledService[] = []

  beforeAll(async () => {
    const redis = store === 'redis' ? stack.use(await startRedis()) : null
    replicas = stack.use(await TwoReplicas.start(leaseMilliseconds, redis?.newUrl() ?? null))
    one = replicas.one
    other = replicas.other
  }, 600_000)
  afterAll(() => stack.disposeAsync())

  const ask = (
    service: KilledService | undefined,
    method: Asked[1],
    path: Asked[2],
    ...rest: readonly [Asked[3]?, Asked[4]?]
  ): Promise<Told> => replicas.ask(service!, method, path, ...rest)

  it('are restarted one after the other under load, and nobody is told anything but to try again; ledger and trail are exact', async () => {
    verifies('replicas.rolling')
    verifies('replicas.clocks')
    const load = Load.begin(replicas.balancer.url, one!.key, 3)
    for (let count = 0; count < restarts; count += 1) {
      for (const service of [one!, other!]) {
        await service.kill('SIGTERM')
        await service.startAgain()
        await expect.poll(() => replicas.balancer.ready).toBe(2)
        const before = load.answered
        await expect.poll(() => load.answered).toBeGreaterThan(before + 20)
      }
    }
    await load.end()
    expect(load.failed).toEqual([])
    if (hasRealSandboxes) process.stderr.write(`${load.answered} answers, ${load.retried} told to try again\n`)
    const { keys } = (await replicas.command('keys', 'list')) as { keys: readonly { id: string; name: string }[] }
    const id = keys.find(({ name }) => name !== 'bob')?.id ?? ''
    interface Standing {
      readonly unit: string
      readonly used: number
      readonly held: number
    }
    const tokens = async () =>
      ((await replicas.command('limits', 'show', id)) as { limits: readonly Standing[] }).limits.find(
        ({ unit }) => unit === 'tokens',
      )
    await expect.poll(tokens).toMatchObject({ used: load.tokens, held: 0 })
    for (const { environment } of [one!, other!]) {
      expect(await sallyportHere(['audit', 'verify'], { environment })).toMatchObject({ code: 0 })
    }
    const lines = [...one!.trail(), ...other!.trail()].filter(({ event }) => event === 'execution-result')
    const results = new Set(lines.map(({ requestId }) => requestId))
    expect(load.programs.filter((requestId) => !results.has(requestId))).toEqual([])
    expect(load.programs.length).toBeGreaterThan(0)
  }, 3_600_000)

  it('say which of them has a session, to its owner alone, and nobody else learns from any of them that there is one', async () => {
    verifies('replicas.listed')
    verifies('replicas.sessions')
    await expect
      .poll(async () => (await ask(other, 'GET', '/v1/models', null, { key: replicas.bob })).httpStatus)
      .toBe(200)
    const { id } = await ask(one, 'POST', '/v1/sessions', {})
    const { id: container } = await ask(one, 'POST', '/v1/containers', { name: 'work' })
    const uses = (session: string, held: string): readonly (readonly [string, string, object?])[] => [
      ['POST', '/v1/execute', { code: 'print("1")', session }],
      ['POST', '/v1/chat/completions', { model: 'analyst', session, messages: [{ role: 'user', content: 'Go on.' }] }],
      ['DELETE', `/v1/sessions/${session}`],
      ['GET', `/v1/containers/${held}`],
      ['GET', `/v1/containers/${held}/files`],
      ['DELETE', `/v1/containers/${held}`],
      [
        'POST',
        '/v1/responses',
        { model: 'analyst', input: 'Go.', tools: [{ type: 'code_interpreter', container: held }] },
      ],
    ]
    const never = [`session_${randomUUID()}`, container.replace(/.{6}$/, '000000')] as const
    const told = ({ httpStatus, code, detail, replica }: Told) => ({
      httpStatus,
      code,
      replica,
      detail: detail?.replaceAll(/session_[\w-]+|cntr_\w+/g, 'ID'),
    })
    for (const service of [one, other]) {
      for (const [at, [method, path, body]] of uses(id, container).entries()) {
        const stolen = told(await ask(service, method, path, body ?? null, { key: replicas.bob }))
        const [, elsewhere, words] = uses(...never)[at] ?? []
        expect([path, stolen]).toEqual([
          path,
          told(await ask(service, method, elsewhere ?? '', words ?? null, { key: replicas.bob })),
        ])
        expect(stolen.httpStatus).toBeGreaterThanOrEqual(400)
      }
    }
    for (const [method, path, body] of uses(id, container).slice(0, 3)) {
      const answer = await ask(other, method, path, body ?? null)
      expect(answer).toMatchObject({ httpStatus: 421, code: 'wrong-replica', replica: 'one' })
    }
    const listed = await ask(other, 'GET', '/v1/sessions')
    expect(listed.data).toEqual([])
    expect(listed.elsewhere).toContainEqual(expect.objectContaining({ id, replica: 'one' }))
    expect(await ask(other, 'GET', '/v1/sessions', null, { key: replicas.bob })).toMatchObject({ elsewhere: [] })
    // Nobody has ended it, and it goes on where it is.
    expect(await ask(one, 'POST', '/v1/execute', { code: 'print("1")', session: id })).toMatchObject({
      httpStatus: 200,
    })
    expect((await ask(one, 'DELETE', `/v1/sessions/${id}`)).httpStatus).toBe(204)
    expect(await ask(other, 'DELETE', `/v1/sessions/${id}`)).toMatchObject({ httpStatus: 404 })
  })

  it('do a request with an Idempotency-Key once, whichever of them it is sent to and however often at once', async () => {
    verifies('execute.once-anywhere')
    const once = { idempotencyKey: randomUUID() }
    const code = `print("${once.idempotencyKey}")`
    const all = await Promise.all(
      [one, other, one, other].map((service) => ask(service, 'POST', '/v1/execute', { code }, once)),
    )
    expect(all.filter(({ httpStatus, replayed }) => httpStatus === 200 && replayed === null)).toHaveLength(1)
    expect(all.filter(({ httpStatus }) => ![200, 409, 421].includes(httpStatus))).toEqual([])
    const again = async (service: KilledService | undefined) => ask(service, 'POST', '/v1/execute', { code }, once)
    const has = (await again(one)).httpStatus === 200 ? 'one' : 'other'
    const [holder, elsewhere] = has === 'one' ? [one, other] : [other, one]
    await expect.poll(() => again(elsewhere)).toMatchObject({ httpStatus: 421, code: 'wrong-replica', replica: has })
    expect(await again(holder)).toMatchObject({ httpStatus: 200, replayed: 'true' })
    // What another replica has is nothing done: a balancer repeats it there, with the key.
    const { id: session } = await ask(one, 'POST', '/v1/sessions', {})
    const key = { idempotencyKey: randomUUID() }
    const inSession = (service: KilledService | undefined) =>
      ask(service, 'POST', '/v1/execute', { code: 'print("1")', session }, key)
    expect(await inSession(other)).toMatchObject({ httpStatus: 421, replica: 'one' })
    expect(await inSession(one)).toMatchObject({ httpStatus: 200, replayed: null })
  })

  it('go on without one that is stopped for longer than its lease, which writes nothing more of what it ran and ends its sandboxes before it serves again', async () => {
    verifies('replicas.stopped')
    const { id: session } = await ask(one, 'POST', '/v1/sessions', {})
    const { id: conversation } = await ask(one, 'POST', '/v1/conversations', {})
    const before = await replicas.numberOf('one')
    const own = { model: 'analyst', stream: true, conversation }
    const running = await one!.ask('POST', '/v1/responses', { ...own, input: '40 of 0.2 s' })
    const events = eventsOf(running)
    for await (const event of events) if (event.includes('response.code_interpreter_call.completed')) break
    one!.send('SIGSTOP')
    try {
      await expect
        .poll(() => ask(other, 'POST', '/v1/execute', { code: 'print("1")', session }), { interval: 300 })
        .toMatchObject({ httpStatus: 404, detail: expect.stringContaining('lost with the replica "one"') })
      const next = await other!.ask('POST', '/v1/responses', { ...own, input: '1 of 0 s' })
      expect(await next.text()).toContain('response.completed')
    } finally {
      one!.send('SIGCONT')
    }
    const itemsOf = async () => (await ask(other, 'GET', `/v1/conversations/${conversation}/items?limit=100`)).data
    const kept = await itemsOf()
    await expect.poll(() => replicas.numberOf('one')).toBeGreaterThan(before)
    expect(await ask(one, 'POST', '/v1/execute', { code: 'print("1")', session })).toMatchObject({
      httpStatus: 404,
      detail: expect.stringContaining('lost with the replica "one"'),
    })
    const { id: fresh } = await ask(one, 'POST', '/v1/sessions', {})
    expect(await ask(one, 'POST', '/v1/execute', { code: 'print("1")', session: fresh })).toMatchObject({
      httpStatus: 200,
    })
    await sleep(500)
    expect(await itemsOf()).toEqual(kept)
    expect(await ask(one, 'GET', '/v1/sessions')).toMatchObject({ data: [{ id: fresh }] })
  })

  // The last one: it kills the first of them.
  it('go on without one that was killed, whose sessions were lost, as their owner is told', async () => {
    verifies('replicas.killed')
    const { id: session } = await ask(one, 'POST', '/v1/sessions', {})
    const once = { idempotencyKey: randomUUID() }
    expect(await ask(one, 'POST', '/v1/execute', { code: 'print("1")' }, once)).toMatchObject({ httpStatus: 200 })
    await one!.kill()
    expect(await ask(other, 'POST', '/v1/execute', { code: 'print("1")', session })).toMatchObject({
      httpStatus: 404,
      code: 'not-found',
      detail: expect.stringContaining('lost with the replica "one"'),
    })
    expect(await ask(other, 'POST', '/v1/execute', { code: 'print("1")' }, once)).toMatchObject({
      httpStatus: 400,
      code: 'conflict',
      detail: expect.stringContaining('at the replica "one"'),
    })
    const stolen = await ask(other, 'POST', '/v1/execute', { code: 'print("1")', session }, { key: replicas.bob })
    expect(stolen.detail).not.toContain('replica')
    await expect.poll(() => replicas.balancer.ready).toBe(1)
    const load = Load.begin(replicas.balancer.url, other!.key, 1)
    await expect.poll(() => load.answered).toBeGreaterThan(10)
    await load.end()
    expect(load.failed).toEqual([])
  })
})
