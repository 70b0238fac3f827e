import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../../support/cli/sallyport-here.ts'
import { ensureServer } from '../../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../../support/databases/postgres-cluster.ts'
import type { ServedRequest, ServedTurn } from '../../support/http/scripted-openai-server.ts'
import { eventsOf } from '../../support/surfaces/killed/callers.ts'
import { KilledService } from '../../support/surfaces/killed/killed-service.ts'
import { verifies } from '../../support/verifies.ts'

/** A model that runs as many programs as it is asked for, each of which takes so long. */
function asAsked({ body: { messages } }: ServedRequest): ServedTurn {
  const asked = messages.findLastIndex(({ role }) => role === 'user')
  const done = messages.slice(asked).filter(({ role }) => role === 'tool').length
  const [, programs = '0', seconds = '0'] = /^(\d+) of ([\d.]+) s$/.exec(messages[asked]?.content ?? '') ?? []
  if (done >= Number(programs)) return { kind: 'turn', text: 'Done.' }
  const code = `import time\ntime.sleep(${seconds})\nopen("made${done}.csv", "w").write("a,b")\nprint("${done}")`
  const call = { name: 'run_python', arguments: JSON.stringify({ code }) }
  return { kind: 'turn', text: `Program ${done}, which takes a moment.`, chunk: 6, calls: [call] }
}

interface Event {
  readonly type: string
  readonly sequence_number: number
  readonly message?: string
  readonly response?: { readonly id: string; readonly error: { readonly code: string } | null }
  readonly approval?: { readonly id: string }
}

interface Items {
  readonly data: readonly { readonly run: string }[]
}

