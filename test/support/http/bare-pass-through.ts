import { once } from 'node:events'
import { Agent, createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The least that can stand between a caller and an upstream: HTTP in, HTTP out, nothing read and nothing changed but
 * who is spoken to. What a gateway costs is measured against it.
 */
export class BarePassThrough implements AsyncDisposable {
  readonly #agent = new Agent({ keepAlive: true })
  readonly #server
  readonly #upstream: URL

  private constructor(upstream: string) {
    this.#upstream = new URL(upstream)
    this.#server = createServer((incoming, outgoing) => this.#pass(incoming, outgoing))
  }

  static async start(upstream: string, port = 0): Promise<BarePassThrough> {
    const passThrough = new BarePassThrough(upstream)
    passThrough.#server.listen(port, '127.0.0.1')
    await once(passThrough.#server, 'listening')
    return passThrough
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
    this.#agent.destroy()
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { hostname, port } = this.#upstream
    const { method, url: path, headers } = incoming
    const upstream = ask({ hostname, port, method, path, headers, agent: this.#agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
      answer.on('error', () => outgoing.destroy())
    })
    upstream.on('error', () => outgoing.destroy())
    outgoing.on('close', () => upstream.destroy())
    incoming.pipe(upstream)
  }
}
