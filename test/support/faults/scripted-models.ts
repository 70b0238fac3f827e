import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { writtenApis, type WrittenApi, type WrittenName } from './events.ts'
import { scenarios, type Scenario, type Step } from './scenarios.ts'

/** An attempt that has arrived, in milliseconds since any fixed point. */
export interface ArrivedAttempt {
  readonly at: number
}

export const roles = ['first', 'second'] as const
export type Role = (typeof roles)[number]

/** The name of a model: which of two it is, in which scenario, of which API. */
export const modelName = (role: Role, api: WrittenName, { id }: Scenario): string => `${role}.${api}.${id}`

/** Words of one attempt: no other has one of them. */
export const wordOf = (role: Role, attempt: number, number: number): string => `${role}/${attempt}/${number}`
export const wordsOfAnswer = 12

/** Models that do what scenarios say, over real connections. */
export class ScriptedModels implements AsyncDisposable {
  readonly #attempts = new Map<string, ArrivedAttempt[]>()
  readonly #server = createServer((request, response) => void this.#serve(request, response))

  static async start(): Promise<ScriptedModels> {
    const models = new ScriptedModels()
    models.#server.listen(0, '127.0.0.1')
    await once(models.#server, 'listening')
    return models
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  /** What has arrived for a model so far. */
  attemptsAt(name: string): readonly ArrivedAttempt[] {
    return this.#attempts.get(name) ?? []
  }

  startOver(): void {
    this.#attempts.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
    const { model } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly model: string }
    const [role = '', api = '', id = ''] = model.split('.')
    const attempts = this.#attempts.get(model) ?? []
    this.#attempts.set(model, [...attempts, { at: performance.now() }])
    const scenario = scenarios.find((each) => each.id === id)
    if (scenario === undefined) throw new Error(`There is no scenario "${id}".`)
    const well: readonly (readonly Step[])[] = [['head', 'announce', 'words 12', 'finish', 'usage', 'end', 'over']]
    const scripts = role === 'first' ? scenario.first : (scenario.second ?? well)
    const steps = scripts[Math.min(attempts.length, scripts.length - 1)] ?? []
    const attempt = attempts.length + 1
    response.on('error', () => undefined)
    await new Player(response, writtenApis[api as WrittenName], role as Role, attempt).play(steps)
  }
}

/** How Anthropic refuses an output: by an error that is one of the request. */
const refusal = 'Output blocked by content filtering policy'

/** Plays the steps of one attempt. */
class Player {
  readonly #response: ServerResponse
  readonly #api: WrittenApi
  readonly #role: Role
  readonly #attempt: number
  #said = 0

  constructor(response: ServerResponse, api: WrittenApi, role: Role, attempt: number) {
    this.#response = response
    this.#api = api
    this.#role = role
    this.#attempt = attempt
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (this.#response.destroyed || (await this.#do(step)) === 'over') return
      // Each write reaches the wire by itself.
      await sleep(1)
    }
    this.#response.end()
  }

