import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Served } from '../http/upstream/served.ts'
import { temporaryFolder } from '../temporary-folder.ts'

type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

/** Answers as a recorded upstream would. */
export function answerServed(response: ServerResponse, { steps }: Served): void {
  for (const step of steps) {
    if (step.do === 'head') response.writeHead(step.status, step.headers)
    else if (step.do === 'write') response.write(step.bytes)
    else throw new Error(`${step.do} is no step of a whole answer`)
  }
  response.end()
}

/** A model service that listens on a socket in a folder of its own, as deploy/envoy wants it; it keeps what reaches it. */
export class ModelSocket implements AsyncDisposable {
  readonly path = join(temporaryFolder('sallyport-model-'), 'model.sock')
  readonly #server: Server
  /** Bodies that came in whole, and the heads of all that came. */
  readonly bodies: string[] = []
  readonly heads: IncomingMessage[] = []
  /** Bytes of bodies, whole or not. */
  bytes = 0
  answer: Answer = (_request, response) => void response.end('{}')

  private constructor() {
    this.#server = createServer((request, response) => {
      this.heads.push(request)
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => {
        this.bytes += piece.length
        pieces.push(piece)
      })
      request.on('error', () => undefined)
      request.on('end', () => {
        const body = Buffer.concat(pieces)
        this.bodies.push(body.toString())
        this.answer(request, response, body)
      })
    })
  }

  static async start(): Promise<ModelSocket> {
    const model = new ModelSocket()
    model.#server.listen(model.path)
    await once(model.#server, 'listening')
    return model
  }

  /** Forgets what came. */
  forget(): void {
    this.bodies.length = 0
    this.heads.length = 0
    this.bytes = 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
