import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import type { ServedRequest, ServedTurn } from '../support/http/scripted-openai-server.ts'
import { Load } from '../support/replicas/load.ts'
import { TcpBalancer } from '../support/replicas/tcp-balancer.ts'
import { eventsOf } from '../support/surfaces/killed/callers.ts'
import { KilledService } from '../support/surfaces/killed/killed-service.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

/** `SALLYPORT_REPLICA_RESTARTS` for more, in sandboxes of the machine then. */
const given = process.env['SALLYPORT_REPLICA_RESTARTS']
const hasRealSandboxes = given !== undefined
const restarts = Number(given ?? 1)
const leaseMilliseconds = 2_000

/** A model that runs as many programs as it is asked for, each of which takes so long. */
function asAsked({ body: { messages } }: ServedRequest): ServedTurn {
  const asked = messages.findLastIndex(({ role }) => role === 'user')
  const done = messages.slice(asked).filter(({ role }) => role === 'tool').length
  const [, programs = '0', seconds = '0'] = /^(\d+) of ([\d.]+) s$/.exec(messages[asked]?.content ?? '') ?? []
  if (done >= Number(programs)) return { kind: 'turn', text: 'Done.' }
  const code = `import time\ntime.sleep(${seconds})\nprint("${done}")`
  return {
    kind: 'turn',
    text: `Program ${done}.`,
    calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }],
  }
}

interface Body {
  readonly id: string
  readonly code?: string
  readonly detail?: string
  readonly data?: readonly { readonly id: string; readonly run: string | null }[]
}

