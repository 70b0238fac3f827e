import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSallyport } from '../../../../src/compose.ts'
import { loadConfig } from '../../../../src/config/load.ts'
import { serviceDefaults } from '../../../../src/config/service-defaults.ts'
import { openKeyKeeper } from '../../../../src/service/api-keys.ts'
import { cleanEnvironment } from '../../cli/sallyport-process.ts'
import { startCluster, type PostgresCluster } from '../../databases/postgres-cluster.ts'
import { ScriptedOpenAiServer } from '../../http/scripted-openai-server.ts'
import { sandboxImage } from '../../sandbox/docker-sandbox.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import type { Deed } from './deeds.ts'
import { ObeyingModel } from './obeying-model.ts'
import { fillShop, relations } from './shop.ts'

/** What hides mail addresses would hide whether anything else holds them back. */
const inbound = {
  secret: { action: 'mask' },
  pii: { action: 'allow' },
  'sql-leak': { action: 'allow' },
  link: { action: 'allow' },
}
const outbound = {
  secret: { action: 'mask' },
  pii: { action: 'allow' },
  'sql-leak': { action: 'mask' },
  link: { action: 'mask' },
}

/** Nothing of what is tested may be stopped by a limit. */
const plenty = { budget: { steps: 30, corrections: 20 }, tokens_per_day: 1_000_000_000, concurrent_requests: 100 }

/** Is a plan of tables made of trusted words, before a person is asked about one? As the lane `obeying-planned` tries it. */
const plan = process.env['SALLYPORT_OBEYING_PLAN'] === 'model' ? 'model' : 'words'

interface LabOptions {
  /** Of the configuration. */
  readonly changes?: object
  /** Makes what is in the database. */
  readonly fill?: (cluster: PostgresCluster) => Promise<void>
  readonly tools?: readonly string[]
}

const usualTools = ['describe_data', 'run_sql', 'run_python']

/** A whole service as it is served, over a PostgreSQL server, sandboxes, and a model that obeys what it reads. */
export class ObeyingLab implements AsyncDisposable {
  readonly cluster: PostgresCluster
  readonly model: ObeyingModel
  readonly #stack: AsyncDisposableStack
  readonly #config: ReturnType<typeof loadConfig>['config']
  #service: { readonly url: string; readonly stack: AsyncDisposableStack }
  #key: string

  private constructor(
    parts: Pick<ObeyingLab, 'cluster' | 'model'>,
    {
      stack,
      config,
      service,
      key,
    }: {
      readonly stack: AsyncDisposableStack
      readonly config: ReturnType<typeof loadConfig>['config']
      readonly service: { readonly url: string; readonly stack: AsyncDisposableStack }
      readonly key: string
    },
  ) {
    this.cluster = parts.cluster
    this.model = parts.model
    this.#stack = stack
    this.#config = config
    this.#service = service
    this.#key = key
  }

  static async start(
    known: Readonly<Record<string, readonly Deed[]>>,
    { changes = {}, fill = fillShop, tools = usualTools }: LabOptions = {},
  ) {
    await using stack = new AsyncDisposableStack()
    const cluster = stack.use(await startCluster())
    await fill(cluster)
    const model = new ObeyingModel(known)
    const endpoint = stack.use(await ScriptedOpenAiServer.start((request) => model.turn(request)))
    const folder = temporaryFolder('obeying-')
    const file = join(folder, 'sallyport.yaml')
    const database = { kind: 'postgresql', url: { env: 'SHOP_URL' }, allow_primary: true, accept_excess: true }
    const group = {
      tools,
      filter_profile: 'addresses',
      reveal_sql: 'always',
      ...plenty,
    }
    const configuration = {
      model: { base_url: endpoint.baseUrl, name: 'scripted-1', retries: 0 },
      sources: { shop: { database, policies: { default: { relations } } } },
      sandbox: { driver: 'auto', pool: { minimum_ready: 1, maximum_ready: 4 } },
      filters: { profiles: { addresses: { inbound, outbound } } },
      gateway: { groups: { default: group } },
      policy: { deadline_ms: 60_000 },
      http: { port: 0, drain_grace_ms: 0, drain_ms: 1_000 },
      telemetry: { log_level: 'error' },
      provenance: { plan },
      ...changes,
    }
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(configuration))
    const variables = cleanEnvironment({
      SALLYPORT_CONFIG: file,
      SALLYPORT_SANDBOX_IMAGE: sandboxImage(),
      SHOP_URL: cluster.url('primary', 'reader', 'harmless'),
    })
    const { config } = loadConfig({ variables, workingDirectory: folder, flags: {}, defaults: serviceDefaults })
    const service = await serveIt(config)
    stack.defer(() => lab.#service.stack.disposeAsync())
    const keeper = stack.use(await openKeyKeeper(config))
    const scopes = ['ask', 'sessions', 'execute', 'sql', 'approve'] as const
    const { key } = await keeper.create({ name: 'obeying', group: 'default', scopes: [...scopes] })
    const lab: ObeyingLab = new ObeyingLab({ cluster, model }, { stack: stack.move(), config, service, key })
    return lab
  }

  /** Ends the service and starts it again over what it has kept. */
  async restart(): Promise<void> {
    await this.#service.stack.disposeAsync()
    this.#service = await serveIt(this.#config)
  }

  async ask(
    method: string,
    path: string,
    body?: object | FormData,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const isForm = body instanceof FormData
    const headers = {
      ...more,
      authorization: `Bearer ${this.#key}`,
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
    }
    const init = body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }
    return await fetch(`${this.#service.url}${path}`, { method, headers, ...init })
  }

  /** What is answered in JSON. */
  async get<Answer>(method: string, path: string, body?: object | FormData): Promise<Answer> {
    const response = await this.ask(method, path, body)
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }
}

async function serveIt(config: ReturnType<typeof loadConfig>['config']) {
  await using stack = new AsyncDisposableStack()
  const sallyport = stack.use(await openSallyport(config))
  const { url } = stack.use(await sallyport.listen(new AbortController().signal))
  return { url, stack: stack.move() }
}
