import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

/** What stands behind a firewall: it answers what reaches it, and counts. */
export class ScannedUpstream implements AsyncDisposable {
  readonly #server: Server
  /** Requests that came through. */
  passed = 0
  answer: Answer = (_request, response) => void response.end('{"passed":true}')

  private constructor() {
    this.#server = createServer((request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        this.passed += 1
        this.answer(request, response, Buffer.concat(pieces))
      })
    })
  }

  static async start(): Promise<ScannedUpstream> {
    const upstream = new ScannedUpstream()
    upstream.#server.listen(0, '127.0.0.1')
    await once(upstream.#server, 'listening')
    return upstream
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
