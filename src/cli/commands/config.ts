import { Secret } from '../../core/secret.ts'
import type { JsonValue } from '../../core/json.ts'
import { valueAt } from '../../config/load.ts'
import { leavesOf } from '../../config/schema-paths.ts'
import { describeOrigin } from '../../config/settings.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'

/** `sallyport config check`: says which files were read; a problem is the `invalid-config` of the loader. */
export function configCheck(context: CommandContext): ExitCode {
  const { files } = context.config()
  const read = files.length === 0 ? 'no file; defaults and environment only' : files.join(', ')
  context.terminal.out.write(`The configuration is valid (${read}).\n`)
  return exitCodes.ok
}

export interface ConfigShowOptions {
  readonly origin?: boolean
  readonly json?: boolean
}

/** `sallyport config show`: every setting in force, with `--origin` where each came from. Secrets show as `[secret]`. */
export function configShow(context: CommandContext, options: ConfigShowOptions): ExitCode {
  const { out } = context.terminal
  const loaded = context.config()
  const rows = leavesOf(loaded.schema).map(({ path }) => ({
    path,
    value: printable(valueAt(loaded.config, path)),
    origin: describeOrigin(loaded.originOf(path)),
  }))
  if (options.json === true) {
    const entries = rows.map(({ path, value, origin }) => [
      path.join('.'),
      options.origin === true ? { value: value ?? null, origin } : (value ?? null),
    ])
    out.write(`${JSON.stringify(Object.fromEntries(entries))}\n`)
    return exitCodes.ok
  }
  const width = Math.max(...rows.map(({ path }) => path.join('.').length))
  for (const { path, value, origin } of rows) {
    const shown = value === undefined ? out.style('dim', 'not set') : JSON.stringify(value)
    const where = options.origin === true ? out.style('dim', `   # ${origin}`) : ''
    out.write(`${path.join('.').padEnd(width)}  ${shown}${where}\n`)
  }
  return exitCodes.ok
}

/** A value as JSON; a Secret serializes itself as `[secret]`, wherever it stands. */
function printable(value: unknown): JsonValue | undefined {
  if (value === undefined) return undefined
  if (value instanceof Secret) return value.toString()
  return JSON.parse(JSON.stringify(value)) as JsonValue
}
