import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { temporaryFolder } from '../temporary-folder.ts'
import { sallyportHere, type Ended } from './sallyport-here.ts'

const root = resolve(import.meta.dirname, '../../..')
const program = join(root, 'src/cli/main.ts')
const flags = ['--no-node-snapshot', '--disable-warning=ExperimentalWarning']

export interface ProcessOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
  readonly folder?: string
  readonly signal?: AbortSignal
  /** Given to Node, in place of those that keep its own warnings off standard error. */
  readonly flags?: readonly string[]
}

/**
 * Variables of a run that shares nothing with the person's own: keys, audit trail and configuration are its own, the
 * prepared sample database is shared, since building it is not what a test is about.
 */
export function cleanEnvironment(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  const folder = temporaryFolder('sallyport-e2e-')
  const isEmbedded = changes['SALLYPORT_STORAGE_KIND'] !== 'postgresql'
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(SALLYPORT_|OPENAI_|NO_COLOR|FORCE_COLOR|NODE_COMPILE_CACHE)/.test(entry[0]),
  )
  return {
    ...Object.fromEntries(inherited),
    NO_COLOR: '1',
    XDG_CONFIG_HOME: folder,
    SALLYPORT_GATEWAY_KEYS_FILE: join(folder, 'keys.json'),
    ...(isEmbedded ? { SALLYPORT_STORAGE_PATH: join(folder, 'sallyport.db') } : {}),
    SALLYPORT_TELEMETRY_AUDIT_FILE: join(folder, 'audit.jsonl'),
    ...changes,
  }
}

/** The command line as a host starts it that is told of a program and its words. */
export function sallyportProgram(words: readonly string[]): {
  readonly command: string
  readonly args: readonly string[]
} {
  return { command: process.execPath, args: [...flags, program, ...words] }
}

export function startSallyport(words: readonly string[], options: ProcessOptions = {}): ChildProcess {
  return spawn(process.execPath, [...(options.flags ?? flags), program, ...words], {
    cwd: options.folder ?? temporaryFolder('sallyport-e2e-'),
    env: options.environment ?? cleanEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
}

/** Runs the command line as a person would, to its end. */
export async function sallyport(words: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
  const child = startSallyport(words, options)
  const output = { stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.input ?? '')
  const code = await new Promise<number | null>((done, failed) => {
    child.on('error', failed)
    child.on('close', done)
  })
  return { code, ...output }
}

export interface Served extends AsyncDisposable {
  readonly url: string
  readonly key: string
  readonly process: ChildProcess
  readonly banner: string
  /** What it was started with: commands with the same variables work on its keys. */
  readonly environment: Readonly<Record<string, string>>
  /** What it has written to standard output so far, behind the banner too. */
  output(): string
  /** What it has written to standard error so far. */
  log(): string
}

/** Its own settings: warm sandboxes wait for whoever asks, as they do at a person's. */
export const asInstalled = { SALLYPORT_SANDBOX_POOL_MINIMUM_READY: '1' } as const

/**
 * `sallyport serve` on a free port; resolves when the banner is out. Disposing drains it and waits for its end. `knownKey`: of a
 * storage that an earlier start has made, whose first key is shown once. No sandbox is made before somebody asks for one, unless
 * it is started `asInstalled`: most tests ask for none, and making one takes half as much of the processor's time as the start.
 */
export async function serve(
  environment: Readonly<Record<string, string>> = {},
  knownKey: string | null = null,
): Promise<Served> {
  const variables = cleanEnvironment({
    SALLYPORT_HTTP_PORT: '0',
    SALLYPORT_TELEMETRY_LOG_LEVEL: 'warn',
    SALLYPORT_HTTP_DRAIN_GRACE_MS: '0',
    SALLYPORT_SANDBOX_POOL_MINIMUM_READY: '0',
    ...environment,
  })
  const child = startSallyport(['serve'], { environment: variables })
  let banner = ''
  let log = ''
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const ended = new Promise<number | null>((done) => child.on('close', done))
  await new Promise<void>((done, failed) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      banner += chunk.toString()
      if (banner.includes('curl')) done()
    })
    void ended.then((code) => failed(new Error(`serve ended with ${code}: ${banner}${log}`)))
  })
  const url = /listens on (https?:\S+)/.exec(banner)?.[1]
  const key = /API key\s+(sp-\S+)/.exec(banner)?.[1] ?? knownKey ?? undefined
  if (url === undefined || key === undefined) throw new Error(`no address or key in: ${banner}`)
  return {
    url,
    key,
    banner,
    environment: variables,
    output: () => banner,
    log: () => log,
    process: child,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** A key of a group of that service, made as an operator would. */
export async function createKey({ environment }: Served, group: string): Promise<string> {
  const made = await sallyportHere(['keys', 'create', 'test', '--group', group], { environment })
  const key = /sp-[\w-]+/.exec(made.stdout)?.[0]
  if (key === undefined) throw new Error(`no key in: ${made.stdout}${made.stderr}`)
  return key
}

/** The metrics, read with a key that may. */
export async function metricsOf(service: Served): Promise<string> {
  const authorization = `Bearer ${await createKey(service, 'monitoring')}`
  return (await fetch(`${service.url}/metrics`, { headers: { authorization } })).text()
}
