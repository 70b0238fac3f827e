import { Agent, request as httpsRequest } from 'node:https'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { sallyport, serve, type Served } from '../support/cli/sallyport-process.ts'
import { issueCertificate, makeAuthority } from '../support/http/certificates.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const authority = makeAuthority('Test')
const { certificateFile, keyFile } = issueCertificate(authority, 'sallyport')
const agent = new Agent({ ca: readFileSync(authority.certificateFile, 'utf8'), keepAlive: false })

let service: Served
let server: string
let key: string

/** Over TLS, with thresholds, and without what works on data. */
beforeAll(async () => {
  const file = join(temporaryFolder('sallyport-operators-'), 'sallyport.yaml')
  const configuration = {
    upstreams: { first: { kind: 'openai', base_url: 'http://127.0.0.1:9/v1', models: ['gpt-5'] } },
    gateway: {
      groups: { default: { models: ['gpt-5'] } },
      abuse: { client_errors: { throttle: 3, suspend: 5, every: '10m' }, throttle_ms: 1_000 },
    },
    http: { tls: { certificate_file: certificateFile, key_file: keyFile } },
  }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration))
  service = await serve({ SALLYPORT_CONFIG: file })
  server = /Admin\s+(https:\S+)\/admin\/v1/.exec(service.banner)?.[1] ?? ''
  key = (await local('keys', 'create', 'operator', '--scopes', 'admin')).stdout.trim()
})
afterAll(() => service[Symbol.asyncDispose]())

const local = (...words: readonly string[]) => sallyportHere(words, { environment: service.environment })

/** As from another machine: nothing of the service's files, its address and a key. */
const remote = (...words: readonly string[]) => remoteWith(key, ...words)
function remoteWith(own: string, ...words: readonly string[]) {
  const { PATH = '' } = process.env
  const environment = {
    PATH,
    XDG_CONFIG_HOME: temporaryFolder('sallyport-elsewhere-'),
    NO_COLOR: '1',
    SALLYPORT_KEY: own,
    NODE_EXTRA_CA_CERTS: authority.certificateFile,
  }
  return sallyport([...words, '--server', server], { environment })
}

interface Answered {
  readonly status: number
  readonly body: { readonly code?: string; readonly detail?: string; readonly resets_at?: string }
  readonly retryAfter: string | undefined
}

function ask(path: string, own: string, at = service.url): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const asked = httpsRequest(`${at}${path}`, { agent, headers: { authorization: `Bearer ${own}` } }, (answer) => {
    let text = ''
    answer.on('data', (piece: Buffer) => (text += piece.toString()))
    answer.once('end', () => {
      const body = JSON.parse(text) as Answered['body']
      resolve({ status: answer.statusCode ?? 0, body, retryAfter: answer.headers['retry-after'] })
    })
  })
  asked.once('error', reject)
  asked.end()
  return promise
}

/** The document that a command has written. */
const json = (ended: { readonly stdout: string }) => JSON.parse(ended.stdout) as Documents

interface Overview {
  readonly traffic: { readonly requests: number; readonly latency_ms: object | null }
  readonly refusals: readonly { readonly stage: string; readonly reason: string; readonly count: number }[]
}

interface Documents {
  readonly id: string
  readonly key: string
  readonly keys: readonly { readonly id: string; readonly name: string }[]
  readonly entries: readonly { readonly fact: Readonly<Record<string, unknown>> }[]
  readonly suspensions: readonly { readonly id: string; readonly principal: string; readonly reason: string }[]
}

