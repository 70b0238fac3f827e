import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionOptions } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { serve, type Served } from '../support/cli/sallyport-process.ts'
import { issueCertificate, makeAuthority } from '../support/http/certificates.ts'
import { OidcIssuer } from '../support/identity/oidc-issuer.ts'
import { ask, type Answer } from '../support/layers/exchange.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const email = 'kim.wexler@hamlin.example'

/** A provider that repeats what it is told, records it, and finishes a slow answer when it is let. */
class Provider {
  readonly bodies: string[] = []
  readonly #server: Server
  #letGo: () => void = () => undefined
  readonly #isLet = new Promise<void>((resolve) => (this.#letGo = resolve))

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  finish(): void {
    this.#letGo()
  }

  end(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
    const body = Buffer.concat(pieces).toString('utf8')
    this.bodies.push(body)
    const { messages, stream } = JSON.parse(body) as { messages: { content: string }[]; stream?: boolean }
    const content = messages.at(-1)?.content ?? ''
    const head = { id: 'chatcmpl-1', created: 1, model: 'gpt-5' }
    const usage = { prompt_tokens: 9, completion_tokens: 5, total_tokens: 14 }
    if (stream !== true) {
      const message = { role: 'assistant', content, refusal: null }
      const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }]
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ ...head, object: 'chat.completion', choices, usage }))
      return
    }
    const event = (delta: object, finish_reason: string | null) =>
      `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(event({ role: 'assistant', content: 'It begins. ' }, null))
    await this.#isLet
    response.end(`${event({ content: 'It ends.' }, null)}${event({}, 'stop')}data: [DONE]\n\n`)
  }
}

const provider = new Provider()
let issuer: OidcIssuer
let service: Served
let caller: ConnectionOptions
let stranger: ConnectionOptions

/** A key with other terms than the first one's; of the group `default`, where none is named. */
async function newKey(...words: readonly string[]): Promise<{ readonly id: string; readonly key: string }> {
  const made = await sallyportHere(['keys', 'create', 'caller', ...words, '--output', 'json'], service)
  return JSON.parse(made.stdout) as { id: string; key: string }
}

const bodyOf = (content: string, more: object = {}) =>
  JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content }], max_tokens: 20, ...more })

const headersOf = (credential: string | null) => ({
  'content-type': 'application/json',
  ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
})

function call(credential: string | null, content = 'Hello.'): Promise<Answer> {
  const path = '/v1/chat/completions'
  return ask(service.url, { method: 'POST', path, headers: headersOf(credential), body: bodyOf(content) }, caller)
}

beforeAll(async () => {
  issuer = await OidcIssuer.start()
  await issuer.signBy('ES256', 'first')
  const [own, clients] = [makeAuthority('Service'), makeAuthority('Callers')]
  const certificate = issueCertificate(own, 'service')
  const shown = (authority: typeof own): ConnectionOptions => {
    const { certificateFile, keyFile } = issueCertificate(authority, 'caller')
    return { ca: readFileSync(own.certificateFile), cert: readFileSync(certificateFile), key: readFileSync(keyFile) }
  }
  caller = shown(clients)
  stranger = shown(makeAuthority('Others'))
  const open = { models: ['gpt-5'], privacy_profile: 'default', concurrent_requests: 20 }
  const limited = (limit: object) => ({ ...open, limits: [limit] })
  const configuration = {
    upstreams: { openai: { kind: 'openai', base_url: await provider.start(), models: ['gpt-5'] } },
    privacy: { profiles: { default: {} } },
    gateway: {
      groups: {
        default: open,
        apps: { ...open, data_sources: [] },
        burst: limited({ per: 'key', unit: 'requests', most: 2, every: '30s' }),
        month: limited({ per: 'key', unit: 'output_tokens', most: 30, every: 'month' }),
      },
      identity: {
        issuers: {
          corp: {
            issuer: issuer.url,
            audience: 'sallyport',
            cooldown_ms: 1_000,
            groups: { claim: 'client_id', map: { reports: 'apps' } },
          },
        },
      },
    },
    http: {
      tls: {
        certificate_file: certificate.certificateFile,
        key_file: certificate.keyFile,
        client_ca_file: clients.certificateFile,
      },
    },
  }
  const file = join(temporaryFolder('gateway-'), 'sallyport.yaml')
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration))
  service = await serve({ SALLYPORT_CONFIG: file })
})
afterAll(async () => {
  provider.end()
  await service[Symbol.asyncDispose]()
  await issuer[Symbol.asyncDispose]()
})

describe('a whole service over TLS, with an issuer, rules, limits and hidden values', () => {
  it('leads from a token to an answer, of which the provider never sees whom it is about', async () => {
    verifies('identity.client-credentials')
    const { status, text } = await call(await issuer.tokenFor('urn:sallyport'), `Write to ${email}.`)
    expect([status, text.includes(email)]).toEqual([200, true])
    expect(provider.bodies.at(-1)).toMatch(/Write to EMAIL_\w+\./)
  })

  it('is closed to who shows no certificate, or one of somebody else', async () => {
    verifies('tls.client-certificates')
    const asking = { method: 'GET', path: '/v1/models', headers: headersOf(service.key), body: null }
    expect((await ask(service.url, asking, caller)).status).toBe(200)
    const { ca } = caller
    for (const tls of [{ ca }, stranger] as ConnectionOptions[]) {
      await expect(ask(service.url, asking, tls)).rejects.toThrow(/alert|socket hang up|ECONNRESET|EPIPE/)
    }
  })

  it('answers 401 to whom it does not know, and sends nothing of theirs', async () => {
    const { id, key } = await newKey()
    expect((await call(key)).status).toBe(200)
    await sallyportHere(['keys', 'revoke', id], service)
    const sent = provider.bodies.length
    const other = await issuer.tokenFor('urn:another-service')
    const opaque = await issuer.tokenFor('urn:opaque')
    for (const credential of [null, 'sp-unknown', key, other, opaque]) {
      expect([credential, (await call(credential)).status]).toEqual([credential, 401])
    }
    expect(provider.bodies.length).toBe(sent)
  })

  it('answers 403 to whom it knows and does not let', async () => {
    const sent = provider.bodies.length
    const unmapped = await issuer.tokenFor('urn:sallyport', 'stranger')
    const { key } = await newKey('--scopes', 'sql')
    expect([(await call(unmapped)).status, (await call(key)).status]).toEqual([403, 403])
    expect(provider.bodies.length).toBe(sent)
  })

  it('answers 429 where a minute helps and 403 where the month has to end, and says when', async () => {
    const { key: ofBurst } = await newKey('--group', 'burst')
    const { key: ofMonth } = await newKey('--group', 'month')
    const statuses: number[] = []
    for (let count = 0; count < 3; count += 1) statuses.push((await call(ofBurst)).status)
    expect(statuses).toEqual([200, 200, 429])
    // Twenty are held by each call, and five used.
    for (let count = 0; count < 3; count += 1) expect((await call(ofMonth)).status).toBe(200)
    const refused = await call(ofMonth)
    expect(refused.status).toBe(403)
    expect(refused.text).toMatch(/output tokens a month.*resets_at/s)
  })

  it('goes on with an answer whose key is rotated meanwhile, and takes the new key only', async () => {
    verifies('keys.overlap')
    const { id, key } = await newKey()
    const heard: string[] = []
    const asked = httpsRequest(`${service.url}/v1/chat/completions`, {
      method: 'POST',
      headers: headersOf(key),
      agent: false,
      ...caller,
    })
    asked.end(bodyOf('Slowly, please.', { stream: true }))
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.on('data', (piece: Buffer) => heard.push(piece.toString()))
    const ended = once(response, 'end')
    while (!heard.join('').includes('It begins')) await sleep(20)
    const rotated = await sallyportHere(['keys', 'rotate', id, '--output', 'json'], service)
    const next = JSON.parse(rotated.stdout) as { key: string }
    expect([(await call(key)).status, (await call(next.key)).status]).toEqual([401, 200])
    provider.finish()
    await ended
    expect(heard.join('')).toMatch(/It ends.*\[DONE\]/s)
  })

  it('takes tokens of a new key of the issuer, and those of the one before no more', async () => {
    verifies('identity.key-rotation')
    const old = await issuer.tokenFor('urn:sallyport')
    expect((await call(old)).status).toBe(200)
    await issuer.signBy('PS256', 'second')
    const fresh = await issuer.tokenFor('urn:sallyport')
    await expect.poll(async () => (await call(fresh)).status, { interval: 500 }).toBe(200)
    expect((await call(old)).status).toBe(401)
  })

  it('has all of it on a trail that holds, and nobody’s address there', async () => {
    verifies('audit.command')
    const verified = await sallyportHere(['audit', 'verify', '--output', 'json'], service)
    expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([0, { verdict: 'intact' }])
    const trail = readFileSync(service.environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8')
    const facts = trail
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { fact: { event: string; principal?: string; code?: string } }).fact)
    const calls = facts.filter(({ event }) => event === 'call')
    expect(calls.length).toBe(provider.bodies.length)
    expect(calls.filter(({ principal }) => principal?.startsWith('token-')).length).toBeGreaterThan(2)
    const codes = new Set(facts.flatMap(({ event, code }) => (event === 'fault' && code !== undefined ? [code] : [])))
    expect([...codes]).toEqual(expect.arrayContaining(['forbidden', 'rate-limited', 'quota-exceeded']))
    expect(trail).not.toContain(email)
  })
})
