import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { freePort, stopServer } from '../databases/server-process.ts'
import { pythonEnvironment } from '../python/python-environment.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const deployFolder = resolve(import.meta.dirname, '../../../deploy/envoy')

/** Envoy 1.40.0, as its package of Python ships the program: its path; else why it cannot be had, for people. */
export function envoyProgram(): { readonly path: string } | { readonly missing: string } {
  const packages = pythonEnvironment('envoy', join(deployFolder, 'envoy.txt'))
  if (typeof packages === 'string') return { missing: packages }
  const asked = ['-c', 'import envoy, os; print(os.path.join(os.path.dirname(envoy.__file__), "_bin", "envoy"))']
  return { path: spawnSync(packages.python, asked, { encoding: 'utf8' }).stdout.trim() }
}

const configuration = readFileSync(join(deployFolder, 'envoy.yaml'), 'utf8')

/** Paths of the sockets that stand in the place of those of the configuration. */
export interface EnvoyPlaces {
  readonly model: string
  readonly sallyport: string
}

/** The configuration as it stands in deploy/envoy, but for its two sockets. */
export function deployed({ model, sallyport }: EnvoyPlaces): string {
  return configuration.replace('/run/model/model.sock', model).replace('/run/sallyport/envoy.sock', sallyport)
}

/** The same by STREAMED, as docs/deploy/envoy.md says it has to be. */
export const inPlace = (places: EnvoyPlaces): string =>
  deployed(places)
    .replaceAll('FULL_DUPLEX_STREAMED', 'STREAMED')
    .replace(
      'allow_mode_override: false',
      'send_body_without_waiting_for_header_response: true\n                      message_timeout: 60s',
    )
    .replace('per_connection_buffer_limit_bytes: 1048576', 'per_connection_buffer_limit_bytes: 41943040')

interface Filtered {
  readonly static_resources: {
    readonly listeners: readonly {
      readonly filter_chains: readonly {
        readonly filters: readonly { readonly typed_config: { http_filters: readonly { readonly name: string }[] } }[]
      }[]
    }[]
  }
}

/** The configuration without the filter of this name. */
export function without(filter: 'ext_authz' | 'ext_proc', configured: string): string {
  const parsed = parse(configured) as Filtered
  const manager = parsed.static_resources.listeners[0]?.filter_chains[0]?.filters[0]?.typed_config
  if (manager === undefined) throw new Error('the configuration has no connection manager')
  manager.http_filters = manager.http_filters.filter(({ name }) => name !== `envoy.filters.http.${filter}`)
  return stringify(parsed)
}

/** Envoy with a configuration, but for its port. */
export class EnvoyServer implements AsyncDisposable {
  readonly url: string
  readonly #port: number
  readonly #words: readonly [string, ...string[]]
  #process: ChildProcess | null = null

  private constructor(port: number, words: readonly [string, ...string[]]) {
    this.url = `http://127.0.0.1:${port}`
    this.#port = port
    this.#words = words
  }

  /** Resolves when it listens. `as` stands in front of its command line: who it is to be. */
  static async start(program: string, configured: string, as: readonly string[] = []): Promise<EnvoyServer> {
    const folder = temporaryFolder('sallyport-envoy-')
    const port = await freePort()
    const path = join(folder, 'envoy.yaml')
    writeFileSync(path, configured.replace('port_value: 8000', `port_value: ${port}`))
    // Whoever it is to be has to read it.
    chmodSync(folder, 0o755)
    const flags = ['-c', path, '--concurrency', '1', '--use-dynamic-base-id', '--drain-time-s', '1', '-l', 'info']
    const server = new EnvoyServer(port, [...as, program, ...flags] as [string, ...string[]])
    await server.restart()
    return server
  }

  /** The id of its process. */
  get pid(): number {
    return this.#process?.pid ?? Number.NaN
  }

  /** Starts it where it is not there; resolves when it listens at the same address. */
  async restart(): Promise<void> {
    const [command, ...words] = this.#words
    const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#process = child
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    for (let attempt = 0; attempt < 1_200; attempt += 1) {
      if (child.exitCode !== null) throw new Error(`Envoy did not start: ${said.slice(-2_000)}`)
      if (await isListening(this.#port)) return
      await sleep(50)
    }
    await this[Symbol.asyncDispose]()
    throw new Error(`Envoy did not become ready: ${said.slice(-2_000)}`)
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    if (this.#process !== null) await stopServer(this.#process, ['SIGKILL', 'SIGKILL'], 5_000)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process !== null) await stopServer(this.#process, ['SIGTERM', 'SIGKILL'], 5_000)
  }
}

async function isListening(port: number): Promise<boolean> {
  const asking = connect(port, '127.0.0.1')
  const answer = await new Promise<boolean>((tell) => {
    asking.once('connect', () => tell(true)).once('error', () => tell(false))
  })
  asking.destroy()
  return answer
}
