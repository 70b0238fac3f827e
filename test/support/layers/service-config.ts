import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join, resolve } from 'node:path'
import { loadConfig } from '../../../src/config/load.ts'
import type { Config } from '../../../src/config/schema.ts'
import { serviceDefaults } from '../../../src/config/service-defaults.ts'
import { readBundle } from '../../../src/gateway/authorize/bundle.ts'
import { shippedBundle } from '../../../src/gateway/authorize/open-policy.ts'
import { cleanEnvironment } from '../cli/sallyport-process.ts'
import { canaries } from '../http/upstream/canaries.ts'
import { packBundle } from '../policy/bundles.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { guardedDocument } from './endpoint-parts.ts'
import type { LayerName } from './layers.ts'

/** What a service of these tests is among. */
export interface Surroundings {
  readonly upstreams: Readonly<Record<'openai' | 'anthropic', string>>
  /** Of the service's own model. */
  readonly model: string
  /** What stands behind the guarded endpoint. */
  readonly behind: string
  readonly issuer: { readonly name: string; readonly keysFile: string }
  readonly tls: { readonly certificateFile: string; readonly keyFile: string; readonly clientAuthorityFile: string }
}

const hosted = ['web_search', 'mcp', 'code_interpreter', 'image_urls', 'file_urls', 'fallbacks', 'computer_use']

const unlimited = {
  models: ['*'],
  hosted_tools: hosted,
  data_sources: ['*'],
  endpoints: ['guarded'],
  find_values: 'all',
  metrics: true,
  concurrent_requests: 64,
  tokens_per_day: 1_000_000_000,
}

const narrow = {
  models: ['gpt-5', 'analyst'],
  hosted_tools: [],
  tools: ['describe_data', 'run_sql'],
  data_sources: ['shop'],
  find_values: 'none',
  metrics: false,
}

const limits = {
  requests: { per: 'key', unit: 'requests', most: 2, every: '1m' },
  tokens: { per: 'key', unit: 'tokens', most: 2_000, every: 'day' },
  money: { per: 'key', unit: 'money', most: 100, every: 'day' },
  rows: { per: 'key', unit: 'rows', most: 5, every: 'day' },
} as const

export const isLimited = (group: string): boolean => Object.hasOwn(limits, group)

/** A profile of filters that lets everything pass. */
const allowing = Object.fromEntries(
  ['secret', 'pii', 'sql-leak', 'link'].map((category) => [category, { action: 'allow' }]),
)

/** The shipped rules, with the data of these layers and of no other. */
function bundleOf(on: ReadonlySet<LayerName>): string {
  const { wasm } = readBundle(readFileSync(shippedBundle), fileURLToPath(shippedBundle))
  const example = resolve(import.meta.dirname, '../../../docs/examples/policies/injection.json')
  const { patterns, answers, limits: sizes } = JSON.parse(readFileSync(example, 'utf8')) as Record<string, object>
  const closed = { id: 'closed', channels: ['http'], refuse: 'The group is closed.' }
  const restricted = { id: 'small', restrict: { models: ['gpt-5'], tools: ['describe_data'], data_sources: [] } }
  const terms = { organization: [], tenants: {}, groups: { closed: [closed], restricted: [restricted] }, tenant_of: {} }
  const nothing = { organization: [], tenants: {}, groups: {}, tenant_of: {} }
  const actions = {
    addresses: { touches: ['public.customers.email'], ask: 'Addresses of customers.' },
    'code-from-data': { languages: ['javascript', 'python'], tainted: true, refuse: 'Code after rows were read.' },
    'long-run': { above_tokens: 1_000, refuse: 'The run is long.' },
  }
  const data = {
    layers: on.has('grant') ? terms : nothing,
    limits: on.has('payload') ? sizes : {},
    patterns: on.has('payload') ? patterns : {},
    answers: on.has('payload') ? answers : {},
    actions: on.has('action') ? actions : {},
  }
  const entryPoints = ['grant', 'payload', 'action', 'content'].map((name) => ({
    entrypoint: `sallyport/${name}/decision`,
    module: '/policy.wasm',
  }))
  const packed = packBundle({
    '/policy.wasm': wasm,
    '/data.json': JSON.stringify({ sallyport: data }),
    '/.manifest': JSON.stringify({ revision: 'layers', wasm: entryPoints }),
  })
  const path = join(temporaryFolder('layers-policy-'), 'bundle.tar.gz')
  writeFileSync(path, packed)
  return path
}

/** The configuration of a service in which these layers hold and every other that has a setting is switched off. */
export function configOf(on: ReadonlySet<LayerName>, { upstreams, model, behind, issuer, tls }: Surroundings): Config {
  const withRights = {
    ...unlimited,
    filter_profile: on.has('filters') ? 'default' : 'allowing',
    privacy_profile: on.has('privacy') ? 'default' : null,
  }
  const limited = Object.entries(limits).map(([name, limit]) => [
    name,
    { ...withRights, limits: on.has('quota') ? [limit] : [] },
  ])
  const groups = {
    open: withRights,
    narrow: on.has('groups') ? { ...withRights, ...narrow } : withRights,
    closed: withRights,
    restricted: withRights,
    ...Object.fromEntries(limited),
  }
  const price = { input: 1_250_000, output: 10_000_000 }
  const shared = { api_key: { env: 'UPSTREAM_KEY' } }
  const configuration = {
    model: { base_url: model, name: 'scripted-1', retries: 0, price },
    upstreams: {
      first: {
        kind: 'openai',
        base_url: upstreams.openai,
        ...shared,
        models: { 'gpt-5': { price }, 'gpt-5-pro': {}, 'text-embedding-3-small': { price } },
      },
      second: { kind: 'anthropic', base_url: upstreams.anthropic, ...shared, models: { 'claude-sonnet-5': { price } } },
    },
    endpoints: {
      guarded: {
        document: guardedDocument({ loose: !on.has('document'), pictures: on.has('pictures') }),
        base_url: behind,
        body_limit_kb: 512,
        pictures: { ratio: 300 },
        price: 1,
      },
    },
    sources: { shop: { database: { kind: 'sample' } }, staff: { database: { kind: 'sample' } } },
    sandbox: { pool: { minimum_ready: 0, maximum_ready: 0 } },
    code: on.has('rules') ? {} : { forbid: [] },
    filters: { profiles: { allowing: { inbound: allowing, outbound: allowing } } },
    privacy: { profiles: { default: {} } },
    policy: { bundle: bundleOf(on) },
    gateway: {
      groups,
      identity: {
        anonymous: on.has('identity') ? null : 'open',
        guesses: { most: 10_000 },
        issuers: {
          corp: {
            issuer: issuer.name,
            audience: 'sallyport',
            keys_file: issuer.keysFile,
            groups: { map: { staff: 'open' } },
          },
        },
      },
    },
    http: {
      port: 0,
      drain_grace_ms: 0,
      drain_ms: 1_000,
      tls: on.has('transport')
        ? {
            certificate_file: tls.certificateFile,
            key_file: tls.keyFile,
            client_ca_file: tls.clientAuthorityFile,
          }
        : null,
    },
    telemetry: { log_level: 'silent' },
  }
  const folder = temporaryFolder('layers-')
  const file = join(folder, 'sallyport.yaml')
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(configuration))
  const variables = cleanEnvironment({ SALLYPORT_CONFIG: file, UPSTREAM_KEY: canaries.key })
  return loadConfig({ variables, workingDirectory: folder, flags: {}, defaults: serviceDefaults }).config
}
