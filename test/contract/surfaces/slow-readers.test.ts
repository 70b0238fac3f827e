import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { idOf } from '../../support/surfaces/held-refusals.ts'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

/** A program that says more than a connection takes by itself, and then goes on without an end. */
const goesOn = 'flood = sleep'
const words = 'Anna ordered two lamps and a chair in May.\n'.repeat(140_000)

let service: SurfaceService
beforeAll(async () => {
  const most = 100_000_000
  const group = {
    models: ['*'],
    tools: ['run_python', 'run_shell'],
    budget: { tokens: 10_000_000 },
    tokens_per_day: most,
    concurrent_requests: 1,
  }
  const changes = {
    // Without rules that want a person for shell.
    policy: {},
    gateway: { groups: { open: group } },
    http: { port: 0, drain_grace_ms: 0, drain_ms: 1_000, reader_timeout_ms: 1_000 },
    filters: { maximum_turn_characters: most, maximum_result_characters: most },
  }
  service = await SurfaceService.start(changes, { variables: { SALLYPORT_MODEL_MAX_OUTPUT_TOKENS: '5000000' } })
  service.script(Array.from({ length: 10 }, () => ({ kind: 'stall', text: words })))
}, 60_000)
afterAll(() => service[Symbol.asyncDispose]())

interface Asked {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Without one it is a GET. */
  readonly body?: object | Buffer
}

/** Asks, and then reads nothing. */
function askWithoutReading({ path, headers = {}, body }: Asked): Disposable {
  const { hostname, port } = new URL(service.url)
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? '' : JSON.stringify(body))
  const ofBody = body === undefined ? {} : { 'content-length': String(bytes.length) }
  const all = { host: hostname, 'content-type': 'application/json', ...ofBody, ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(Number(port), hostname, () => {
    socket.write(`${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
    socket.write(bytes)
  })
  socket.pause()
  socket.on('error', () => {})
  return { [Symbol.dispose]: () => void socket.destroy() }
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

async function e2bHeaders(key: string): Promise<Readonly<Record<string, string>>> {
  const opened = await service.post('/v2/sandboxes', key, { templateID: 'code-interpreter-v1', timeout: 300 })
  const { sandboxID: id, envdAccessToken: token } = (await opened.json()) as Readonly<Record<string, string>>
  return { 'e2b-sandbox-id': String(id), 'x-access-token': String(token) }
}

/** A message of the Connect protocol: its flags, its length, its text. */
function connectMessage(message: object): Buffer {
  const text = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(5)
  head.writeUInt32BE(text.length, 1)
  return Buffer.concat([head, text])
}

async function uploaded(key: string): Promise<string> {
  const form = new FormData()
  form.append('purpose', 'user_data')
  form.append('file', new Blob([words]), 'words.txt')
  return idOf(service.ask('POST', '/v1/files', key, { body: form }))
}

const messages = [{ role: 'user', content: 'Go on.' }]
/** A run whose caller has left, one that was broken off, or a file; and a program. */
const [left, broken] = [{ event: 'abandoned' }, { event: 'fault', code: 'cancelled' }]
const program = { event: 'execution-result', outcome: 'cancelled' }

interface Surface {
  readonly name: string
  readonly begin: (key: string) => Promise<Disposable>
  /** What the trail says when its reader is let go. */
  readonly audit: object
}

const surfaces: readonly Surface[] = [
  {
    name: 'a stream of Chat Completions',
    begin: async (key) =>
      askWithoutReading({
        path: '/v1/chat/completions',
        headers: bearer(key),
        body: { model: 'analyst', stream: true, messages },
      }),
    audit: left,
  },
  {
    name: 'a stream of Responses',
    begin: async (key) =>
      askWithoutReading({
        path: '/v1/responses',
        headers: bearer(key),
        body: { model: 'analyst', stream: true, input: 'Go on.' },
      }),
    audit: broken,
  },
  {
    name: 'a stream of /v1/execute',
    begin: async (key) =>
      askWithoutReading({ path: '/v1/execute', headers: bearer(key), body: { code: goesOn, stream: true } }),
    audit: program,
  },
  {
    name: 'a program of E2B',
    begin: async (key) =>
      askWithoutReading({ path: '/execute', headers: await e2bHeaders(key), body: { code: goesOn } }),
    audit: program,
  },
  {
    name: 'a command of E2B',
    begin: async (key) => {
      const headers = { ...(await e2bHeaders(key)), 'content-type': 'application/connect+json' }
      const process = { cmd: '/bin/bash', args: ['-l', '-c', goesOn], envs: {} }
      return askWithoutReading({
        path: '/process.Process/Start',
        headers,
        body: connectMessage({ process, stdin: false }),
      })
    },
    audit: program,
  },
  {
    name: 'a kernel of Jupyter',
    begin: async (key) => {
      const kernel = await idOf(service.post('/jupyter/api/kernels', key, {}))
      const url = `${service.url.replace(/^http/, 'ws')}/jupyter/api/kernels/${kernel}/channels?token=${key}`
      const socket = new WebSocket(url)
      await once(socket, 'open')
      socket.pause()
      const header = { msg_id: '1', msg_type: 'execute_request', username: 'u', session: 's', date: '', version: '5.3' }
      socket.send(
        JSON.stringify({ header, parent_header: {}, metadata: {}, content: { code: goesOn }, channel: 'shell' }),
      )
      return { [Symbol.dispose]: () => socket.terminate() }
    },
    audit: program,
  },
  {
    name: 'a file',
    begin: async (key) => askWithoutReading({ path: `/v1/files/${await uploaded(key)}/content`, headers: bearer(key) }),
    audit: broken,
  },
]

describe('a reader that takes nothing', () => {
  it('is let go on every surface that streams: what runs for it ends, and its place is free', async () => {
    verifies('serve.slow-readers')
    const keys = await Promise.all(surfaces.map(() => service.key()))
    // All at once: each waits for its second to pass.
    const readers = await Promise.all(surfaces.map(({ begin }, at) => begin(keys[at] ?? '')))
    const seen = () => {
      const facts = service.audit().map(({ fact }) => fact)
      return surfaces.map(({ name, audit }) => {
        const wanted = surfaces.filter((other) => other.audit === audit).length
        const ofKind = facts.filter((fact) => Object.entries(audit).every(([member, value]) => fact[member] === value))
        return ofKind.length >= wanted ? `${name} is let go` : `of ${wanted} like ${name} are let go: ${ofKind.length}`
      })
    }
    await expect
      .poll(seen, { timeout: 240_000, interval: 200 })
      .toEqual(surfaces.map(({ name }) => `${name} is let go`))
    const again = async (key: string) => (await service.post('/v1/execute', key, { code: 'print("on")' })).status
    for (const key of keys) await expect.poll(() => again(key), { timeout: 120_000 }).toBe(200)
    for (const reader of readers) reader[Symbol.dispose]()
  }, 600_000)
})
