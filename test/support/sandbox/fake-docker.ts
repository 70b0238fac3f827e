import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Answer {
  readonly status?: number
  /** A buffer is sent as it is, everything else as JSON. */
  readonly body?: unknown
}

/** A Docker daemon that knows only what a test tells it: answers by method and path, and keeps what it was asked. */
export class FakeDocker implements AsyncDisposable {
  readonly socketPath: string
  readonly asked: string[] = []
  readonly #folder: string
  readonly #server: Server

  private constructor(folder: string, answer: (request: string) => Answer | undefined) {
    this.#folder = folder
    this.socketPath = join(folder, 'docker.sock')
    this.#server = createServer((request, response) => {
      const asked = `${request.method ?? ''} ${request.url ?? ''}`
      this.asked.push(asked)
      const { status = 200, body = {} } = answer(asked) ?? { status: 404, body: { message: `no ${asked}` } }
      response.statusCode = status
      response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body))
    })
  }

  static async start(answer: (request: string) => Answer | undefined): Promise<FakeDocker> {
    const daemon = new FakeDocker(await mkdtemp(join(tmpdir(), 'docker-')), answer)
    daemon.#server.listen(daemon.socketPath)
    await once(daemon.#server, 'listening')
    return daemon
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
