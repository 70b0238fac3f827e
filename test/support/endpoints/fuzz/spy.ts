import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Receipt } from './oracle.ts'

/** A service behind an endpoint that keeps what it receives and answers each with its number: `{"seen":"7"}`. */
export class Spy implements Disposable {
  readonly receipts: Receipt[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<Spy> {
    const server = createServer()
    const spy = new Spy(server)
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        const { method = '', url = '', rawHeaders: headers } = request
        const seen = String(spy.receipts.push({ method, url, headers, body }) - 1)
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ seen }))
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return spy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  [Symbol.dispose](): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
