import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readModules, type ModuleFacts } from './support/module-facts.ts'
import { verifies } from './support/verifies.ts'

const root = resolve(import.meta.dirname, '..')
const source = join(root, 'src')

/** Who may import whom, besides itself. `options` means any folder's `options.ts` file. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  client: [],
  text: ['core'],
  concurrency: [],
  provenance: ['core', 'text'],
  grounding: ['core', 'provenance', 'text'],
  files: ['core'],
  sealed: ['core'],
  processes: ['core', 'concurrency'],
  filters: ['core', 'concurrency'],
  feedback: ['core', 'concurrency', 'filters', 'text'],
  storage: ['core', 'concurrency', 'files', 'processes'],
  media: ['core', 'concurrency', 'processes'],
  outgoing: ['core'],
  models: ['core', 'concurrency', 'outgoing'],
  endpoints: ['core', 'concurrency', 'filters', 'gateway', 'outgoing'],
  telemetry: ['core', 'concurrency', 'files'],
  validators: ['core', 'processes', 'text'],
  sandbox: ['core', 'concurrency', 'files', 'processes', 'text'],
  databases: ['core', 'concurrency', 'files', 'processes'],
  sessions: ['core', 'concurrency', 'files', 'provenance', 'text'],
  sources: ['core', 'validators', 'databases', 'sandbox'],
  tools: ['core', 'text', 'validators', 'databases', 'sandbox', 'sessions', 'sources'],
  agent: ['core', 'concurrency', 'grounding', 'text', 'models', 'sessions', 'tools'],
  gateway: [
    'core',
    'concurrency',
    'grounding',
    'processes',
    'text',
    'files',
    'filters',
    'models',
    'provenance',
    'sealed',
    'storage',
  ],
  http: ['core'],
  surfaces: ['core', 'concurrency', 'feedback', 'text', 'http', 'filters', 'gateway', 'sessions'],
  service: [
    'options',
    'core',
    'concurrency',
    'feedback',
    'files',
    'filters',
    'agent',
    'gateway',
    'models',
    'provenance',
    'sandbox',
    'sessions',
    'sources',
    'storage',
    'telemetry',
    'text',
    'tools',
    'validators',
  ],
  config: ['options', 'core', 'files', 'text'],
  cli: [
    'options',
    'core',
    'concurrency',
    'config',
    'endpoints',
    'files',
    'filters/evaluation',
    'service',
    'sources',
    'surfaces/mcp',
    'surfaces/openapi',
    'surfaces/wire',
    'text',
    'compose',
  ],
  web: ['client/generated'],
  compose: ['*'],
  main: ['*'],
}

/** What stays in one place, by the modules that are it, with the folders and files that may load them. */
const atHome: readonly {
  readonly what: string
  readonly modules: readonly string[]
  readonly homes: readonly string[]
}[] = [
  { what: 'express', modules: ['express', 'helmet'], homes: ['http/', 'surfaces/'] },
  { what: 'gRPC', modules: ['@grpc/grpc-js', '@grpc/proto-loader'], homes: ['surfaces/envoy/'] },
  { what: 'MCP', modules: ['@modelcontextprotocol/server', '@modelcontextprotocol/client'], homes: ['surfaces/mcp/'] },
  { what: 'WebSockets', modules: ['ws'], homes: ['sandbox/containers/kubernetes/', 'surfaces/jupyter/'] },
  { what: 'dockerode', modules: ['dockerode'], homes: ['sandbox/containers/docker/'] },
  { what: 'isolated-vm', modules: ['isolated-vm'], homes: ['sandbox/isolates/'] },
  { what: 'openai', modules: ['openai'], homes: ['models/providers/'] },
  { what: 'undici', modules: ['undici'], homes: ['endpoints/', 'models/upstreams/', 'outgoing/'] },
  {
    what: 'SQL parsers',
    modules: ['node-sql-parser', 'libpg-query', 'libpg-query-15', 'libpg-query-16', 'libpg-query-17', 'pgsql-deparser'],
    homes: ['validators/sql/'],
  },
  {
    what: 'pg and PGlite',
    modules: ['pg', 'pg-cursor', '@electric-sql/pglite'],
    homes: ['databases/', 'storage/postgres/'],
  },
  { what: 'the evaluator of policy', modules: ['@open-policy-agent/opa-wasm'], homes: ['gateway/authorize/'] },
  { what: 'the client of Redis', modules: ['@redis/client'], homes: ['storage/redis/'] },
  {
    what: 'what draws pages',
    modules: ['preact', '@preact/signals', 'vega', 'vega-lite', 'vega-interpreter'],
    homes: ['web/'],
  },
  { what: 'kysely', modules: ['kysely'], homes: ['storage/'] },
  {
    what: 'OpenTelemetry',
    modules: [
      '@opentelemetry/api',
      '@opentelemetry/core',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace',
    ],
    homes: ['telemetry/spans/'],
  },
  {
    what: 'SQLite',
    modules: ['sqlite'],
    homes: ['databases/differencing/ledger-file.ts', 'storage/embedded/'],
  },
  { what: 'the decoder of pictures', modules: ['sharp'], homes: ['media/decoding/decoder-process.ts'] },
  { what: 'mysql2', modules: ['mysql2'], homes: ['databases/mysql/'] },
  { what: 'the maker of Vetted', modules: ['./validators/vet.ts'], homes: ['validators/'] },
  {
    what: 'starting processes',
    modules: ['child_process', 'cluster'],
    homes: [
      'cli/commands/doctor.ts',
      'cli/edit-text.ts',
      'cli/incident/',
      'cli/machine-facts.ts',
      'cli/opa-tests.ts',
      'processes/',
      'sandbox/containers/',
      'sandbox/detection/',
      'sandbox/isolates/',
      'validators/sql/process/',
    ],
  },
  {
    what: 'threads',
    modules: ['worker_threads'],
    homes: [
      'gateway/authorize/shadow/',
      'processes/end-with-parent.ts',
      'processes/watch-parent-worker.ts',
      'sandbox/containers/runsc/start-thread.ts',
      'sandbox/containers/runsc/start-worker.ts',
      'storage/embedded/',
    ],
  },
  {
    what: 'the loader of modules',
    modules: ['module'],
    homes: [
      'cli/compiled-code.mjs',
      'config/yaml-library.ts',
      'filters/custom/options.ts',
      'filters/identifiers/check-digits.ts',
      'filters/pii/phone-library.ts',
      'validators/javascript/transform.ts',
    ],
  },
  { what: 'the engine itself', modules: ['vm', 'inspector', 'repl', 'wasi', 'process'], homes: [] },
  { what: 'how the engine keeps memory', modules: ['v8'], homes: ['cli/lasting-heap.ts'] },
]

