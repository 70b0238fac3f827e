import { room, startServe } from '../pass-through/gateway.ts'
import type { Subject } from '../pass-through/subjects.ts'

/** Millionths of a currency for a million tokens. */
const price = { input: 1_250_000, cached_input: 125_000, output: 10_000_000 }

/** As a service limits what it sells; nothing of a load comes near. */
const limits = [
  { per: 'key', unit: 'requests', every: 'hour', most: 1e9 },
  { per: 'key', unit: 'tokens', every: 'day', most: 1e12 },
  { per: 'group', unit: 'money', every: 'month', most: 1e12 },
  { per: 'tenant', unit: 'tokens', every: 'month', most: 1e12 },
]

export interface RoutingGatewayOptions {
  readonly checkout: string
  /** Without `/v1`; all targets stand there. */
  readonly upstream: string
  /** By what the route chooses. */
  readonly strategy: 'cost' | 'latency'
  /** Where its processor profile goes when it ends; null for none. */
  readonly profile: string | null
}

/**
 * `sallyport serve` with everything on: `gpt-5` is a route of three models at two upstreams, which is chosen among anew for each call and
 * named in each answer; its rules are asked for the grant and about the payload, tokens and money are held and settled in the
 * embedded ledger for key, group and tenant, values that have a form are hidden from one of the upstreams and put back.
 */
export function startRoutingGateway({
  checkout,
  upstream,
  strategy,
  profile,
}: RoutingGatewayOptions): Promise<Subject> {
  const place = { kind: 'openai', base_url: `${upstream}/v1`, api_key: { env: 'BENCH_KEY' } }
  const abilities = ['tools', 'json', 'pictures']
  const model = { name: 'gpt-5', price, context_tokens: 400_000, abilities, tokenizer: 'o200k_base' }
  const dear = { ...model, price: { ...price, input: 2 * price.input } }
  return startServe({
    checkout,
    profile,
    configuration: {
      upstreams: {
        europe: { ...place, region: 'eu', models: { 'gpt-5-europe': model, 'gpt-5-dear': dear } },
        states: { ...place, region: 'us', models: { 'gpt-5-states': model } },
      },
      routes: { 'gpt-5': { strategy, targets: ['gpt-5-dear', 'gpt-5-europe', 'gpt-5-states'] } },
      gateway: {
        groups: { default: { models: ['gpt-5'], privacy_profile: 'default', show_routes: true, limits, ...room } },
      },
      privacy: { profiles: { default: { masking: 'structured' } } },
    },
  })
}
