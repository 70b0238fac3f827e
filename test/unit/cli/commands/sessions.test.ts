import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SessionStore } from '../../../../src/sessions/session-store.ts'
import { runCommand } from '../../../support/cli/fake-sallyport.ts'
import { key, startService } from '../../../support/http/http-service.ts'
import { stranger } from '../../../support/http/stranger.ts'
import { RecordingSandbox } from '../../../support/sandbox/recording-sandbox.ts'
import { sandboxCeilings } from '../../../support/sandbox/sandbox-ceilings.ts'
import { freePort } from '../../../support/databases/server-process.ts'
import { verifies } from '../../../support/verifies.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-sessions-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A real server over a real store of sessions, whose one key is of the caller `k1`. */
async function serving() {
  const store = new SessionStore<RecordingSandbox>({
    claim: async () => new RecordingSandbox(),
    idleMilliseconds: 60_000,
    maximumPerTenant: 3,
  })
  const service = await startService({
    sessions: {
      open: (principal, limits) => store.open(principal.id, { limits, ceilings: sandboxCeilings }),
      list: async (principal) => store.list(principal.id),
      find: (principal, id) => store.find(principal.id, id),
      close: (principal, id) => store.close(principal.id, id),
    },
  })
  const open = (caller: string) => store.open(caller, { limits: { memory_mb: 512 }, ceilings: sandboxCeilings })
  return {
    store,
    url: service.url,
    open,
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

const sessions = (words: readonly string[], variables: Readonly<Record<string, string>> = { SALLYPORT_KEY: key }) =>
  runCommand(['sessions', ...words], { workingDirectory: folder, variables })

describe('sessions of a running service', () => {
  it("are listed, the key's own and no others", async () => {
    verifies('sessions.command')
    await using service = await serving()
    expect((await sessions(['list', '--open', '--url', service.url])).stdout).toBe('No session is open.\n')
    const [mine, other] = [await service.open('k1'), await service.open('k2')]
    const { exitCode, stdout } = await sessions(['list', '--open', '--url', service.url])
    expect(exitCode).toBe(0)
    expect(stdout).toContain(mine.id)
    expect(stdout).toContain('memory_mb=512')
    expect(stdout).not.toContain(other.id)
  })

  it('are one JSON object with --output json, as the service gave it', async () => {
    await using service = await serving()
    const { id } = await service.open('k1')
    const { stdout } = await sessions(['list', '--open', '--url', service.url, '--output', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      object: 'list',
      data: [{ id, in_use: false, sandbox: { memory_mb: 512 } }],
    })
  })

  it('are shown by their id, as the list has them', async () => {
    await using service = await serving()
    const [first, second] = [await service.open('k1'), await service.open('k1')]
    const { exitCode, stdout } = await sessions(['show', second.id, '--url', service.url])
    expect(exitCode).toBe(0)
    expect(stdout).toContain(second.id)
    expect(stdout).not.toContain(first.id)
    const list = JSON.parse((await sessions(['list', '--open', '--url', service.url, '--output', 'json'])).stdout) as {
      data: { id: string }[]
    }
    const json = (await sessions(['show', second.id, '--url', service.url, '--output', 'json'])).stdout
    const listed = list.data.find(({ id }) => id === second.id)
    expect(JSON.parse(json)).toEqual({ ...listed, expires_at: expect.any(String) as string })
  })

  it('are closed by their id', async () => {
    verifies('sessions.command')
    await using service = await serving()
    const [first, second] = [await service.open('k1'), await service.open('k1')]
    expect(await sessions(['close', first.id, '--url', service.url])).toMatchObject({
      exitCode: 0,
      stdout: `Closed ${first.id}.\n`,
    })
    const { stdout } = await sessions(['close', second.id, '--url', service.url, '--output', 'json'])
    expect(JSON.parse(stdout)).toEqual({ id: second.id, closed: true })
    expect(service.store.list('k1')).toEqual([])
  })

  it.each(['show', 'close'])("are not there to %s where they are another caller's, or never were", async (verb) => {
    await using service = await serving()
    const other = await service.open('k2')
    for (const id of [other.id, 'session_00000000-0000-0000-0000-000000000000']) {
      const { exitCode, stdout, stderr } = await sessions([verb, id, '--url', service.url])
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr).toContain(`There is no session "${id}"`)
    }
    expect(service.store.list('k2')).toHaveLength(1)
  })

  it.each(['x', '../models', 'session_../../livez', 'session_a/../b', 'session_a?b', 'session_%2e%2e', 'session_'])(
    'are not sought at an address made of "%s"',
    async (id) => {
      for (const verb of ['show', 'close']) {
        const { exitCode, stderr } = await sessions([verb, id, '--url', 'http://127.0.0.1:1'])
        expect(exitCode).toBe(2)
        expect(stderr).toMatch(/That is no id of an? (open )?session/)
      }
    },
  )

  it('are asked for where the configuration has the service, with a key from a file', async () => {
    await using service = await serving()
    writeFileSync(join(folder, 'key'), `${key}\n`)
    const address = ['--set', `http.port=${new URL(service.url).port}`, '--set', 'http.host=0.0.0.0']
    const { exitCode } = await sessions(['list', '--open', '--key-file', join(folder, 'key'), ...address], {})
    expect(exitCode).toBe(0)
  })

  it.each([
    ['no key', {}, [], 4, 'There is no key to ask the service with'],
    ['a wrong key', { SALLYPORT_KEY: 'sp-wrong' }, [], 4, 'does not know this key'],
    ['a key that is none', { SALLYPORT_KEY: 'a b' }, [], 4, 'There is no key to ask the service with'],
    ['a missing key file', {}, ['--key-file', '/nowhere/key'], 2, '/nowhere/key: it does not exist'],
  ] as const)('are not shown to %s, which is said', async (_name, variables, words, code, message) => {
    await using service = await serving()
    const { exitCode, stdout, stderr } = await sessions(['list', '--open', '--url', service.url, ...words], variables)
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('sp-wrong')
  })

  it('cannot be listed where the service does not answer', async () => {
    const { exitCode, stderr } = await sessions(['list', '--open', '--url', `http://127.0.0.1:${await freePort()}`])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/The service does not answer: http:\S+ cannot be reached \(ECONNREFUSED\)/)
    expect(stderr).toContain('sallyport serve')
  })

  it.each(['ftp://127.0.0.1', 'nonsense', 'http://user:word@127.0.0.1:8080'])('are not sought at %s', async (url) => {
    const { exitCode, stderr } = await sessions(['list', '--open', '--url', url])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('must look like http://127.0.0.1:8080')
    expect(stderr).not.toContain('word@')
  })

  it.each([
    ['a page', (_request, response) => response.end('<h1>Hello</h1>'), 'does not list sessions'],
    ['another list', (_request, response) => response.end('{"object":"list","data":[1]}'), 'does not list sessions'],
    [
      'a list that never moves on',
      (_request, response) =>
        response.end('{"object":"list","data":[],"has_more":true,"first_id":null,"last_id":"session_1"}'),
      'the same page of its sessions over and over',
    ],
    ['a proxy without a service', (_request, response) => response.writeHead(502).end('bad'), 'answered with 502'],
    [
      'an error that would drive the terminal',
      (_request, response) =>
        response.writeHead(403).end(JSON.stringify({ code: 'forbidden', detail: 'No\u001b[2J way' })),
      'This is not allowed for your group: No\ufffd[2J way',
    ],
  ] as readonly [string, RequestListener, string][])('are refused from %s', async (_name, answer, message) => {
    await using other = await stranger(answer)
    const { exitCode, stdout, stderr } = await sessions(['list', '--open', '--url', other.url])
    expect(exitCode).toBeGreaterThan(0)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
  })

  it('are asked of the address given and no other: the key follows no redirection', async () => {
    const keys: (string | undefined)[] = []
    await using elsewhere = await stranger((request, response) => {
      keys.push(request.headers.authorization)
      response.end('{"object":"list","data":[]}')
    })
    await using other = await stranger((_request, response) =>
      response.writeHead(307, { location: `${elsewhere.url}/v1/sessions` }).end(),
    )
    const { exitCode } = await sessions(['list', '--open', '--url', other.url])
    expect(exitCode).toBe(1)
    expect(keys).toEqual([])
  })
})