/** Files that load a module whose name is put together while the program runs, each with what it is. */
const computedLoads: Readonly<Record<string, string>> = {
  'filters/identifiers/check-digits.ts': 'the rules of one country out of stdnum, by a closed list of them',
  'sandbox/installation.ts': 'programs of the set-up, which stand elsewhere in a checkout than in a package',
}

/** Files that read the wall clock, each with what for. A deadline or an expiry is never among them. */
const wallClockReaders: Readonly<Record<string, string>> = {
  'cli/option-values.ts': 'how long ago, as the audit trail tells time',
  'compose.ts': 'the calendar by which suspensions end',
  'compose/abuse.ts': 'the calendar by which suspensions end',
  'compose/admin.ts': 'the calendar by which suspensions end',
  'compose/complaining.ts': 'when an answer was given, in its name, and at which midnight more complaints count',
  'compose/served-history.ts': 'when a file, and a link to one, is over',
  'compose/conversation-keeping.ts': 'when conversations and files were made, in their ids',
  'compose/tuning.ts': 'when a decision was made',
  'compose/suspension-keeping.ts': 'the calendar by which suspensions end',
  'compose/tuning-parts.ts': 'which week a report is of',
  'compose/ledger-for.ts': 'windows of quotas',
  'compose/open-containers.ts': 'how long a container was unused stands in the storage',
  'compose/open-history.ts': 'when conversations and files were made, in their ids',
  'compose/other-time.ts': 'when the ledger was held, for people',
  'databases/duckdb/duckdb-database.ts': 'when the rows were read, for people',
  'databases/differencing/differencing-ledger.ts': 'days on a disk, from one start of the service to the next',
  'databases/pglite/images.ts': 'the age of files',
  'databases/pglite/pglite-database.ts': 'when the rows were read, for people',
  'databases/shadow/postgres-shadow.ts': 'the age of what other processes made, by the time in its name',
  'filters/remote/json-answer.ts': 'a Retry-After that is a date',
  'filters/remote/webhook-source.ts': 'the time of a signature, on the clock of another machine',
  'gateway/admit/quota.ts': 'tokens of a UTC day',
  'gateway/authenticate/end-users.ts': 'the calendar by which tokens count, from another machine’s clock',
  'gateway/authenticate/keys.ts': 'when a key was made, and the calendar by which one expires',
  'gateway/authenticate/web-sessions/oidc-provider.ts': 'the calendar by which a provider’s tokens count',
  'gateway/authenticate/web-sessions/web-sign-ins.ts':
    'when a session of a browser was begun, and the calendar by which it ends',
  'gateway/authenticate/tokens/tokens.ts': 'the calendar by which tokens count, from another machine’s clock',
  'gateway/authorize/ask.ts': 'the hour that rules read',
  'gateway/authorize/recorder.ts': 'days of a recording',
  'gateway/ground/mark-answer.ts': 'the day to which "yesterday" in an answer refers',
  'http/tls-files.ts': 'the calendar by which a certificate expires',
  'surfaces/e2b/execute.ts': 'a field of the answer',
  'surfaces/jupyter/kernel-connection.ts': 'a field of the answer',
  'surfaces/e2b/files.ts': 'the end of a link, which its client has written into it',
  'surfaces/openai/chat-completions.ts': 'a field of the answer',
  'surfaces/openai/responses/responses-of.ts': 'a field of an answer that is not kept',
  'models/providers/openai/errors.ts': 'a Retry-After that is a date',
  'models/providers/openai/openai-model.ts': 'a Retry-After that is a date',
  'models/upstreams/upstream.ts': 'a Retry-After that is a date',
  'sandbox/containers/kubernetes/engine-lease.ts': 'when a lease was renewed, for people',
  'sandbox/containers/remove-cgroups.ts': 'the age of folders',
  'sandbox/containers/runsc/image-folder.ts': 'the age of folders',
  'sandbox/containers/runsc/nameless-bundles.ts': 'the age of folders',
  'sandbox/containers/runsc/snapshot-store.ts': 'the age of folders',
  'sandbox/protocol/handshake.ts': 'the clock of a sandbox',
  'sessions/session-entry.ts': 'when a session ends, and was used, for its owner',
  'sessions/session-store.ts': 'when a session was opened and will end, for people',
  'service/api-keys.ts': 'the calendar by which a key expires, for people',
  'storage/check-storage.ts': 'the calendar by which a key expires, for people',
  'storage/open-quotas.ts': 'windows of quotas',
  'storage/open-storage.ts': 'the day an id was made, when a key was revoked',
  'web/components/time.tsx': 'how long ago, for people',
  'web/pages/operate/now.ts': 'when keys and suspensions end, for people',
  'telemetry/audit/service-trail.ts': 'when lines began to be lost',
  'telemetry/audit/trail.ts': 'when a fact was written',
  'telemetry/spans/run-spans.ts': 'when a run in a sandbox began that is told at its end',
}

