import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Sallyport, SallyportError, type ExecutionEvent } from '../../../src/client/sallyport.ts'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../../..')
const sources = join(root, 'src/client')

let service: SurfaceService
let client: Sallyport
beforeAll(async () => {
  service = await SurfaceService.start()
  client = new Sallyport({ baseUrl: service.url, apiKey: await service.key() })
})
afterAll(() => service[Symbol.asyncDispose]())

const failure = (work: Promise<unknown>): Promise<SallyportError> =>
  work.then(
    () => Promise.reject(new Error('it came to something')),
    (thrown: unknown) => thrown as SallyportError,
  )

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('the client in TypeScript, before the whole service', () => {
  it('runs programs, whole and as they speak, and in a session', async () => {
    verifies('clients.own')
    const whole = await client.programs.execute({ code: 'print("Zoë 🙂")' })
    expect(whole).toMatchObject({ outcome: 'ok', stdout: 'Zoë 🙂\n', session: null })
    const events = await all(client.programs.executeStream({ code: 'print("hello")', language: 'python' }))
    expect(events).toMatchObject([
      { type: 'output', stream: 'stdout', text: 'hello\n' },
      { type: 'result', result: { outcome: 'ok' } },
    ])
    const session = await client.sessions.open({ sandbox: { wall_ms: 5_000 } })
    expect(session.sandbox).toEqual({ wall_ms: 5_000 })
    expect((await client.programs.execute({ code: 'print("x")', session: session.id })).session).toBe(session.id)
    expect((await client.sessions.list()).data.map(({ id }) => id)).toEqual([session.id])
    expect(await client.sessions.close(session.id)).toBeUndefined()
    expect((await client.sessions.list()).data).toEqual([])
  })

  it('ends a program by leaving its events, and by its signal', async () => {
    const left = async () => {
      const stopping = new AbortController()
      const events = client.programs.executeStream({ code: 'sleep' }, { signal: stopping.signal })
      const first = events.next()
      setTimeout(() => stopping.abort(new Error('enough')), 300)
      return first
    }
    const outcomes = () =>
      service.audit().flatMap(({ fact }) => (fact.event === 'execution-result' ? [fact['outcome']] : []))
    await expect(left()).rejects.toThrow('enough')
    await expect.poll(outcomes).toContain('cancelled')
    const whole = client.programs.execute({ code: 'sleep' }, { signal: AbortSignal.timeout(300) })
    await expect(whole).rejects.toMatchObject({ name: 'TimeoutError' })
    await expect.poll(() => outcomes().filter((outcome) => outcome === 'cancelled').length).toBe(2)
  })

  it('is done once for each key, a new one without its own', async () => {
    const options = { idempotencyKey: 'one-and-only' }
    const replays: (string | null)[] = []
    const onResponse = ({ headers }: { headers: Headers }) => void replays.push(headers.get('idempotency-replayed'))
    const ask = () => client.programs.execute({ code: 'print("once")' }, { ...options, onResponse })
    const first = await ask()
    expect(await ask()).toEqual(first)
    expect(replays).toEqual([null, 'true'])
    const other = await failure(client.programs.execute({ code: 'print("other")' }, options))
    expect(other).toMatchObject({ code: 'idempotency-mismatch', status: 422 })
    await client.programs.execute({ code: 'print("once")' }, { onResponse })
    expect(replays.at(-1)).toBeNull()
  })

  it('asks in SQL, and says what the gate says', async () => {
    const rows = await client.sql.run({ statement: 'SELECT count(*) AS n FROM orders', source: 'shop' })
    expect(rows).toMatchObject({ source: 'shop', columns: [{ name: 'n' }], rows: [[expect.anything()]] })
    expect(await client.sql.check({ statement: 'SELECT pg_sleep(9)' })).toMatchObject({ verdict: 'refuse' })
    const refused = await failure(client.sql.run({ statement: 'DROP TABLE orders' }))
    expect(refused).toMatchObject({ code: 'refused', status: 400, problem: { findings: [{ line: 1 }] } })
  })

  it('keeps files, gives them back and links to them', async () => {
    const text = 'region,mail\nnorth,ann@example.com\n'
    const file = await client.files.create({
      file: new File([text], 'sales 2026 – Süd.csv'),
      purpose: 'user_data',
      expires_after_anchor: 'created_at',
      expires_after_seconds: 3_600,
    })
    expect(file).toMatchObject({ filename: 'sales 2026 – Süd.csv', bytes: text.length, media_type: 'text/csv' })
    expect((file.expires_at ?? 0) - file.created_at).toBe(3_600)
    expect(await (await client.files.content(file.id)).text()).toBe(text)
    const { url } = await client.files.link(file.id)
    expect(await (await client.download(url)).text()).toBe(text)
    const list = await client.files.list({ limit: 1, order: 'desc' })
    expect(list).toMatchObject({ data: [{ id: file.id }], has_more: false })
    expect(await client.files.delete(file.id)).toMatchObject({ deleted: true })
    expect(await failure(client.files.show(file.id))).toMatchObject({ code: 'not-found', status: 404 })
    expect(await failure(client.download(url))).toMatchObject({ status: 404 })
  })

  it('asks the analyst, in a conversation that can be read and taken away', async () => {
    service.script([{ kind: 'turn', text: 'There are many.' }])
    const { id: conversation } = await client.conversations.create({ metadata: { team: 'north' } })
    const kept: (string | null)[] = []
    const answer = await client.chat.complete(
      { model: 'analyst', messages: [{ role: 'user', content: 'How many?' }], conversation },
      { onResponse: ({ headers }) => void kept.push(headers.get('x-sallyport-conversation')) },
    )
    expect([answer.choices[0]?.message.content, kept]).toEqual(['There are many.', [conversation]])
    service.script([{ kind: 'turn', text: 'Still as many.' }])
    const chunks = await all(
      client.chat.completeStream({ model: 'analyst', messages: [{ role: 'user', content: 'And now?' }], conversation }),
    )
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Still as many.')
    expect(chunks.at(-1)?.sallyport?.ending).toBe('answer')
    const { data } = await client.conversations.items(conversation, { order: 'asc' })
    expect(data.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant'])
    expect(await client.conversations.change(conversation, { title: 'Counts' })).toMatchObject({ title: 'Counts' })
    const markdown = await (await client.conversations.export(conversation, { format: 'md' })).text()
    expect(markdown).toContain('Still as many.')
    const notebook = (await (await client.conversations.export(conversation, { format: 'ipynb' })).json()) as object
    expect(notebook).toMatchObject({ nbformat: 4 })
    expect((await client.conversations.list()).data.map(({ id }) => id)).toContain(conversation)
    expect(await client.conversations.delete(conversation)).toMatchObject({ deleted: true })
  })

  it('finds a conversation that it did not name by the question that it began with', async () => {
    verifies('clients.conversation-title')
    let made: string | null = null
    const onResponse = ({ headers }: { readonly headers: Headers }) =>
      void (made = headers.get('x-sallyport-conversation'))
    const ask = async (content: string, more: { readonly store: true } | { readonly conversation: string }) => {
      service.script([{ kind: 'turn', text: 'There are many.' }])
      await client.chat.complete({ model: 'analyst', messages: [{ role: 'user', content }], ...more }, { onResponse })
    }
    await ask('How many\nare there?', { store: true })
    const id = made ?? ''
    await ask('And now?', { conversation: id })
    expect(await client.conversations.show(id)).toMatchObject({ id, title: 'How many are there?' })
    expect(await client.conversations.delete(id)).toMatchObject({ deleted: true })
  })

  it('says what models there are', async () => {
    const { data } = await client.models.list()
    expect(data.map(({ id }) => id)).toContain('analyst')
    expect(await client.models.show('analyst:shop')).toMatchObject({ object: 'model' })
  })

  it('shows what waits for a person', async () => {
    const waiting = await failure(client.programs.execute({ code: 'ls', language: 'shell' }))
    expect(waiting).toMatchObject({ code: 'approval-required' })
    const id = waiting.problem?.approval?.id ?? ''
    expect(await client.approvals.show(id)).toMatchObject({ id, text: 'ls', state: 'pending' })
    expect((await client.approvals.list()).data.map((one) => one.id)).toContain(id)
  })

  it.each([
    ['no key', () => new Sallyport({ baseUrl: service.url, apiKey: 'sp-nobody' }), 'unauthenticated', 401],
    ['a key without the scope', async () => withKey(await service.key('open', ['sql'])), 'forbidden', 403],
    ['a group without the tool', async () => withKey(await service.key('nothing')), 'forbidden', 403],
    ['an empty quota', async () => withKey(await service.key('empty')), 'quota-exceeded', 403],
  ])('says in a code that it has %s', async (_what, made, code, status) => {
    const thrown = await failure((await made()).programs.execute({ code: 'print("x")' }))
    expect(thrown).toBeInstanceOf(SallyportError)
    expect(thrown).toMatchObject({ code, status, problem: { code }, requestId: expect.stringMatching(/./) as string })
  })

  it('says in a stream, too, what was refused before it began', async () => {
    const withNothing = withKey(await service.key('nothing'))
    const events: AsyncGenerator<ExecutionEvent> = withNothing.programs.executeStream({ code: 'print("x")' })
    expect(await failure(events.next())).toMatchObject({ code: 'forbidden', status: 403 })
  })

  it("finds nothing of another caller's", async () => {
    const { id } = await client.conversations.create({})
    const other = withKey(await service.key())
    expect(await failure(other.conversations.show(id))).toMatchObject({ code: 'not-found' })
  })
})

describe('the client in Python, before the whole service', () => {
  it('does the same', async () => {
    verifies('clients.own-python')
    service.script([
      { kind: 'turn', text: 'There are many.' },
      { kind: 'turn', text: 'Still as many.' },
    ])
    const environment = {
      PATH: process.env['PATH'],
      PYTHONPATH: join(root, 'clients/python'),
      SALLYPORT_URL: service.url,
      SALLYPORT_KEY: await service.key(),
      SALLYPORT_OTHER_KEY: await service.key(),
      SALLYPORT_SQL_KEY: await service.key('open', ['sql']),
      SALLYPORT_NOTHING_KEY: await service.key('nothing'),
      SALLYPORT_EMPTY_KEY: await service.key('empty'),
      TMPDIR: temporaryFolder('python-client-'),
    }
    const program = join(import.meta.dirname, '../../support/clients/own_python_client.py')
    const { stdout } = await run('python3', ['-B', '-W', 'error', program], { env: environment })
    expect(JSON.parse(stdout)).toEqual({
      whole: ['ok', 'Zoë 🙂\n', null],
      events: [{ type: 'output', stream: 'stdout', text: 'hello\n' }, 'ok'],
      session: [{ wall_ms: 5_000 }, true, true, []],
      once: [true, [null, 'true', null]],
      mismatch: ['idempotency-mismatch', 422],
      rows: ['shop', ['n'], 1],
      verdict: 'refuse',
      refused: ['refused', 400, 1],
      file: ['sales 2026 – Süd.csv', 34, 'text/csv', 3_600],
      path: ['big.txt', 300_000, true],
      content: [true, true],
      listed: true,
      deleted: [true, ['not-found', 404], 404],
      answer: ['There are many.', true],
      chunks: ['Still as many.', 'answer'],
      items: ['user', 'assistant', 'user', 'assistant'],
      conversation: ['Counts', true, 4, true],
      models: [true, 'model'],
      approval: ['approval-required', 'ls', 'pending'],
      keys: [
        ['unauthenticated', 401, true],
        ['forbidden', 403, true],
        ['forbidden', 403, true],
        ['quota-exceeded', 403, true],
      ],
      stream: ['forbidden', 403],
      other: 'not-found',
    })
  })

  it('ends a program by leaving its events', async () => {
    const cancelled = () => service.audit().filter(({ fact }) => fact['outcome'] === 'cancelled').length
    const before = cancelled()
    const program = `
import os, sallyport
client = sallyport.Sallyport(os.environ["SALLYPORT_URL"], os.environ["SALLYPORT_KEY"], timeout=0.5)
try:
    client.programs.execute(code="sleep")
except sallyport.SallyportError as error:
    print(error.code)
for event in client.programs.execute_stream(code='print("begun")'):
    print(event["text"].strip())
    break`
    const env = {
      PYTHONPATH: join(root, 'clients/python'),
      SALLYPORT_URL: service.url,
      SALLYPORT_KEY: await service.key(),
    }
    const { stdout } = await run('python3', ['-B', '-W', 'error', '-c', program], { env })
    expect(stdout).toBe('timed-out\nbegun\n')
    await expect.poll(cancelled).toBe(before + 1)
  })
})

describe('the client in TypeScript, in a world that is no Node', () => {
  it('needs no package and nothing of Node', async () => {
    verifies('clients.anywhere')
    const program = join(root, 'test/support/clients/in-a-browser-process.ts')
    const words = ['--experimental-vm-modules', '--no-warnings', program]
    const entry = pathToFileURL(join(sources, 'sallyport.ts')).href
    const { stdout } = await run(process.execPath, [...words, entry, service.url, await service.key()])
    const nothing = ['undefined', 'undefined', 'undefined']
    expect(JSON.parse(stdout)).toEqual(['output', 'result', 'x.csv', 8, ...nothing])
    const texts = readdirSync(sources, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(sources, name), 'utf8'))
    const specifiers = texts.flatMap((text) => [...text.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name))
    expect(specifiers.filter((name) => !name.startsWith('.'))).toEqual([])
    expect(specifiers.length).toBeGreaterThan(20)
  })
})

function withKey(apiKey: string): Sallyport {
  return new Sallyport({ baseUrl: service.url, apiKey })
}
