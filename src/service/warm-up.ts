import { bytesOf } from '../core/sizes.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Screener } from '../gateway/screen/screener.ts'
import type { Sandboxes } from '../sandbox/sandboxes.ts'
import type { DatabasesOptions } from '../databases/options.ts'
import type { SandboxOptions } from '../sandbox/options.ts'
import type { SourcesConfig } from '../sources/options.ts'
import { policiesOf } from '../sources/policies.ts'
import type { Sources } from '../sources/sources.ts'
import type { CodeValidators } from '../validators/code-validators.ts'

interface WarmUpConfig extends SourcesConfig {
  readonly databases: DatabasesOptions
  readonly sandbox: Pick<SandboxOptions, 'pool'>
}

interface WarmUpParts {
  readonly config: WarmUpConfig
  readonly sources: Sources
  readonly sandboxes: Sandboxes
  readonly validators: CodeValidators
  readonly screener: () => Screener | Promise<Screener>
  /**
   * Called with a part that could not be warmed: the first request that needs the part starts it, or gets the fault.
   */
  readonly onFault: (part: string, thrown: unknown) => void
}

/** Longest that a start may keep callers waiting for what it warms, in milliseconds. */
const patience = 120_000
const lookMilliseconds = 50

/**
 * Does once, before the first caller has to wait for it, what a first question needs: each source is opened and asked
 * something, each validator and the filters are run, a sandbox stands ready. Resolves when all of it was tried.
 */
export async function warmUp(parts: WarmUpParts, stopping: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(patience)])
  const { sources, validators, screener } = parts
  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    sandboxes: () => aReadySandbox(parts, signal),
    'the Python validator': () => validators.python.validate('1 + 1', signal),
    'the JavaScript validator': () => validators.javascript.validate('1 + 1', signal),
    'the filters': async () => (await screener()).text('Nothing is in here.', 'model', signal),
    ...Object.fromEntries(sources.names().map((name) => [`the source ${name}`, () => aStatement(parts, name, signal)])),
  }
  await Promise.all(
    Object.entries(attempts).map(async ([part, attempt]) => {
      try {
        await attempt()
      } catch (thrown) {
        if (!stopping.aborted) parts.onFault(part, thrown)
      }
    }),
  )
}

/** For a service whose settings keep none ready there is nothing to wait for. */
async function aReadySandbox({ config, sandboxes }: WarmUpParts, signal: AbortSignal): Promise<void> {
  if (config.sandbox.pool.minimum_ready === 0) return
  await sandboxes.available()
  for (;;) {
    const figures = await sandboxes.figures()
    if (figures === null || figures.ready > 0 || figures.claimed >= config.sandbox.pool.maximum) return
    await sleep(lookMilliseconds, undefined, { signal })
  }
}

/** Through the gate of a group that the source is for, to the database and back. */
async function aStatement({ config, sources }: WarmUpParts, name: string, signal: AbortSignal): Promise<void> {
  const group = Object.keys(policiesOf(config, name))[0] ?? 'default'
  const { gate } = await sources.gate(name, group, signal)
  const verdict = await gate.validate('SELECT 1', signal)
  if (verdict.kind === 'refused') return
  const { maximum_mb: maximum, timeout_ms: timeoutMilliseconds } = config.databases.query
  const limits = { maximumRows: 1, maximumBytes: bytesOf.mb(maximum), timeoutMilliseconds }
  await sources.database(name).query(verdict.value, limits, signal)
}
