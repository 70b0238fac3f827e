import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server does with one request to `/v1/chat/completions`. */
export type ServedTurn =
  | {
      readonly kind: 'turn'
      readonly text?: string
      readonly calls?: readonly { readonly id?: string; readonly name: string; readonly arguments: string }[]
      readonly finishReason?: string
      /** Left out of the response: no usage. */
      readonly withoutUsage?: boolean
      /** Answers with plain JSON whatever was asked for. */
      readonly ignoresStream?: boolean
      /** Characters per delta. */
      readonly chunk?: number
    }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly body: string
      readonly headers?: Record<string, string>
    }
  /** A web page with status 200. */
  | { readonly kind: 'page' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Begins a stream and then stays silent. */
  | { readonly kind: 'stall'; readonly text: string }
  /** Finishes and then keeps the stream open. */
  | { readonly kind: 'linger'; readonly text: string }
  /** Ends the stream, in order, without a finish reason. */
  | { readonly kind: 'truncated'; readonly text: string }
  /** Cuts the connection in the middle of the stream. */
  | { readonly kind: 'cut'; readonly text: string }
  /** These bytes as an event stream. */
  | { readonly kind: 'raw'; readonly body: string; readonly contentType?: string }
  /** These bytes on the bare connection, in place of a response. */
  | { readonly kind: 'bytes'; readonly bytes: string }

export interface ServedRequest {
  readonly authorization: string | undefined
  readonly body: {
    readonly model: string
    readonly messages: readonly {
      readonly role: string
      readonly content: string | null
      readonly tool_call_id?: string
    }[]
    readonly tools?: readonly { readonly function: { readonly name: string } }[]
    readonly stream?: boolean
    readonly [key: string]: unknown
  }
}

/** Chooses the answer to a request; `position` counts from 0. */
export type Scenario = (request: ServedRequest, position: number) => ServedTurn | Promise<ServedTurn>

/**
 * An OpenAI-compatible server that plays a script, for tests. Speaks Chat Completions as OpenAI documents it, streamed
 * and plain, and every way in which endpoints fail. Records what it was asked.
 */
export class ScriptedOpenAiServer implements AsyncDisposable {
  readonly requests: ServedRequest[] = []
  /** Requests whose client went away before the answer was complete. */
  abandoned = 0
  readonly #scenario: Scenario
  readonly #server = createServer((request, response) => void this.#serve(request, response))

  private constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  /** Turns are played in order and the last is repeated; a function decides for itself. */
  static async start(scenario: Scenario | readonly ServedTurn[]): Promise<ScriptedOpenAiServer> {
    const play: Scenario =
      typeof scenario === 'function'
        ? scenario
        : (_request, position) => scenario[Math.min(position, scenario.length - 1)] ?? { kind: 'hang' }
    const server = new ScriptedOpenAiServer(play)
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      if (!response.writableFinished) this.abandoned += 1
    })
    if (request.url === '/v1/models') {
      return json(response, 200, JSON.stringify({ object: 'list', data: [{ id: 'scripted-1', object: 'model' }] }))
    }
    if (request.url !== '/v1/chat/completions') return page(response, 404)
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const served: ServedRequest = {
      authorization: request.headers.authorization,
      body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as ServedRequest['body'],
    }
    this.requests.push(served)
    const turn = await this.#scenario(served, this.requests.length - 1)
    answer(turn, served, response)
  }
}

function answer(turn: ServedTurn, request: ServedRequest, response: ServerResponse): void {
  if (turn.kind === 'hang') return
  if (turn.kind === 'page') return page(response, 200)
  if (turn.kind === 'bytes') return void response.socket?.end(turn.bytes)
  if (turn.kind === 'status') return json(response, turn.status, turn.body, turn.headers)
  if (turn.kind === 'raw') {
    response.writeHead(200, { 'content-type': turn.contentType ?? 'text/event-stream' })
    response.end(turn.body)
    return
  }
  if (turn.kind === 'turn') {
    if (request.body.stream === true && turn.ignoresStream !== true) return stream(turn, request, response)
    return json(response, 200, JSON.stringify(completion(turn, request)))
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(event(chunkOf(request, { role: 'assistant', content: turn.text }, null)))
  if (turn.kind === 'linger') response.write(event(chunkOf(request, {}, 'stop')))
  if (turn.kind === 'truncated') response.end()
  if (turn.kind === 'cut') setTimeout(() => response.destroy(), 20)
}

type Turn = Extract<ServedTurn, { readonly kind: 'turn' }>

function usageOf(request: ServedRequest, turn: Turn): object {
  const prompt = Math.ceil(JSON.stringify(request.body.messages).length / 4)
  const completion = Math.ceil(((turn.text ?? '').length + JSON.stringify(turn.calls ?? []).length) / 4)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

function wireCalls(turn: Turn): object[] {
  return (turn.calls ?? []).map((call, index) => ({
    id: call.id ?? `call_${index}`,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }))
}

function reasonOf(turn: Turn): string {
  return turn.finishReason ?? ((turn.calls ?? []).length > 0 ? 'tool_calls' : 'stop')
}

function completion(turn: Turn, request: ServedRequest): object {
  const calls = wireCalls(turn)
  const message = { role: 'assistant', content: turn.text ?? null, ...(calls.length > 0 ? { tool_calls: calls } : {}) }
  return {
    id: 'chatcmpl-scripted',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: request.body.model,
    choices: [{ index: 0, message, finish_reason: reasonOf(turn), logprobs: null }],
    ...(turn.withoutUsage === true ? {} : { usage: usageOf(request, turn) }),
  }
}

function stream(turn: Turn, request: ServedRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  const send = (delta: object, reason: string | null): void =>
    void response.write(event(chunkOf(request, delta, reason)))
  const size = turn.chunk ?? 7
  send({ role: 'assistant', content: '' }, null)
  for (const piece of pieces(turn.text ?? '', size)) send({ content: piece }, null)
  for (const [index, call] of (turn.calls ?? []).entries()) {
    const id = call.id ?? `call_${index}`
    send({ tool_calls: [{ index, id, type: 'function', function: { name: call.name, arguments: '' } }] }, null)
    for (const piece of pieces(call.arguments, size))
      send({ tool_calls: [{ index, function: { arguments: piece } }] }, null)
  }
  send({}, reasonOf(turn))
  const wanted = (request.body['stream_options'] as { include_usage?: boolean } | undefined)?.include_usage === true
  if (wanted && turn.withoutUsage !== true) {
    response.write(event({ ...chunkOf(request, {}, null), choices: [], usage: usageOf(request, turn) }))
  }
  response.end('data: [DONE]\n\n')
}

function pieces(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_value, index) =>
    text.slice(index * size, (index + 1) * size),
  )
}

function chunkOf(request: ServedRequest, delta: object, reason: string | null): object {
  return {
    id: 'chatcmpl-scripted',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: request.body.model,
    choices: [{ index: 0, delta, finish_reason: reason, logprobs: null }],
  }
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

function json(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body)
}

function page(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
  response.end('<!doctype html><html><head><title>Welcome</title></head><body>It works!</body></html>')
}
