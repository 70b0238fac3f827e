import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

let service: SurfaceService
beforeAll(async () => {
  service = await SurfaceService.start()
})
afterAll(() => service[Symbol.asyncDispose]())

const called = (name: string, given: object) => ({
  kind: 'turn' as const,
  calls: [{ name, arguments: JSON.stringify(given) }],
})
const python = (code: string) => called('run_python', { code })
const sql = (statement: string) => called('run_sql', { sql: statement })
const said = (text: string) => ({ kind: 'turn' as const, text })

const idOf = async (answering: Promise<Response>): Promise<string> =>
  ((await (await answering).json()) as { readonly id: string }).id

/** A conversation of a new key in a session, and what is asked of it. */
async function talking() {
  const key = await service.key()
  const conversation = await idOf(service.post('/v1/conversations', key, {}))
  const session = await idOf(service.post('/v1/sessions', key, {}))
  const read = async (answering: Promise<Response>) => {
    const answer = await answering
    const body = await answer.text()
    return { status: answer.status, text: body, json: (answer.ok ? JSON.parse(body) : {}) as Record<string, unknown> }
  }
  return {
    key,
    conversation,
    session,
    ask: (...turns: Parameters<SurfaceService['script']>[0]) => {
      service.script([...turns, said('Done.')])
      return read(service.post('/v1/responses', key, { model: 'analyst', input: 'Go on.', conversation, session }))
    },
    replay: (body: object = { session }) => read(service.post(`/v1/conversations/${conversation}/replay`, key, body)),
    /** What a program finds in the session. */
    found: async (path: string) => {
      const body = { session, code: `print(open("${path}").read())` }
      const answer = await service.post('/v1/execute', key, body)
      return ((await answer.json()) as { readonly stdout: string }).stdout
    },
    items: async () => {
      const answer = await service.ask('GET', `/v1/conversations/${conversation}/items?limit=100`, key)
      return (await answer.json()) as { readonly data: readonly object[] }
    },
  }
}

const nothing = 'There is no such file.'

describe('POST /v1/conversations/{id}/replay', () => {
  it('makes again what a lost sandbox had, rows under the names that programs open, and keeps nothing of it', async () => {
    verifies('sessions.replayed')
    const it = await talking()
    await it.ask(python('open("a.txt", "w").write("one")'), sql('SELECT 1 AS n'))
    await it.ask(sql('SELECT 2 AS n'), python('open("b.txt", "w").write("two")'), python('abort'))
    expect(await it.found('a.txt')).toContain(nothing)
    const [before, trail] = [await it.items(), service.audit().length]
    const { status, json, text } = await it.replay()
    expect([status, json['object'], json['status']]).toEqual([200, 'response', 'completed'])
    expect(text).toContain('Ran again all 4 that had run here.')
    expect(text).toContain('the rows of 2 queries (`result_1.parquet`, `result_2.parquet`)')
    expect([await it.found('a.txt'), await it.found('b.txt')]).toEqual(['one', 'two'])
    expect(await it.found('result_2.parquet')).toContain('PAR1')
    expect(await it.items()).toEqual(before)
    const facts = service
      .audit()
      .slice(trail)
      .map(({ fact }) => fact)
    expect(facts).toContainEqual(
      expect.objectContaining({ event: 'conversation', action: 'replay', conversation: it.conversation }),
    )
    expect(facts.filter(({ event }) => event === 'tool-call')).toHaveLength(4)
  })

  it('asks no model, and costs none of its tokens', async () => {
    const it = await talking()
    await it.ask(python('open("a.txt", "w").write("one")'))
    service.script([said('The model was asked.')])
    const { text, json } = await it.replay()
    expect(text).not.toContain('The model was asked')
    expect(json['usage']).toMatchObject({ input_tokens: 0, output_tokens: 0 })
  })

  it('begins in a sandbox without what others left there', async () => {
    const it = await talking()
    await it.ask(python('open("a.txt", "w").write("one")'))
    await service.post('/v1/execute', it.key, { session: it.session, code: 'open("left.txt", "w").write("x")' })
    await it.replay()
    expect([await it.found('a.txt'), await it.found('left.txt')]).toEqual(['one', nothing])
  })

  it('stops at what a filter has changed, and says what is there and what is not', async () => {
    const it = await talking()
    await it.ask(
      python('open("a.txt", "w").write("one")'),
      python('open("b.txt", "w").write("anna.berg@example.com")'),
      python('open("c.txt", "w").write("three")'),
    )
    const { status, text } = await it.replay()
    expect(status).toBe(200)
    expect(text).toContain('Ran again 1 of 3, and stopped: number 2 cannot be run again')
    expect(text).toContain('Not there: what the last 2 made.')
    expect(text).not.toContain('anna.berg')
    expect([await it.found('a.txt'), await it.found('c.txt')]).toEqual(['one', nothing])
  })

  it('asks a person again for what a rule wants one for', async () => {
    const it = await talking()
    service.script([sql('SELECT phone FROM customers LIMIT 1')])
    const asked = await it.ask(sql('SELECT phone FROM customers LIMIT 1'))
    const [approval = ''] = /apr-[\w-]+/.exec(asked.text) ?? []
    const approver = await service.key('open', ['approve'])
    expect((await service.post(`/v1/approvals/${approval}`, approver, { verdict: 'allow' })).status).toBe(200)
    expect((await it.ask(sql('SELECT phone FROM customers LIMIT 1'))).status).toBe(200)
    const again = await it.replay()
    expect(again.status).toBe(403)
    expect(again.text).toContain('approval-required')
  })

  it.each<[string, object, number, string]>([
    ['nowhere to run', {}, 400, 'container'],
    ['two places to run', { session: 's', container: `cntr_${'0'.repeat(32)}` }, 400, 'container'],
    ['no container', { container: 'x' }, 400, 'container'],
    ['a member that there is not', { session: 's', input: 'x' }, 400, 'input'],
  ])('refuses %s', async (_what, body, status, parameter) => {
    const it = await talking()
    await it.ask(python('1'))
    const answer = await it.replay(body)
    expect([answer.status, answer.text.includes(parameter)]).toEqual([status, true])
  })

  it('finds nothing where nothing has run, and no conversation of others', async () => {
    const it = await talking()
    const empty = await it.replay()
    expect([empty.status, empty.text.includes('Nothing has run in this conversation')]).toEqual([404, true])
    const other = await talking()
    await other.ask(python('1'))
    const answer = await service.post(`/v1/conversations/${other.conversation}/replay`, it.key, { session: it.session })
    expect(answer.status).toBe(404)
  })
})