interface Body {
  readonly id: string
  readonly status: string
  readonly code?: string
  readonly detail?: string
  readonly url?: string
  readonly files?: readonly { readonly url: string }[]
}

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: two processes over PostgreSQL, ${problem}\n`)

let cluster: PostgresCluster
let [one, other]: KilledService[] = []
beforeAll(async () => {
  if (problem !== null) return
  cluster = await startCluster()
  const name = `two_${randomUUID().replaceAll('-', '')}`
  await cluster.execute(`CREATE DATABASE ${name}`)
  const storageUrl = cluster.primaryUrl.replace(/\/postgres$/, `/${name}`)
  one = await KilledService.start({ storageUrl, hasRealSandboxes: false, model: asAsked })
  other = await one.beside()
}, 300_000)
afterAll(async () => {
  await other?.[Symbol.asyncDispose]()
  await one?.[Symbol.asyncDispose]()
  await cluster?.[Symbol.asyncDispose]()
})

async function* readEvents(answering: Promise<Response>): AsyncGenerator<Event> {
  for await (const data of eventsOf(await answering)) yield JSON.parse(data) as Event
}

async function ask(service: KilledService | undefined, method: string, path: string, body: object | null = null) {
  const answer = await service!.ask(method, path, body)
  return { ...((await answer.json()) as Body), httpStatus: answer.status }
}

const respond = (service: KilledService | undefined, input: string, own: object = {}) =>
  service!.ask('POST', '/v1/responses', { model: 'analyst', input, stream: true, ...own })

const behind = (id: string, number: number): AsyncGenerator<Event> =>
  readEvents(other!.ask('GET', `/v1/responses/${id}?stream=true&starting_after=${number}`))

async function upload(service: KilledService | undefined, text: string): Promise<string> {
  const form = new FormData()
  form.append('file', new Blob([text]), 'same.txt')
  form.append('purpose', 'user_data')
  return (await ask(service, 'POST', '/v1/files', form)).id
}

/** Each process makes links to itself, each time others. */
const withoutLinks = (events: readonly Event[]): unknown =>
  JSON.parse(JSON.stringify(events).replaceAll(/http:\/\/[^)"\\]+/g, 'a link'))

async function all(events: AsyncGenerator<Event>): Promise<readonly Event[]> {
  const found: Event[] = []
  for await (const event of events) found.push(event)
  return found
}

describe.skipIf(problem !== null)('two processes over one PostgreSQL', () => {
  it('tell the events of a run from any number, whichever runs it', async () => {
    verifies('storage.several')
    const told: Event[] = []
    let followed: Promise<readonly Event[]> = Promise.resolve([])
    for await (const event of readEvents(respond(one, '2 of 0.3 s'))) {
      told.push(event)
      if (told.length === 8) followed = all(behind(told[0]?.response?.id ?? '', 3))
    }
    expect(withoutLinks(await followed)).toEqual(withoutLinks(told.slice(4)))
    expect(told.at(-1)?.type).toBe('response.completed')
  })

  it('say of a number that no event has that there is none, once the run is over that another process runs', async () => {
    const { id } = await ask(one, 'POST', '/v1/responses', { model: 'analyst', input: '1 of 0.5 s', background: true })
    const answer = await other!.ask('GET', `/v1/responses/${id}?stream=true&starting_after=99999`)
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('there is no event 99999')])
  })

  it('run one at a time in a conversation, and end what runs in one that the other deletes', async () => {
    const { id } = await ask(one, 'POST', '/v1/conversations', {})
    const both = await Promise.all(
      Array.from({ length: 8 }, async (_each, at) => {
        const own = { conversation: id, stream: false }
        return (await respond(at % 2 === 0 ? one : other, '1 of 0.3 s', own)).status
      }),
    )
    expect([...new Set(both)].toSorted((left, right) => left - right)).toEqual([200, 400])
    const { data } = (await ask(other, 'GET', `/v1/conversations/${id}/items?limit=100`)) as unknown as Items
    // Each that ran has its question, its words, its program, its file and its answer, and nothing of another between them.
    const runs = data.map(({ run }) => run)
    expect(runs.filter((run, at) => run !== runs[at - 1])).toHaveLength(both.filter((status) => status === 200).length)
    const running = readEvents(respond(one, '9 of 0.2 s', { conversation: id }))
    expect((await running.next()).value).toMatchObject({ type: 'response.created' })
    expect((await respond(other, '0 of 0 s', { conversation: id })).status).toBe(400)
    expect((await ask(other, 'DELETE', `/v1/conversations/${id}`)).httpStatus).toBe(200)
    expect((await all(running)).at(-1)).toMatchObject({
      type: 'response.failed',
      response: { error: { code: 'conflict' } },
    })
    expect((await ask(one, 'GET', `/v1/conversations/${id}`)).httpStatus).toBe(404)
  })

  it('keep a file that both are given at once as long as one of its ids is there', async () => {
    const text = 'the same '.repeat(40_000)
    const ids = await Promise.all([one, other, one, other].map((service) => upload(service, text)))
    const [kept = '', ...others] = ids
    expect(new Set(ids).size).toBe(4)
    await Promise.all(others.map((id, at) => ask(at === 0 ? one : other, 'DELETE', `/v1/files/${id}`)))
    expect(await (await other!.ask('GET', `/v1/files/${kept}/content`)).text()).toBe(text)
    // The last one goes at the moment at which the same comes again.
    const [again] = await Promise.all([upload(other, text), ask(one, 'DELETE', `/v1/files/${kept}`)])
    expect(await (await one!.ask('GET', `/v1/files/${again}/content`)).text()).toBe(text)
  })

  it('run nothing more in a container that the other has deleted', async () => {
    const { id } = await ask(one, 'POST', '/v1/containers', { name: 'work' })
    const tools = [{ type: 'code_interpreter', container: id }]
    const programs: string[] = []
    for await (const event of readEvents(respond(one, '30 of 0.2 s', { tools }))) {
      programs.push(...(event.type === 'response.code_interpreter_call.completed' ? [event.type] : []))
      if (event.type !== 'response.code_interpreter_call.in_progress' || programs.length > 0) continue
      expect((await ask(other, 'DELETE', `/v1/containers/${id}`)).httpStatus).toBe(200)
    }
    expect(programs.length).toBeLessThan(4)
    expect((await ask(one, 'GET', '/v1/sessions')) as unknown).toMatchObject({ data: [] })
  })

  it('let a call run that waits in one of them when it is allowed in the other, once', async () => {
    const { environment } = one!
    const made = await sallyportHere(['keys', 'create', 'decides', '--scopes', 'ask,approve'], { environment })
    const key = /sp-[\w-]+/.exec(made.stdout)?.[0] ?? ''
    const decide = async (service: KilledService | undefined, id: string, verdict: string) => {
      const body = { verdict }
      return (await service!.ask('POST', `/v1/approvals/${id}`, body, { authorization: `Bearer ${key}` })).status
    }
    // The other process hears of a new key within a second.
    await expect.poll(() => decide(other, 'apr-none', 'allow'), { timeout: 60_000 }).toBe(404)
    const decided: number[] = []
    let last: Event | undefined
    const approvals = { calls: 'always', wait_ms: 60_000 }
    for await (const event of readEvents(respond(one, '1 of 0 s', { approvals }))) {
      last = event
      const id = event.approval?.id
      if (id !== undefined) decided.push(await decide(other, id, 'allow'), await decide(one, id, 'refuse'))
    }
    expect([decided, last?.type]).toEqual([[200, 400], 'response.completed'])
  })

  it('have sessions and links of programs each of its own, which is said where they are not', async () => {
    verifies('storage.of-one-process')
    const { id } = await ask(one, 'POST', '/v1/sessions', {})
    const elsewhere = await ask(other, 'POST', '/v1/execute', { code: 'print("1")', session: id })
    expect(elsewhere).toMatchObject({ httpStatus: 421, code: 'wrong-replica' })
    const code = 'open("made.csv", "w").write("a,b")'
    const { files = [] } = await ask(one, 'POST', '/v1/execute', { code, files: true })
    const { pathname, search } = new URL(files[0]?.url ?? '')
    expect((await one!.ask('GET', pathname + search)).status).toBe(200)
    expect(await ask(other, 'GET', pathname + search)).toMatchObject({ httpStatus: 404, code: 'not-found' })
  })

  // The last one: it kills the first of them.
  it('end a stream of a run whose process is killed by saying so, behind whatever number its reader had', async () => {
    verifies('storage.several')
    const followed: Promise<readonly Event[]>[] = []
    let [id, last] = ['', 0]
    const { id: conversation } = await ask(one, 'POST', '/v1/conversations', {})
    try {
      for await (const event of readEvents(respond(one, '9 of 0.4 s', { conversation }))) {
        id ||= event.response?.id ?? ''
        last = event.sequence_number
        if (event.type !== 'response.code_interpreter_call.interpreting' || last < 20) continue
        followed.push(all(behind(id, 2)), all(behind(id, last)), all(behind(id, last + 1_000)))
        await sleep(100)
        void one!.kill()
      }
    } catch {}
    const streams = await Promise.all(followed)
    expect(streams.map((events) => events.map(({ type }) => type).slice(-2))).toEqual(
      Array.from({ length: 3 }, () => ['error', 'response.failed']),
    )
    expect(streams[1]?.[0]?.sequence_number).toBe(last + 1)
    expect((await ask(other, 'GET', `/v1/responses/${id}`)).status).toBe('failed')
    expect(await (await respond(other, '0 of 0 s', { conversation })).text()).toContain('response.completed')
  })
})
