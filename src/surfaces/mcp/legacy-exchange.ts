import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  WebStandardStreamableHTTPServerTransport,
  type JSONRPCMessage,
  type MessageExtraInfo,
  type Server,
} from '@modelcontextprotocol/server'
import { randomUUID } from 'node:crypto'
import { RunningCalls, type CallName } from './running-calls.ts'

/** One request of the old protocol over HTTP, by whoever sent it. */
export interface LegacyRequest {
  /** With a signal that aborts when its caller goes away. */
  readonly request: Request
  /** Parsed JSON, which is no batch. */
  readonly body: unknown
  readonly owner: string
  readonly heartbeatMilliseconds: number
}

/** What is sent to the client and waits for its answer: under an id that nobody can guess, since the answer comes on a connection of its own. */
class ExchangeTransport extends WebStandardStreamableHTTPServerTransport {
  readonly #asked = new Map<string, string | number>()

  override async send(
    message: JSONRPCMessage,
    options?: Parameters<WebStandardStreamableHTTPServerTransport['send']>[1],
  ) {
    if (!isJSONRPCRequest(message)) return super.send(message, options)
    const id = randomUUID()
    this.#asked.set(id, message.id)
    return super.send({ ...message, id }, options)
  }

  /** Hands over what came on another connection. */
  take(message: JSONRPCMessage, extra?: MessageExtraInfo): void {
    if (!isJSONRPCResponse(message)) return this.onmessage?.(message, extra)
    const asked = this.#asked.get(String(message.id))
    if (asked === undefined) return
    this.#asked.delete(String(message.id))
    this.onmessage?.({ ...message, id: asked }, extra)
  }
}

const accepted = (): Response => new Response(null, { status: 202 })

/**
 * Serves 2025-11-25 and before, statelessly: each request by a server of its own. A cancellation and an answer to a question of
 * the server come as requests of their own, and find the one they are about by who sent them.
 */
export class LegacyExchanges {
  readonly #running = new RunningCalls<ExchangeTransport>()
  /** All that are open, with whose they are. */
  readonly #open = new Map<ExchangeTransport, string>()

  async answer(legacy: LegacyRequest, serverFor: () => Server): Promise<Response> {
    const { request, body, owner } = legacy
    const session = request.headers.get('mcp-session-id') ?? ''
    if (isJSONRPCResponse(body)) return this.#answered(body, owner)
    if (isJSONRPCNotification(body)) {
      const cancelled = cancelledBy(body)
      if (cancelled !== null) await this.#cancel({ owner, session, id: cancelled }, body)
      return accepted()
    }
    const transport = new ExchangeTransport({ keepAliveMs: legacy.heartbeatMilliseconds })
    const server = serverFor()
    await server.connect(transport)
    const name = isJSONRPCRequest(body) ? { owner, session, id: body.id } : null
    return this.#during(transport, { name, owner, signal: request.signal }, async () =>
      withSession(await transport.handleRequest(request, { parsedBody: body }), body),
    )
  }

  /** Keeps it known until its answer is over, or its caller has gone. */
  async #during(
    transport: ExchangeTransport,
    { name, owner, signal }: { readonly name: CallName | null; readonly owner: string; readonly signal: AbortSignal },
    work: () => Promise<Response>,
  ): Promise<Response> {
    const running = name === null ? null : this.#running.begin(name, transport)
    this.#open.set(transport, owner)
    const end = (): void => {
      running?.[Symbol.dispose]()
      this.#open.delete(transport)
      void transport.close().catch(() => undefined)
    }
    signal.addEventListener('abort', end, { once: true })
    try {
      const response = await work()
      return endingWith(response, end)
    } catch (thrown) {
      end()
      throw thrown
    }
  }

  async #cancel(name: CallName, message: JSONRPCMessage): Promise<void> {
    const transport = this.#running.find(name)
    if (transport === null) return
    transport.take(message)
    // A cancelled request is never answered: its stream ends instead.
    await new Promise((resolve) => setImmediate(resolve))
    await transport.close()
  }

  #answered(message: JSONRPCMessage, owner: string): Response {
    for (const [transport, whose] of this.#open) if (whose === owner) transport.take(message)
    return accepted()
  }
}

function cancelledBy(message: JSONRPCMessage): string | number | null {
  if (!('method' in message) || message.method !== 'notifications/cancelled') return null
  const id = message.params?.['requestId']
  return typeof id === 'string' || typeof id === 'number' ? id : null
}

/** A new session has a name, by which requests of one client are told from those of another with the same key. It is kept nowhere. */
function withSession(response: Response, body: unknown): Response {
  if (!isJSONRPCRequest(body) || body.method !== 'initialize' || !response.ok) return response
  const headers = new Headers(response.headers)
  headers.set('mcp-session-id', randomUUID())
  return new Response(response.body, { status: response.status, headers })
}

/** The same response, with something done when all of it was read. */
function endingWith(response: Response, end: () => void): Response {
  if (response.body === null) {
    end()
    return response
  }
  const body = response.body.pipeThrough(new TransformStream({ flush: end }))
  return new Response(body, { status: response.status, headers: response.headers })
}
