import { once } from 'node:events'
import { createServer, request as forward } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Server } from '@modelcontextprotocol/server'
import { ServiceError } from '../../../src/core/errors.ts'
import type { Grant } from '../../../src/core/grant.ts'
import { answerError } from '../../../src/http/errors.ts'
import { readJson } from '../../../src/http/json-body.ts'
import { ownShape } from '../../../src/http/json-shape.ts'
import { guardOrigin } from '../../../src/surfaces/mcp/guard-origin.ts'
import { createMcpEndpoint } from '../../../src/surfaces/mcp/mcp-endpoint.ts'
import { toRpcError } from '../../../src/surfaces/mcp/rpc-error.ts'

const caller = {
  principal: { id: 'suite', kind: 'api-key', group: 'default' },
  grant: {} as Grant,
  channel: 'http',
  credential: null,
} as const

/** The product's own endpoint around another server of the protocol, which needs no key: the suite sends none. */
export async function serveConformance(serverFor: () => Server): Promise<AsyncDisposable & { readonly url: string }> {
  const stopping = new AbortController()
  const endpoint = createMcpEndpoint({
    serverFor,
    stopping: stopping.signal,
    heartbeatMilliseconds: 5_000,
    stallMilliseconds: 30_000,
  })
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      guardOrigin(request, { hosts: [], origins: [] })
      if (request.method !== 'POST') throw new ServiceError('method-not-allowed', 'Only POST is allowed.')
      const { value: body } = await readJson(request, { limitBytes: 1_048_576, shape: ownShape })
      await endpoint({ request, response, caller, body })
    }
    void answer().catch((thrown: unknown) =>
      answerError(thrown, { request, response }, { onFault: () => undefined, bodyFor: () => toRpcError }),
    )
  })
  const url = await listenOn(server)
  return {
    url: `${url}/mcp`,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Adds a key to whatever comes, as the suite cannot; the rest, the Host as well, goes on as it is. */
export async function serveWithKey(target: string, key: string): Promise<AsyncDisposable & { readonly url: string }> {
  const { hostname, port } = new URL(target)
  const server = createServer((request, response) => {
    const headers = { ...request.headers, authorization: `Bearer ${key}` }
    const passed = forward({ hostname, port, path: request.url, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    passed.once('error', () => response.destroy())
    response.once('close', () => passed.destroy())
    request.pipe(passed)
  })
  const url = await listenOn(server)
  return {
    url: `${url}/mcp`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function listenOn(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://localhost:${(server.address() as AddressInfo).port}`
}
