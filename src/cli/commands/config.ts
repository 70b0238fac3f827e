import type { CheckedEndpoint } from '../../endpoints/check-endpoints.ts'
import type { SourceProof } from '../../sources/source.ts'
import { Secret } from '../../core/secret.ts'
import type { JsonValue } from '../../core/json.ts'
import { valueAt } from '../../config/load.ts'
import type { Config } from '../../config/schema.ts'
import { leavesOf } from '../../config/schema-paths.ts'
import { describeOrigin } from '../../config/settings.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainText } from '../output/plain-text.ts'
import { waitFor } from '../wait-for.ts'

export interface ConfigCheckOptions {
  /** Ask the data sources too. */
  readonly sources?: boolean
  readonly output?: 'text' | 'json'
}

/** `sallyport config check`: says which files were read; a problem is the `invalid-config` that stops the service too. */
export async function configCheck(context: CommandContext, options: ConfigCheckOptions): Promise<ExitCode> {
  const { config, files } = context.config()
  const { out } = context.terminal
  const endpoints = await readEndpoints(config)
  await openDetectors(context, config)
  const sources = options.sources === true ? await proveSources(context, config) : null
  if (options.output === 'json') {
    const asked = {
      ...(endpoints.length === 0 ? {} : { endpoints: endpoints.map(endpointJson) }),
      ...(sources === null ? {} : { sources: sources.map(sourceJson) }),
    }
    out.writeJson({ valid: true, files: [...files], ...asked })
    return exitCodes.ok
  }
  for (const { name, operations } of endpoints) out.write(plainText(`${name}: ${operations.join(', ')}`) + '\n')
  for (const source of sources ?? []) out.write(describeSource(source))
  const read = files.length === 0 ? 'no file; defaults and environment only' : files.join(', ')
  out.write(`The configuration is valid (${read}).\n`)
  return exitCodes.ok
}

/** The document of an endpoint is as much a part of the configuration as its other settings. */
async function readEndpoints({ endpoints }: Config): Promise<readonly CheckedEndpoint[]> {
  if (Object.keys(endpoints).length === 0) return []
  const { checkEndpoints } = await import('../../endpoints/check-endpoints.ts')
  return checkEndpoints(endpoints)
}

/** What profiles and calibrations name is known to the detectors alone. Rejects with `invalid-config`, as a start does. */
async function openDetectors(context: CommandContext, config: Config): Promise<void> {
  await context.openContentTools(config)
}

const endpointJson = ({ name, operations }: CheckedEndpoint): JsonValue => ({ name, operations: [...operations] })

async function proveSources(context: CommandContext, config: Config): Promise<readonly SourceProof[]> {
  await using sallyport = await context.open(config)
  return await waitFor(context, 'asking the sources', (signal) => sallyport.checkSources(signal))
}

function sourceJson({ name, kind, role, inRecovery, excess, groups }: SourceProof): JsonValue {
  return { name, kind, role, in_recovery: inRecovery, excess, groups }
}

function describeSource({ name, kind, role, inRecovery, excess, groups }: SourceProof): string {
  const place = `${kind}, role ${role}${inRecovery ? ', a standby' : ''}`
  const policies = groups.length === 0 ? 'no policies' : `policies of ${groups.join(', ')} fit`
  const accepted = excess.length === 0 ? '' : `; accepted although the role ${excess.join('; ')}`
  return plainText(`${name}: ${place}, ${policies}${accepted}`) + '\n'
}

export interface ConfigShowOptions {
  readonly origin?: boolean
  readonly output?: 'text' | 'json'
}

/** `sallyport config show`: every setting in force and where it came from. Secrets show as `[secret]`. */
export function configShow(context: CommandContext, options: ConfigShowOptions): ExitCode {
  const { out } = context.terminal
  const loaded = context.config()
  const rows = leavesOf(loaded.schema).map(({ path }) => ({
    path,
    value: printable(valueAt(loaded.config, path)),
    origin: describeOrigin(loaded.originOf(path)),
  }))
  if (options.output === 'json') {
    const entries = rows.map(({ path, value, origin }) => [
      path.join('.'),
      options.origin === true ? { value: value ?? null, origin } : (value ?? null),
    ])
    out.writeJson(Object.fromEntries(entries))
    return exitCodes.ok
  }
  const width = Math.max(...rows.map(({ path }) => path.join('.').length))
  for (const { path, value, origin } of rows) {
    const shown = value === undefined ? out.style('dim', 'not set') : JSON.stringify(value)
    out.write(`${path.join('.').padEnd(width)}  ${shown}${out.style('dim', `   # ${origin}`)}\n`)
  }
  return exitCodes.ok
}

/** A value as JSON; a Secret serializes itself as `[secret]`, wherever it stands. */
function printable(value: unknown): JsonValue | undefined {
  if (value === undefined) return undefined
  if (value instanceof Secret) return value.toString()
  return JSON.parse(JSON.stringify(value)) as JsonValue
}
