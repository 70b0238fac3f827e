import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../support/surfaces/held-refusals.ts'
import { seenOf, type Seen } from '../../support/surfaces/refusal-rows.ts'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const unshare = '/usr/bin/unshare'
const problem = process.getuid?.() === 0 && existsSync(unshare) ? null : 'a disk of its own takes root and unshare'
if (problem !== null) process.stderr.write(`SKIPPED: a service on a full disk, ${problem}\n`)

/** A whole service in a mount namespace with a disk of 16 MiB for its storage, which goes away with it. */
async function playOnSmallDisk(): Promise<unknown> {
  const small = temporaryFolder('small-disk-')
  const script = join(import.meta.dirname, '../../support/surfaces/full-disk-process.ts')
  const mount = 'mount -t tmpfs -o size=16m tmpfs "$1" && shift && exec "$@"'
  const program = [process.execPath, '--no-node-snapshot', '--disable-warning=ExperimentalWarning', script, small]
  const words = ['--mount', 'sh', '-c', mount, 'sh', small, ...program]
  const { stdout } = await promisify(execFile)(unshare, words, { timeout: 280_000, killSignal: 'SIGKILL' })
  return JSON.parse(stdout)
}

const full = { status: 503, code: 'storage-unavailable' }
const firstStep = ['message completed', 'code_interpreter_call completed print("one")', 'message incomplete']

describe.skipIf(problem !== null)('a storage that is full in the middle of runs', () => {
  it('ends each with a typed fault, loses nothing that was acknowledged, and goes on when there is room', async () => {
    verifies('history.full')
    expect(await playOnSmallDisk()).toEqual({
      broken: { error: expect.objectContaining({ code: 'storage-unavailable' }) },
      whileFull: {
        upload: full,
        conversation: full,
        chat: full,
        response: full,
        execute: full,
        first: 'the first',
        texts: ['Go on.', 'Go on.', 'First step. '],
        before: 'completed',
      },
      after: {
        goesOn: { status: 200, code: null },
        texts: ['Go on.', 'Go on.', 'First step. ', 'Go on.', 'Last step.'],
        first: 'the first',
        upload: { status: 200, code: null },
      },
      // What its caller saw is what is kept; how it ended could not be.
      streamed: { status: 'failed', code: 'storage-unavailable', output: firstStep },
      whole: full,
      background: 'failed',
      kept: {
        streamed: { status: 'failed', code: 'cancelled', output: firstStep },
        background: { status: 'failed', code: 'cancelled', output: firstStep },
      },
      faults: expect.arrayContaining(Array.from({ length: 5 }, () => 'storage-unavailable')),
    })
  })
})

let service: SurfaceService
beforeAll(async () => {
  service = await SurfaceService.start()
})
afterAll(() => service[Symbol.asyncDispose]())

const faultsOf = (code: string) =>
  service.audit().filter(({ fact }) => fact.event === 'fault' && fact['code'] === code).length

/** What is answered of something bad, when the trail has its fault as well. */
async function refused(code: string, ask: () => Promise<Seen>): Promise<Seen> {
  const before = faultsOf(code)
  const seen = await ask()
  expect(seen).toMatchObject({ status: 400, code })
  await expect.poll(() => faultsOf(code)).toBe(before + 1)
  return seen
}

/** A connection that has sent bytes and hears what comes for it when somebody asks. */
function connected(text: string): Socket {
  const { hostname, port } = new URL(service.url)
  const socket = connect(Number(port), hostname, () => socket.write(text))
  socket.on('error', () => {})
  return socket
}

interface UploadPlace {
  readonly path: string
  /** Names of what is there. */
  readonly names: () => Promise<readonly string[]>
}

const namesIn = async (path: string, key: string) => {
  const { data } = (await (await service.ask('GET', path, key)).json()) as {
    readonly data: readonly { readonly filename?: string; readonly path?: string }[]
  }
  return data.map(({ filename, path: at }) => filename ?? at ?? '')
}

/** Where files can be put, for a key. */
const places: Readonly<Record<string, (key: string) => Promise<UploadPlace>>> = {
  'a file': async (key) => ({ path: '/v1/files', names: () => namesIn('/v1/files', key) }),
  'a file of a container': async (key) => {
    const path = `/v1/containers/${await idOf(service.post('/v1/containers', key, { name: 'work' }))}/files`
    return { path, names: () => namesIn(path, key) }
  },
  'a file of LibreChat': async (key) => ({ path: '/v1/upload', names: () => namesIn('/v1/files', key) }),
}

