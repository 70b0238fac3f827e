import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { key, onlyKey } from '../../support/http/http-service.ts'
import { rowsOf, startMcpService, type McpTestService } from '../../support/mcp/mcp-service.ts'
import { createRandom } from '../../support/random.ts'
import { verifies } from '../../support/verifies.ts'

const accept = { accept: 'application/json, text/event-stream' }
const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

const post = (service: McpTestService, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  service.post(body, { ...accept, ...headers }, '/mcp')

/** Sends what `fetch` would not: a Host of its own. */
function statusFor(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((done, failed) => {
    const { hostname, port } = new URL(url)
    const asked = request({ hostname, port, path: '/mcp', method: 'POST', headers }, (response) => {
      response.resume()
      done(response.statusCode ?? 0)
    })
    asked.once('error', failed)
    asked.end(JSON.stringify(list))
  })
}

const common = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...accept }

describe('whoever is at /mcp', () => {
  it('has to go by a name of the service', async () => {
    verifies('mcp.origins')
    await using service = await startMcpService({
      settings: {
        base_url: 'https://tools.example',
        mcp: { hosts: ['gateway.example'], origins: ['app.example'], progress_ms: 5_000 },
      },
    })
    const url = `http://127.0.0.1:${service.server.port}`
    const statusOf = (changes: Record<string, string>) => statusFor(url, { ...common, ...changes })
    for (const host of ['localhost:8080', '127.0.0.1', 'tools.example', 'gateway.example:443']) {
      expect(await statusOf({ host })).toBe(200)
    }
    for (const host of ['evil.example', 'tools.example.evil.example', 'localhost.evil.example']) {
      expect(await statusOf({ host })).toBe(403)
    }
    for (const origin of ['https://app.example', 'http://localhost:3000', 'https://tools.example']) {
      expect(await statusOf({ host: 'localhost', origin })).toBe(200)
    }
    for (const origin of ['https://evil.example', 'null', 'file://', 'https://app.example.evil.example']) {
      expect(await statusOf({ host: 'localhost', origin })).toBe(403)
    }
  })

  it('is told where tokens are given, where some are taken', async () => {
    verifies('mcp.challenge')
    const issuers = ['https://login.example/realm']
    await using service = await startMcpService({ mcp: { issuers } })
    const where = `${service.url}/.well-known/oauth-protected-resource/mcp`
    for (const authorization of ['', 'Bearer sp-wrong']) {
      const refused = await post(service, list, { authorization })
      expect(refused.status).toBe(401)
      expect(refused.headers.get('www-authenticate')).toBe(`Bearer realm="sallyport", resource_metadata="${where}"`)
      expect(await refused.json()).toMatchObject({
        jsonrpc: '2.0',
        id: null,
        error: { data: { code: 'unauthenticated' } },
      })
    }
    for (const url of [where, where.replace(/\/mcp$/, '')]) {
      const metadata = await fetch(url)
      expect(await metadata.json()).toMatchObject({
        resource: `${service.url}/mcp`,
        authorization_servers: issuers,
        bearer_methods_supported: ['header'],
      })
    }
    await using keysOnly = await startMcpService()
    expect((await fetch(`${keysOnly.url}/.well-known/oauth-protected-resource`)).status).toBe(404)
    const refused = await post(keysOnly, list, { authorization: 'Bearer sp-wrong' })
    expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="sallyport"')
  })

  it('sends one message at a time, as JSON, and not too much', async () => {
    verifies('mcp.batches')
    await using service = await startMcpService({ settings: { body_limit_mb: 1 / 1024 } })
    const batch = await post(service, [list, { ...list, id: 2 }])
    expect(batch.status).toBe(400)
    expect(await batch.json()).toMatchObject({ error: { code: -32_600 } })
    expect((await post(service, '{"jsonrpc": ')).status).toBe(400)
    expect(await (await post(service, '{"jsonrpc": ')).json()).toMatchObject({ error: { code: -32_700 } })
    expect((await post(service, { ...list, padding: 'x'.repeat(2_000) })).status).toBe(413)
    expect((await post(service, 'a=1', { 'content-type': 'text/plain' })).status).toBe(415)
    const stream = await fetch(`${service.url}/mcp`, { headers: { authorization: `Bearer ${key}` } })
    expect([stream.status, stream.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })

  it('cancels calls of its own only, and none where two have the same name', async () => {
    const running: AbortSignal[] = []
    const all = Promise.withResolvers<undefined>()
    await using service = await startMcpService({
      statements: {
        run: async (_received, _request, signal) => {
          if (running.push(signal) === 3) all.resolve(undefined)
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          return rowsOf(0)
        },
        check: () => Promise.reject(new Error('not asked')),
      },
    })
    const call = {
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'run_sql', arguments: { statement: 'x' } },
    }
    const session = { 'mcp-session-id': 'one' }
    await Promise.all([post(service, call, session), post(service, call), post(service, call)])
    await all.promise
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } }
    const aborted = (): number => running.filter((signal) => signal.aborted).length
    const stranger = { authorization: `Bearer ${onlyKey('sql')}` }
    for (const headers of [{ ...session, ...stranger }, stranger, {}]) {
      expect((await post(service, cancel, headers)).status).toBe(202)
    }
    expect(aborted()).toBe(0)
    expect((await post(service, cancel, session)).status).toBe(202)
    expect(aborted()).toBe(1)
  })

  it('gets a typed answer to whatever it sends, and the service stays there', async () => {
    await using service = await startMcpService()
    const random = createRandom(19)
    for (let round = 0; round < 300; round += 1) {
      const response = await post(service, hostileMessage(random), hostileHeaders(random))
      expect([200, 202, 400, 403, 404, 405, 406, 413, 415]).toContain(response.status)
      expect(await response.text()).not.toMatch(/at .*\.m?[jt]s:\d+|node_modules|ZodError|TypeError/)
    }
    expect((await post(service, list)).status).toBe(200)
  })
})

