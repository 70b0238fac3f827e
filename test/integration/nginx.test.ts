import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { request as send, type RequestOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { join, resolve } from 'node:path'
import OpenAI, { APIError } from 'openai'
import { Agent, fetch as fetchWith } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NginxServer, nginxProgram } from '../support/waf/nginx.ts'
import { ScannedUpstream } from '../support/waf/scanned-upstream.ts'
import { wafFolder, wafProgram } from '../support/waf/waf-program.ts'
import { WafServer } from '../support/waf/waf-server.ts'
import { verifies } from '../support/verifies.ts'

const nginx = nginxProgram()
if ('missing' in nginx) process.stderr.write(`SKIPPED: nginx cannot be had: ${nginx.missing}\n`)
const waf = wafProgram()
if ('missing' in waf) process.stderr.write(`SKIPPED: nginx before the firewall: ${waf.missing}\n`)

const page = readFileSync(resolve(import.meta.dirname, '../../docs/deploy/nginx.md'), 'utf8')
const configuration = /^```nginx\n(.*?)^```/ms.exec(page)?.[1] ?? ''
const json = { 'content-type': 'application/json' }

async function askWith(ca: Buffer, address: unknown, init: RequestInit | undefined): Promise<Response> {
  const dispatcher = new Agent({ connect: { ca } })
  const [method = 'GET', body] = [init?.method, init?.body as string]
  const headers = Object.fromEntries(new Headers(init?.headers))
  const answer = await fetchWith(String(address), { method, headers, body, dispatcher })
  return new Response(await answer.text(), { status: answer.status, headers: [...answer.headers] })
}

describe.skipIf('missing' in nginx)('nginx with the configuration of its page', () => {
  const program = 'missing' in nginx ? '' : nginx.path
  let upstream: ScannedUpstream
  let front: NginxServer

  beforeAll(async () => {
    upstream = await ScannedUpstream.start()
    front = await NginxServer.start(program, configuration, upstream.url)
  })
  afterAll(async () => {
    await front[Symbol.asyncDispose]()
    await upstream[Symbol.asyncDispose]()
  })

  const certificateOf = ({ authority }: NginxServer) => readFileSync(authority.certificateFile)

  async function ask(
    server: NginxServer,
    path: string,
    body: string | null,
    more: RequestOptions = {},
  ): Promise<IncomingMessage> {
    const method = body === null ? 'GET' : 'POST'
    const outgoing = send(`${server.url}${path}`, { method, headers: json, ca: certificateOf(server), ...more })
    outgoing.end(body)
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
    return answer
  }

  const textOf = async (answer: IncomingMessage): Promise<string> => Buffer.concat(await answer.toArray()).toString()

  it('passes each piece of a stream on before the next one is written, and tells when a caller has gone', async () => {
    verifies('nginx.page')
    let next: (() => void) | undefined
    const gone = new Promise((tell) => {
      upstream.answer = (_request, response) => {
        response.once('close', tell).writeHead(200, { 'content-type': 'text/event-stream' })
        let written = 0
        next = () => void response.write(`data: ${(written += 1)}\n\n`)
        next()
      }
    })
    const answer = await ask(front, '/v1/chat/completions', '{}')
    const pieces: string[] = []
    for await (const piece of answer) {
      pieces.push((piece as Buffer).toString())
      if (pieces.length === 3) break
      next?.()
    }
    expect(pieces).toEqual(['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n'])
    await gone
  })

  it('puts the address that it saw in the place of what a caller says, and keeps the host', async () => {
    verifies('nginx.page')
    const seen = new Promise<readonly unknown[]>((tell) => {
      upstream.answer = ({ headers }, response, body) => {
        tell([headers['x-forwarded-for'], headers.host, body.toString()])
        response.end('{}')
      }
    })
    const headers = { ...json, 'x-forwarded-for': '192.0.2.1', host: 'sallyport.example' }
    await ask(front, '/v1/sql', '{"statement":"SELECT 1"}', { headers, servername: 'localhost' })
    expect(await seen).toEqual(['127.0.0.1', 'sallyport.example', '{"statement":"SELECT 1"}'])
  })

  it('takes 30 MB without writing them to a file, and refuses 33 MB in the form of the API, of which nothing goes on', async () => {
    verifies('nginx.page')
    const folders = () => ['client_body', 'proxy'].flatMap((name) => readdirSync(join(front.folder, name)))
    let during: readonly string[] = ['unseen']
    upstream.answer = (_request, response) => {
      during = folders()
      response.end('{}')
    }
    const large = await ask(front, '/v1/messages', `{"a":"${'x'.repeat(30_000_000)}"}`)
    expect([large.statusCode, during]).toEqual([200, []])
    const before = upstream.passed
    const tooLarge = async (path: string) => {
      const answer = await ask(front, path, 'x'.repeat(34_603_009))
      return [answer.statusCode, answer.headers['content-type'], JSON.parse(await textOf(answer))]
    }
    const form = 'application/problem+json'
    expect(await tooLarge('/v1/messages')).toEqual([
      413,
      form,
      expect.objectContaining({
        type: 'error',
        error: expect.objectContaining({ type: 'request_too_large' }) as object,
      }),
    ])
    expect(await tooLarge('/v1/responses')).toEqual([
      413,
      form,
      expect.objectContaining({ error: expect.objectContaining({ code: 'payload-too-large' }) as object }),
    ])
    expect(upstream.passed).toBe(before)
  })

  it('shows no metrics', async () => {
    expect((await ask(front, '/metrics', null)).statusCode).toBe(404)
  })

  it('says to the client of OpenAI that nothing is behind it, and passes errors of what is', async () => {
    verifies('nginx.page')
    const clientOf = (server: NginxServer) =>
      new OpenAI({
        baseURL: `${server.url}/v1`,
        apiKey: 'sp-x',
        maxRetries: 0,
        fetch: async (address, init) => askWith(certificateOf(server), address, init),
      })
    const call = (server: NginxServer) =>
      clientOf(server)
        .chat.completions.create({ model: 'm', messages: [] })
        .catch((error: unknown) => error)
    upstream.answer = (_request, response) => {
      response
        .writeHead(429, { ...json, 'retry-after': '7' })
        .end('{"error":{"message":"Later.","code":"quota","type":"x"}}')
    }
    expect(await call(front)).toMatchObject({ status: 429, code: 'quota' })
    await using alone = await NginxServer.start(program, configuration, 'http://127.0.0.1:1')
    const away = await call(alone)
    expect(away).toBeInstanceOf(APIError)
    expect(away).toMatchObject({ status: 503, code: 'upstream-unavailable' })
  })

  it.skipIf('missing' in waf)('stands before the firewall, which keeps what nginx says of a caller', async () => {
    verifies('nginx.page')
    if ('missing' in waf) return
    await using firewall = await WafServer.start(waf.path, upstream.url, {
      exclusions: join(wafFolder, 'exclusions.conf'),
    })
    await using both = await NginxServer.start(program, configuration, firewall.url)
    const seen = new Promise((tell) => {
      upstream.answer = ({ headers }, response) => {
        tell(headers['x-forwarded-for'])
        response.end('{}')
      }
    })
    await ask(both, '/v1/chat/completions', '{"messages":[{"role":"user","content":"print(open(__file__).read())"}]}')
    expect(await seen).toBe('127.0.0.1, 127.0.0.1')
  })
})
