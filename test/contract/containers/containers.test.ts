import OpenAI, { toFile } from 'openai'
import OpenAI6, { toFile as toFile6 } from 'openai-6'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ServedTurn } from '../../support/http/scripted-openai-server.ts'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

let service: SurfaceService
beforeAll(async () => {
  service = await SurfaceService.start()
})
afterAll(() => service[Symbol.asyncDispose]())

const program = (...codes: readonly string[]): ServedTurn => ({
  kind: 'turn',
  calls: codes.map((code) => ({ name: 'run_python', arguments: JSON.stringify({ code }) })),
})
const said = (text: string): ServedTurn => ({ kind: 'turn', text })
const writing = 'open("made.csv", "w").write("month,sales")'
const reading = 'print(open("made.csv").read())'
const clients = {
  'openai 7': [OpenAI, toFile],
  'openai 6': [OpenAI6 as unknown as typeof OpenAI, toFile6 as unknown as typeof toFile],
} as const

const clientFor = async (Client: typeof OpenAI = OpenAI) =>
  new Client({ baseURL: `${service.url}/v1`, apiKey: await service.key(), maxRetries: 0 })

type Response = OpenAI.Responses.Response

const programsOf = ({ output }: Pick<Response, 'output'>) =>
  output.flatMap((item) => (item.type === 'code_interpreter_call' ? [item] : []))
const logsOf = (response: Pick<Response, 'output'>) =>
  programsOf(response).map(({ outputs }) => outputs?.map((each) => (each.type === 'logs' ? each.logs : '')).join(''))
const citationsOf = ({ output }: Pick<Response, 'output'>) =>
  output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .flatMap((part) => (part.type === 'output_text' ? part.annotations : []))
    .flatMap((annotation) => (annotation.type === 'container_file_citation' ? [annotation] : []))

const listed = async <T>(page: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const each of page) all.push(each)
  return all
}

const asked = (container: string | object) => ({
  model: 'analyst',
  input: 'Do it.',
  tools: [{ type: 'code_interpreter' as const, container: container as string }],
  include: ['code_interpreter_call.outputs' as const],
})