type Random = () => number

const pick = <T>(random: Random, values: readonly [T, ...T[]]): T =>
  values[Math.floor(random() * values.length)] ?? values[0]

/** A message of the protocol with something wrong, missing or too much. */
function hostileMessage(random: Random): unknown {
  const strange = (): unknown =>
    pick(random, [null, true, -1, 1e308, '', '\u0000', '__proto__', [], {}, [[[]]], { a: { b: 1 } }, 'x'.repeat(5_000)])
  const message: Record<string, unknown> = {
    jsonrpc: pick<unknown>(random, ['2.0', '2.0', '1.0', strange()]),
    id: pick<unknown>(random, [1, 'a', null, strange()]),
    method: pick<unknown>(random, [
      ...(['tools/call', 'tools/list', 'initialize', 'resources/read', 'ping', 'server/discover'] as const),
      ...(['notifications/cancelled', 'subscriptions/listen', 'tasks/get', 'completion/complete'] as const),
      strange(),
    ]),
    params: pick<unknown>(random, [
      { name: pick<unknown>(random, ['run_sql', 'constructor', strange()]), arguments: strange() },
      { uri: pick<unknown>(random, ['sallyport://results/x', 'file:///etc/passwd', strange()]) },
      { requestId: strange(), _meta: strange() },
      { protocolVersion: strange(), capabilities: strange(), clientInfo: strange() },
      { _meta: { 'io.modelcontextprotocol/protocolVersion': pick(random, ['2026-07-28', '2099-01-01']) } },
      strange(),
    ]),
    result: strange(),
  }
  for (const name of Object.keys(message))
    if (random() < 0.25 || (name === 'result' && random() < 0.8)) delete message[name]
  return message
}

function hostileHeaders(random: Random): Record<string, string> {
  return {
    ...(random() < 0.5
      ? {}
      : { 'mcp-protocol-version': pick(random, ['2026-07-28', '2025-11-25', '1999-01-01', 'x']) }),
    ...(random() < 0.5 ? {} : { 'mcp-method': pick(random, ['tools/call', 'tools/list', 'x']) }),
    ...(random() < 0.7 ? {} : { 'mcp-session-id': 'y'.repeat(300) }),
  }
}
