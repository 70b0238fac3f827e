import { formatPath, type SettingPath } from './schema-paths.ts'
import type { Problem, Setting } from './settings.ts'

/**
 * What `./sallyport.yaml` may set. Whoever wrote the folder one happens to stand in must not be able to send data
 * elsewhere or to weaken a limit, so this list is short: presentation freely, limits only downwards.
 */
export const projectKeys: Readonly<Record<string, 'any' | 'lower'>> = {
  'cli.output': 'any',
  'cli.preview_lines': 'any',
  'cli.table_rows': 'any',
  'cli.maximum_file_mb': 'lower',
  'sandbox.limits.wall_ms': 'lower',
  'sandbox.limits.wall_ceiling_ms': 'lower',
  'sandbox.limits.cpus': 'lower',
  'sandbox.limits.memory_mb': 'lower',
  'sandbox.limits.processes': 'lower',
  'sandbox.limits.open_files': 'lower',
  'sandbox.limits.file_mb': 'lower',
  'sandbox.limits.data_mb': 'lower',
  'sandbox.limits.temporary_mb': 'lower',
  'sandbox.limits.output_kb': 'lower',
  'sandbox.pool.maximum': 'lower',
  'databases.query.maximum_rows': 'lower',
  'databases.query.maximum_mb': 'lower',
  'databases.query.timeout_ms': 'lower',
  'tools.python_timeout_ms': 'lower',
  'tools.javascript_timeout_ms': 'lower',
}

/** The project file's settings that loosen something. `without` reads the value that holds when they are left out. */
export function projectProblems(settings: readonly Setting[], without: (path: SettingPath) => unknown): Problem[] {
  return settings.flatMap((setting) => {
    const path = formatPath(setting.path)
    const rule = Object.hasOwn(projectKeys, path) ? projectKeys[path] : undefined
    if (rule === undefined) {
      const message = `a project file may not set ${path}: it could loosen policy. Set it in the user file or the environment`
      return [{ origin: setting.origin, message }]
    }
    const ceiling = without(setting.path)
    if (
      rule === 'lower' &&
      typeof ceiling === 'number' &&
      typeof setting.value === 'number' &&
      setting.value > ceiling
    ) {
      const message = `a project file may only lower ${path}: ${setting.value} is above ${ceiling}`
      return [{ origin: setting.origin, message }]
    }
    return []
  })
}
