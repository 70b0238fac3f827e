import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { freePort } from '../support/databases/server-process.ts'
import { serve } from '../support/cli/sallyport-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const bench = process.env['FAILOVERBENCH'] ?? null
const python = process.env['FAILOVERBENCH_PYTHON'] ?? 'python3'
const profile = process.env['FAILOVERBENCH_PROFILE'] ?? 'fast'
const isHere = bench !== null && existsSync(join(bench, 'scenarios/catalogue.yaml'))
const folder = process.env['SALLYPORT_SCORECARDS'] ?? resolve(import.meta.dirname, '../../.sallyport/scorecards')

if (!isHere) {
  process.stderr.write(
    'SKIPPED: failoverbench is not here (set FAILOVERBENCH to a checkout of it, FAILOVERBENCH_PYTHON to a Python with httpx and PyYAML)\n',
  )
}

interface Catalogue {
  readonly default_fallback: string
  readonly scenarios: readonly { readonly id: string; readonly model: string; readonly fallback_model?: string }[]
}

interface Results {
  readonly summary: Readonly<Record<string, number>>
  readonly scenarios: readonly { readonly id: string; readonly verdict: string; readonly reason: string }[]
}

/** A route for each scenario, with its own model first and the one that steps in second, as the catalogue has them. */
function configurationFor(
  { default_fallback: usual, scenarios }: Catalogue,
  baseUrl: string,
  recovery: string,
): object {
  const names = scenarios.flatMap(({ model, fallback_model = usual }) => [model, fallback_model])
  const models = Object.fromEntries([...new Set(names)].map((name) => [`at.${name}`, name]))
  const routes = scenarios.map(({ model, fallback_model = usual }) => {
    return [model, { targets: [`at.${model}`, `at.${fallback_model}`] }] as const
  })
  // The catalogue's own budget for a request; its short profile is silent for fifteen seconds only.
  const timeout = profile === 'full' ? 30_000 : 10_000
  const times = { timeout_ms: timeout, first_token_timeout_ms: 10_000, idle_timeout_ms: 10_000 }
  const attempts = { recovery, breaker_open_ms: profile === 'full' ? 10_000 : 2_000 }
  const everything = { ...Object.fromEntries(routes), [usual]: { targets: [`at.${usual}`] } }
  const group = { models: Object.keys(everything), tools: [], data_sources: [], tokens_per_day: 1_000_000_000 }
  return {
    upstreams: { wall: { kind: 'openai', base_url: `${baseUrl}/v1`, models, ...times } },
    routes: everything,
    gateway: { attempts, groups: { default: group } },
  }
}

async function runBench(at: string, recovery: string): Promise<Results> {
  const work = temporaryFolder('sallyport-failoverbench-')
  const wallUrl = `http://127.0.0.1:${await freePort()}`
  const words = ['-m', 'failoverbench', 'wall', '--port', new URL(wallUrl).port, '--profile', profile]
  const wall = spawn(python, words, { cwd: at, stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    await once(createInterface(wall.stderr), 'line')
    const catalogue = parse(readFileSync(join(at, 'scenarios/catalogue.yaml'), 'utf8')) as Catalogue
    const file = join(work, 'sallyport.yaml')
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(configurationFor(catalogue, wallUrl, recovery)))
    await using service = await serve({ SALLYPORT_CONFIG: file })
    const system = join(work, 'system.yaml')
    const parameters = { base_url: `${service.url}/v1`, api_key: service.key }
    writeFileSync(system, JSON.stringify({ name: `sallyport-${recovery}`, adapter: 'endpoint', params: parameters }))
    const run = [
      '-m',
      'failoverbench',
      'run',
      '--system',
      system,
      '--wall',
      wallUrl,
      '--profile',
      profile,
      '--out',
      work,
    ]
    await promisify(execFile)(python, run, { cwd: at })
  } finally {
    wall.kill()
  }
  const results = join(work, profile, `sallyport-${recovery}.json`)
  mkdirSync(folder, { recursive: true })
  copyFileSync(results, join(folder, `failoverbench-${profile}-${recovery}.json`))
  return JSON.parse(readFileSync(results, 'utf8')) as Results
}

describe.runIf(isHere)('failoverbench', () => {
  it.each([
    // What breaks in the middle of an answer that its caller reads already ends with an error.
    ['stream', ['S08', 'S09', 'S10', 'S14']],
    ['hold', []],
  ])(
    'finds no fault with recovery %s, and every answer whole but for those that broke off in sight',
    async (recovery, safe) => {
      const { scenarios } = await runBench(bench ?? '', recovery)
      expect(scenarios).toHaveLength(16)
      const others = scenarios.filter(({ verdict }) => verdict !== 'pass')
      expect(others.map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual(
        safe.map((id) => [id, 'safe', expect.stringContaining('not rescued')]),
      )
    },
  )
})