describe('conversations that a service keeps', () => {
  const row = (at: number) => ({ id: `conv_${String(at).padStart(32, '0')}`, title: null, created_at: 1, used_at: 1 })

  /** Has so many, and gives no more than 1,000 at once; without an end it gives the same ones for ever. */
  const keeping = (count: number, hasEnd = true) =>
    stranger((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://a')
      const limit = Number(searchParams.get('limit'))
      if (limit > 1_000) return void response.writeHead(400).end('{"code":"invalid-request","detail":"limit"}')
      const from = hasEnd ? Number(searchParams.get('after')?.slice(5) ?? -1) + 1 : 0
      const data = Array.from({ length: Math.min(limit, count - from) }, (_each, at) => row(from + at))
      response.end(JSON.stringify({ object: 'list', data }))
    })

  it.each([
    [10_000, 10_000],
    [10_000, 7],
    [1_200, 10_000],
    [500, 500],
    [0, 50],
  ])('are listed page by page: of %s at most %s', async (count, limit) => {
    await using service = await keeping(count)
    const words = ['list', '--server', service.url, '--limit', String(limit), '--output', 'json']
    const { exitCode, stdout } = await sessions(words)
    expect(exitCode).toBe(0)
    const { data } = JSON.parse(stdout) as { readonly data: readonly { readonly id: string }[] }
    const wanted = Array.from({ length: Math.min(count, limit) }, (_each, at) => row(at).id)
    expect(data.map(({ id }) => id)).toEqual(wanted)
  })

  it('are refused where the same page comes over and over', async () => {
    await using service = await keeping(1_000_000, false)
    const { exitCode, stderr } = await sessions(['list', '--server', service.url, '--limit', '5000'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('The same page of conversations comes over and over')
  })
})
