import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const opened = new AsyncDisposableStack()
afterAll(() => opened.disposeAsync())

const sql = (statement: string) => ({
  kind: 'turn' as const,
  calls: [{ name: 'run_sql', arguments: JSON.stringify({ sql: statement }) }],
})
const products = sql('SELECT name FROM products LIMIT 1')
const orders = sql('SELECT count(*) AS n FROM orders')

type Turns = Parameters<SurfaceService['script']>[0]

/** Two conversations of one caller, in a service that was ended and started again over the same storage. */
async function nextDay() {
  const folder = temporaryFolder('kept-tables-')
  const variables = {
    XDG_CONFIG_HOME: folder,
    SALLYPORT_STORAGE_PATH: join(folder, 'sallyport.db'),
    SALLYPORT_GATEWAY_KEYS_FILE: join(folder, 'keys.json'),
  }
  const start = async () => opened.use(await SurfaceService.start({}, { variables }))
  let service = await start()
  const key = await service.key()
  const post = async (path: string, body: object, turns: Turns, by: string) => {
    service.script([...turns, { kind: 'turn', text: 'Done.' }])
    const answer = await service.post(path, by, { model: 'analyst', ...body })
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }
  const chat = (body: object, turn: Turns[number], by = key) =>
    post('/v1/chat/completions', { messages: [{ role: 'user', content: 'Go on.' }], ...body }, [turn], by)
  const respond = (body: object, turn: Turns[number]) =>
    post('/v1/responses', { input: 'Go on.', ...body }, [turn], key)
  const begun = await chat({ store: true }, products)
  const first = idOf(await respond({}, products))
  const second = idOf(await respond({}, orders))
  await service.close()
  service = await start()
  const conversation = begun.headers.get('x-sallyport-conversation') ?? ''
  return { conversation, first, second, chat, respond, otherKey: () => service.key() }
}

const idOf = ({ text }: { readonly text: string }) => (JSON.parse(text) as { readonly id: string }).id
const asked = 'approval-required'

let day: Awaited<ReturnType<typeof nextDay>>
beforeAll(async () => {
  day = await nextDay()
})

describe('tables of a conversation', () => {
  it('are read again unasked in another process, and in no other conversation, for nobody else and no neighbour of theirs', async () => {
    verifies('analyst.tables-kept')
    const { conversation, chat, otherKey } = day
    const goneOn = await chat({ conversation }, products)
    expect(goneOn.status).toBe(200)
    // What is kept is told to nobody.
    expect(goneOn.text).not.toContain('public.products')
    const outside = await chat({ conversation }, orders)
    expect([outside.status, outside.text]).toEqual([403, expect.stringContaining(asked)])
    // A client that says what was said has nothing kept for it.
    const messages = ['user', 'assistant', 'user'].map((role) => ({ role, content: 'Go on.' }))
    expect((await chat({ messages }, products)).status).toBe(403)
    expect((await chat({ store: true, messages }, products)).status).toBe(403)
    expect((await chat({ conversation }, products, await otherKey())).status).toBe(404)
    // The run that was stopped has kept what it knew.
    expect((await chat({ conversation }, products)).status).toBe(200)
  })

  it('are those of the response that is gone on with', async () => {
    const { first, second, respond } = day
    const next = await respond({ previous_response_id: first }, products)
    expect(next.status).toBe(200)
    expect((await respond({ previous_response_id: idOf(next) }, products)).status).toBe(200)
    expect((await respond({ previous_response_id: second }, products)).text).toContain(asked)
  })
})
