import type { IncomingMessage, ServerResponse } from 'node:http'
import { createMcpHandler, isLegacyRequest, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server'
import { signalFor } from '../../http/caller-signal.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { writeToReader } from '../../http/send-body.ts'
import { LegacyExchanges } from './legacy-exchange.ts'
import { ownerOf, type McpCaller } from './tool.ts'

export interface McpEndpointOptions {
  /** A server of the protocol for one request. */
  readonly serverFor: (exchange: McpHttpExchange) => Server
  /** Aborts when the service has waited long enough for its running requests. */
  readonly stopping: AbortSignal
  readonly heartbeatMilliseconds: number
  /** How long a caller may take none of its answer. */
  readonly stallMilliseconds: number
}

export interface McpHttpExchange {
  readonly caller: McpCaller
  readonly newRequestId: () => string
  readonly stopping: AbortSignal
}

export interface McpHttpRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly caller: McpCaller
  /** Parsed JSON. */
  readonly body: unknown
}

/** Streamable HTTP for both eras of the protocol: what a request is says itself, and each is served by itself. */
export function createMcpEndpoint(options: McpEndpointOptions): (asked: McpHttpRequest) => Promise<void> {
  const { serverFor, stopping, heartbeatMilliseconds, stallMilliseconds } = options
  const exchanges = new WeakMap<Request, McpHttpExchange>()
  const legacy = new LegacyExchanges()
  const modern = createMcpHandler(
    ({ requestInfo }) => {
      const exchange = requestInfo === undefined ? undefined : exchanges.get(requestInfo)
      if (exchange === undefined) throw new Error('a request of nobody')
      return serverFor(exchange)
    },
    { legacy: 'reject', keepAliveMs: heartbeatMilliseconds },
  )
  // Streams on which nothing will ever come do not hold up a shutdown.
  stopping.addEventListener('abort', () => void modern.close(), { once: true })
  return async ({ request, response, caller, body }) => {
    if (Array.isArray(body)) return send(noBatches(), response, stallMilliseconds)
    const signal = signalFor(response, stopping)
    const asked = toRequest(request, signal)
    const exchange = { caller, newRequestId: () => requestIdOf(response), stopping }
    exchanges.set(asked, exchange)
    const isLegacy = await isLegacyRequest(asked, body)
    const answer = isLegacy
      ? await legacy.answer({ request: asked, body, owner: ownerOf(caller), heartbeatMilliseconds }, () =>
          serverFor(exchange),
        )
      : await modern.fetch(asked, { parsedBody: body })
    await send(answer, response, stallMilliseconds)
  }
}

function noBatches(): Response {
  const error = {
    code: ProtocolErrorCode.InvalidRequest,
    message: 'Batches are not taken: send one message at a time.',
  }
  return Response.json({ jsonrpc: '2.0', id: null, error }, { status: 400 })
}

/** The same request as the library reads it: its body was read already. */
function toRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headersDistinct)) {
    for (const each of value ?? []) headers.append(name, each)
  }
  return new Request(`http://localhost${request.url ?? '/mcp'}`, { method: request.method ?? 'POST', headers, signal })
}

/** Hands an answer over as its reader takes it. Whoever takes nothing for too long is let go, and what runs for it ends. */
async function send(answer: Response, response: ServerResponse, stallMilliseconds: number): Promise<void> {
  response.writeHead(answer.status, [...answer.headers].flat())
  if (answer.body === null) {
    response.end()
    return
  }
  response.flushHeaders()
  for await (const piece of answer.body) await writeToReader(response, piece, stallMilliseconds)
  response.end()
}
