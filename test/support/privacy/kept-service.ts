import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sallyportHere, type Ended } from '../cli/sallyport-here.ts'
import { cleanEnvironment, serve, type Served } from '../cli/sallyport-process.ts'
import { canaries } from '../http/upstream/canaries.ts'
import type { RecordedRequest } from '../http/upstream/recorded-request.ts'
import type { Served as Answer, Step } from '../http/upstream/served.ts'
import { UpstreamServer } from '../http/upstream/upstream-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { echoModel } from './echo-model.ts'
import { hear } from './heard.ts'

export interface KeptServiceOptions {
  /** Of a storage in PostgreSQL; without it a file. */
  readonly storageUrl?: string
  /** Of the tokens and of what is sealed: 64 hexadecimal digits each. */
  readonly key?: string
  readonly formerKeys?: readonly string[]
}

/** A token of a label in a text, in the order of the text. */
export const tokensIn = (text: string, label: string): string[] =>
  text.match(new RegExp(`${label}_(?:[A-Z]\\d){5}`, 'g')) ?? []

/**
 * `sallyport serve` as a process of its own over a real storage, whose calls are masked, before a model that says all tokens
 * it has seen in a conversation. It can be killed, and started again over the same storage.
 */
export class KeptService implements AsyncDisposable {
  readonly upstream: UpstreamServer
  /** How many steps of an answer the upstream still takes before it falls silent; null where it answers to the end. */
  silentAfter: number | null = null
  readonly #environment: Record<string, string>
  readonly #file: string
  readonly #seen = new Map<string, string[]>()
  #served: Served | null = null
  #key: string | null = null
  #answers = 0

  private constructor(upstream: UpstreamServer, environment: Record<string, string>) {
    this.upstream = upstream
    this.#environment = environment
    this.#file = join(temporaryFolder('sallyport-kept-'), 'sallyport.yaml')
    upstream.answer = (request) => this.#answer(request)
  }

  static async start(options: KeptServiceOptions = {}): Promise<KeptService> {
    const environment = cleanEnvironment({ SALLYPORT_STATE_DIRECTORY: temporaryFolder('sallyport-state-') })
    const service = new KeptService(await UpstreamServer.start({ kind: 'openai' }), environment)
    await service.startAgain(options)
    return service
  }

  get environment(): Readonly<Record<string, string>> {
    return { ...this.#environment, SALLYPORT_CONFIG: this.#file, UPSTREAM_KEY: canaries.key }
  }

  get storagePath(): string {
    return this.#environment['SALLYPORT_STORAGE_PATH'] ?? ''
  }

  get log(): string {
    return this.#served?.log() ?? ''
  }

  /** Over the same storage, under the same address of the upstream. */
  async startAgain({ storageUrl, key, formerKeys = [] }: KeptServiceOptions = {}): Promise<void> {
    const upstream = {
      kind: 'openai',
      base_url: this.upstream.baseUrl,
      api_key: { env: 'UPSTREAM_KEY' },
      models: ['gpt-5'],
    }
    const group = {
      models: ['gpt-5'],
      privacy_profile: 'default',
      concurrent_requests: 64,
      tokens_per_day: 1_000_000_000,
    }
    const named = Object.fromEntries(formerKeys.map((former, index) => [`FORMER_KEY_${index}`, former]))
    const configuration = {
      upstreams: { openai: upstream },
      gateway: { groups: { default: group } },
      privacy: { former_keys: Object.keys(named).map((env) => ({ env })) },
    }
    // JSON is YAML.
    writeFileSync(this.#file, JSON.stringify(configuration))
    Object.assign(this.#environment, named, key === undefined ? {} : { SALLYPORT_PRIVACY_KEY: key })
    if (storageUrl !== undefined) {
      delete this.#environment['SALLYPORT_STORAGE_PATH']
      Object.assign(this.#environment, { SALLYPORT_STORAGE_KIND: 'postgresql', SALLYPORT_STORAGE_URL: storageUrl })
    }
    this.#served = await serve({ ...this.environment, SALLYPORT_TELEMETRY_LOG_LEVEL: 'info' }, this.#key)
    this.#key = this.#served.key
  }

  /** SIGKILL; resolves when nothing of the process is left. */
  async kill(): Promise<void> {
    const child = this.#served?.process
    if (child === undefined || child.exitCode !== null) return
    const gone = once(child, 'close')
    child.kill('SIGKILL')
    await gone
  }

  async stop(): Promise<void> {
    await this.#served?.[Symbol.asyncDispose]()
  }

  /** Runs a command of the command line over the same configuration and storage. */
  command(...words: readonly string[]): Promise<Ended> {
    return sallyportHere(words, { environment: this.environment })
  }

  fetch(method: string, path: string, body: object | null = null): Promise<Response> {
    return fetch(`${this.#served?.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    })
  }

  /** One turn of a conversation that the provider keeps. Rejects where it does not come to its end. */
  async turn(input: string, previous: string | null = null): Promise<{ readonly id: string; readonly words: string }> {
    const stream = this.#answers % 2 === 1
    const body = { model: 'gpt-5', stream, input, ...(previous === null ? {} : { previous_response_id: previous }) }
    const response = await this.fetch('POST', '/v1/responses', body)
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${response.status} ${text}`)
    return { id: /"id":"(resp_[^"]+)"/.exec(text)?.[1] ?? '', words: hear(text).words }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await this.upstream[Symbol.asyncDispose]()
  }

  /** A model that says every token of its conversation, in the order in which it came. */
  #answer(request: RecordedRequest): Answer {
    if (request.method === 'DELETE') {
      return { steps: [jsonHead, { do: 'write', bytes: Buffer.from('{"id":"x","object":"response","deleted":true}') }] }
    }
    this.#answers += 1
    const id = `resp_kept_${this.#answers}_`
    const { previous_response_id: previous = '' } = JSON.parse(request.body.toString()) as {
      previous_response_id?: string
    }
    const said = request.body.toString().match(/[A-Z]+_(?:[A-Z]\d){5}/g) ?? []
    const tokens = [...new Set([...(this.#seen.get(previous) ?? []), ...said])]
    this.#seen.set(`${id}1`, tokens)
    const { steps } = echoModel({
      idPrefix: id,
      pieceSize: 5,
      say: () => ({ words: `I know ${tokens.join(' and ')}.`, calls: [] }),
    })(request)
    if (this.silentAfter === null) return { steps }
    return { steps: [...steps.slice(0, this.silentAfter), { do: 'stay-silent' }] }
  }
}

const jsonHead: Step = { do: 'head', status: 200, headers: { 'content-type': 'application/json' } }
