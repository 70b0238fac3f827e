import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve, type Served } from '../cli/sallyport-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { deployed, EnvoyServer, type EnvoyPlaces } from './envoy-program.ts'
import { ModelSocket } from './model-socket.ts'

const kinds = {
  openai: { models: { 'gpt-5': { name: 'behind' } }, elsewhere: 'gpt-elsewhere' },
  anthropic: { models: ['claude-sonnet-5'], elsewhere: 'claude-elsewhere' },
}

const group = {
  privacy_profile: 'masked',
  concurrent_requests: 1_000,
  tokens_per_day: 1_000_000_000,
}

/** One upstream of the kind behind Envoy, and one that is not. */
function configurationOf({ kind = 'openai', limits = {}, filters }: EnvoyGatewayOptions): object {
  const { models, elsewhere } = kinds[kind]
  const filtered = filters === undefined ? {} : { call_filter_profile: 'callers' }
  const names = Array.isArray(models) ? models : Object.keys(models)
  return {
    upstreams: {
      local: { kind, base_url: 'http://127.0.0.1:9/base/v1', models, api_key: { env: 'UPSTREAM_KEY' } },
      elsewhere: { kind, base_url: 'http://127.0.0.1:9/v1', models: [elsewhere] },
    },
    gateway: {
      groups: {
        default: { models: [...names, elsewhere], ...group, ...limits, ...filtered },
        strangers: { models: [], ...group },
      },
    },
    ...(filters === undefined ? {} : { filters: { profiles: { callers: filters } } }),
    privacy: { profiles: { masked: {} } },
    envoy: { upstream: 'local' },
  }
}

export interface EnvoyGatewayOptions {
  /** Changes the configuration of Envoy. */
  readonly configure?: (places: EnvoyPlaces) => string
  readonly environment?: Readonly<Record<string, string>>
  /** Stands in front of the command line of Envoy: who it is to be. */
  readonly as?: readonly string[]
  readonly kind?: keyof typeof kinds
  /** The profile by which the content of every call is filtered; without it nothing is. */
  readonly filters?: Readonly<Record<string, unknown>>
  /** What a caller may use, in the place of more than a test needs. */
  readonly limits?: Readonly<Record<string, unknown>>
}

/** A model on a socket, an Envoy in front of it, and the Sallyport that it asks. */
export interface EnvoyGateway extends AsyncDisposable {
  readonly model: ModelSocket
  readonly service: Served
  readonly envoy: EnvoyServer
  /** Asks by the key of the service. */
  readonly ask: (body: string, more?: Readonly<Record<string, string>>, signal?: AbortSignal) => Promise<Response>
}

export async function startEnvoyGateway(program: string, options: EnvoyGatewayOptions = {}): Promise<EnvoyGateway> {
  const { configure = deployed, environment = {} } = options
  await using stack = new AsyncDisposableStack()
  const sallyport = join(temporaryFolder('sp-'), 'envoy.sock')
  const file = join(temporaryFolder('sallyport-envoy-config-'), 'sallyport.yaml')
  writeFileSync(file, JSON.stringify(configurationOf(options)))
  const model = stack.use(await ModelSocket.start())
  const service = stack.use(
    await serve({
      SALLYPORT_CONFIG: file,
      SALLYPORT_ENVOY_LISTEN: `unix:${sallyport}`,
      SALLYPORT_ENVOY_ROLES: 'ext-authz,ext-proc',
      UPSTREAM_KEY: 'sk-upstream',
      ...environment,
    }),
  )
  const envoy = stack.use(await EnvoyServer.start(program, configure({ model: model.path, sallyport }), options.as))
  const started = stack.move()
  return {
    model,
    service,
    envoy,
    ask: (body, more = {}, signal) =>
      fetch(`${envoy.url}/v1/chat/completions`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${service.key}`, ...more },
        ...(signal === undefined ? {} : { signal }),
      }),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

/** A question in Chat Completions. */
export const question = (content: string, more: object = {}): string =>
  JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content }], ...more })

/** The content of the first message of a question. */
export const contentIn = (sent: string): string =>
  (JSON.parse(sent) as { messages: { content: string }[] }).messages[0]?.content ?? ''

/** A whole answer that says `content`. */
export const completion = (content: string): string =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'behind',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  })

const event = (choice: object) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'behind', choices: [{ index: 0, ...choice }] })}\n\n`

/** One event of a stream. */
export const delta = (content: string): string => event({ delta: { content }, finish_reason: null })

/** The end of a stream. */
export const streamEnd = `${event({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`

/** All contents of the events of a stream. */
export const saidIn = (text: string): string =>
  [...text.matchAll(/^data: (\{.*\})$/gm)]
    .map(([, json = '']) => (JSON.parse(json) as { choices?: { delta: { content?: string } }[] }).choices?.[0])
    .map((choice) => choice?.delta.content ?? '')
    .join('')