interface Import {
  readonly file: string
  readonly specifier: string
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(m?[jt]s|tsx)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function importsOf({ path, loads }: ModuleFacts): Import[] {
  return loads.flatMap(({ specifier }) => (specifier === null ? [] : [{ file: path, specifier }]))
}

/** `src/surfaces/wire/x.ts` → `surfaces`; `src/compose.ts` → `compose`. */
function roomOf(path: string): string {
  const [first = ''] = relative(source, path).split('/')
  return first.replace(/\.ts$/, '')
}

/** The arrow of the table that an import follows; null where it stays in its room or names a package. */
function arrowOf(
  entry: Import,
): { readonly from: string; readonly to: string | undefined; readonly line: string } | null {
  if (!entry.specifier.startsWith('.')) return null
  const target = resolve(dirname(entry.file), entry.specifier)
  const [from, room] = [roomOf(entry.file), roomOf(target)]
  if (from === room) return null
  const path = relative(source, target)
  const to = mayImport[from]?.find(
    (folder) =>
      folder === '*' ||
      folder === room ||
      (folder === 'options' && path.endsWith('/options.ts')) ||
      (folder.includes('/') && path.startsWith(`${folder}/`)),
  )
  return { from, to, line: `${relative(root, entry.file)} → ${relative(root, target)}` }
}

function violations(modules: readonly ModuleFacts[]): string[] {
  return modules.flatMap(importsOf).flatMap((entry) => {
    const arrow = arrowOf(entry)
    return arrow === null || arrow.to !== undefined ? [] : [arrow.line]
  })
}

/** Files that load one of these and have no leave to. */
function strangers(modules: readonly ModuleFacts[], forbidden: readonly string[], homes: readonly string[]): string[] {
  return loaders(modules, forbidden).filter((path) => !homes.some((home) => path.startsWith(home)))
}

/** A package, without its scheme, or a file of ours below `src`, as `./` and its path, by how each file names it. */
const namesLoaded = new WeakMap<ModuleFacts, readonly string[]>()

function namesLoadedBy(facts: ModuleFacts): readonly string[] {
  const known = namesLoaded.get(facts)
  if (known !== undefined) return known
  const names = importsOf(facts).map(({ file, specifier }) =>
    specifier.startsWith('.')
      ? `./${relative(source, resolve(dirname(file), specifier))}`
      : specifier.replace(/^node:/, ''),
  )
  namesLoaded.set(facts, names)
  return names
}

/** Paths below `src` of the files that load one of these: a package or a part of it, or a file of ours. */
function loaders(modules: readonly ModuleFacts[], named: readonly string[]): string[] {
  return modules
    .filter((facts) =>
      namesLoadedBy(facts).some((name) => named.some((module) => name === module || name.startsWith(`${module}/`))),
    )
    .map(({ path }) => relative(source, path))
}

/** A file and what it imports as it is loaded, directly or through others; imports of types alone load nothing. */
function reachedFrom(entry: string, known = new Set<string>()): string[] {
  if (known.has(entry)) return []
  known.add(entry)
  const loads = modules.find(({ path }) => path === entry)?.loads ?? []
  const targets = loads.filter((load) => !load.typeOnly && !load.deferred && load.specifier?.startsWith('.'))
  return [entry, ...targets.flatMap(({ specifier }) => reachedFrom(resolve(dirname(entry), specifier ?? ''), known))]
}

/** What is read from one file of this text, at this place below `src`. */
/** The folders that the table under a heading of docs/architecture.md names. */
function foldersToldUnder(heading: string): string[] {
  const [, section = ''] = readFileSync(join(root, 'docs/architecture.md'), 'utf8').split(`\n## ${heading}\n`)
  const [table = ''] = section.split('\n## ')
  return [...table.matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell = '']) => cell.match(/[a-z]+(?=\/)/g) ?? [])
}

