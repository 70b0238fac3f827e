import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ServiceError } from '../../../src/core/errors.ts'
import { problemHeaders, toProblem } from '../../../src/http/problem.ts'

/** Answers whatever it is asked with one problem, as every interface would, and counts how often it is asked. */
export class ProblemServer implements AsyncDisposable {
  asked = 0
  readonly #server

  private constructor(fault: ServiceError) {
    this.#server = createServer((request, response) => {
      this.asked += 1
      request.resume()
      const problem = toProblem(fault, 'r1')
      response.writeHead(problem.status, problemHeaders(fault))
      response.end(JSON.stringify(problem))
    })
  }

  static async start(fault: ServiceError): Promise<ProblemServer> {
    const server = new ProblemServer(fault)
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
