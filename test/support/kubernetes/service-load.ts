import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, fetch, FormData, type RequestInit, type Response } from 'undici'
import { Tally } from '../replicas/tally.ts'

/** What callers of several addresses have seen of a service behind a Service of Kubernetes, which was asked all the time. */
export class ServiceLoad extends Tally {
  readonly #url: string
  readonly #key: string
  readonly #running: Promise<unknown>[]
  readonly #agents: readonly Agent[]
  #isOver = false

  private constructor(url: string, key: string, addresses: readonly string[]) {
    super()
    this.#url = url
    this.#key = key
    this.#agents = addresses.map((localAddress) => new Agent({ connect: { localAddress } }))
    this.#running = this.#agents.flatMap((agent) => [
      this.#again(() => this.#program(agent)),
      this.#again(() => this.#file(agent)),
    ])
  }

  /** From each address one caller runs programs and one keeps files, one request after the other each, until it ends. */
  static begin(url: string, key: string, addresses: readonly string[]): ServiceLoad {
    return new ServiceLoad(url, key, addresses)
  }

  /** Resolves when nothing is asked any more. */
  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#running)
    await Promise.all(this.#agents.map((agent) => agent.close()))
  }

  async #again(kind: () => Promise<void>): Promise<void> {
    while (!this.#isOver) await kind().catch(() => sleep(50))
  }

  async #program(agent: Agent): Promise<void> {
    const answer = await this.#ask(agent, 'POST', '/v1/execute', JSON.stringify({ code: 'print(6 * 7)' }))
    const { stdout } = (await answer.json()) as { readonly stdout?: string }
    if (stdout !== '42\n') this.failed.push(`a program printed ${JSON.stringify(stdout)}`)
    this.programs.push(answer.headers.get('x-request-id') ?? '')
  }

  async #file(agent: Agent): Promise<void> {
    const form = new FormData()
    form.append('file', new Blob(['what is kept']), 'kept.txt')
    form.append('purpose', 'user_data')
    const { id } = (await (await this.#ask(agent, 'POST', '/v1/files', form)).json()) as { readonly id: string }
    // Any replica opens what another one has sealed.
    const text = await (await this.#ask(agent, 'GET', `/v1/files/${id}/content`)).text()
    if (text !== 'what is kept') this.failed.push(`a file came back as ${text}`)
    await (await this.#ask(agent, 'DELETE', `/v1/files/${id}`)).text()
  }

  /** Rejects where there is no good answer; one that was told to try again is no failure. */
  async #ask(agent: Agent, method: string, path: string, body?: string | FormData): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.#key}`,
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    }
    const options: RequestInit = { method, headers, dispatcher: agent, ...(body === undefined ? {} : { body }) }
    return this.taken(`${method} ${path}`, fetch(this.#url + path, options))
  }
}
