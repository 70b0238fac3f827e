import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { createDecide } from '../../../../src/gateway/authorize/decide.ts'
import { decisions, type DecisionName } from '../../../../src/gateway/authorize/decisions.ts'
import { openServerEngine } from '../../../../src/gateway/authorize/server-engine.ts'
import { allowed } from '../../../support/policy/faulty-rules.ts'
import { inputOf } from '../../../support/policy/inputs.ts'
import { verifies } from '../../../support/verifies.ts'

let stack = new AsyncDisposableStack()
afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const decidingAt = (url: string, token: Secret | null = null, deadlineMilliseconds = 100) => {
  const engine = openServerEngine({ url, token }, deadlineMilliseconds)
  return createDecide({ engine: async () => engine, deadlineMilliseconds })
}
const json = { 'content-type': 'application/json' }
const names = Object.keys(decisions) as readonly DecisionName[]

describe('a server of OPA', () => {
  it.each(names)('is asked for the %s with the input and the token, and its bundles are named', async (name) => {
    const asked: unknown[] = []
    const url = await listening((request, response) => {
      void text(request).then((body) => {
        asked.push([request.method, request.url, request.headers.authorization, JSON.parse(body)])
        const provenance = { version: '1.22.4', bundles: { b: { revision: 'r2' }, a: { revision: 'r1' } } }
        response.writeHead(200, json).end(JSON.stringify({ result: allowed[name], provenance }))
      })
    })
    const decided = await decidingAt(`${url}/opa/`, new Secret('t0ken'), 10_000)(name, inputOf(name, 'k1'))
    expect(decided).toMatchObject({ kind: 'decision', revision: 'a=r1,b=r2', output: allowed[name] })
    const path = `/opa/v1/data/${decisions[name].entryPoint}?provenance=true`
    expect(asked).toEqual([['POST', path, 'Bearer t0ken', { input: inputOf(name, 'k1') }]])
  })

  it.each<[string, RequestListener]>([
    ['has no such rule', (_request, response) => response.writeHead(200, json).end('{}')],
    ['refuses the token', (_request, response) => response.writeHead(401, json).end('{"code":"unauthorized"}')],
    ['is at fault', (_request, response) => response.writeHead(500, json).end('{"code":"internal_error"}')],
    ['sends elsewhere', (_request, response) => response.writeHead(302, { location: '/allow' }).end()],
    ['is a web page', (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>ok')],
    [
      'breaks off',
      (_request, response) => response.writeHead(200, json).write('{"result":{"allow":true,', () => response.destroy()),
    ],
    ['answers with damaged JSON', (_request, response) => response.writeHead(200, json).end('{"result":{"allow":true')],
    ['answers with a list', (_request, response) => response.writeHead(200, json).end('[{"result":{}}]')],
    ['answers without end', (_request, response) => void response.writeHead(200, json).write('{')],
    ['answers nothing', () => undefined],
    ['hangs up', (request) => request.destroy()],
    [
      'answers too much',
      (_request, response) => response.writeHead(200, json).end(`{"result":"${'x'.repeat(2_000_000)}"}`),
    ],
  ])('that %s refuses, whatever is asked', async (_what, listener) => {
    verifies('policy.fails-closed')
    const decide = decidingAt(await listening(listener))
    for (const name of names) expect(await decide(name, inputOf(name, 'k1'))).toMatchObject({ kind: 'fault' })
  })

  it.each(names)('that nobody started refuses the %s', async (name) => {
    const decided = await decidingAt('http://127.0.0.1:1')(name, inputOf(name, 'k1'))
    expect(decided).toMatchObject({ kind: 'fault', revision: null })
  })
})
