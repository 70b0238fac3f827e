import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { AbstractPage } from 'openai/core/pagination'
import OpenAI, { toFile } from 'openai'
import OpenAI6, { toFile as toFile6 } from 'openai-6'
import { describe, expect, it, onTestFinished } from 'vitest'
import { keptHistory } from '../support/history/kept-history.ts'
import { key, onlyKey, startService } from '../support/http/http-service.ts'
import { openTemporaryStorage } from '../support/storage/open-temporary.ts'
import { verifies } from '../support/verifies.ts'

type Own = NonNullable<Parameters<typeof keptHistory>[1]>

async function serving(own: Own = {}) {
  const storage = await openTemporaryStorage()
  const kept = keptHistory(storage, own)
  const service = await startService({ history: kept.served })
  onTestFinished(() => service[Symbol.asyncDispose]())
  const options = { apiKey: key, baseURL: `${service.url}/v1`, maxRetries: 0 }
  return { ...kept, service, client: new OpenAI(options), client6: new OpenAI6(options) }
}

const csv = 'region,mail\nnorth,ann@example.com\n'
const headers = { authorization: `Bearer ${key}` }

describe('files over HTTP', () => {
  it('are kept without a look where there is no room for one, and looked at once there is', async () => {
    let room = false
    const preview: Own['preview'] = async (_file, _signal, patience) => {
      if (room) return { unreadable: 'looked at' }
      // As the queue for sandboxes does with a caller whose conversations hold all that it may have.
      await new Promise((_, reject) => patience.addEventListener('abort', () => reject(patience.reason as Error)))
      return null
    }
    const { client, service } = await serving({ preview, uploadRoomMilliseconds: 50 })
    const kept = await client.files.create({ file: await toFile(Buffer.from(csv), 'ninth.csv'), purpose: 'user_data' })
    expect(kept).toMatchObject({ filename: 'ninth.csv', preview: null })
    room = true
    const looked = await fetch(`${service.url}/v1/files/${kept.id}/preview`, { headers })
    expect(await looked.json()).toMatchObject({ unreadable: 'looked at' })
  })

  it('are uploaded, listed, read and deleted by the clients of OpenAI as they are', async () => {
    verifies('clients.files')
    const { client, client6, service } = await serving()
    const one = await client.files.create({
      file: await toFile(Buffer.from(csv), 'sales 2026 – Süd.csv'),
      purpose: 'user_data',
      expires_after: { anchor: 'created_at', seconds: 3_600 },
    })
    expect(one).toMatchObject({
      object: 'file',
      filename: 'sales 2026 – Süd.csv',
      bytes: 34,
      purpose: 'user_data',
      status: 'processed',
      media_type: 'text/csv',
      preview: { looked: true },
    })
    expect(one.expires_at).toBe(one.created_at + 3_600)
    const two = await client6.files.create({ purpose: 'assistants', file: await toFile6(Buffer.from('{}'), 'a.json') })
    const listed: string[] = []
    for await (const file of client.files.list({ limit: 1 })) listed.push(file.id)
    expect(listed).toEqual([two.id, one.id])
    expect((await client6.files.list({ purpose: 'assistants' })).data.map(({ id }) => id)).toEqual([two.id])
    expect(await client.files.retrieve(one.id)).toEqual(one)
    const content = await client.files.content(one.id)
    expect(await content.text()).toBe(csv)
    expect(content.headers.get('content-disposition')).toBe(
      'attachment; filename="sales_2026___S_d.csv"; filename*=UTF-8\'\'sales%202026%20%E2%80%93%20S%C3%BCd.csv',
    )
    expect(content.headers.get('x-content-type-options')).toBe('nosniff')
    expect(content.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(await client6.files.delete(one.id)).toMatchObject({ id: one.id, deleted: true })
    await expect(client.files.retrieve(one.id)).rejects.toMatchObject({ status: 404 })
    await expect(client.files.content(one.id)).rejects.toMatchObject({ status: 404 })
    const other = await fetch(`${service.url}/v1/files/${two.id}`, {
      headers: { authorization: `Bearer ${onlyKey('sessions')}` },
    })
    expect(other.status).toBe(404)
    const scope = await fetch(`${service.url}/v1/files`, { headers: { authorization: `Bearer ${onlyKey('sql')}` } })
    expect(scope.status).toBe(403)
    expect((await fetch(`${service.url}/v1/files`)).status).toBe(401)
  })

  it('say what they hold as a table to their owner, looked at when it is asked where nobody has, and kept from then on', async () => {
    let looked = 0
    const seen = {
      rows: 1,
      columns: [{ name: 'mail', type: 'text', pii: ['pii/email'] }],
      first_rows: [['x']],
      notes: [],
    }
    const { client, service, files, served } = await serving({ preview: async () => ((looked += 1), seen) })
    const of = async (name: string, by = key) => {
      const { id } = await client.files.create({ file: await toFile(Buffer.from(csv), name), purpose: 'user_data' })
      const answer = await fetch(`${service.url}/v1/files/${id}/preview`, {
        headers: { authorization: `Bearer ${by}` },
      })
      return { status: answer.status, body: (await answer.json()) as object }
    }
    const columns = [{ name: 'mail', type: 'text', pii: ['pii/email'] }]
    expect((await of('a.csv')).body).toMatchObject({
      object: 'file.preview',
      filename: 'a.csv',
      rows: 1,
      columns,
      first_rows: [['x']],
      unreadable: null,
    })
    expect((await of('a.txt')).body).toMatchObject({
      rows: null,
      columns: [],
      unreadable: expect.stringMatching(/not that of a table/),
    })
    expect((await of('a.csv', onlyKey('sessions'))).status).toBe(404)
    const given = {
      principal: 'p',
      name: 'made.csv',
      mediaType: 'text/csv',
      preview: null,
      run: 'run_1',
      conversation: null,
    }
    const later = async () => ({ purpose: 'artifact', expires: null })
    const limits = { files: 9, bytes: 999, fileBytes: 99 }
    const content = async function* () {
      yield Buffer.from(csv)
    }
    const { id } = await files.keep({ ...given, later }, content(), limits)
    const owner = { id: 'p', group: 'default' } as Parameters<typeof served.desk.preview>[0]
    const { signal } = new AbortController()
    looked = 0
    expect(await served.desk.preview(owner, id, signal)).toMatchObject({ preview: seen })
    expect(await served.desk.preview(owner, id, signal)).toMatchObject({ preview: seen })
    expect(looked).toBe(1)
    expect(await served.desk.preview({ ...owner, id: 'q' }, id, signal)).toBeNull()
    const off = keptHistory(await openTemporaryStorage(), { options: { previews: false } })
    const unseen = await off.files.keep({ ...given, later }, content(), limits)
    expect(await off.served.desk.preview(owner, unseen.id, signal)).toMatchObject({
      preview: { unreadable: expect.stringMatching(/files.previews/) },
    })
  })

  it('go through a page as the client of OpenAI goes through one', async () => {
    const { client } = await serving()
    for (let count = 0; count < 5; count += 1) {
      await client.files.create({ file: await toFile(Buffer.from(`${count}`), `${count}.txt`), purpose: 'user_data' })
      await sleep(2)
    }
    const page = await client.files.list({ limit: 2, order: 'asc' })
    expect(page).toBeInstanceOf(AbstractPage)
    const names: string[] = []
    for await (const { filename } of page) names.push(filename)
    expect(names).toEqual(['0.txt', '1.txt', '2.txt', '3.txt', '4.txt'])
  })

  const form = (parts: readonly (readonly [string, string | Blob, string?])[]): FormData => {
    const made = new FormData()
    for (const [name, value, file] of parts) {
      if (typeof value === 'string') made.append(name, value)
      else made.append(name, value, file)
    }
    return made
  }
  const blob = (text: string | Buffer) => new Blob([typeof text === 'string' ? text : new Uint8Array(text)])

  it.each([
    [
      'a picture that is called a table',
      [
        ['file', blob(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')), 'x.csv'],
        ['purpose', 'user_data'],
      ],
      400,
    ],
    [
      'bytes that are called a table',
      [
        ['file', blob(Buffer.from([0, 1, 2, 3])), 'x.csv'],
        ['purpose', 'user_data'],
      ],
      400,
    ],
    [
      'a program that is called a workbook',
      [
        ['file', blob(Buffer.from('\x7fELF\0')), 'x.xlsx'],
        ['purpose', 'user_data'],
      ],
      400,
    ],
    [
      'an archive that is called text',
      [
        ['file', blob('PK\u0003\u0004'), 'x.txt'],
        ['purpose', 'user_data'],
      ],
      400,
    ],
    [
      'an empty workbook',
      [
        ['file', blob(''), 'x.xlsx'],
        ['purpose', 'user_data'],
      ],
      400,
    ],
    ['no purpose', [['file', blob('a'), 'x.csv']], 400],
    [
      'a purpose of ours',
      [
        ['file', blob('a'), 'x.csv'],
        ['purpose', 'artifact'],
      ],
      400,
    ],
    [
      'an end that is none',
      [
        ['file', blob('a'), 'x.csv'],
        ['purpose', 'user_data'],
        ['expires_after[seconds]', 'soon'],
      ],
      400,
    ],
    [
      'an unknown field',
      [
        ['file', blob('a'), 'x.csv'],
        ['purpose', 'user_data'],
        ['owner', 'bob'],
      ],
      400,
    ],
    [
      'two purposes',
      [
        ['purpose', 'user_data'],
        ['file', blob('a'), 'x.csv'],
        ['purpose', 'user_data'],
      ],
      400,
    ],
    ['no file', [['purpose', 'user_data']], 400],
    [
      'a file of another field',
      [
        ['content', blob('a'), 'x.csv'],
        ['purpose', 'user_data'],
      ],
      400,
    ],
    [
      'two files',
      [
        ['file', blob('a'), 'x.csv'],
        ['file', blob('b'), 'y.csv'],
        ['purpose', 'user_data'],
      ],
      400,
    ],
    [
      'a long field',
      [
        ['file', blob('a'), 'x.csv'],
        ['purpose', 'x'.repeat(5_000)],
      ],
      413,
    ],
    [
      'a name that no sandbox could hold',
      [
        ['file', blob('a'), 'ü'.repeat(128)],
        ['purpose', 'user_data'],
      ],
      400,
    ],
    [
      'a name that goes up',
      [
        ['file', blob('a'), '../../etc/passwd'],
        ['purpose', 'user_data'],
      ],
      200,
    ],
  ] as const)('with %s are answered, and kept only where they are taken', async (_what, parts, status) => {
    const { service, files } = await serving()
    const response = await fetch(`${service.url}/v1/files`, { method: 'POST', headers, body: form(parts) })
    const body = (await response.json()) as { filename?: string; error?: { message: string } }
    expect({ status: response.status, body }).toMatchObject({ status })
    if (status !== 200) expect(body.error?.message).toEqual(expect.any(String))
    else expect(body.filename).not.toContain('/')
    expect((await files.used('k1')).files).toBe(status === 200 ? 1 : 0)
  })

  it('that are no form, or break off in one, are answered', async () => {
    const { service, files } = await serving()
    const post = (body: string, type: string) =>
      fetch(`${service.url}/v1/files`, { method: 'POST', headers: { ...headers, 'content-type': type }, body })
    expect((await post('{}', 'application/json')).status).toBe(415)
    expect((await post('x', 'multipart/form-data')).status).toBe(415)
    expect((await post('x', 'multipart/form-data; charset=utf-8')).status).toBe(400)
    const whole = '--b\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\na,b\r\n'
    expect((await post(whole, 'multipart/form-data; boundary=b')).status).toBe(400)
    expect(
      (
        await post(
          `${whole}--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n--b-`,
          'multipart/form-data; boundary=b',
        )
      ).status,
    ).toBe(400)
    expect(await files.used('k1')).toEqual({ files: 0, bytes: 0 })
  })

  it('that are too large or too many leave nothing, whatever the form said', async () => {
    verifies('files.aborted')
    const { client, files } = await serving({ options: { maximum_mb: 0.001, maximum_count: 1 } })
    const create = async (size: number) =>
      client.files.create({ file: await toFile(randomBytes(size), 'x.bin'), purpose: 'user_data' })
    await expect(create(100_000)).rejects.toMatchObject({ status: 413 })
    await create(1_000)
    await expect(create(10)).rejects.toMatchObject({ status: 403, code: 'insufficient_quota' })
    expect(await files.used('k1')).toEqual({ files: 1, bytes: 1_000 })
  })

  it('whose sender leaves at the last byte leave nothing', async () => {
    verifies('files.aborted')
    const { service, files } = await serving()
    const body = `--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="x.txt"\r\n\r\n${'x'.repeat(300_000)}\r\n--b--\r\n`
    const { port } = new URL(service.url)
    for (const cut of [1, 2, 5, 100_000]) {
      const socket = connect(Number(port), '127.0.0.1')
      const head = `POST /v1/files HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${body.length}\r\n\r\n`
      socket.write(head + body.slice(0, -cut))
      await sleep(150)
      socket.destroy()
    }
    await sleep(300)
    expect(await files.used('k1')).toEqual({ files: 0, bytes: 0 })
  })

  it('are read through a link by whoever has it, also after a restart, until it is over', async () => {
    verifies('files.links')
    const storage = await openTemporaryStorage()
    let now = Date.now()
    const serviceKey = randomBytes(32)
    const start = async () => {
      const service = await startService({ history: keptHistory(storage, { serviceKey, now: () => now }).served })
      onTestFinished(() => service[Symbol.asyncDispose]())
      return service
    }
    const [one, two] = [await start(), await start()]
    const upload = await fetch(`${one.url}/v1/files`, {
      method: 'POST',
      headers,
      body: form([
        ['file', blob('<svg onload="x"/>'), 'x.svg'],
        ['purpose', 'user_data'],
      ]),
    })
    const { id } = (await upload.json()) as { id: string }
    const made = await fetch(`${one.url}/v1/files/${id}/link`, { method: 'POST', headers })
    const { url } = (await made.json()) as { url: string }
    const atOther = url.replace(one.url, two.url)
    const read = await fetch(atOther)
    expect(await read.text()).toBe('<svg onload="x"/>')
    expect(read.headers.get('content-type')).toBe('application/octet-stream')
    expect(read.headers.get('content-disposition')).toMatch(/^attachment/)
    const last = atOther.at(-1) === 'A' ? 'Q' : 'A'
    expect((await fetch(`${atOther.slice(0, -8)}${last}${atOther.slice(-7)}`)).status).toBe(404)
    expect((await fetch(`${two.url}/v1/files/links/x`)).status).toBe(404)
    now += 600_001
    expect((await fetch(atOther)).status).toBe(404)
  })

  it('that a run made go out without formulas, those of a caller as they came', async () => {
    verifies('files.inert')
    const { service, files } = await serving()
    const text = 'name,sum\n=1+1,"=cmd|x"\n@x,-5\n'
    const keep = (purpose: string) =>
      files.keep(
        {
          principal: 'k1',
          name: 'x.csv',
          mediaType: 'text/csv',
          preview: null,
          run: null,
          conversation: null,
          later: async () => ({ purpose, expires: null }),
        },
        (async function* () {
          yield Buffer.from(text)
        })(),
        { files: 9, bytes: 1e9, fileBytes: 1e9 },
      )
    const read = async (id: string) => (await fetch(`${service.url}/v1/files/${id}/content`, { headers })).text()
    expect(await read((await keep('artifact')).id)).toBe("name,sum\n'=1+1,\"'=cmd|x\"\n'@x,-5\n")
    expect(await read((await keep('user_data')).id)).toBe(text)
  })
})

describe('an exported conversation', () => {
  it('is a file with all that was said, for its owner alone', async () => {
    const { client, service } = await serving()
    const { id } = await client.conversations.create({})
    for (let turn = 0; turn < 6; turn += 1) {
      const texts = Array.from({ length: 20 }, (_each, at) => `said ${turn * 20 + at} <b>`)
      await client.conversations.items.create(id, {
        items: texts.map((content) => ({ type: 'message', role: 'user', content })),
      })
    }
    const get = (query: string, by = key) =>
      fetch(`${service.url}/v1/conversations/${id}/export${query}`, { headers: { authorization: `Bearer ${by}` } })
    const notebook = await get('?format=ipynb')
    expect(notebook.headers.get('content-disposition')).toMatch(
      /^attachment; filename="conversation-[\d-]{10}\.ipynb"$/,
    )
    expect(notebook.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    const { nbformat, cells } = (await notebook.json()) as { nbformat: number; cells: { source: string[] }[] }
    expect([nbformat, cells.length]).toEqual([4, 121])
    expect(cells.at(-1)?.source.join('')).toBe('**Question**\n\nsaid 119 &lt;b>')
    const text = await (await get('?format=md')).text()
    expect(text.match(/^said \d+ &lt;b>$/gm)).toHaveLength(120)
    expect([(await get('')).status, (await get('?format=pdf')).status]).toEqual([400, 400])
    expect((await get('?format=md', onlyKey('sessions'))).status).toBe(404)
    expect((await get('?format=md', onlyKey('sql'))).status).toBe(403)
  })
})

describe('conversations over HTTP', () => {
  it('are made, changed, filled, listed and deleted by the clients of OpenAI as they are', async () => {
    verifies('clients.conversations')
    const { client, client6, service, files } = await serving()
    const made = await client.conversations.create({
      metadata: { team: 'north' },
      items: [{ type: 'message', role: 'user', content: 'how many?' }],
    })
    expect(made).toMatchObject({ object: 'conversation', metadata: { team: 'north' } })
    expect(await client6.conversations.retrieve(made.id)).toEqual(made)
    expect(await client.conversations.update(made.id, { metadata: { team: 'south' } })).toMatchObject({
      metadata: { team: 'south' },
    })
    const added = await client.conversations.items.create(made.id, {
      items: [
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'seven', annotations: [] }] as never,
        },
      ],
    })
    expect(added.data).toHaveLength(1)
    const items: string[] = []
    for await (const item of client6.conversations.items.list(made.id, { order: 'asc', limit: 1 })) {
      items.push(JSON.stringify('content' in item ? item.content : null))
    }
    expect(items).toEqual([
      '[{"type":"input_text","text":"how many?"}]',
      '[{"type":"output_text","text":"seven","annotations":[]}]',
    ])
    const [last] = (await client.conversations.items.list(made.id)).data
    expect(await client.conversations.items.delete(last?.id ?? '', { conversation_id: made.id })).toMatchObject({
      id: made.id,
    })
    const ours = await fetch(`${service.url}/v1/conversations?limit=1`, { headers })
    expect(await ours.json()).toMatchObject({ object: 'list', data: [{ id: made.id }], has_more: false })
    const theirs = await fetch(`${service.url}/v1/conversations/${made.id}`, {
      headers: { authorization: `Bearer ${onlyKey('sessions')}` },
    })
    expect(theirs.status).toBe(404)
    const own = {
      principal: 'k1',
      name: 'a.txt',
      mediaType: 'text/plain',
      preview: null,
      run: null,
      conversation: made.id,
    }
    await files.keep(
      { ...own, later: async () => ({ purpose: 'artifact', expires: null }) },
      (async function* () {
        yield Buffer.from('x')
      })(),
      { files: 9, bytes: 99, fileBytes: 99 },
    )
    expect(await client.conversations.delete(made.id)).toMatchObject({ id: made.id, deleted: true })
    expect(await files.used('k1')).toEqual({ files: 0, bytes: 0 })
    await expect(client6.conversations.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
    await expect(client.conversations.items.list(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it.each([
    ['POST', '/v1/conversations', { items: [{ type: 'function_call' }] }, 400],
    ['POST', '/v1/conversations', { metadata: { a: 'x'.repeat(600) } }, 400],
    ['POST', '/v1/conversations', { items: Array.from({ length: 21 }, () => ({ role: 'user', content: 'x' })) }, 400],
    ['POST', '/v1/conversations', { owner: 'bob' }, 400],
    ['GET', '/v1/conversations?after=x', null, 400],
    ['GET', '/v1/conversations?limit=0', null, 400],
    ['GET', '/v1/files?after=x', null, 400],
    ['GET', '/v1/files?limit=9999', null, 400],
    ['GET', '/v1/files/..%2f..%2fetc', null, 400],
    ['GET', '/v1/conversations/x/items?after=y', null, 404],
    ['POST', '/v1/conversations/x/items', { items: [{ role: 'user', content: 'x' }] }, 404],
    ['DELETE', '/v1/conversations/x/items/y', null, 404],
  ] as const)('%s %s with %j is answered with %i', async (method, path, body, status) => {
    const { service } = await serving()
    const sent = body === null ? {} : { body: JSON.stringify(body) }
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...sent,
    })
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status,
      body: { error: { message: expect.any(String) } },
    })
  })
})
