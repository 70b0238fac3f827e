import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a caller's question, its program, what that prints and its answer hold, and nobody else's does. */
export const canaries = /canary[0-9a-f]{12}/g

export interface CanaryModelOptions {
  /** Pieces in which it writes its last answer. */
  readonly pieces: number
  /** Between two of them, milliseconds on average: each pause is between half of it and half more, so that answers that begin apart keep no common beat. */
  readonly pause: number
}

interface AskedMessage {
  readonly role: string
  readonly content: unknown
}

/**
 * A model behind OpenAI's Chat Completions that asks of every caller for one program, which prints the caller's canary, and then
 * writes what the program printed, piece by piece. It keeps nothing from one request to the next.
 */
export class CanaryModel implements AsyncDisposable {
  readonly #options: CanaryModelOptions
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => response.destroy())
  })

  private constructor(options: CanaryModelOptions) {
    this.#options = options
  }

  static async start(options: CanaryModelOptions): Promise<CanaryModel> {
    const model = new CanaryModel(options)
    await new Promise<void>((resolve) => model.#server.listen(0, '127.0.0.1', resolve))
    return model
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    if (request.url !== '/v1/chat/completions') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[{"id":"canary"}]}')
      return
    }
    const { messages } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { messages: readonly AskedMessage[] }
    const text = (role: string): string =>
      JSON.stringify(messages.findLast((message) => message.role === role)?.content ?? '')
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    const send = (delta: object, reason: string | null): void => void response.write(chunk(delta, reason))
    if (messages.at(-1)?.role === 'tool') await this.#answer(firstCanary(text('tool')), send)
    else askForProgram(firstCanary(text('user')), send)
    response.end('data: [DONE]\n\n')
  }

  async #answer(canary: string, send: (delta: object, reason: string | null) => void): Promise<void> {
    for (let piece = 0; piece < this.#options.pieces; piece += 1) {
      send({ content: `${canary} is what the program of this caller printed, said for the ${piece}th time.\n\n` }, null)
      await sleep(this.#options.pause * (0.5 + Math.random()))
    }
    send({}, 'stop')
  }
}

/** The program of a caller: a first pandas cell that takes its result from data. */
export function canaryProgram(canary: string): string {
  return `import pandas as pd\nprint("${canary}", pd.DataFrame({"a": range(1000)}).a.sum())`
}

function askForProgram(canary: string, send: (delta: object, reason: string | null) => void): void {
  send({ role: 'assistant', content: `The caller of ${canary} wants a sum, which a program of pandas says.\n\n` }, null)
  const call = { name: 'run_python', arguments: JSON.stringify({ code: canaryProgram(canary) }) }
  send({ tool_calls: [{ index: 0, id: `call_${canary}`, type: 'function', function: call }] }, null)
  send({}, 'tool_calls')
}

const firstCanary = (text: string): string => text.match(canaries)?.[0] ?? 'none'

function chunk(delta: object, reason: string | null): string {
  const whole = {
    id: 'chatcmpl-canary',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'canary',
    choices: [{ index: 0, delta, finish_reason: reason, logprobs: null }],
    ...(reason === null ? {} : { usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 } }),
  }
  return `data: ${JSON.stringify(whole)}\n\n`
}
