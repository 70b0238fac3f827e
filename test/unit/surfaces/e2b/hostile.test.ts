import { getSignature } from 'e2b'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { endUserHeader } from '../../../../src/core/principal.ts'
import type { Identify } from '../../../../src/gateway/authenticate/authenticate.ts'
import { ProgramsInMemory } from '../../../support/e2b/programs-in-memory.ts'
import { key, monitoringKey, startService, type TestService } from '../../../support/http/http-service.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'

let service: TestService
let programs: ProgramsInMemory
let token: string

async function start(play?: ConstructorParameters<typeof ProgramsInMemory>[0], mostGuesses = 20): Promise<void> {
  programs = new ProgramsInMemory(play)
  service = await startService({ programs, sandboxes: programs.sandboxes, mostGuesses })
  const opened = await ask('POST', '/v2/sandboxes', { templateID: 'base' }, { 'x-api-key': key })
  token = opened.json['trafficAccessToken'] as string
}
beforeEach(() => start())
afterEach(() => service[Symbol.asyncDispose]())

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const isText = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(`${service.url}${path}`, {
    method,
    ...(body === undefined ? {} : { body: isText ? (body as string) : JSON.stringify(body) }),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  })
  const text = await response.text()
  const json = text.startsWith('{') ? (JSON.parse(text.split('\n')[0] ?? '') as Record<string, unknown>) : {}
  return { status: response.status, reason: response.statusText, text, json }
}

/** With the token of the sandbox that is there. */
const inside = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  ask(method, path, body, { 'e2b-sandbox-id': 's1', 'e2b-traffic-access-token': token, ...headers })

const dataRoutes = [
  ['GET', '/health'],
  ['POST', '/execute'],
  ['GET', '/contexts'],
  ['POST', '/contexts'],
  ['DELETE', '/contexts/python'],
  ['POST', '/contexts/python/restart'],
  ['GET', '/files?path=a'],
  ['POST', '/files?path=a'],
  ['POST', '/process.Process/List'],
  ['POST', '/process.Process/SendSignal'],
  ['POST', '/filesystem.Filesystem/Stat'],
  ['POST', '/filesystem.Filesystem/ListDir'],
  ['POST', '/filesystem.Filesystem/MakeDir'],
  ['POST', '/filesystem.Filesystem/Move'],
  ['POST', '/filesystem.Filesystem/Remove'],
] as const

describe('a request about the content of a sandbox', () => {
  it.each(dataRoutes)('%s %s wants its token: a key, an id or a wrong token is not enough', async (method, path) => {
    const body = method === 'POST' ? {} : undefined
    const id = { 'e2b-sandbox-id': 's1' }
    expect((await ask(method, path, body)).status).toBe(401)
    expect((await ask(method, path, body, { ...id, 'x-api-key': key })).status).toBe(401)
    expect((await ask(method, path, body, { 'x-access-token': token })).status).toBe(401)
    const wrong = await ask(method, path, body, { ...id, 'x-access-token': 'f'.repeat(64) })
    const none = await ask(method, path, body, { 'e2b-sandbox-id': 's9', 'x-access-token': token })
    expect([wrong.status, none.status]).toEqual([502, 502])
    // Nobody learns which sandboxes there are.
    const same = (text: string) => text.replaceAll(/s[19]|[0-9a-f-]{36}/g, '')
    expect(same(wrong.text)).toBe(same(none.text))
    expect(programs.ran).toEqual([])
  })

  it('is not let through by one of two tokens that differ', async () => {
    const two = await inside('GET', '/health', undefined, { 'x-access-token': 'f'.repeat(64) })
    expect(two.status).toBe(400)
    expect((await inside('GET', '/health', undefined, { 'x-access-token': token })).status).toBe(204)
  })

  it('is counted where its token is nobody’s, until its address has to wait', async () => {
    await service[Symbol.asyncDispose]()
    await start(undefined, 3)
    const guess = () => ask('GET', '/health', undefined, { 'e2b-sandbox-id': 's1', 'x-access-token': 'nope' })
    const statuses = [await guess(), await guess(), await guess(), await guess(), await guess()].map(
      ({ status }) => status,
    )
    expect(statuses.slice(0, 2)).toEqual([502, 502])
    expect(statuses.at(-1)).toBe(429)
  })

  it('is nothing once the session has ended elsewhere', async () => {
    expect((await inside('GET', '/health')).status).toBe(204)
    programs.open.clear()
    expect((await inside('GET', '/health')).status).toBe(502)
    expect((await inside('POST', '/execute', { code: '1' })).text).toContain('was not found')
  })
})