  async #do(step: Step): Promise<'over' | void> {
    const [api, response, name] = [this.#api, this.#response, `${this.#role}${this.#attempt}`]
    if (typeof step === 'object') return this.#fail(step)
    if (step === 'reset') return (response.socket?.resetAndDestroy(), 'over')
    if (step === 'close') return (response.socket?.destroySoon(), 'over')
    if (step === 'silent') return 'over'
    if (step === 'over') return (response.end(), 'over')
    if (step === 'head') return this.#head('text/event-stream')
    if (step === 'page') return (this.#head('text/html'), this.#write('<html>It broke.</html>'))
    if (step === 'announce') return this.#write(api.announce(name).join(''))
    if (step.startsWith('words ')) return this.#words(Number(step.slice(6)))
    if (step === 'finish') return this.#write(api.finish(name, this.#text()).join(''))
    if (step === 'refuse') return this.#write(api.refuse(name, this.#text()).join(''))
    if (step === 'usage') return this.#write(api.usage.join(''))
    if (step === 'end') return this.#write(api.end.join(''))
    if (step === 'ping') return this.#write(api.ping)
    if (step === 'unreadable ping') return this.#write('event: ping\ndata: {"type": \n\n')
    if (step === 'unreadable') return this.#write(api.unreadable)
    if (step === 'half an event') return this.#write(api.unreadable.trimEnd())
    if (step === 'error event') return this.#write(api.errorEvent('server_error'))
    if (step === 'named error') return this.#write('event: error\ndata: {"message":"It broke."}\n\n')
    if (step === 'policy event') return this.#write(api.errorEvent('invalid_request_error', refusal))
    if (step === 'overloaded event') return this.#write(api.errorEvent('overloaded_error'))
    if (step === 'word and unreadable') return this.#write(this.#word() + api.unreadable)
    if (step === 'pings') return this.#again(api.ping)
    if (step === 'empty pieces') return this.#again(api.word('', false))
    if (step === 'bytes') return this.#bytes()
    return this.#whole(step)
  }

  #fail({ status, code, type, message = 'It broke.', headers = {} }: Extract<Step, object>): 'over' {
    const error = { message, type: type ?? 'server_error', code: code ?? null, param: null }
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers })
    this.#response.end(JSON.stringify({ type: 'error', error }))
    return 'over'
  }

  #head(contentType: string): void {
    this.#response.writeHead(200, { 'content-type': contentType })
    this.#response.flushHeaders()
  }

  #write(text: string): void {
    if (text !== '') this.#response.write(text)
  }

  #word(): string {
    this.#said += 1
    return this.#api.word(`${wordOf(this.#role, this.#attempt, this.#said)} `, this.#said === 1)
  }

  #text(): string {
    return Array.from({ length: this.#said }, (_, at) => `${wordOf(this.#role, this.#attempt, at + 1)} `).join('')
  }

  async #words(count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) {
      this.#write(this.#word())
      await sleep(1)
    }
  }

  async #again(event: string): Promise<'over'> {
    while (!this.#response.destroyed) {
      this.#write(event)
      await sleep(100)
    }
    return 'over'
  }

  async #bytes(): Promise<void> {
    const name = `${this.#role}${this.#attempt}`
    const words = Array.from({ length: wordsOfAnswer }, () => this.#word())
    const events = [...this.#api.announce(name), ...words, ...this.#api.finish(name, this.#text()), ...this.#api.end]
    this.#head('text/event-stream')
    for (const byte of Buffer.from(events.join(''))) {
      this.#response.write(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  #whole(step: Extract<Step, string>): 'over' {
    this.#said = wordsOfAnswer
    const answer = this.#api.whole(`${this.#role}${this.#attempt}`, this.#text())
    const others: Partial<Record<Step & string, object>> = {
      'error whole': { type: 'error', error: { message: 'It broke.', type: 'server_error' } },
      'refusal whole': { type: 'error', error: { message: refusal, type: 'invalid_request_error' } },
      'other json': { detail: 'It broke.' },
      'unfinished whole': this.#api.unfinished(answer),
    }
    const json = JSON.stringify(others[step] ?? answer)
    const [type, length] = [{ 'content-type': 'application/json' }, { 'content-length': String(json.length) }]
    const isCut = step.startsWith('cut ')
    const bytes = step === 'cut gzip' ? gzipSync(json) : Buffer.from(json)
    const encoding = step === 'cut gzip' && { 'content-encoding': 'gzip' }
    this.#response.writeHead(200, {
      ...type,
      ...encoding,
      ...(step !== 'no json' && !/chunks|gzip/.test(step) && length),
    })
    if (step === 'no json' || step === 'cut gzip') this.#response.end(bytes.subarray(0, -20))
    else if (!isCut) this.#response.end(bytes)
    else {
      this.#response.write(bytes.subarray(0, 60))
      this.#response.socket?.destroySoon()
    }
    return 'over'
  }
}
