import { dirname } from 'node:path'
import { createKey, metricsOf } from '../cli/sallyport-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { filesIn } from './leak-search.ts'
import { serveModels } from './model-gateway.ts'
import { UpstreamServer } from './upstream/upstream-server.ts'

interface WatchedServiceOptions {
  /** Where in their hosts the upstreams stand. */
  readonly prefix?: string
  /** Members of the privacy profile of every caller; without it nothing is masked. */
  readonly privacy?: Readonly<Record<string, unknown>>
}

/** `sallyport serve` that writes down all it can, before an upstream of each provider: for what is found of a call afterwards. */
export class WatchedService implements AsyncDisposable {
  readonly openai: UpstreamServer
  readonly anthropic: UpstreamServer
  readonly url: string
  /** Of a caller; the first key of a service is said on purpose. */
  readonly key: string
  readonly #served: Awaited<ReturnType<typeof serveModels>>
  readonly #state: string
  #stdout = ''

  private constructor(
    { openai, anthropic }: Pick<WatchedService, 'openai' | 'anthropic'>,
    { served, key, state }: { readonly served: Awaited<ReturnType<typeof serveModels>>; key: string; state: string },
  ) {
    this.openai = openai
    this.anthropic = anthropic
    this.url = served.url
    this.key = key
    this.#served = served
    this.#state = state
    served.process.stdout?.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()))
  }

  static async start({ prefix = '', privacy }: WatchedServiceOptions = {}): Promise<WatchedService> {
    const openai = await UpstreamServer.start({ kind: 'openai', prefix })
    const anthropic = await UpstreamServer.start({ kind: 'anthropic', prefix })
    const state = temporaryFolder('sallyport-state-')
    const served = await serveModels({
      origins: { openai: openai.origin, anthropic: anthropic.origin },
      settings: { timeout_ms: 400, idle_timeout_ms: 400 },
      environment: { SALLYPORT_TELEMETRY_LOG_LEVEL: 'trace', SALLYPORT_STATE_DIRECTORY: state },
      ...(privacy === undefined ? {} : { privacy }),
    })
    return new WatchedService({ openai, anthropic }, { served, key: await createKey(served, 'default'), state })
  }

  upstreamOf(path: string): UpstreamServer {
    return path === '/v1/messages' ? this.anthropic : this.openai
  }

  get storagePath(): string {
    return this.#served.environment['SALLYPORT_STORAGE_PATH'] ?? ''
  }

  /** Ends the service. All that is left of it by its place: metrics, log, standard output, and every file while it ran and after it. */
  async end(): Promise<Record<string, string>> {
    const folder = dirname(this.storagePath)
    const metrics = await metricsOf(this.#served)
    const running = Object.entries(filesIn([folder])).map(([path, bytes]) => [`running ${path}`, bytes])
    await this.#served[Symbol.asyncDispose]()
    return {
      metrics,
      log: this.#served.log(),
      'standard output': this.#stdout,
      ...(Object.fromEntries(running) as Record<string, string>),
      ...filesIn([this.#state, folder]),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.openai, this.anthropic].map((upstream) => upstream[Symbol.asyncDispose]()))
  }
}
