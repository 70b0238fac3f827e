import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { cleanEnvironment } from '../../cli/sallyport-process.ts'
import { ScriptedOpenAiServer, type ServedRequest, type ServedTurn } from '../../http/scripted-openai-server.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const flags = ['--no-node-snapshot', '--disable-warning=ExperimentalWarning']

/** What workers and services of tests have compiled, for the next one. */
const compiled = resolve(import.meta.dirname, '../../../../node_modules/.cache/compiled')

/** Steps of a run before its last words. */
const steps = 4

/** A program that takes a moment and says which step it is; the second one makes a file. */
export const programOf = (step: number): string =>
  [
    'import time',
    `time.sleep(0.0${step}5)`,
    ...(step === 2 ? ['open("made.csv", "w").write("a,b")'] : []),
    `print("${step}")`,
  ].join('\n')

/** A model that runs a program in each of its steps, and goes by what stands in the request alone. */
function nextTurn({ body }: ServedRequest): ServedTurn {
  const asked = body.messages.findLastIndex(({ role }) => role === 'user')
  const done = body.messages.slice(asked).filter(({ role }) => role === 'tool').length
  if (done >= steps) return { kind: 'turn', text: 'Done.' }
  const step = done + 1
  const call = { name: 'run_python', arguments: JSON.stringify({ code: programOf(step) }) }
  return { kind: 'turn', text: `Step ${step}.`, calls: [call] }
}

interface KilledOptions {
  /** Of a storage in PostgreSQL; null for a file. */
  readonly storageUrl: string | null
  readonly hasRealSandboxes: boolean
  /** What the model does, in place of four programs. */
  readonly model?: (request: ServedRequest) => ServedTurn
  /** What its one group has beside, or in place of what others have. */
  readonly group?: object
  /** More groups, by their names. */
  readonly groups?: object
  /** Variables of its environment that stand above its configuration; `CLOCK_AHEAD_MS`: how far the clock of its machine is ahead. */
  readonly variables?: Readonly<Record<string, string>>
}

/** A whole service as a process of its own that is killed and started again over the same storage, before a model that outlives it. */
export class KilledService implements AsyncDisposable {
  readonly #model: ScriptedOpenAiServer
  readonly #environment: Readonly<Record<string, string>>
  /** Whose the model is. */
  readonly #isFirst: boolean
  readonly #isReal: boolean
  #child: ChildProcess | null = null
  /** Of the process that runs: nobody waits for one that is gone, whoever listens on its port by then. */
  #alive = new AbortController()
  #said = ''
  #url = ''
  #key = ''

  private constructor(model: ScriptedOpenAiServer, options: KilledOptions, first: KilledService | null = null) {
    this.#model = model
    this.#isReal = options.hasRealSandboxes
    this.#isFirst = first === null
    this.#key = first?.key ?? ''
    this.#environment = { ...(first?.environment ?? environmentOf(model, options)), ...options.variables }
  }

  static async start(options: KilledOptions): Promise<KilledService> {
    const service = new KilledService(await ScriptedOpenAiServer.start(options.model ?? nextTurn), options)
    await service.startAgain()
    return service
  }

