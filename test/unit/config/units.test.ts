import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { variableName } from '../../../src/config/environment-layer.ts'
import { loadConfig, type LoadOptions } from '../../../src/config/load.ts'
import { createConfigSchema } from '../../../src/config/schema.ts'
import { formatPath, keysAt, leavesOf, schemasAt, type SettingPath } from '../../../src/config/schema-paths.ts'
import { suggest } from '../../../src/config/suggest.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-units-'))
})
afterEach(() => rmSync(home, { recursive: true }))

function complaint(options: Partial<LoadOptions>): string {
  try {
    loadConfig({ variables: { HOME: home }, workingDirectory: home, flags: {}, ...options })
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('the configuration was accepted')
}

const schema = createConfigSchema('/state', '/secrets')

/** Every place that a configuration can have, those of maps and of lists below them included. */
function placesBelow(path: SettingPath): readonly SettingPath[] {
  if (schemasAt(schema, path).length === 0 || path.length > 12) return []
  const own = [...new Set(keysAt(schema, path))]
  // A map with free keys, or a list, is looked into at any of its entries.
  const next = own.length === 0 ? ['any', 0] : own
  return [...own.map((key) => path.concat(key)), ...next.flatMap((key) => placesBelow([...path, key]))]
}

const spelledOtherwise = [
  ['databases.embedded.maximum_megabytes', 'memory_mb', ''],
  ['databases.embedded.open_seconds', 'open_ms', ' (in milliseconds)'],
  ['databases.shadow.maximum_megabytes', 'memory_mb', ''],
  ['databases.shadow.timeout_milliseconds', 'timeout_ms', ''],
  ['databases.query.maximum_bytes', 'maximum_mb', ' (in MiB)'],
  ['databases.query.timeout_milliseconds', 'timeout_ms', ''],
  ['code.maximum_source_bytes', 'maximum_source_kb', ' (in KiB)'],
  ['sql.maximum_bytes', 'maximum_kb', ' (in KiB)'],
  ['sql.maximum_literal_bytes', 'maximum_literal_kb', ' (in KiB)'],
  ['sql.maximum_value_bytes', 'maximum_value_kb', ' (in KiB)'],
  ['sessions.maximum_file_bytes', 'maximum_file_mb', ' (in MiB)'],
  ['http.body_limit_bytes', 'body_limit_mb', ' (in MiB)'],
  ['http.artifact_bytes', 'artifact_mb', ' (in MiB)'],
  ['cli.maximum_file_bytes', 'maximum_file_mb', ' (in MiB)'],
  ['model.timeout', 'timeout_ms', ' (in milliseconds)'],
  ['model.idle_timeout_seconds', 'idle_timeout_ms', ' (in milliseconds)'],
  ['sandbox.limits.memory_megabytes', 'memory_mb', ''],
  ['sandbox.limits.wall_seconds', 'wall_ms', ' (in milliseconds)'],
  ['sessions.idle_minutes', 'idle_ms', ' (in milliseconds)'],
] as const

describe('a setting whose unit is spelled otherwise', () => {
  it.each(spelledOtherwise)('is refused in a file with its name and its unit: %s', (path, name, note) => {
    const keys = path.split('.')
    const file = join(home, 'config.yaml')
    writeFileSync(file, `${keys.map((key, depth) => `${'  '.repeat(depth)}${key}:`).join('\n')} 7\n`)
    expect(complaint({ file })).toContain(`unknown key "${keys.at(-1)}"`)
    expect(complaint({ file })).toContain(`did you mean "${name}"${note}?`)
  })

  it.each(spelledOtherwise)('is refused in a variable with its name: %s', (path, name) => {
    const keys = path.split('.')
    const message = complaint({ variables: { HOME: home, [variableName(keys)]: '7' } })
    expect(message).toContain(`did you mean ${variableName([...keys.slice(0, -1), name])}`)
  })

  it.each(spelledOtherwise)('is refused in a flag with its name: %s', (path, name, note) => {
    const full = [...path.split('.').slice(0, -1), name].join('.')
    expect(complaint({ flags: { [path]: '7' } })).toContain(`did you mean "${full}"${note}?`)
  })

  it.each([
    ['database', 'kind: postgresql, url: postgresql://a@b/c, maximum_lag_milliseconds: 5', 'maximum_lag_ms'],
    ['database', 'kind: mysql, url: mysql://a@b/c, maximum_lag_seconds: 5', 'maximum_lag_ms'],
    ['database', 'kind: files, tables: { a: { path: /a.csv } }, load_milliseconds: 500', 'load_ms'],
    ['policies', 'default: { maximum_bytes: 5000 }', 'maximum_mb'],
    ['policies', 'default: { timeout_milliseconds: 5000 }', 'timeout_ms'],
  ])('is refused in a data source: %s, %s', (part, text, name) => {
    const file = join(home, 'config.yaml')
    const other = part === 'database' ? 'policies: {}' : 'database: { kind: sample }'
    writeFileSync(file, `sources:\n  shop:\n    ${part}: { ${text} }\n    ${other}\n`)
    expect(complaint({ file })).toContain(`did you mean "${name}"`)
  })
})

describe('the names of settings', () => {
  it('end in ms, days, kb or mb where they measure time or size, and in no other unit', () => {
    const names = new Set([
      ...leavesOf(schema).map(({ path }) => path.at(-1) ?? ''),
      ...placesBelow([]).map((path) => path.at(-1) ?? ''),
    ])
    const others =
      /(?:^|_)(?:milliseconds?|millis|seconds?|secs?|s|minutes?|mins?|hours?|h|bytes?|b|kib|mib|gib|gb|kilobytes?|megabytes?|gigabytes?)$/
    expect([...names].filter((name) => others.test(String(name)))).toEqual([])
    expect([...names]).toEqual(expect.arrayContaining(['maximum_lag_ms', 'load_ms', 'memory_mb', 'timeout_ms']))
  })
})

describe('a setting in milliseconds', () => {
  it('is refused where it is longer than a timer can wait: it would be over at once', () => {
    const settings = placesBelow([]).filter((path) => String(path.at(-1)).endsWith('_ms'))
    const accepting = settings.filter((path) =>
      schemasAt(schema, path).some((one) => z.safeParse(one, 2 ** 31).success),
    )
    expect(accepting.map(formatPath)).toEqual([])
    expect(settings.length).toBeGreaterThan(30)
  })
})

describe('what is suggested for a name', () => {
  it.each([
    ['timeout_seconds', ['timeout_ms', 'timeout_mb'], 'timeout_ms'],
    ['maximum_bytes', ['maximum_rows', 'maximum_mb'], 'maximum_mb'],
    ['timout_ms', ['timeout_ms', 'timeout'], 'timeout_ms'],
    ['wall_clock_time', ['wall_ms', 'rows'], null],
    ['rowss', ['rows', 'wall_ms'], 'rows'],
    ['other_seconds', ['first_ms', 'second_ms'], null],
  ])('%s of %j is %s', (word, names, expected) => {
    expect(suggest(word, names)).toBe(expected)
  })
})
