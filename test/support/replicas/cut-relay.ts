import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** Passes connections on to a server until it is cut: then those that there are say nothing more, and new ones are taken and say nothing, as behind a network that is gone. */
export class CutRelay implements AsyncDisposable {
  readonly #target: URL
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isCut = false

  private constructor(target: URL) {
    this.#target = target
    this.#server = createServer((socket) => this.#serve(socket))
  }

  /** `target`: an address with a host and a port. */
  static async start(target: string): Promise<CutRelay> {
    const relay = new CutRelay(new URL(target))
    relay.#server.listen(0, '127.0.0.1')
    await once(relay.#server, 'listening')
    return relay
  }

  /** The address of the target as it is here. */
  get url(): string {
    const url = new URL(this.#target)
    url.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return url.href
  }

  cut(): void {
    this.#isCut = true
    for (const socket of this.#sockets) socket.pause()
  }

  /** What was open is closed: whoever had it connects anew. */
  mend(): void {
    this.#isCut = false
    for (const socket of this.#sockets) socket.destroy()
  }

  #serve(socket: Socket): void {
    this.#hold(socket)
    if (this.#isCut) {
      socket.pause()
      return
    }
    const server = connect({ host: this.#target.hostname, port: Number(this.#target.port) })
    this.#hold(server)
    for (const [from, to] of [
      [socket, server],
      [server, socket],
    ] as const) {
      // A pipe would go on by itself once the other side has drained.
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause()
      })
      to.on('drain', () => {
        if (!this.#isCut) from.resume()
      })
      from.once('close', () => to.destroy())
    }
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#sockets.delete(socket))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