function fileOf(path: string, text: string): readonly ModuleFacts[] {
  return readModules(new Map([[join(source, path), text]]))
}

const files = sourceFiles(source)
const modules = readModules(new Map(files.map((path) => [path, readFileSync(path, 'utf8')])))

describe('what the architecture is read from', () => {
  it.each([
    "import { x } from 'express'",
    "import type { X } from 'express'",
    "import * as x from 'express/lib/router'",
    "import 'express'",
    "export { x } from 'express'",
    "export * from 'express'",
    "const x = await import('express')",
    'const x = await import(`express`)',
    "const x = require('express')",
    "const x = createRequire(import.meta.url)('express'), y = module.require('express')",
    "type X = import('express').Application",
    "/** A comment before it. */ import {\n  x,\n} from 'express'",
  ])('sees a package that stays at home in %j', (text) => {
    expect(strangers(fileOf('gateway/x.ts', text), ['express'], ['http/'])).toEqual(['gateway/x.ts'])
    expect(strangers(fileOf('http/x.ts', text), ['express'], ['http/'])).toEqual([])
  })

  it.each([
    "import { spawn } from 'node:child_process'",
    "import { spawn } from 'child_process'",
    "const { spawn } = await import('node:child_process')",
    "const { spawn } = process.getBuiltinModule('node:child_process')",
  ])('sees who may start processes in %j', (text) => {
    expect(strangers(fileOf('http/x.ts', text), ['child_process'], ['cli/'])).toEqual(['http/x.ts'])
  })

  it.each(["import { x } from 'express-like'", 'const text = \'import("express")\'', "// import('express')"])(
    'takes no other name, text or comment for a package: %j',
    (text) => expect(loaders(fileOf('gateway/x.ts', text), ['express'])).toEqual([]),
  )

  it.each([
    "import { x } from '../agent/run.ts'",
    "import type { X } from '../agent/run.ts'",
    "export type { X } from '../agent/run.ts'",
    "const x = await import('../agent/run.ts')",
    "type X = import('../agent/run.ts').X",
  ])('sees an arrow that the table does not have in %j', (text) => {
    expect(violations(fileOf('gateway/x.ts', text))).toEqual(['src/gateway/x.ts → src/agent/run.ts'])
    expect(violations(fileOf('compose/x.ts', text))).toEqual([])
    expect(violations(fileOf('nowhere/x.ts', text))).toEqual(['src/nowhere/x.ts → src/agent/run.ts'])
  })
})

