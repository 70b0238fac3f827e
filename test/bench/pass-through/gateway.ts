import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LASTING } from '../../../setup/targets.mjs'
import { cleanEnvironment } from '../../support/cli/sallyport-process.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { PinnedProcess, processors } from './pinned-process.ts'
import type { Subject } from './subjects.ts'

export interface GatewayOptions {
  /** Whose gateway it is. */
  readonly checkout: string
  /** Without `/v1`. */
  readonly upstream: string
  /** Where its processor profile goes when it ends; null for none. */
  readonly profile: string | null
  /** How much of what a call holds is hidden; nothing is looked for without. */
  readonly masking?: 'structured' | 'all'
}

/** `sallyport serve` of a checkout before the upstream, with its usual settings but for room for the load. */
export async function startGateway({ checkout, upstream, profile, masking }: GatewayOptions): Promise<Subject> {
  const hidden = masking === undefined ? {} : { privacy_profile: 'default' }
  const configuration = {
    upstreams: {
      bench: { kind: 'openai', base_url: `${upstream}/v1`, api_key: { env: 'BENCH_KEY' }, models: ['gpt-5'] },
    },
    gateway: { groups: { default: { models: ['gpt-5'], ...room, ...hidden } } },
    ...(masking === undefined ? {} : { privacy: { profiles: { default: { masking } } } }),
  }
  return startServe({ checkout, configuration, profile })
}

/** Of a group: more than the load asks for. */
export const room = { concurrent_requests: 1_000, tokens_per_day: 1_000_000_000 } as const

export interface ServeOptions extends Pick<GatewayOptions, 'checkout' | 'profile'> {
  /** Its upstreams may name `BENCH_KEY`. */
  readonly configuration: object
}

/** `sallyport serve` of a checkout, started as `npm start` does. */
export async function startServe({ checkout, configuration, profile }: ServeOptions): Promise<Subject> {
  const folder = temporaryFolder('sallyport-bench-')
  const file = join(folder, 'sallyport.yaml')
  // No sandbox starts, or ends, while the load runs.
  const sandbox = { pool: { minimum_ready: 0, maximum_ready: 0 } }
  writeFileSync(file, JSON.stringify({ ...configuration, sandbox }))
  const flags = [
    '--no-node-snapshot',
    ...LASTING.flags,
    ...(profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
  ]
  const started = await PinnedProcess.start([process.execPath, ...flags, join(checkout, 'src/cli/main.ts'), 'serve'], {
    processor: processors.measured,
    environment: cleanEnvironment({
      ...LASTING.environment,
      SALLYPORT_CONFIG: file,
      SALLYPORT_STATE_DIRECTORY: join(folder, 'state'),
      SALLYPORT_HTTP_PORT: '0',
      SALLYPORT_HTTP_DRAIN_GRACE_MS: '0',
      SALLYPORT_TELEMETRY_LOG_LEVEL: 'warn',
      BENCH_KEY: 'bench-upstream-key',
    }),
    ready: /curl/,
  })
  const origin = /listens on (http:\S+)/.exec(started.output)?.[1] ?? ''
  const key = /API key\s+(sp-\S+)/.exec(started.output)?.[1] ?? ''
  return {
    process: started,
    target: { origin, path: '/v1/chat/completions', headers: { authorization: `Bearer ${key}` } },
  }
}
