import { rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'

/** A Unix socket in front of another, whose connections can be cut: what a daemon that restarts looks like. */
export class CutSocket implements AsyncDisposable {
  readonly path: string
  readonly #target: string
  readonly #open = new Set<Socket>()
  #server: Server | null = null

  constructor(path: string, target: string) {
    this.path = path
    this.#target = target
  }

  async mend(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ path: this.#target, allowHalfOpen: true })
      for (const socket of [near, far]) {
        this.#open.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => this.#open.delete(socket))
      }
      near.pipe(far)
      far.pipe(near)
    })
    server.listen(this.path)
    await once(server, 'listening')
    this.#server = server
  }

  async cut(): Promise<void> {
    this.#server?.close()
    this.#server = null
    for (const socket of this.#open) socket.destroy()
    await rm(this.path, { force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut()
  }
}
