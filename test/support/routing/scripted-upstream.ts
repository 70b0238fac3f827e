import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { namelessEvent } from '../http/upstream/served.ts'

/** One request that has arrived. */
export interface ArrivedCall {
  /** As the upstream names it. */
  readonly model: string
  readonly body: string
}

/** What is done with a request. */
export interface Behaviour {
  /** Before anything is answered. */
  readonly milliseconds?: number
  /** The answer waits for this, too. */
  readonly until?: Promise<unknown>
  /** Tokens that it counts; 10 and 5 where absent. */
  readonly usage?: { readonly input: number; readonly output: number }
  /** Answers with an error of this status. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Reads the request and lets go of the connection; in the middle of a stream, behind a text and its count. */
  readonly breaks?: 'at-once' | 'counted'
  /** The sealed reasoning of an answer of Responses. */
  readonly sealed?: string
}

/** A provider of OpenAI's kind over real connections, which does what a test says and keeps what arrived. */
export class ScriptedUpstream implements AsyncDisposable {
  readonly calls: ArrivedCall[] = []
  behave: (call: ArrivedCall) => Behaviour = () => ({})
  readonly #server = createServer((request, response) => void this.#serve(request, response))

  static async start(): Promise<ScriptedUpstream> {
    const upstream = new ScriptedUpstream()
    upstream.#server.listen(0, '127.0.0.1')
    await once(upstream.#server, 'listening')
    return upstream
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  /** Names of the models that were asked, in their order. */
  get models(): readonly string[] {
    return this.calls.map(({ model }) => model)
  }

  startOver(): void {
    this.calls.length = 0
    this.behave = () => ({})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const asked = JSON.parse(body) as Asked
    const call = { model: asked.model, body }
    this.calls.push(call)
    const behaviour = this.behave(call)
    const { milliseconds = 0, until, status, headers = {}, breaks } = behaviour
    await until
    if (milliseconds > 0) await sleep(milliseconds)
    if (breaks === 'at-once') return void response.socket?.resetAndDestroy()
    if (status !== undefined) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      return void response.end(JSON.stringify({ error: { message: 'It broke.', type: 'server_error', code: null } }))
    }
    if (asked.stream === true) return stream(response, asked, behaviour)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify(incoming.url?.endsWith('/responses') ? answered(asked, behaviour) : said(asked, behaviour)),
    )
  }
}

interface Asked {
  readonly model: string
  readonly stream?: boolean
  readonly messages?: readonly { readonly content: unknown }[]
}

/** What it was told last, said back. */
const echoOf = ({ messages = [] }: Asked): string => `You said: ${String(messages.at(-1)?.content)}`

const tokensOf = ({ usage = { input: 10, output: 5 } }: Behaviour) => ({
  prompt_tokens: usage.input,
  completion_tokens: usage.output,
  total_tokens: usage.input + usage.output,
})

const said = (asked: Asked, behaviour: Behaviour) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: asked.model,
  choices: [{ index: 0, message: { role: 'assistant', content: echoOf(asked) }, finish_reason: 'stop' }],
  usage: tokensOf(behaviour),
})

function answered({ model }: Asked, { sealed, usage = { input: 10, output: 5 } }: Behaviour) {
  const text = { type: 'output_text', text: 'Done.', annotations: [] }
  const message = { id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [text] }
  const reasoning = { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: sealed }
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    model,
    status: 'completed',
    error: null,
    store: false,
    output: sealed === undefined ? [message] : [reasoning, message],
    usage: { input_tokens: usage.input, output_tokens: usage.output, total_tokens: usage.input + usage.output },
  }
}

function stream(response: ServerResponse, asked: Asked, behaviour: Behaviour): void {
  const chunk = (choices: readonly object[], more: object = {}): void =>
    void response.write(
      namelessEvent({
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        created: 1,
        model: asked.model,
        choices,
        ...more,
      }),
    )
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  chunk([{ index: 0, delta: { role: 'assistant', content: echoOf(asked) }, finish_reason: null }])
  if (behaviour.breaks !== 'counted') chunk([{ index: 0, delta: {}, finish_reason: 'stop' }])
  chunk([], { usage: tokensOf(behaviour) })
  if (behaviour.breaks === 'counted') response.socket?.destroySoon()
  else response.end('data: [DONE]\n\n')
}