const purposeOf = (path: string) => (path === '/v1/files' ? 'user_data' : null)

describe.each(Object.entries(places))('%s', (_name, placeFor) => {
  it('whose sender leaves at its last byte leaves nothing, and the trail has it', async () => {
    verifies('files.aborted')
    const key = await service.key()
    const { path, names } = await placeFor(key)
    const purpose = purposeOf(path)
    const part = 'content-disposition: form-data; name='
    const field = purpose === null ? '' : `--b\r\n${part}"purpose"\r\n\r\n${purpose}\r\n`
    const body = `${field}--b\r\n${part}"file"; filename="a.txt"\r\n\r\n${'x'.repeat(300_000)}\r\n--b--\r\n`
    const head =
      `POST ${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\n` +
      `content-type: multipart/form-data; boundary=b\r\ncontent-length: ${body.length}\r\n\r\n`
    // More often than so many files may be kept: nothing of them counts.
    for (let time = 0; time < 4; time += 1) {
      const before = faultsOf('cancelled')
      const socket = connected(head + body.slice(0, -1))
      await new Promise((resolve) => setTimeout(resolve, 100))
      socket.destroy()
      await expect.poll(() => faultsOf('cancelled')).toBe(before + 1)
    }
    expect(await names()).toEqual([])
    const whole = new FormData()
    if (purpose !== null) whole.append('purpose', purpose)
    whole.append('file', new Blob(['words']), 'a.txt')
    expect((await service.ask('POST', path, key, { body: whole })).status).toBe(200)
    expect(await names()).toEqual(['a.txt'].map((name) => expect.stringContaining(name) as string))
  })

  it.each([
    ['a picture that is called a table', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'x.csv'],
    ['a program that is called a workbook', Buffer.from('\x7fELF\0\0', 'latin1'), 'x.xlsx'],
  ])('that is not what it says is refused in words: %s', async (_what, content, name) => {
    const key = await service.key()
    const { path, names } = await placeFor(key)
    const body = new FormData()
    const purpose = purposeOf(path)
    if (purpose !== null) body.append('purpose', purpose)
    body.append('file', new Blob([new Uint8Array(content)]), name)
    const { text } = await refused('invalid-file', () => seenOf(service.ask('POST', path, key, { body })))
    expect(text).toContain(name)
    expect(await names()).toEqual([])
  })
})