describe('an operator on another machine', () => {
  it('reads what one on the machine of the service reads, in the same words', async () => {
    verifies('admin.remote', 'limits.commands')
    for (const words of [
      ['keys', 'list'],
      ['keys', 'list', '--output', 'json'],
      ['suspensions', 'list', '--all'],
      ['limits', 'list'],
      ['limits', 'list', '--output', 'json'],
    ]) {
      expect(await remote(...words)).toEqual(await local(...words))
    }
    const { keys } = json(await local('keys', 'list', '--output', 'json'))
    const show = ['keys', 'show', keys[0]?.id ?? '']
    expect(await remote(...show)).toEqual(await local(...show))
    for (const words of [
      ['limits', 'show'],
      ['limits', 'show', '--person', 'ann', '--output', 'json'],
    ]) {
      const asked = [...words, keys[0]?.id ?? '']
      expect(await remote(...asked)).toEqual(await local(...asked))
    }
  })

  it('makes, rotates and ends a key, of which the trail tells who did', async () => {
    verifies('admin.remote', 'admin.audited')
    const made = json(await remote('keys', 'create', 'alice', '--scopes', 'models', '--output', 'json'))
    expect((await ask('/v1/models', made.key)).status).toBe(200)
    const rotated = json(await remote('keys', 'rotate', made.id, '--output', 'json'))
    expect((await ask('/v1/models', made.key)).status).toBe(401)
    expect((await remote('keys', 'revoke', rotated.id)).stdout).toBe(`Revoked ${rotated.id}.\n`)
    expect((await ask('/v1/models', rotated.key)).status).toBe(401)
    const words = ['audit', 'search', '--event', 'admin-change', '--output', 'json']
    const told = await remote(...words)
    expect(told.stdout).toBe((await local(...words)).stdout)
    const { entries } = json(told)
    expect(entries.map(({ fact }) => fact['action'])).toEqual(['keys.create', 'keys.rotate', 'keys.revoke'])
    const { keys } = json(await local('keys', 'list', '--output', 'json'))
    const operator = keys.find(({ name }) => name === 'operator')?.id
    expect(new Set(entries.map(({ fact }) => fact['principal']))).toEqual(new Set([operator]))
  })

  it('sees the process that is asked: what it has answered, its providers, rules and sandboxes', async () => {
    verifies('overview.traffic', 'operators.providers')
    const { key: own } = json(await local('keys', 'create', 'carol', '--scopes', 'models', '--output', 'json'))
    expect((await ask('/v1/models', own)).status).toBe(200)
    expect((await ask('/v1/models/none', own)).status).toBe(404)
    const read = async (path: string) => (await ask(`/admin/v1/${path}`, key, server)).body
    const { traffic, refusals } = (await read('overview?window=5m')) as unknown as Overview
    expect(traffic.requests).toBeGreaterThan(1)
    expect(traffic.latency_ms).not.toBeNull()
    expect(refusals.find(({ reason }) => reason === 'model-not-found')).toEqual({
      stage: 'request',
      reason: 'model-not-found',
      count: 1,
    })
    expect(await read('models')).toMatchObject({
      providers: [{ name: 'first', address: 'http://127.0.0.1:9/v1', models: [{ name: 'gpt-5', breaker: 'closed' }] }],
    })
    expect(await read('policy')).toMatchObject({ source: 'shipped', faults: [] })
    expect(await read('sandboxes')).toMatchObject({ driver: { gvisor: 'unproven' }, pool: null, data: [] })
    expect(await read('approvals')).toEqual({ data: [], next: null })
  })

  it('ends with the codes of one on the machine, and never with a key on the command line', async () => {
    verifies('admin.remote')
    for (const words of [
      ['keys', 'show', 'none'],
      ['limits', 'show', 'none'],
      ['limits', 'show', `token-${'a'.repeat(43)}`],
      ['suspensions', 'lift', 'susp_none'],
      ['keys', 'create', 'x', '--group', 'none'],
    ]) {
      const [there, here] = [await remote(...words), await local(...words)]
      expect([there.code, there.stderr]).toEqual([here.code, here.stderr])
      expect(there.code).toBe(2)
    }
    expect((await remoteWith('sp-nobody', 'keys', 'list')).code).toBe(4)
    expect((await remoteWith(service.key, 'keys', 'list')).code).toBe(4)
    expect((await remoteWith('', 'keys', 'list')).code).toBe(4)
    expect((await remote('keys', 'list', '--key', key)).code).toBe(2)
  })

  it('lifts what a caller was kept out for, who was told why', async () => {
    verifies('abuse.thresholds', 'suspensions.told', 'suspensions.everywhere')
    const made = json(await remote('keys', 'create', 'mallory', '--scopes', 'models', '--output', 'json'))
    const own = made.key
    const wrong = () => ask('/v1/sessions', own)
    await expect.poll(async () => (await wrong()).status).toBe(429)
    const throttled = await wrong()
    if (throttled.status === 429) expect(throttled.retryAfter).toBe('1')
    await expect.poll(async () => (await wrong()).body.code).toBe('suspended')
    expect(await ask('/v1/models', own)).toMatchObject({
      status: 403,
      body: {
        detail: expect.stringMatching(/suspended until .*: too many of its requests were wrong\.$/) as string,
        resets_at: expect.any(String) as string,
      },
    })
    const { suspensions } = json(await remote('suspensions', 'list', '--output', 'json'))
    expect(suspensions).toMatchObject([{ principal: made.id, reason: 'client-errors' }])
    expect((await remote('suspensions', 'lift', suspensions[0]?.id ?? '')).code).toBe(0)
    expect((await ask('/v1/models', own)).status).toBe(200)
    const told = await local('audit', 'search', '--event', 'suspension', '--output', 'json')
    expect(told.stdout).toContain('"suspended"')
  })
})