describe.each(Object.entries(clients))('%s', (_name, [Client, asFile]) => {
  it('makes a container, gives it files, runs in it twice, reads what was made, and deletes it', async () => {
    verifies('containers.clients')
    const client = await clientFor(Client)
    const own = await client.files.create({
      file: await asFile(Buffer.from('a note'), 'note.txt'),
      purpose: 'user_data',
    })
    const container = await client.containers.create({
      name: 'work',
      expires_after: { anchor: 'last_active_at', minutes: 7 },
      file_ids: [own.id],
    })
    expect(container).toMatchObject({
      object: 'container',
      name: 'work',
      status: 'running',
      expires_after: { anchor: 'last_active_at', minutes: 7 },
    })
    const { id } = container
    const uploaded = await client.containers.files.create(id, { file: await asFile(Buffer.from('[1]'), 'list.json') })
    expect(uploaded).toMatchObject({ object: 'container.file', path: '/mnt/data/list.json', bytes: 3, source: 'user' })
    service.script([program(writing, 'print(open("note.txt").read())'), said('It is made.')])
    const first = (await client.responses.create(asked(id))) as Response
    expect(programsOf(first).map((item) => item.container_id)).toEqual([id, id])
    expect(logsOf(first)).toEqual(['', 'a note'])
    const [citation] = citationsOf(first)
    expect(citation).toMatchObject({
      container_id: id,
      filename: 'made.csv',
      file_id: expect.stringMatching(/^cfile_/),
    })
    const content = await client.containers.files.content.retrieve(citation?.file_id ?? '', { container_id: id })
    expect(await content.text()).toBe('month,sales')
    service.script([program(reading), said('It is there.')])
    const second = (await client.responses.create({ ...asked(id), previous_response_id: first.id })) as Response
    expect(logsOf(second)).toEqual(['month,sales'])
    const files = await listed(client.containers.files.list(id, { order: 'asc' }))
    expect(files.map(({ path, source }) => [path, source])).toEqual([
      ['/mnt/data/note.txt', 'user'],
      ['/mnt/data/list.json', 'user'],
      ['/mnt/data/made.csv', 'assistant'],
    ])
    expect((await listed(client.containers.files.list(id, { limit: 1 }))).length).toBe(3)
    expect((await client.containers.files.retrieve(uploaded.id, { container_id: id })).bytes).toBe(3)
    await client.containers.files.delete(uploaded.id, { container_id: id })
    await expect(client.containers.files.retrieve(uploaded.id, { container_id: id })).rejects.toMatchObject({
      status: 404,
    })
    expect((await listed(client.containers.list())).map((each) => each.id)).toEqual([id])
    await client.containers.delete(id)
    await expect(client.containers.retrieve(id)).rejects.toMatchObject({ status: 404 })
    await expect(client.responses.create(asked(id))).rejects.toMatchObject({ status: 404, code: 'not-found' })
    // What an answer cites is kept with it, and one's own file is one's own.
    const later = await client.containers.files.content.retrieve(citation?.file_id ?? '', { container_id: id })
    expect(await later.text()).toBe('month,sales')
    expect((await client.files.retrieve(own.id)).filename).toBe('note.txt')
  })

  it('streams from a container of the response’s own, and reads the files of it', async () => {
    verifies('containers.clients')
    const client = await clientFor(Client)
    const own = await client.files.create({
      file: await asFile(Buffer.from('a note'), 'note.txt'),
      purpose: 'user_data',
    })
    service.script([program(writing, 'print(open("note.txt").read())'), said('It is made.')])
    const stream = client.responses.stream(asked({ type: 'auto', file_ids: [own.id] }))
    const first = await stream.finalResponse()
    expect(logsOf(first)).toEqual(['', 'a note'])
    const [citation] = citationsOf(first)
    const { container_id: id = '', file_id: fileId = '' } = citation ?? {}
    expect(await (await client.containers.files.content.retrieve(fileId, { container_id: id })).text()).toBe(
      'month,sales',
    )
    expect((await client.containers.retrieve(id)).status).toBe('expired')
    expect((await listed(client.containers.files.list(id))).map((file) => file.id)).toEqual([fileId])
    // The response that goes on with it finds what was made before.
    service.script([program(reading), said('It is there.')])
    const second = (await client.responses.create({
      ...asked({ type: 'auto' }),
      previous_response_id: first.id,
    })) as Response
    expect(logsOf(second)).toEqual(['month,sales'])
    await expect(client.responses.create(asked(id))).rejects.toMatchObject({ status: 404 })
  })
})

