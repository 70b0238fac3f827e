import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'

let service: SurfaceService
beforeAll(async () => {
  service = await SurfaceService.start()
})
afterAll(() => service[Symbol.asyncDispose]())

interface Listed {
  readonly data: readonly { readonly id: string; readonly role?: string }[]
}

const listed = async (key: string, path: string): Promise<Listed['data']> => {
  const answer = await fetch(`${service.url}${path}`, { headers: { authorization: `Bearer ${key}` } })
  return ((await answer.json()) as Listed).data
}

const turns = [
  { kind: 'turn' as const, calls: [{ name: 'run_sql', arguments: JSON.stringify({ sql: 'SELECT 1 AS n' }) }] },
  { kind: 'turn' as const, text: 'It is one.' },
]

const question = { model: 'analyst', input: 'How many?' }

/** A conversation with one question: what was asked, the statement, what was answered. */
const kept = ['user', 'tool', 'assistant']
const kindsIn = async (key: string, conversation: string) =>
  (await listed(key, `/v1/conversations/${conversation}/items?order=asc`)).map(({ role = 'tool' }) => role)

describe('a response of the composed service', () => {
  it.each([{}, { stream: true }, { background: true }])(
    'is one run of one conversation, each item of it kept once: %j',
    async (how) => {
      service.script(turns)
      const key = await service.key()
      const answered = await service.post('/v1/responses', key, { ...question, ...how })
      expect(answered.status).toBe(200)
      await answered.text()
      await expect.poll(async () => (await listed(key, '/v1/conversations')).length).toBe(1)
      const [conversation] = await listed(key, '/v1/conversations')
      await expect.poll(() => kindsIn(key, conversation?.id ?? '')).toEqual(kept)
    },
    60_000,
  )

  it('adds its items once to a conversation that it names', async () => {
    service.script(turns)
    const key = await service.key()
    const made = (await (await service.post('/v1/conversations', key, {})).json()) as { readonly id: string }
    const answered = await service.post('/v1/responses', key, { ...question, conversation: made.id })
    expect(answered.status).toBe(200)
    expect(await kindsIn(key, made.id)).toEqual(kept)
    expect(await listed(key, '/v1/conversations')).toHaveLength(1)
  })
})