describe('a sandbox whose key was revoked', () => {
  const revoked = async () => {
    await service[Symbol.asyncDispose]()
    programs = new ProgramsInMemory()
    programs.held.set('a', Buffer.from('1'))
    let isRevoked = false
    const identify: Identify = async () => {
      if (isRevoked) throw new ServiceError('unauthenticated', 'The credential is not valid.')
      return { id: 'k1', kind: 'api-key', group: 'default' }
    }
    service = await startService({ programs, sandboxes: programs.sandboxes, identify })
    const opened = await ask('POST', '/v2/sandboxes', { templateID: 'base' }, { 'x-api-key': key })
    token = opened.json['trafficAccessToken'] as string
    await inside('POST', '/execute', { code: '1' })
    isRevoked = true
  }

  it.each(dataRoutes)('is nobody’s at %s %s, whoever has its token', async (method, path) => {
    await revoked()
    expect((await inside(method, path, method === 'POST' ? {} : undefined)).status).toBe(401)
    expect([programs.ran.length, programs.held.size, programs.open.size]).toEqual([1, 1, 1])
  })

  it('is not read through a link that was signed before', async () => {
    await revoked()
    const { signature } = await getSignature({ path: 'a', operation: 'read', user: '', envdAccessToken: token })
    expect((await ask('GET', `/files?path=a&signature=${encodeURIComponent(signature)}`)).status).toBe(401)
  })
})