describe('a container', () => {
  it('says that its sandbox was lost, and has the files that are kept in the next one', async () => {
    verifies('containers.lost')
    const client = await clientFor()
    const { id } = await client.containers.create({ name: 'work' })
    await client.containers.files.create(id, { file: await toFile(Buffer.from('a note'), 'note.txt') })
    service.script([program(writing), program('abort()'), said('It broke.')])
    await client.responses.create(asked(id)).catch(() => undefined)
    expect(await client.containers.retrieve(id)).toMatchObject({
      status: 'running',
      sallyport: { sandboxes_lost: 1, message: expect.stringContaining('was lost') },
    })
    service.script([program(reading, 'print(open("note.txt").read())'), said('It is there.')])
    const next = (await client.responses.create(asked(id))) as Response
    expect(logsOf(next)).toEqual(['month,sales', 'a note'])
  })

  it('has the newest of two files of a name, and forgets one whose owner deleted it', async () => {
    const client = await clientFor()
    const { id } = await client.containers.create({ name: 'work' })
    const own = await client.files.create({ file: await toFile(Buffer.from('old'), 'note.txt'), purpose: 'user_data' })
    await client.containers.files.create(id, { file_id: own.id })
    await client.containers.files.create(id, { file: await toFile(Buffer.from('new'), 'note.txt') })
    const other = await client.files.create({ file: await toFile(Buffer.from('x'), 'gone.txt'), purpose: 'user_data' })
    await client.containers.files.create(id, { file_id: other.id })
    await client.files.delete(other.id)
    expect((await listed(client.containers.files.list(id))).map(({ path, bytes }) => [path, bytes])).toEqual([
      ['/mnt/data/note.txt', 3],
    ])
    service.script([program('print(open("note.txt").read())', 'print(open("gone.txt").read())'), said('Read.')])
    const response = (await client.responses.create(asked(id))) as Response
    expect(logsOf(response)).toEqual(['new', 'There is no such file.'])
  })

  it('is where a program of its owner’s own runs that names it, and of nobody else’s', async () => {
    verifies('containers.programs')
    const [key, other] = [await service.key(), await service.key()]
    const made = (await (await service.post('/v1/containers', key, { name: 'work' })).json()) as { readonly id: string }
    service.script([program(writing), said('It is made.')])
    await service.post('/v1/responses', key, asked(made.id))
    const again = { code: reading, session: made.id }
    const ran = await service.post('/v1/execute', key, again)
    expect(await ran.json()).toMatchObject({ outcome: 'ok', stdout: 'month,sales', session: made.id })
    expect((await service.post('/v1/execute', other, again)).status).toBe(404)
    const gone = { code: reading, session: `cntr_${'0'.repeat(32)}` }
    expect((await service.post('/v1/execute', key, gone)).status).toBe(404)
    // What the program has written there is in the place of the next response.
    await service.post('/v1/execute', key, { code: 'open("made.csv", "w").write("day,sales")', session: made.id })
    service.script([program(reading), said('It is there.')])
    const next = (await (await service.post('/v1/responses', key, asked(made.id))).json()) as Response
    expect(logsOf(next)).toEqual(['day,sales'])
  })

  it('is nobody else’s, and neither are its files', async () => {
    verifies('containers.own')
    const [client, other] = [await clientFor(), await clientFor()]
    const { id } = await client.containers.create({ name: 'work' })
    const file = await client.containers.files.create(id, { file: await toFile(Buffer.from('a'), 'a.txt') })
    service.script([program(writing), said('Made.')])
    const [citation] = citationsOf(await client.responses.create(asked({ type: 'auto' })))
    const place = { container_id: id }
    for (const attempt of [
      () => other.containers.retrieve(id),
      () => other.containers.delete(id),
      () => other.containers.files.list(id),
      async () => other.containers.files.create(id, { file: await toFile(Buffer.from('b'), 'b.txt') }),
      () => other.containers.files.retrieve(file.id, place),
      () => other.containers.files.content.retrieve(file.id, place),
      () => other.containers.files.delete(file.id, place),
      () =>
        other.containers.files.content.retrieve(citation?.file_id ?? '', {
          container_id: citation?.container_id ?? '',
        }),
      () => other.containers.retrieve(citation?.container_id ?? ''),
      () => other.responses.create(asked(id)),
      () => other.responses.create(asked({ type: 'auto', file_ids: [file.id.slice(1)] })),
      () => other.containers.create({ name: 'x', file_ids: [file.id.slice(1)] }),
      // One's own container has no files of another container.
      async () =>
        other.containers.files.retrieve(file.id, { container_id: (await other.containers.create({ name: 'y' })).id }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ status: 404 })
    }
    expect(await listed(other.containers.list())).toHaveLength(1)
    expect((await client.containers.retrieve(id)).status).toBe('running')
  })

  it('is one session of its caller’s as any other, of which there is a most', async () => {
    const client = await clientFor()
    for (let at = 0; at < 8; at += 1) await client.containers.create({ name: `c${at}` })
    await expect(client.containers.create({ name: 'one more' })).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('8 sessions are open already'),
    })
  })

  it.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'x', expires_after: { anchor: 'created_at', minutes: 5 } }, 'expires_after.anchor'],
    [{ name: 'x', expires_after: { anchor: 'last_active_at', minutes: 0 } }, 'expires_after.minutes'],
    [{ name: 'x', expires_after: { anchor: 'last_active_at', minutes: 1_441 } }, 'expires_after.minutes'],
    [{ name: 'x', memory_limit: '2g' }, 'memory_limit'],
    [{ name: 'x', memory_limit: '64g' }, 'memory_mb'],
    [{ name: 'x', network_policy: { type: 'allowlist', allowed_domains: ['example.com'] } }, 'network_policy.type'],
    [{ name: 'x', file_ids: ['../x'] }, 'file_ids[0]'],
    [{ name: 'x', skills: [] }, 'skills'],
  ])('is not made of what cannot be honoured: %j', async (body, param) => {
    const answered = await service.post('/v1/containers', await service.key(), body)
    expect(answered.status).toBe(400)
    expect(await answered.json()).toMatchObject({ error: { param } })
  })

  it('is listed from a place that the list has alone, and takes forms of fields that it knows', async () => {
    const key = await service.key()
    const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: key, maxRetries: 0 })
    const { id } = await client.containers.create({ name: 'work' })
    for (const path of ['/v1/containers', `/v1/containers/${id}/files`]) {
      const answered = await fetch(`${service.url}${path}?after=`, { headers: { authorization: `Bearer ${key}` } })
      expect(answered.status).toBe(400)
      expect(await answered.json()).toMatchObject({ error: { param: 'after' } })
    }
    const form = new FormData()
    form.set('file', new Blob(['a,b\n1,2\n']), 'a.csv')
    form.set('colour', 'red')
    const added = await fetch(`${service.url}/v1/containers/${id}/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: form,
    })
    expect(added.status).toBe(400)
    expect(await added.json()).toMatchObject({ error: { param: 'colour' } })
    const { data } = await client.containers.files.list(id)
    expect(data).toEqual([])
  })

  it.each([
    [{ tools: [{ type: 'code_interpreter', container: 'cntr_x' }] }, 'tools[0].container'],
    [{ tools: [{ type: 'code_interpreter', container: { type: 'own' } }] }, 'tools[0].container.type'],
    [{ tools: [{ type: 'code_interpreter', container: { type: 'auto', memory_limit: '64g' } }] }, 'memory_mb'],
    [{ tools: [{ type: 'code_interpreter' }, { type: 'code_interpreter' }] }, 'tools'],
    [{ session: 's', tools: [{ type: 'code_interpreter', container: `cntr_${'0'.repeat(32)}` }] }, 'session'],
  ])('is not named by a response where it is none: %j', async (body, param) => {
    const asking = { model: 'analyst', input: 'Do it.', ...body }
    const answered = await service.post('/v1/responses', await service.key(), asking)
    expect(answered.status).toBe(400)
    expect(await answered.json()).toMatchObject({ error: { param } })
  })

  it.each([
    ['a program under the name of a picture', 'chart.png', 'MZ', 400],
    ['a name that is a path', '../../etc/passwd', 'root', 200],
    ['a name that turns text', 'a\u202ecod.txt', 'a', 200],
  ])('takes no file that is not what it says: %s', async (_what, name, content, status) => {
    const key = await service.key()
    const headers = { authorization: `Bearer ${key}` }
    const made = (await (await service.post('/v1/containers', key, { name: 'x' })).json()) as { readonly id: string }
    const form = new FormData()
    form.set('file', new File([content], name))
    const answered = await fetch(`${service.url}/v1/containers/${made.id}/files`, {
      method: 'POST',
      headers,
      body: form,
    })
    expect(answered.status).toBe(status)
    const { path = '' } = (await answered.json()) as { readonly path?: string }
    expect(path).not.toMatch(/\.\.|\u202e|etc\//)
  })
})