describe('a file of a sandbox of E2B', () => {
  it.each([
    [
      'as a form',
      'multipart/form-data; boundary=b',
      '--b\r\ncontent-disposition: form-data; name="file"; filename="NAME"\r\n\r\n',
      '\r\n--b--\r\n',
    ],
    ['as it is', 'application/octet-stream', '', ''],
  ])('whose sender leaves at its last byte leaves nothing: %s', async (_how, type, before, behind) => {
    verifies('files.aborted')
    const made = await service.post('/v2/sandboxes', await service.key(), {
      templateID: 'code-interpreter-v1',
      timeout: 60,
    })
    const { sandboxID: id, envdAccessToken: token } = (await made.json()) as Readonly<Record<string, string>>
    const headers = { 'e2b-sandbox-id': String(id), 'x-access-token': String(token) }
    const names = async (): Promise<readonly string[]> => {
      const body = { path: '/mnt/data', depth: 1 }
      const listed = await service.post('/filesystem.Filesystem/ListDir', null, body, {
        headers: { ...headers, 'content-type': 'application/json' },
      })
      const { entries } = (await listed.json()) as { readonly entries: readonly { readonly name: string }[] }
      return entries.map(({ name }) => name)
    }
    const put = (name: string, text: string) => `${before.replace('NAME', name)}${text}${behind}`
    const body = put('cut.txt', 'x'.repeat(300_000))
    const head = Object.entries({ host: 'a', ...headers, 'content-type': type, 'content-length': body.length })
    const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    const socket = connected(`POST /files?path=cut.txt HTTP/1.1\r\n${lines}\r\n${body.slice(0, -1)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const gone = once(socket, 'close')
    socket.destroy()
    await gone
    const whole = await service.ask('POST', '/files?path=a.txt', null, {
      headers: { ...headers, 'content-type': type },
      body: put('a.txt', 'words'),
    })
    expect(whole.status).toBe(200)
    expect(await names()).toEqual(['a.txt'])
  })
})

describe('a session whose sandbox is gone', () => {
  it('tells the next caller, and the model with the cells to run again; the trail has the loss', async () => {
    verifies('sessions.lost')
    const key = await service.key()
    const session = await idOf(service.post('/v1/sessions', key, {}))
    const run = async (code: string) =>
      (await (await service.post('/v1/execute', key, { code, session })).json()) as Record<string, unknown>
    const lose = async (): Promise<void> => {
      await run('print("one")')
      expect(await run('abort')).toMatchObject({ outcome: 'sandbox-lost', session_alive: false })
    }
    await lose()
    expect(service.audit().at(-1)?.fact).toMatchObject({ event: 'execution-result', outcome: 'sandbox-lost' })
    expect(await run('print("two")')).toMatchObject({ outcome: 'ok', renewed: expect.stringContaining('variables') })
    expect(await run('print("three")')).toMatchObject({ renewed: null })
    await lose()
    const code = 'print("four")'
    service.script([{ kind: 'turn', calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }] }])
    const messages = [{ role: 'user', content: 'Go on.' }]
    expect((await service.post('/v1/chat/completions', key, { model: 'analyst', session, messages })).status).toBe(200)
    const told = service.lastAsked().findLast(({ role }) => role === 'tool')?.content ?? ''
    expect(told).toContain('The sandbox of this session was lost.')
    for (const cell of ['two', 'three', 'one']) expect(told).toContain(`\nprint("${cell}")\n`)
  })
})

describe('two writers', () => {
  it('in one conversation: the second is told of a conflict, and nothing of the first is lost', async () => {
    verifies('history.one-writer')
    const key = await service.key()
    const conversation = await idOf(service.post('/v1/conversations', key, {}))
    const ask = (content: string, init: RequestInit = {}) => {
      const messages = [{ role: 'user', content }]
      return service.post('/v1/chat/completions', key, { model: 'analyst', conversation, messages }, init)
    }
    const kept = async () => (await service.ask('GET', `/v1/conversations/${conversation}/items`, key)).text()
    const code = 'import time; time.sleep(60)'
    service.script([
      { kind: 'turn', text: 'Let me look.', calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }] },
    ])
    const caller = new AbortController()
    const first = ask('the first', { signal: caller.signal })
    await expect.poll(kept).toContain('Let me look.')
    await refused('conflict', () => seenOf(ask('the second')))
    caller.abort()
    await expect(first).rejects.toThrow(/abort/)
    expect(await kept()).toContain('Let me look.')
    expect(await kept()).not.toContain('the second')
  })

  it('in one session: their programs run one after the other', async () => {
    const key = await service.key()
    const session = await idOf(service.post('/v1/sessions', key, {}))
    const run = async (code: string) =>
      (await (await service.post('/v1/execute', key, { code, session })).json()) as Record<string, unknown>
    const writing = Array.from({ length: 3 }, (_each, at) => run(`open("${at}.txt", "w").write("words ${at}")`))
    expect((await Promise.all(writing)).map(({ outcome }) => outcome)).toEqual(Array.from({ length: 3 }, () => 'ok'))
    for (const at of [0, 2]) {
      expect(await run(`print(open("${at}.txt").read())`)).toMatchObject({ stdout: `words ${at}` })
    }
  })
})

describe('a stream that is resumed from a number that never was', () => {
  it.each(['of a response that is over', 'of one that runs'])(
    '%s, is refused with the last one there is',
    async (which) => {
      const key = await service.key()
      service.script([which.endsWith('runs') ? { kind: 'stall', text: 'Wait. ' } : { kind: 'turn', text: 'Done.' }])
      const body = { model: 'analyst', input: 'Go.', background: which.endsWith('runs') }
      const id = await idOf(service.post('/v1/responses', key, body))
      const resume = () => seenOf(service.ask('GET', `/v1/responses/${id}?stream=true&starting_after=999`, key))
      const { status, code, text } = await resume()
      expect([status, code]).toEqual([400, 'invalid-request'])
      expect(text).toMatch(/starting_after: there is no event 999; the last one is \d+\./)
      await service.ask('POST', `/v1/responses/${id}/cancel`, key)
    },
    30_000,
  )
})