describe('a program', () => {
  it('is decided on by the key that opened its sandbox, in the session of it', async () => {
    await inside('POST', '/execute', { code: '1', context_id: null, language: null, env_vars: null })
    expect(programs.ran).toMatchObject([
      { language: 'python', code: '1', timeoutMilliseconds: 1_000, received: { sessionId: 's1', channel: 'http' } },
    ])
    expect(programs.ran[0]?.received.credential?.reveal()).toBe(key)
  })

  it('is decided on anew each time: the credential of no two requests is the same one', async () => {
    for (const code of ['1', '2']) await inside('POST', '/execute', { code })
    const [one, two] = programs.ran.map(({ received }) => received.credential)
    expect([one?.reveal(), one === two]).toEqual([key, false])
  })

  it('has no sandbox for a person whom an application signs, who could not be told apart in it', async () => {
    await service[Symbol.asyncDispose]()
    programs = new ProgramsInMemory()
    const identify: Identify = async () => ({ id: 'k1', kind: 'api-key', group: 'default' })
    service = await startService({ programs, sandboxes: programs.sandboxes, identify })
    const signed = { 'x-api-key': key, [endUserHeader]: 'signed' }
    const { status, text } = await ask('POST', '/v2/sandboxes', { templateID: 'base' }, signed)
    expect([status, text, programs.open.size]).toEqual([400, expect.stringContaining(endUserHeader), 0])
  })

  it.each([
    ['no object', '[]'],
    ['no JSON', '{"code":'],
    ['no code', '{}'],
    ['a member that is not known', '{"code":"1","user":"root"}'],
    ['a name twice', '{"code":"1","code":"2"}'],
    ['variables', '{"code":"1","env_vars":{"A":"b"}}'],
    ['another language', '{"code":"1","language":"__proto__"}'],
  ])('does not run where its request is wrong: %s', async (_what, body) => {
    const { status, json } = await inside('POST', '/execute', body)
    expect([status, typeof json['message'], json['code']]).toEqual([400, 'string', 400])
    expect(programs.ran).toEqual([])
  })

  it('does not run in a context of another sandbox', async () => {
    expect((await inside('POST', '/execute', { code: '1', context_id: 's2' })).status).toBe(404)
  })

  it('says why it may not run in the reason phrase, in plain ASCII', async () => {
    await service[Symbol.asyncDispose]()
    await start(() => Promise.reject(new ServiceError('forbidden', 'Nobody may,\r\nX-Evil: 1 – not even Zoë.')))
    const { status, reason } = await inside('POST', '/execute', { code: '1' })
    expect([status, reason]).toEqual([403, expect.stringMatching(/^Nobody may, X-Evil: 1 {1,3}not even Zo/)])
  })

  it('that fails once its answer has begun ends with an error line', async () => {
    await service[Symbol.asyncDispose]()
    await start(async ({ onOutput }) => {
      onOutput?.('stdout', 'begun\n')
      throw new ServiceError('sandbox-lost', 'It went away.')
    })
    const { status, text } = await inside('POST', '/execute', { code: '1' })
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(status).toBe(200)
    expect(lines).toMatchObject([
      { type: 'stdout', text: 'begun\n' },
      { type: 'error', name: 'SandboxLost', value: expect.stringContaining('It went away.') },
    ])
  })

  it('says all of its output once, also what was not handed on while it ran', async () => {
    await service[Symbol.asyncDispose]()
    await start(async ({ onOutput }) => {
      onOutput?.('stdout', 'one ')
      const stdout = { text: 'one two', truncated: true }
      return { kind: 'result', cell: cellResult({ stdout, truncated: ['stdout'] }) }
    })
    const { text } = await inside('POST', '/execute', { code: '1' })
    expect(
      text
        .split('\n')
        .slice(0, 3)
        .map((line) => (JSON.parse(line) as { text: string }).text),
    ).toEqual(['one ', 'two', 'Sallyport cut stdout of this run at the limit.\n'])
  })

  it('is ended when its caller leaves', async () => {
    await service[Symbol.asyncDispose]()
    const ended = Promise.withResolvers<boolean>()
    await start(async ({ onOutput }, signal) => {
      onOutput?.('stdout', 'x')
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      ended.resolve(signal.aborted)
      return {}
    })
    const leaving = new AbortController()
    const answer = await fetch(`${service.url}/execute`, {
      method: 'POST',
      body: '{"code":"1"}',
      headers: { 'content-type': 'application/json', 'e2b-sandbox-id': 's1', 'x-access-token': token },
      signal: leaving.signal,
    })
    await answer.body?.getReader().read()
    leaving.abort()
    expect(await ended.promise).toBe(true)
  })
})

