import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

let service: SurfaceService
beforeAll(async () => {
  service = await SurfaceService.start({ provenance: { plan: 'model' } })
})
afterAll(() => service[Symbol.asyncDispose]())

const sql = (statement: string) => ({
  kind: 'turn' as const,
  calls: [{ name: 'run_sql', arguments: JSON.stringify({ sql: statement }) }],
})

interface Explained {
  readonly id: string
  readonly calls: readonly { readonly sentence: string; readonly reads: readonly { readonly id: string }[] }[]
  readonly lineage: readonly {
    readonly id: string
    readonly kind: string
    readonly origins: readonly string[]
    readonly made_of: readonly string[]
  }[]
}

/** A conversation of a new key in a session, and what is asked of it. */
async function talking() {
  const key = await service.key()
  const idOf = async (answering: Promise<Response>) => ((await (await answering).json()) as { readonly id: string }).id
  const conversation = await idOf(service.post('/v1/conversations', key, {}))
  const explain = (run: string, by = key) => service.ask('GET', `/v1/runs/${run}/explanation`, by)
  return {
    key,
    explain,
    ask: async (question: string, ...turns: Parameters<SurfaceService['script']>[0]) => {
      service.script([...turns, { kind: 'turn', text: 'Done.' }], { plan: '["public.customers"]' })
      const messages = [{ role: 'user', content: question }]
      const answer = await service.post('/v1/chat/completions', key, { model: 'analyst', conversation, messages })
      return { status: answer.status, text: await answer.text() }
    },
    lastRun: async () => {
      const items = await service.ask('GET', `/v1/conversations/${conversation}/items?limit=1`, key)
      return ((await items.json()) as { readonly data: readonly { readonly run: string }[] }).data[0]?.run ?? ''
    },
    explained: async (run: string) => (await (await explain(run)).json()) as Explained,
  }
}

const orders = sql('SELECT count(*) AS n FROM orders')
const products = sql('SELECT name FROM products LIMIT 1')
const asked =
  'run_sql: it reads public.products, which nothing that you wrote speaks of, after the model has read rows of the database'

describe('GET /v1/runs/{id}/explanation', () => {
  it('says of a call what was asked, by which data, and that nobody has allowed it; then that somebody did', async () => {
    verifies('analyst.explained')
    const it = await talking()
    const stopped = await it.ask('How many orders are there?', orders, products)
    expect(stopped.status).toBe(403)
    const first = await it.lastRun()
    expect(await it.explained(first)).toMatchObject({
      id: first,
      object: 'run.explanation',
      status: 'failed',
      calls: [
        {
          call: 2,
          tool: 'run_sql',
          outcome: 'asked',
          rules: ['provenance/table-outside-plan'],
          sentence: `${asked}; nobody has allowed it as it was, and it did not run.`,
          ran: false,
          reads: [{ call: 1, tool: 'run_sql', origin: 'row' }],
        },
      ],
    })
    const [approval = ''] = /apr-[\w-]+/.exec(stopped.text) ?? []
    const approver = await service.key('open', ['approve'])
    expect((await service.post(`/v1/approvals/${approval}`, approver, { verdict: 'allow' })).status).toBe(200)
    expect((await it.ask('How many orders are there?', orders, products)).status).toBe(200)
    const second = await it.explained(await it.lastRun())
    expect(second.calls).toMatchObject([{ ran: true, outcome: 'asked' }])
    expect(second.calls[0]?.sentence).toContain('; a person allowed it, and it ran.')
  })

  it('says what a plan of the person’s words has let run, of which nobody was asked', async () => {
    verifies('analyst.plan-of-trusted-words')
    const it = await talking()
    const customers = sql('SELECT count(*) AS n FROM customers')
    expect((await it.ask('Who?', products, customers)).status).toBe(200)
    const { calls } = await it.explained(await it.lastRun())
    expect(calls).toMatchObject([
      { call: 2, outcome: 'planned', rules: ['provenance/table-in-plan'], ran: true, reads: [{ origin: 'row' }] },
    ])
    expect(calls[0]?.sentence).toBe(
      'run_sql: it reads public.customers, which nothing that you wrote names, after the model has read rows of the database; a plan that was made of your words and the names of tables alone has it; it ran.',
    )
  })

  it('says what the gate has refused, too', async () => {
    const it = await talking()
    expect((await it.ask('How many orders are there?', sql('DELETE FROM orders'))).status).toBe(200)
    const { calls } = await it.explained(await it.lastRun())
    expect(calls).toMatchObject([{ call: 1, outcome: 'refused', ran: false, reads: [] }])
    expect(calls[0]?.sentence).toMatch(/^run_sql: .+; it was refused, and did not run\.$/)
  })

  it('names on the trail what the run was made of: its reads by their ids, and nothing of what they say', async () => {
    verifies('analyst.graph-on-the-trail')
    const it = await talking()
    const before = service.audit().length
    await it.ask('How many orders are there, Ada?', orders)
    const { calls, lineage } = await it.explained(await it.lastRun())
    expect(calls).toEqual([])
    expect(lineage).toContainEqual(expect.objectContaining({ id: 'model', origins: ['row', 'user'] }))
    const facts = service.audit().slice(before)
    const end = facts.map(({ fact }) => fact).find(({ event }) => event === 'end')
    const things = lineage.map(({ id, kind, origins, made_of: from }) => ({ id, kind, origins, from }))
    expect(end).toMatchObject({ lineage: { things, left: 0 } })
    expect(JSON.stringify(facts)).not.toContain('Ada')
  })

  it('is of the caller’s own runs, and of none that there is not', async () => {
    const it = await talking()
    await it.ask('How many orders are there?', orders)
    const run = await it.lastRun()
    const asking = [it.explain(run), it.explain(run, await service.key()), it.explain('run_1'), it.explain('%2F..')]
    expect((await Promise.all(asking)).map(({ status }) => status)).toEqual([200, 404, 404, 400])
  })
})
