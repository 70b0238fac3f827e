import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@redis/client'
import { installInTurn } from './install-in-turn.ts'
import { freePort, stopServer } from './server-process.ts'

// A temporary Redis on loopback, in a folder that goes away with it; Debian's package is installed where none is found.

export interface RedisServer extends AsyncDisposable {
  /** Of a database that nobody else has. */
  newUrl(): string
  /** What it has in memory, in bytes. */
  usedBytes(): Promise<number>
  /** Changes a setting while it runs. */
  configure(setting: string, value: string): Promise<void>
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Starts it again where it was. */
  start(): Promise<void>
}

const isInstalled = (): boolean => spawnSync('redis-server', ['--version']).status === 0

/** Null where there is a server, else why not. */
export function ensureRedis(): string | null {
  if (isInstalled()) return null
  if (process.getuid?.() !== 0) return "no redis-server is installed and only root can install Debian's package"
  // The folder outlives the file of tests, whose own temporary folder has to be empty when it ends.
  return installInTurn('/var/cache/sallyport-tests/redis', () => {
    if (isInstalled()) return null
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: environment })
    const wanted = ['install', '-y', '-qq', '--no-install-recommends', 'redis-server']
    const result = spawnSync('apt-get', wanted, { encoding: 'utf8', env: environment })
    return isInstalled() ? null : `apt-get could not install redis-server: ${result.stderr.trim().slice(-300)}`
  })
}

/** What is answered is written to the server's log at once, and to the disk once a second: `appendfsync everysec`. */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const server = new RunningRedis(await freePort(), settings)
  await server.start()
  return server
}

class RunningRedis implements RedisServer {
  readonly #port: number
  readonly #settings: readonly string[]
  readonly #folder = mkdtempSync(join(tmpdir(), 'sallyport-redis-'))
  #process: ChildProcess | null = null
  #databases = 0

  constructor(port: number, settings: readonly string[]) {
    this.#port = port
    this.#settings = settings
  }

  newUrl(): string {
    this.#databases += 1
    return `redis://127.0.0.1:${this.#port}/${this.#databases}`
  }

  async start(): Promise<void> {
    const kept = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '']
    const own = ['--port', `${this.#port}`, '--bind', '127.0.0.1', '--dir', this.#folder, '--databases', '200']
    this.#process = spawn('redis-server', [...own, ...kept, ...this.#settings], { stdio: 'ignore' })
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.usedBytes()
        return
      } catch (error) {
        if (attempt > 1_200) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }

  async usedBytes(): Promise<number> {
    const [, bytes = ''] = /used_memory:(\d+)/.exec(await this.#asked('INFO', 'memory')) ?? []
    return Number(bytes)
  }

  async configure(setting: string, value: string): Promise<void> {
    await this.#asked('CONFIG', 'SET', setting, value)
  }

  async #asked(...command: readonly string[]): Promise<string> {
    const client = createClient({ url: `redis://127.0.0.1:${this.#port}`, socket: { reconnectStrategy: false } })
    client.on('error', () => {})
    await client.connect()
    const answer = await client.sendCommand<string>([...command])
    await client.close()
    return answer
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#process !== null) await stopServer(this.#process, [signal, 'SIGKILL'], 5_000)
    this.#process = null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGTERM')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