describe('a command', () => {
  const envelope = (text: string, flags = 0, length = Buffer.byteLength(text)) => {
    const head = Buffer.alloc(5)
    head.writeUInt8(flags, 0)
    head.writeUInt32BE(length, 1)
    return Buffer.concat([head, Buffer.from(text)])
  }
  const start = (body: Uint8Array, headers: Record<string, string> = {}) =>
    inside('POST', '/process.Process/Start', body, { 'content-type': 'application/connect+json', ...headers })
  const right = '{"process":{"cmd":"/bin/ls"}}'

  it('runs as the line of a shell', async () => {
    const { status, text } = await start(envelope(right))
    expect([status, programs.ran.map(({ language, code }) => [language, code])]).toEqual([
      200,
      [['shell', "cd '/mnt/data' && exec env '/bin/ls'"]],
    ])
    expect(text).toContain('"exitCode":0')
  })

  it.each([
    ['without a head', Buffer.from('{}')],
    ['compressed', envelope(right, 1)],
    ['the end of a stream', envelope(right, 2)],
    ['longer than it says', envelope(right, 0, 3)],
    ['shorter than it says', envelope(right, 0, 2 ** 32 - 1)],
    ['of two messages', Buffer.concat([envelope(right), envelope(right)])],
    ['of no JSON', envelope('{')],
    ['of no command', envelope('{}')],
    ['with a variable that is no name', envelope('{"process":{"cmd":"a","envs":{"A=1;x":"b"}}}')],
    ['outside of its folder', envelope('{"process":{"cmd":"a","cwd":"/etc"}}')],
    ['with a terminal', envelope('{"process":{"cmd":"a"},"pty":{}}')],
  ])('does not run where its request is wrong: %s', async (_what, body) => {
    const { status, text } = await start(body)
    expect([status, programs.ran]).toEqual([200, []])
    expect(text).toContain('"error":{"code":"invalid_argument"')
  })

  it.each(['0', '-1', 'x', '1e9', '99999999999'])('has no time of %s ms', async (time) => {
    expect((await start(envelope(right), { 'connect-timeout-ms': time })).text).toContain('invalid_argument')
    expect(programs.ran).toEqual([])
  })

  it('has the time that its caller gives it, and no more than there is', async () => {
    await start(envelope(right), { 'connect-timeout-ms': '10' })
    await start(envelope(right), { 'connect-timeout-ms': '3600000' })
    expect(programs.ran.map(({ timeoutMilliseconds }) => timeoutMilliseconds)).toEqual([10, 1_000])
  })
})

describe('files', () => {
  it.each([
    ['a form that breaks off', 'multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="file"'],
    [
      'a form without a file',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n1\r\n--x--\r\n',
    ],
    ['a form without a boundary', 'multipart/form-data; x=y', 'x'],
  ])('are not taken out of %s', async (_what, type, body) => {
    expect((await inside('POST', '/files', body, { 'content-type': type })).status).toBe(400)
    expect([...programs.held]).toEqual([])
  })

  it('come out as bytes that no page shows', async () => {
    programs.held.set('x.html', Buffer.from('<script>1</script>'))
    const answer = await fetch(`${service.url}/files?path=x.html`, {
      headers: { 'e2b-sandbox-id': 's1', 'x-access-token': token },
    })
    const headers = ['content-type', 'content-disposition', 'x-content-type-options', 'content-security-policy']
    expect(headers.map((name) => answer.headers.get(name))).toEqual([
      'application/octet-stream',
      'attachment',
      'nosniff',
      "default-src 'none'; sandbox",
    ])
  })

  it('are opened by no signature that somebody else has made', async () => {
    programs.held.set('x', Buffer.from('1'))
    for (const query of [
      'signature=',
      'signature=v1_',
      'signature=v1_a&signature=v1_b',
      'signature=v1_a&signature_expiration=NaN',
    ]) {
      expect((await ask('GET', `/files?path=x&${query}`)).status).toBe(401)
    }
  })
})

describe('another caller', () => {
  it.each([
    ['GET', '/sandboxes/s1', undefined],
    ['DELETE', '/sandboxes/s1', undefined],
    ['POST', '/sandboxes/s1/timeout', { timeout: 5 }],
    ['POST', '/v2/sandboxes/s1/connect', {}],
  ])('finds nothing at %s %s', async (method, path, body) => {
    const theirs = await ask(method, path, body, { 'x-api-key': monitoringKey })
    const none = await ask(method, path.replace('s1', 's9'), body, { 'x-api-key': monitoringKey })
    expect([theirs.status, theirs.json['code']]).toEqual([404, 404])
    expect(none.status).toBe(404)
    expect(programs.open.size).toBe(1)
    expect((await ask('GET', '/v2/sandboxes', undefined, { 'x-api-key': monitoringKey })).text).toBe('[]')
  })
})
