import { detectionProbe } from './detection-probe.ts'
import type { Probe, ProbeResult } from './sallyport.ts'
import type { Model } from '../models/model.ts'
import { modelProbe } from './model-probe.ts'
import { type PrivateFilesConfig, privateFilesProbe } from './private-files.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import { checkSource } from '../sources/check-source.ts'
import type { Sources } from '../sources/sources.ts'
import type { ModelOptions } from '../models/options.ts'
import type { SandboxOptions } from '../sandbox/options.ts'
import type { SourcesConfig } from '../sources/options.ts'
import type { CodeValidatorOptions } from '../validators/options.ts'
import { createCodeValidators } from '../validators/code-validators.ts'

interface ProbesConfig extends SourcesConfig, PrivateFilesConfig {
  readonly code: CodeValidatorOptions
  readonly model: ModelOptions
  readonly sandbox: Pick<SandboxOptions, 'driver' | 'limits' | 'sharing' | 'detection'>
}

interface ProbeParts {
  readonly config: ProbesConfig
  readonly model: Model
  readonly sandboxes: Sandboxes
  readonly sources: Sources
}

const setUp = 'Run "sallyport doctor --fix", or "npm run set-up" in a clone.'
const seeCluster =
  'Look at the Pod and its node ("kubectl describe pod"); docs/deploy/kubernetes.md says what both need.'

/** What can only be proven by doing it: a sandbox that runs, a model that answers, a role that cannot write. */
export function probesOf(parts: ProbeParts): readonly Probe[] {
  return [
    ...sandboxProbes(parts),
    ...(parts.config.sandbox.detection.mode === 'on' ? [detectionProbe(parts)] : []),
    isolateProbe(parts),
    privateFilesProbe(parts.config),
    modelProbe(parts),
    ...parts.sources.names().map((name) => sourceProbe(parts, name)),
  ]
}

/** Where `auto` is configured, a service takes Docker and a single command what is fastest: both are proven. */
function sandboxProbes(parts: ProbeParts): readonly Probe[] {
  const name = 'Sandbox runs in gVisor with its limits applied'
  if (parts.config.sandbox.driver !== 'auto') return [sandboxProbe(parts, { name, driver: null })]
  return [
    sandboxProbe(parts, { name, driver: 'docker' }),
    sandboxProbe(parts, { name: 'Single commands take the fastest driver', driver: null }),
  ]
}

/**
 * A program in a real sandbox says what kernel it sees; the engine hands out none whose limits did not take. `driver` is
 * null for what single commands take.
 */
function sandboxProbe(
  { config, sandboxes }: ProbeParts,
  { name, driver }: { readonly name: string; readonly driver: 'docker' | null },
): Probe {
  return {
    name,
    sandbox: true,
    run: async (signal) => {
      const validators = createCodeValidators({ ...config.code, forbid: [] })
      const code = "import os\nopen('/mnt/data/probe.txt', 'w').write('x')\n(os.getuid(), os.cpu_count())"
      const verdict = await validators.python.validate(code, signal)
      const fix = config.sandbox.driver === 'kubernetes' ? seeCluster : setUp
      if (verdict.kind === 'refused') return failed('the probe was refused by its own validator', fix)
      await using sandbox = await sandboxes.claim({ tenant: 'doctor', language: 'python' }, signal, driver)
      const cell = await sandbox.run(verdict.value, { timeoutMilliseconds: 20_000 }, signal)
      if (cell.outcome !== 'ok') return failed(`a first program ended with ${cell.outcome}`, fix)
      const { memory_mb: memory, cpus, processes } = config.sandbox.limits
      const walls = sandbox.missingWalls.length === 0 ? '' : `; missing: ${sandbox.missingWalls.join('; ')}`
      const { reason } = driver === null ? await sandboxes.choice() : { reason: null }
      const why = reason === null ? '' : `; auto: ${reason}`
      return passed(
        `${sandbox.driver}, ${memory} MiB, ${cpus} CPU, ${processes} processes, limits read back; ran in ${Math.round(cell.timings.runMs)} ms${walls}${why}`,
      )
    },
  }
}

function isolateProbe({ config, sandboxes }: ProbeParts): Probe {
  return {
    name: 'Light JavaScript runs in an isolate',
    sandbox: false,
    run: async (signal) => {
      if (config.sandbox.sharing === 'none') return passed('refused to everybody, since sandbox.sharing is none')
      const verdict = await createCodeValidators(config.code).javascript.validate('6 * 7', signal)
      if (verdict.kind === 'refused') return failed('the probe was refused by its own validator', setUp)
      await using sandbox = await sandboxes.claimIsolate('doctor', signal)
      const cell = await sandbox.run(verdict.value, {}, signal)
      const right = cell.results[0]?.json === 42
      return right ? passed('6 * 7 is 42') : failed(`6 * 7 ended with ${cell.outcome}`, 'Install again: "npm ci".')
    },
  }
}

function sourceProbe(parts: ProbeParts, name: string): Probe {
  return {
    name: `Data source "${name}" can only be read, and its policies fit`,
    sandbox: false,
    run: async (signal) => {
      const { kind, role, inRecovery, excess, groups } = await checkSource(parts, name, signal)
      const place = `${kind}, role ${role}${inRecovery ? ', a standby' : ''}`
      const policies = groups.length === 0 ? '' : `; policies of ${groups.join(', ')}`
      const accepted = excess.length === 0 ? '' : `; accepted by the configuration: ${excess.join('; ')}`
      return passed(`${place}${policies}${accepted}`)
    },
  }
}

function passed(detail: string): ProbeResult {
  return { passed: true, detail, fix: null }
}

function failed(detail: string, fix: string): ProbeResult {
  return { passed: false, detail, fix }
}
