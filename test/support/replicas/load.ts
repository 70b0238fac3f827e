import { setTimeout as sleep } from 'node:timers/promises'
import { Tally } from './tally.ts'

/** What callers have seen of a service that is asked all the time. */
export class Load extends Tally {
  /** Tokens of the answers that came, as each of them said. */
  tokens = 0
  readonly #url: string
  readonly #key: string
  readonly #running: Promise<unknown>[] = []
  #isOver = false

  private constructor(url: string, key: string) {
    super()
    this.#url = url
    this.#key = key
  }

  /** So many callers of each kind, one request after the other each, until it ends. */
  static begin(url: string, key: string, callers: number): Load {
    const load = new Load(url, key)
    const kinds = [() => load.#chat(), () => load.#program(), () => load.#file(), () => load.#conversation()]
    for (let count = 0; count < callers; count += 1) load.#running.push(...kinds.map((kind) => load.#again(kind)))
    return load
  }

  /** Resolves when nothing is asked any more. */
  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#running)
  }

  async #again(kind: () => Promise<void>): Promise<void> {
    while (!this.#isOver) await kind().catch(() => sleep(20))
  }

  async #chat(): Promise<void> {
    const body = { model: 'analyst', messages: [{ role: 'user', content: '1 of 0.05 s' }] }
    const { usage } = (await this.#json('POST', '/v1/chat/completions', body)) as { usage: { total_tokens: number } }
    this.tokens += usage.total_tokens
  }

  async #program(): Promise<void> {
    const answer = await this.#ask('POST', '/v1/execute', { code: 'import time\ntime.sleep(0.05)\nprint("1")' })
    this.programs.push(answer.headers.get('x-request-id') ?? '')
    await answer.text()
  }

  async #file(): Promise<void> {
    const form = new FormData()
    form.append('file', new Blob(['what is kept']), 'kept.txt')
    form.append('purpose', 'user_data')
    const { id } = (await this.#json('POST', '/v1/files', form)) as { id: string }
    const text = await (await this.#ask('GET', `/v1/files/${id}/content`)).text()
    if (text !== 'what is kept') this.failed.push(`a file came back as ${text}`)
    await this.#json('DELETE', `/v1/files/${id}`)
  }

  async #conversation(): Promise<void> {
    const { id } = (await this.#json('POST', '/v1/conversations', {})) as { id: string }
    const items = { items: [{ type: 'message', role: 'user', content: 'Look at it.' }] }
    await this.#json('POST', `/v1/conversations/${id}/items`, items)
    const { data } = (await this.#json('GET', `/v1/conversations/${id}/items`)) as { data: readonly unknown[] }
    if (data.length !== 1) this.failed.push(`a conversation has ${data.length} items`)
  }

  async #json(method: string, path: string, body?: object): Promise<unknown> {
    return (await this.#ask(method, path, body)).json()
  }

  /** Rejects where there is no good answer; one that was told to try again is no failure. */
  async #ask(method: string, path: string, body?: object): Promise<Response> {
    const isForm = body instanceof FormData
    const headers = {
      authorization: `Bearer ${this.#key}`,
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
    }
    const content = body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }
    return this.taken(`${method} ${path}`, fetch(this.#url + path, { method, headers, ...content }))
  }
}
