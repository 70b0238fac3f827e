import { expect } from 'vitest'
import type { Acknowledged, SeenConversation, SeenResponse } from './acknowledged.ts'
import { contentOf } from './callers.ts'
import type { KilledService } from './killed-service.ts'

/** Rows of a storage that no process of the service has open. */
export type CountRows = (sql: string) => Promise<number>

/** Nothing of a dead process is left to wait for, before anybody has asked for it. */
export async function expectSettled(count: CountRows): Promise<void> {
  expect({
    running: await count("SELECT count(*) AS n FROM conversation_runs WHERE state = 'running'"),
    halfWritten: await count('SELECT count(*) AS n FROM file_contents WHERE owner IS NOT NULL'),
  }).toEqual({ running: 0, halfWritten: 0 })
  // Pieces of what was deleted when it was killed go with the sweep of the start.
  const orphaned = 'SELECT count(*) AS n FROM content_pieces WHERE content NOT IN (SELECT id FROM file_contents)'
  await expect.poll(() => count(orphaned)).toBe(0)
}

/** Everything that was acknowledged is there, and everything that was under way has an end that says so. */
export async function expectKept(service: KilledService, told: Acknowledged): Promise<void> {
  expect(told.wrong).toEqual([])
  await expectFiles(service, told)
  for (const response of told.responses) await expectResponse(service, response)
  for (const conversation of told.conversations) await expectConversation(service, conversation)
  // The last one was under way: it opens, and goes on.
  const last = told.conversations.at(-1)
  if (last !== undefined) await expectGoesOn(service, last)
  await expectGone(service, told)
  for (const [id, files] of told.containers) await expectContainer(service, id, files)
  const trail = service.trail()
  const missing = told.ended.filter(
    (ended) => !trail.some(({ event, requestId }) => event === ended.event && requestId === ended.requestId),
  )
  expect(missing).toEqual([])
}

interface ResponseBody {
  readonly status: string
  readonly output: readonly { readonly id: string }[]
  readonly error: { readonly message: string } | null
}

async function expectResponse(service: KilledService, seen: SeenResponse): Promise<void> {
  const answer = await service.ask('GET', `/v1/responses/${seen.id}`)
  const body = (await answer.json()) as ResponseBody
  const ids = body.output?.map(({ id }) => id)
  expect({ status: answer.status, missing: seen.items.filter((id) => !ids.includes(id)) }).toEqual({
    status: 200,
    missing: [],
  })
  if (seen.isComplete) expect(body.status).toBe('completed')
  else expect(['completed', 'failed']).toContain(body.status)
  if (body.status === 'failed') expect(body.error?.message).toContain('interrupted')
  const behind = await service.ask('GET', `/v1/responses/${seen.id}?stream=true&starting_after=${seen.last ?? 0}`)
  const events = (await behind.text()).match(/^data: .*$/gm) ?? []
  // A stream of which the last event was seen has none behind it.
  if (seen.isComplete && seen.last !== null) expect(events).toEqual([])
  else expect(events.at(-1)).toMatch(/"type":"response\.(?:completed|failed)"/)
}

interface Item {
  readonly content?: readonly { readonly text?: string }[]
}

async function textsOf(service: KilledService, id: string): Promise<readonly string[]> {
  const answer = await service.ask('GET', `/v1/conversations/${id}/items?limit=100&order=asc`)
  const { data } = (await answer.json()) as { readonly data: readonly Item[] }
  return data.flatMap(({ content = [] }) => content.map(({ text = '' }) => text))
}

async function expectConversation(service: KilledService, { id, texts }: SeenConversation): Promise<void> {
  const kept = await textsOf(service, id)
  expect(texts.filter((text) => !kept.includes(text))).toEqual([])
}

async function expectGoesOn(service: KilledService, { id, texts }: SeenConversation): Promise<void> {
  const messages = [{ role: 'user', content: 'And now?' }]
  const answer = await service.ask('POST', '/v1/chat/completions', { model: 'analyst', conversation: id, messages })
  expect(await answer.text()).toContain('Done.')
  expect((await textsOf(service, id)).at(-1)).toBe('Done.')
  // It goes on behind the last step that was done.
  const told = service.toldWith('And now?')
  expect(texts.filter((text) => !told.some((said) => said.includes(text)))).toEqual([])
}

async function expectFiles(service: KilledService, { files }: Acknowledged): Promise<void> {
  for (const [id, content] of files) {
    const answer = await service.ask('GET', `/v1/files/${id}/content`)
    expect((await answer.text()) === content ? id : `${answer.status} of ${id}`).toBe(id)
  }
  // One that nobody was told of may be there, but never half of it.
  const listed = await service.ask('GET', '/v1/files?limit=20&purpose=user_data')
  const { data } = (await listed.json()) as {
    readonly data: readonly { readonly id: string; readonly filename: string }[]
  }
  for (const { id, filename } of data.filter((file) => !files.has(file.id))) {
    const answer = await service.ask('GET', `/v1/files/${id}/content`)
    expect((await answer.text()) === contentOf(filename)).toBe(true)
  }
  const artifacts = await service.ask('GET', '/v1/files?limit=20&purpose=artifact')
  const made = (await artifacts.json()) as { readonly data: readonly { readonly id: string }[] }
  for (const { id } of made.data) {
    expect(await (await service.ask('GET', `/v1/files/${id}/content`)).text()).toBe('a,b')
  }
}

/** Sandboxes go with their process, and each surface says so in its own way. */
async function expectGone(service: KilledService, { sessions, sandboxes }: Acknowledged): Promise<void> {
  for (const session of sessions) {
    const answer = await service.ask('POST', '/v1/execute', { code: '1', session })
    expect(await answer.json()).toMatchObject({ status: 404, code: 'not-found' })
  }
  for (const { id, token } of sandboxes) {
    expect((await service.ask('GET', `/sandboxes/${id}`)).status).toBe(404)
    const headers = { 'e2b-sandbox-id': id, 'x-access-token': token }
    expect((await service.ask('POST', '/execute', { code: '1' }, headers)).status).toBe(502)
  }
}

/** A container goes on: what was given to it is there, and a response runs in it. One whose deletion was under way may be gone. */
async function expectContainer(service: KilledService, id: string, given: readonly string[]): Promise<void> {
  const answer = await service.ask('GET', `/v1/containers/${id}`)
  const files = await service.ask('GET', `/v1/containers/${id}/files?limit=100&order=asc`)
  const isDeleted = given.length === 4 && answer.status === 404
  const { data = [] } = (await files.json()) as { readonly data?: readonly { readonly id: string }[] }
  const missing = given.filter((file) => !data.some((each) => each.id === file))
  expect(isDeleted ? [] : [answer.status, ...missing]).toEqual(isDeleted ? [] : [200])
  if (isDeleted) return
  const tools = [{ type: 'code_interpreter', container: id }]
  const next = await service.ask('POST', '/v1/responses', { model: 'analyst', input: 'Go.', tools })
  expect(await next.json()).toMatchObject({ status: 'completed' })
}