interface Told extends Body {
  readonly httpStatus: number
  readonly replica: string | null
}

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: replicas behind a balancer, ${problem}\n`)

describe.skipIf(problem !== null)('two replicas behind a balancer', () => {
  const stack = new AsyncDisposableStack()
  let [one, other]: KilledService[] = []
  let balancer: TcpBalancer
  let client: Client
  let bob = ''

  beforeAll(async () => {
    const cluster: PostgresCluster = stack.use(await startCluster())
    const name = `replicas_${randomUUID().replaceAll('-', '')}`
    await cluster.execute(`CREATE DATABASE ${name}`)
    const storageUrl = cluster.primaryUrl.replace(/\/postgres$/, `/${name}`)
    const variables = {
      SALLYPORT_STORAGE_LEASE_MS: String(leaseMilliseconds),
      SALLYPORT_HTTP_DRAIN_GRACE_MS: '3000',
      SALLYPORT_HTTP_DRAIN_MS: '60000',
      SALLYPORT_STORAGE_REPLICA: 'one',
      // Nothing of it is asked here, and a replica is ready once its sources are.
      SALLYPORT_SOURCES: '{}',
    }
    one = stack.use(await KilledService.start({ storageUrl, hasRealSandboxes, model: asAsked, variables }))
    // As on another machine: one that is stopped would keep the lock of a trail that both write.
    const folder = temporaryFolder('other-replica-')
    other = stack.use(
      await one.beside({
        SALLYPORT_STORAGE_REPLICA: 'other',
        SALLYPORT_STATE_DIRECTORY: folder,
        SALLYPORT_TELEMETRY_AUDIT_FILE: join(folder, 'audit.jsonl'),
      }),
    )
    balancer = stack.use(await TcpBalancer.start([one, other]))
    client = new Client({ connectionString: storageUrl, options: '-c search_path=sallyport' })
    await client.connect()
    stack.defer(() => client.end())
    const made = await sallyportHere(['keys', 'create', 'bob'], { environment: one.environment })
    bob = /sp-[\w-]+/.exec(made.stdout)?.[0] ?? ''
  }, 600_000)
  afterAll(() => stack.disposeAsync())

  async function ask(
    service: KilledService | undefined,
    method: string,
    path: string,
    body: object | null = null,
    key = service!.key,
  ): Promise<Told> {
    const answer = await service!.ask(method, path, body, { authorization: `Bearer ${key}` })
    const text = await answer.text()
    const json = text === '' ? { id: '' } : (JSON.parse(text) as Body)
    return { ...json, httpStatus: answer.status, replica: answer.headers.get('x-sallyport-replica') }
  }

  const command = async (...words: readonly string[]): Promise<unknown> =>
    JSON.parse((await sallyportHere([...words, '--output', 'json'], { environment: one!.environment })).stdout)

  const numberOf = async (replica: string): Promise<number> => {
    const sql = 'select max(number) as number from process_leases where replica = $1'
    return Number((await client.query<{ number: string }>(sql, [replica])).rows[0]?.number)
  }

  it('are restarted one after the other under load, and nobody is told anything but to try again; ledger and trail are exact', async () => {
    verifies('replicas.rolling')
    const load = Load.begin(balancer.url, one!.key, 3)
    for (let count = 0; count < restarts; count += 1) {
      for (const service of [one!, other!]) {
        await service.kill('SIGTERM')
        await service.startAgain()
        await expect.poll(() => balancer.ready).toBe(2)
        const before = load.answered
        await expect.poll(() => load.answered).toBeGreaterThan(before + 20)
      }
    }
    await load.end()
    expect(load.failed).toEqual([])
    if (hasRealSandboxes) process.stderr.write(`${load.answered} answers, ${load.retried} told to try again\n`)
    const { keys } = (await command('keys', 'list')) as { keys: readonly { id: string; name: string }[] }
    const id = keys.find(({ name }) => name !== 'bob')?.id ?? ''
    interface Standing {
      readonly unit: string
      readonly used: number
      readonly held: number
    }
    const tokens = async () =>
      ((await command('limits', 'show', id)) as { limits: readonly Standing[] }).limits.find(
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
    verifies('replicas.sessions')
    await expect.poll(async () => (await ask(other, 'GET', '/v1/models', null, bob)).httpStatus).toBe(200)
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
        const stolen = told(await ask(service, method, path, body ?? null, bob))
        const [, elsewhere, words] = uses(...never)[at] ?? []
        expect([path, stolen]).toEqual([path, told(await ask(service, method, elsewhere ?? '', words ?? null, bob))])
        expect(stolen.httpStatus).toBeGreaterThanOrEqual(400)
      }
    }
    for (const [method, path, body] of uses(id, container).slice(0, 3)) {
      const answer = await ask(other, method, path, body ?? null)
      expect(answer).toMatchObject({ httpStatus: 421, code: 'wrong-replica', replica: 'one' })
    }
    // Nobody has ended it, and it goes on where it is.
    expect(await ask(one, 'POST', '/v1/execute', { code: 'print("1")', session: id })).toMatchObject({
      httpStatus: 200,
    })
    expect((await ask(one, 'DELETE', `/v1/sessions/${id}`)).httpStatus).toBe(204)
    expect(await ask(other, 'DELETE', `/v1/sessions/${id}`)).toMatchObject({ httpStatus: 404 })
  })

  it('go on without one that is stopped for longer than its lease, which writes nothing more of what it ran and ends its sandboxes before it serves again', async () => {
    verifies('replicas.stopped')
    const { id: session } = await ask(one, 'POST', '/v1/sessions', {})
    const { id: conversation } = await ask(one, 'POST', '/v1/conversations', {})
    const before = await numberOf('one')
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
    await expect.poll(() => numberOf('one')).toBeGreaterThan(before)
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
    await one!.kill()
    expect(await ask(other, 'POST', '/v1/execute', { code: 'print("1")', session })).toMatchObject({
      httpStatus: 404,
      code: 'not-found',
      detail: expect.stringContaining('lost with the replica "one"'),
    })
    const stolen = await ask(other, 'POST', '/v1/execute', { code: 'print("1")', session }, bob)
    expect(stolen.detail).not.toContain('replica')
    await expect.poll(() => balancer.ready).toBe(1)
    const load = Load.begin(balancer.url, other!.key, 1)
    await expect.poll(() => load.answered).toBeGreaterThan(10)
    await load.end()
    expect(load.failed).toEqual([])
  })
})
