import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as bodyText } from 'node:stream/consumers'

export interface ReceivedQuestion {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The bytes as they came. */
  readonly raw: string
  /** Parsed; null without one. */
  readonly body: unknown
}

export interface FakeAnswer {
  readonly status: number
  readonly body: unknown
}

export type Serve = (question: ReceivedQuestion) => FakeAnswer

export type Misbehaviour = (response: ServerResponse, question: ReceivedQuestion) => void

/** A program over HTTP with JSON, that answers rightly by `serve` or in whatever way a test wants. */
export class FakeServer implements AsyncDisposable {
  readonly asked: ReceivedQuestion[] = []
  /** Answers the next questions in place of `serve`; null answers rightly. */
  answer: Misbehaviour | null = null
  readonly #serve: Serve
  readonly #server = createServer((request, response) => {
    void bodyText(request).then((raw) => {
      const { method = '', url: path = '', headers } = request
      const question = { method, path, headers, raw, body: raw === '' ? null : (JSON.parse(raw) as unknown) }
      this.asked.push(question)
      if (this.answer !== null) return this.answer(response, question)
      return sendJson(response, this.answerTo(question))
    })
  })

  private constructor(serve: Serve) {
    this.#serve = serve
  }

  static async start(serve: Serve): Promise<FakeServer> {
    const fake = new FakeServer(serve)
    fake.#server.listen(0, '127.0.0.1')
    await once(fake.#server, 'listening')
    return fake
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The right answer to a question. */
  answerTo(question: ReceivedQuestion): FakeAnswer {
    return this.#serve(question)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

export function sendJson(response: ServerResponse, { status, body }: FakeAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
