import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve, type Served } from '../cli/sallyport-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { canaries } from './upstream/canaries.ts'

/** The models that the upstreams of tests know, by the kind of API. */
const modelsOf = { openai: ['gpt-5', 'text-embedding-3-small'], anthropic: ['claude-sonnet-5'] } as const

export interface ModelGatewayOptions {
  /** Of the upstreams, without `/v1`. */
  readonly origins: Readonly<Partial<Record<keyof typeof modelsOf, string>>>
  /** Members of each upstream's settings beyond the usual ones. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly environment?: Readonly<Record<string, string>>
  /** The profile by which the content of every call is filtered; without it nothing is. */
  readonly filters?: Readonly<Record<string, unknown>>
  /** May every caller read the metrics? */
  readonly metrics?: boolean
  /** Members of the privacy profile of every caller; without it nothing is masked. */
  readonly privacy?: Readonly<Record<string, unknown>>
  /** May callers ask the service's own model? What it works with is then made ready at every start. */
  readonly asksAnalyst?: boolean
  /** Of a storage that an earlier start has made. */
  readonly knownKey?: string
}

/** `sallyport serve` in front of these upstreams, whose key only it knows; every caller may ask for their models. */
export async function serveModels(options: ModelGatewayOptions): Promise<Served> {
  const { origins, settings = {}, environment = {}, privacy, filters, metrics = false, asksAnalyst = false } = options
  const file = join(temporaryFolder('sallyport-models-'), 'sallyport.yaml')
  const kinds = Object.keys(origins) as (keyof typeof modelsOf)[]
  const upstreams = kinds.map((kind) => [
    kind,
    { kind, base_url: `${origins[kind]}/v1`, api_key: { env: 'UPSTREAM_KEY' }, models: modelsOf[kind], ...settings },
  ])
  const models = [...(asksAnalyst ? ['analyst'] : []), ...kinds.flatMap((kind) => modelsOf[kind])]
  const filtered = filters === undefined ? {} : { call_filter_profile: 'callers' }
  const group = { models, concurrent_requests: 64, tokens_per_day: 1_000_000_000, metrics, ...filtered }
  const masked = privacy === undefined ? {} : { privacy_profile: 'masked' }
  const configuration = {
    upstreams: Object.fromEntries(upstreams),
    gateway: { groups: { default: { ...group, ...masked } } },
    ...(filters === undefined ? {} : { filters: { profiles: { callers: filters } } }),
    ...(privacy === undefined ? {} : { privacy: { profiles: { masked: privacy } } }),
  }
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration))
  return serve({ SALLYPORT_CONFIG: file, UPSTREAM_KEY: canaries.key, ...environment }, options.knownKey)
}
