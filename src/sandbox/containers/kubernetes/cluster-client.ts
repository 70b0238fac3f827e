import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import type { ClusterAccess } from './cluster-access.ts'
import { ClusterRefusal } from './cluster-faults.ts'

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path and query. */
  readonly path: string
  readonly body?: object
}

/** Longest that an answer may take, milliseconds: the API server itself gives up after 60 seconds. */
const answerMilliseconds = 20_000
const answerBytes = 32 * 1024 * 1024

/** Few calls of the Kubernetes API, in JSON. Every one rejects with `ClusterRefusal` for an answer that is none. */
export class ClusterClient implements Disposable {
  readonly access: ClusterAccess
  readonly #agent: Agent | PlainAgent

  constructor(access: ClusterAccess) {
    this.access = access
    const settings = { keepAlive: true, keepAliveMsecs: 15_000, maxSockets: 32 }
    this.#agent =
      access.server.protocol === 'https:' ? new Agent({ ...settings, ...access.tls }) : new PlainAgent(settings)
  }

  /** What is sent with every request to say who asks. */
  async headers(): Promise<Record<string, string>> {
    const token = await this.access.token()
    return token === null ? {} : { authorization: `Bearer ${token}` }
  }

  address(path: string): URL {
    return new URL(`${this.access.server.pathname.replace(/\/$/, '')}${path}`, this.access.server)
  }

  async call(call: Call, signal: AbortSignal): Promise<unknown> {
    const late = AbortSignal.timeout(answerMilliseconds)
    const response = await this.#send(call, AbortSignal.any([signal, late]))
    return parse(await bounded(response))
  }

  /** The objects of a watch as they come, until the server ends it. Ends, too, when nothing was heard for `quietMilliseconds`. */
  async *watch(path: string, quietMilliseconds: number, signal: AbortSignal): AsyncGenerator<unknown> {
    const quiet = new AbortController()
    const timer = setTimeout(
      () => quiet.abort(new DOMException('Nothing was heard of a watch', 'TimeoutError')),
      quietMilliseconds,
    )
    try {
      const response = await this.#send({ method: 'GET', path }, AbortSignal.any([signal, quiet.signal]))
      const decoder = new TextDecoder()
      let rest = ''
      for await (const piece of response as AsyncIterable<Buffer>) {
        timer.refresh()
        const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        if (rest.length > answerBytes) throw new Error('An event of a watch is too large')
        yield* lines.filter((line) => line !== '').map(parse)
      }
    } finally {
      clearTimeout(timer)
      // Whoever looks no further leaves no connection behind.
      quiet.abort()
    }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }

  /** The answer once its head is there, where that says that it is one. */
  async #send({ method, path, body }: Call, signal: AbortSignal): Promise<IncomingMessage> {
    const content = body === undefined ? null : JSON.stringify(body)
    const headers = {
      accept: 'application/json',
      ...(await this.headers()),
      ...(content === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
    }
    const send = this.access.server.protocol === 'https:' ? request : plainRequest
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = send(this.address(path), { method, headers, agent: this.#agent, signal }, resolve)
      sent.once('error', (thrown) => reject(signal.aborted ? (signal.reason as Error) : thrown))
      sent.end(content ?? undefined)
    })
    const { statusCode = 0 } = response
    if (statusCode >= 200 && statusCode < 300) return response
    throw refusalOf(statusCode, await bounded(response))
  }
}

/** What an answer says that is a refusal: a `Status` object, or whatever stands between here and the API server. */
export function refusalOf(status: number, body: string): ClusterRefusal {
  const said = parse(body) as { readonly reason?: unknown; readonly message?: unknown } | null
  const reason = typeof said?.reason === 'string' ? said.reason : ''
  const message = typeof said?.message === 'string' ? said.message : body.slice(0, 300)
  return new ClusterRefusal(status, reason, message)
}

async function bounded(response: IncomingMessage): Promise<string> {
  let bytes = 0
  response.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > answerBytes) response.destroy(new Error('An answer of the API server is too large'))
  })
  return text(response)
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
