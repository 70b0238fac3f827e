import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const source = join(root, 'src')

/** Who may import whom, besides itself. `options` means any folder's `options.ts` file. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  storage: ['core'],
  telemetry: ['core'],
  filters: ['core'],
  validators: ['core'],
  sandbox: ['core'],
  databases: ['core'],
  models: ['core'],
  sessions: ['core', 'storage'],
  feedback: ['core', 'filters', 'storage'],
  tools: ['core', 'validators', 'sandbox', 'databases', 'sessions'],
  agent: ['core', 'filters', 'models', 'tools', 'sessions'],
  gateway: ['core', 'filters', 'storage'],
  http: ['core', 'telemetry', 'models', 'feedback', 'sessions', 'agent', 'gateway', 'tools'],
  config: ['core', 'options'],
  cli: ['core', 'config', 'http/contract', 'compose'],
  compose: ['*'],
  main: ['*'],
}

/** Packages and globals that stay in one place, with the folders that may name them. */
const atHome: readonly { readonly what: string; readonly pattern: RegExp; readonly homes: readonly string[] }[] = [
  { what: 'express', pattern: /from '(express|helmet)'/, homes: ['http/'] },
  { what: 'dockerode', pattern: /from 'dockerode'/, homes: ['sandbox/drivers/docker/'] },
  { what: 'isolated-vm', pattern: /from 'isolated-vm'/, homes: ['sandbox/drivers/isolate/'] },
  { what: 'openai', pattern: /from 'openai(\/[^']*)?'/, homes: ['models/providers/'] },
  {
    what: 'SQL parsers',
    pattern: /from '(node-sql-parser|libpg-query|pgsql-deparser)(\/[^']*)?'/,
    homes: ['validators/sql/'],
  },
  {
    what: 'pg and PGlite',
    pattern: /from '(pg|pg-cursor|@electric-sql\/pglite)(\/[^']*)?'/,
    homes: ['databases/', 'storage/'],
  },
  { what: 'mysql2', pattern: /from 'mysql2(\/[^']*)?'/, homes: ['databases/mysql/'] },
  // In quotes it is a rule that forbids it, not a use.
  { what: 'process.env', pattern: /(?<!')process\.env\b/, homes: ['config/'] },
  { what: 'the maker of Vetted', pattern: /\/vet\.ts'/, homes: ['validators/'] },
]

/** Files that read the wall clock, each with what for. A deadline or an expiry is never among them. */
const wallClockReaders: Readonly<Record<string, string>> = {
  'databases/duckdb/duckdb-database.ts': 'when the rows were read, for people',
  'databases/ledger/differencing-ledger.ts': 'days on a disk, from one start of the service to the next',
  'databases/pglite/images.ts': 'the age of files',
  'databases/pglite/pglite-database.ts': 'when the rows were read, for people',
  'databases/shadow/postgres-shadow.ts': 'the age of what other processes made, by the time in its name',
  'gateway/admit/quota.ts': 'tokens of a UTC day',
  'gateway/authenticate/keys.ts': 'when a key was made, for people',
  'http/routes/chat-completions.ts': 'a field of the answer',
  'models/providers/openai/errors.ts': 'a Retry-After that is a date',
  'models/providers/openai/openai-model.ts': 'a Retry-After that is a date',
  'sandbox/cgroup.ts': 'the age of folders',
  'sandbox/drivers/runsc/image-folder.ts': 'the age of folders',
  'sandbox/drivers/runsc/snapshot-store.ts': 'the age of folders',
  'sandbox/handshake.ts': 'the clock of a sandbox',
  'sessions/session-store.ts': 'when a session was opened and will end, for people',
  'telemetry/audit.ts': 'when a fact was written',
}

interface Import {
  readonly file: string
  readonly specifier: string
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const pattern =
    /^[ \t]*(?:import|export)\b[^'";=()]*?\bfrom\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|^[ \t]*import\s+['"]([^'"]+)['"]/gm
  return [...text.matchAll(pattern)].map((match) => ({ file, specifier: match[1] ?? match[2] ?? match[3] ?? '' }))
}

/** `src/http/contract/x.ts` → `http`; `src/compose.ts` → `compose`. */
function roomOf(path: string): string {
  const [first = ''] = relative(source, path).split('/')
  return first.replace(/\.ts$/, '')
}

function violation(entry: Import): string | null {
  if (!entry.specifier.startsWith('.')) return null
  const target = resolve(dirname(entry.file), entry.specifier)
  const [from, to] = [roomOf(entry.file), roomOf(target)]
  if (from === to) return null
  const allowed = mayImport[from]
  const line = `${relative(root, entry.file)} → ${relative(root, target)}`
  if (allowed === undefined) return `${line} (the folder "${from}" is not in the table)`
  if (allowed.includes('*') || allowed.includes(to)) return null
  if (allowed.includes('options') && target.endsWith('/options.ts')) return null
  const path = relative(source, target)
  if (allowed.some((folder) => folder.includes('/') && path.startsWith(`${folder}/`))) return null
  return line
}

/** A file and what it imports, directly or through others; imports of types alone load nothing. */
function reachedFrom(entry: string, known = new Set<string>()): string[] {
  if (known.has(entry)) return []
  known.add(entry)
  const text = readFileSync(entry, 'utf8').replaceAll(/^import type [^;]*? from '[^']+'$/gm, '')
  const targets = [...text.matchAll(/^(?:import|export)\b[^'"]*?from '(\.[^']+)'|^import '(\.[^']+)'/gm)]
  return [entry, ...targets.flatMap((match) => reachedFrom(resolve(dirname(entry), match[1] ?? match[2] ?? ''), known))]
}

const files = sourceFiles(source)

describe('architecture', () => {
  it('reads the source tree', () => {
    expect(files.length).toBeGreaterThan(20)
    expect(files.flatMap(importsOf).length).toBeGreaterThan(20)
  })

  it('lets each folder import only what the table allows', () => {
    expect(files.flatMap(importsOf).map(violation).filter(Boolean)).toEqual([])
  })

  it.each(atHome)('keeps $what at home', ({ pattern, homes }) => {
    const strangers = files
      .filter((file) => pattern.test(readFileSync(file, 'utf8')))
      .map((file) => relative(source, file))
      .filter((path) => !homes.some((home) => path.startsWith(home)))
    expect(strangers).toEqual([])
  })

  // A command that reads one file must not pay for starting what it does not use.
  it.each(['compose/key-keeper.ts', 'compose/audit-check.ts'])('composes in %s nothing that is heavy', (entry) => {
    const heavy = new Set(['agent', 'databases', 'http', 'models', 'sandbox', 'tools', 'validators'])
    const reached = reachedFrom(join(source, entry)).filter((file) => !file.endsWith('/options.ts'))
    expect(reached.length).toBeGreaterThan(2)
    expect(reached.filter((file) => heavy.has(roomOf(file)))).toEqual([])
  })

  it('lets nothing import main or compose but the entry points', () => {
    const importers = files
      .filter((file) => importsOf(file).some((entry) => /\/(main|compose)\.ts$/.test(entry.specifier)))
      .map((file) => relative(source, file))
      .filter((path) => path !== 'main.ts' && !path.startsWith('cli/'))
    expect(importers).toEqual([])
  })

  it('measures time by a clock that cannot jump, but for what the calendar or a file has to say', () => {
    const readers = files
      .filter((file) => /\bDate\.now\b|\bnew Date\(\)/.test(readFileSync(file, 'utf8')))
      .map((file) => relative(source, file))
    expect(readers.toSorted()).toEqual(Object.keys(wallClockReaders).toSorted())
  })

  it('keeps files under 300 lines', () => {
    const long = files
      .map((file) => ({ path: relative(root, file), lines: readFileSync(file, 'utf8').split('\n').length }))
      .filter((file) => file.lines > 300)
    expect(long).toEqual([])
  })

  it('has no barrels and no default exports', () => {
    expect(files.filter((file) => file.endsWith('/index.ts')).map((file) => relative(root, file))).toEqual([])
    const defaults = files.filter((file) => /^export default\b/m.test(readFileSync(file, 'utf8')))
    expect(defaults.map((file) => relative(root, file))).toEqual([])
  })
})