  /** Another process of the same service, on the same machine and over the same storage. */
  async beside(variables: Readonly<Record<string, string>> = {}): Promise<KilledService> {
    const options = { storageUrl: null, hasRealSandboxes: this.#isReal, variables }
    const service = new KilledService(this.#model, options, this)
    await service.startAgain()
    return service
  }

  get key(): string {
    return this.#key
  }

  /** Of its process. */
  get pid(): number {
    return this.#child?.pid ?? 0
  }

  get url(): string {
    return this.#url
  }

  get environment(): Readonly<Record<string, string>> {
    return this.#environment
  }

  /** Aborts when its process is gone. */
  get alive(): AbortSignal {
    return this.#alive.signal
  }

  /** Over the same storage; resolves when it listens. */
  async startAgain(): Promise<void> {
    const script = join(import.meta.dirname, 'service-process.ts')
    const clock = join(import.meta.dirname, 'clock-ahead-process.ts')
    const loaded = this.#environment['CLOCK_AHEAD_MS'] === undefined ? [] : ['--import', clock]
    const child = spawn(process.execPath, [...flags, ...loaded, script, this.#isReal ? 'real' : 'scripted'], {
      env: { ...this.#environment, NODE_COMPILE_CACHE: compiled },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    const alive = new AbortController()
    this.#alive = alive
    child.once('exit', () => alive.abort(new Error(`the service is gone: ${this.#said}`)))
    let text = ''
    this.#said = ''
    child.stderr.on('data', (chunk: Buffer) => (this.#said += chunk.toString()))
    const listens = new Promise<void>((done, failed) => {
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (text.includes('\n')) done()
      })
      child.on('close', (code) => failed(new Error(`the service ended with ${code}: ${this.#said}`)))
    })
    await listens
    const { url, newKey } = JSON.parse(text) as { readonly url: string; readonly newKey: string | null }
    this.#url = url
    this.#key = newKey ?? this.#key
  }

  /** SIGKILL; resolves when nothing of the process is left. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'close')
    child.kill(signal)
    await gone
  }

  /** Stops the process, or has it go on. */
  send(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal)
  }

  ask(
    method: string,
    path: string,
    body: object | null = null,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const isForm = body instanceof FormData
    const json = body === null || isForm ? {} : { 'content-type': 'application/json' }
    const content = body === null ? {} : { body: isForm ? body : JSON.stringify(body) }
    const all = { authorization: `Bearer ${this.#key}`, ...json, ...headers }
    return fetch(`${this.#url}${path}`, { method, headers: all, signal: this.alive, ...content })
  }

  /** What the model was told when somebody asked this last, of all that came before. */
  toldWith(question: string): readonly string[] {
    const asked = this.#model.requests.findLast(({ body: { messages } }) => messages.at(-1)?.content === question)
    return asked?.body.messages.map(({ content }) => content ?? '') ?? []
  }

  /** What stands on the audit trail. */
  trail(): readonly { readonly event: string; readonly requestId: string }[] {
    const lines = readFileSync(this.#environment['SALLYPORT_TELEMETRY_AUDIT_FILE'] ?? '', 'utf8').split('\n')
    // What follows the last line end is what a process was writing when it was killed.
    return lines.slice(0, -1).map((line) => (JSON.parse(line) as { readonly fact: never }).fact)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGTERM')
    if (this.#isFirst) await this.#model[Symbol.asyncDispose]()
  }
}

/** Of a service with files of its own, before this model. */
function environmentOf(
  model: ScriptedOpenAiServer,
  { storageUrl, group = {}, groups = {} }: KilledOptions,
): Record<string, string> {
  const folder = temporaryFolder('killed-')
  const file = join(folder, 'sallyport.yaml')
  // What a dead process held is given back within 30 s, in which it is killed several times, with eight callers each.
  const own = { models: ['*'], tools: ['run_python'], concurrent_requests: 100, tokens_per_day: 1_000_000_000 }
  const configuration = {
    model: { base_url: model.baseUrl, name: 'scripted-1', retries: 0 },
    // A busy machine takes its time, which is no answer that was lost.
    sandbox: { pool: { minimum_ready: 0, maximum_ready: 0, queue_ms: 600_000 } },
    policy: { deadline_ms: 60_000 },
    sessions: { maximum_per_tenant: 30 },
    files: { maximum_count: 100_000, maximum_total_mb: 10_000 },
    gateway: { groups: { default: { ...own, ...group }, ...groups } },
    http: { port: 0, drain_grace_ms: 0, drain_ms: 1_000, request_timeout_ms: 600_000 },
    telemetry: { log_level: 'silent' },
  }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration))
  const inPostgres = { SALLYPORT_STORAGE_KIND: 'postgresql', SALLYPORT_STORAGE_URL: storageUrl ?? '' }
  return cleanEnvironment({
    SALLYPORT_CONFIG: file,
    SALLYPORT_STATE_DIRECTORY: temporaryFolder('killed-state-'),
    // What a killed process has no time to remove goes with the file of tests.
    TMPDIR: temporaryFolder('k-'),
    ...(storageUrl === null ? {} : inPostgres),
  })
}