describe('architecture', () => {
  it('reads the source tree', () => {
    expect(modules.length).toBeGreaterThan(20)
    expect(modules.flatMap(importsOf).length).toBeGreaterThan(20)
  })

  it('lets each folder import only what the table allows', () => {
    verifies('architecture.arrows')
    expect(violations(modules)).toEqual([])
  })

  it('has no arrow in its table that nobody uses', () => {
    verifies('architecture.arrows')
    const used = new Set(
      modules
        .flatMap(importsOf)
        .map(arrowOf)
        .map((arrow) => `${arrow?.from} → ${arrow?.to}`),
    )
    const allowed = Object.entries(mayImport).flatMap(([from, to]) => to.map((folder) => `${from} → ${folder}`))
    expect(allowed.filter((arrow) => !used.has(arrow))).toEqual([])
    expect(Object.keys(mayImport).toSorted()).toEqual([...new Set(files.map(roomOf))].toSorted())
  })

  it('is told to readers folder by folder', () => {
    const named = foldersToldUnder('Folders')
    const roots = new Set(['compose', 'main'])
    expect(named.toSorted()).toEqual(
      Object.keys(mayImport)
        .filter((folder) => !roots.has(folder))
        .toSorted(),
    )
  })

  it('is told to readers in the PII proxy, too', () => {
    const folders = files.flatMap((file) => /^gateway\/privacy\/([^/]+)\//.exec(relative(source, file))?.[1] ?? [])
    expect(foldersToldUnder('The folders of the PII proxy').toSorted()).toEqual([...new Set(folders)].toSorted())
  })

  it.each(atHome)('keeps $what at home', ({ modules: named, homes }) => {
    verifies('vetted.home')
    expect(strangers(modules, named, homes)).toEqual([])
    const inhabitants = loaders(modules, named)
    expect(homes.filter((home) => !inhabitants.some((path) => path.startsWith(home)))).toEqual([])
  })

  it('lets the web app take nothing of the service but types', () => {
    const ofWeb = modules.filter(({ path }) => roomOf(path) === 'web')
    const taken = ofWeb.flatMap(({ path, loads }) =>
      loads.filter(({ specifier, typeOnly }) => {
        if (specifier?.startsWith('node:')) return true
        if (!specifier?.startsWith('.') || typeOnly) return false
        return !resolve(dirname(path), specifier).startsWith(`${join(source, 'web')}/`)
      }),
    )
    expect(ofWeb.length).toBeGreaterThan(20)
    expect(taken).toEqual([])
  })

  it('keeps the environment in config', () => {
    const readers = modules.filter(({ environmentLines }) => environmentLines.length > 0)
    expect(readers.map(({ path }) => relative(source, path))).toEqual(['config/process-variables.mjs'])
  })

  it('names what it loads, so that its homes can be told', () => {
    const loading = modules.filter(({ loads }) => loads.some(({ specifier }) => specifier === null))
    const paths = loading.map(({ path }) => relative(source, path))
    expect(paths.toSorted()).toEqual(Object.keys(computedLoads).toSorted())
  })

  // A command that reads one file must not pay for starting what it does not use.
  it.each(['service/api-keys.ts', 'service/audit-keeper.ts', 'service/local-privacy.ts'])(
    'composes in %s nothing that is heavy',
    (entry) => {
      const heavy = new Set(['agent', 'databases', 'http', 'models', 'sandbox', 'tools', 'validators'])
      const reached = reachedFrom(join(source, entry)).filter((file) => !file.endsWith('/options.ts'))
      expect(reached.length).toBeGreaterThan(2)
      expect(reached.filter((file) => heavy.has(roomOf(file)))).toEqual([])
    },
  )

  it('lets nothing import main or compose but the entry points', () => {
    const importers = modules
      .filter((facts) => importsOf(facts).some((entry) => /\/(main|compose)\.ts$/.test(entry.specifier)))
      .map(({ path }) => relative(source, path))
      .filter((path) => path !== 'main.ts' && !path.startsWith('cli/'))
    expect(importers).toEqual([])
  })

  it('measures time by a clock that cannot jump, but for what the calendar or a file has to say', () => {
    const readers = files
      .filter((file) => /\bDate\.now\b|\bnew Date\(\)/.test(readFileSync(file, 'utf8')))
      .map((file) => relative(source, file))
    expect(readers.toSorted()).toEqual(Object.keys(wallClockReaders).toSorted())
  })

  it('takes no path of its own files from an address, where a blank in the name of a folder is %20', () => {
    const wrong = files.filter((file) => /import\.meta\.url[\s\S]*\.pathname\b/.test(readFileSync(file, 'utf8')))
    expect(wrong.map((file) => relative(root, file))).toEqual([])
  })

  it('keeps files under 300 lines, but for those that a program writes', () => {
    const long = files
      .filter((file) => !file.includes('/generated/'))
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
