import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifies } from '../../support/verifies.ts'

const source = resolve(import.meta.dirname, '../../../src')

/** An import or a re-export as the formatter writes it, with what it names; those of types alone load nothing. */
const loading = /^(?:import|export) (?!type )(?:[^';]*? from )?'([^']+)'/gm

interface Loaded {
  /** Below `src`. */
  readonly files: ReadonlySet<string>
  readonly packages: ReadonlySet<string>
}

/** What is loaded with these files, before anything of them is done: what they defer is left out. */
function loadedWith(...roots: readonly string[]): Loaded {
  const files = new Set<string>()
  const packages = new Set<string>()
  const waiting = roots.map((path) => join(source, path))
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(relative(source, path))) continue
    files.add(relative(source, path))
    for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(loading)) {
      if (specifier.startsWith('.')) waiting.push(resolve(dirname(path), specifier))
      else if (!specifier.startsWith('node:')) packages.add(packageOf(specifier))
    }
  }
  return { files, packages }
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

const start = ['cli/start.mjs', 'cli/main.ts', 'cli/command-process.ts']

describe('the start of the command line', () => {
  it('loads what reads a command line and its configuration, and no more', () => {
    const { files, packages } = loadedWith(...start)
    expect([...packages].toSorted()).toEqual(['commander', 'zod'])
    expect(files.size).toBeLessThan(138)
  })

  it('loads next to nothing before it looks for compiled code', () => {
    const { files, packages } = loadedWith('cli/main.ts')
    expect([...packages]).toEqual([])
    expect(files.size).toBeLessThan(12)
  })

  it('loads nothing that Node has to take types out of before it looks for compiled code', () => {
    const { files } = loadedWith('cli/start.mjs')
    expect([...files].toSorted()).toEqual([
      'cli/compiled-code.mjs',
      'cli/start.mjs',
      'config/process-variables.mjs',
      'config/user-folder.mjs',
      'files/only-ours.mjs',
    ])
  })

  it('loads for the sandbox that starts meanwhile what starts it, and nothing that is for others', () => {
    const { files, packages } = loadedWith(...start, 'cli/commands/run.ts', 'compose/sandboxes.ts')
    expect([...packages].toSorted()).toEqual(['cli-table3', 'commander', 'papaparse', 'string-width', 'zod'])
    const rooms = ['filters/', 'gateway/', 'telemetry/', 'validators/', 'models/']
    // What a profile may say is looked at with the rest of the configuration.
    const settings = loadedWith('filters/options.ts', 'gateway/privacy/profiles/options.ts').files
    const own = [...files].filter((file) => !file.endsWith('options.ts') && !settings.has(file))
    expect(own.filter((file) => rooms.some((room) => file.startsWith(room)))).toEqual([])
    expect(files.size).toBeLessThan(193)
  })

  it('loads no library of spans with what serves, observes and wires', () => {
    verifies('spans.off')
    const { packages } = loadedWith(...start, 'compose.ts', 'compose/serving.ts', 'telemetry/metrics.ts')
    expect(packages).toContain('prom-client')
    expect([...packages].filter((name) => name.startsWith('@opentelemetry/'))).toEqual([])
  })

  it('reads no Docker client for a sandbox straight from gVisor', () => {
    const { packages } = loadedWith('sandbox/container-driver.ts', 'sandbox/containers/runsc/runsc-driver.ts')
    const lazy = ['proof-records.ts', 'docker/known-daemon.ts', 'choose-driver.ts', 'cgroup-access.ts']
    const further = loadedWith(...lazy.map((file) => `sandbox/containers/${file}`))
    expect([...packages, ...further.packages].filter((name) => name !== 'zod')).toEqual([])
  })

  it('loads for a program what checks it and what screens its output: no model, database, server or driver', () => {
    const { files, packages } = loadedWith(...start, 'compose.ts', 'cli/commands/run.ts')
    const heavy = ['dockerode', 'express', 'helmet', 'isolated-vm', 'libphonenumber-js', 'mysql2', 'openai', 'pg']
    expect(heavy.concat('prom-client', '@electric-sql/pglite').filter((name) => packages.has(name))).toEqual([])
    const rooms = ['agent/', 'databases/differencing/differencing-ledger', 'surfaces/server', 'sandbox/containers/']
    expect([...files].filter((file) => rooms.some((room) => file.startsWith(room)))).toEqual([])
    expect(files.size).toBeLessThan(380)
  })
})
