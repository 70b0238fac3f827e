import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { freePort, stopServer } from './server-process.ts'

// A temporary MariaDB on loopback, in a folder that goes away with it. By hand: `node test/support/mariadb-server.ts` starts
// one, prints the address and ends it on Ctrl-C. Debian's package is installed where no server is found.

export interface MariadbServer extends AsyncDisposable {
  readonly port: number
  /** All privileges. */
  readonly rootUrl: string
  url(role: string, password: string): string
  /** Runs statements as root, several at once. */
  execute(sql: string): Promise<unknown[][]>
}

const program = '/usr/sbin/mariadbd'

/** Why no server can be had, or null when there is one now. */
export function ensureMariadb(): string | null {
  if (existsSync(program)) return null
  if (process.getuid?.() !== 0) return "no MariaDB server is installed and only root can install Debian's package"
  // Debian's package would otherwise start a server of its own, where there is something that starts services.
  const policy = '/usr/sbin/policy-rc.d'
  const isOurs = !existsSync(policy)
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env: environment })
  const arguments_ = ['install', '-y', '-qq', '--no-install-recommends', 'mariadb-server']
  const result = spawnSync('apt-get', arguments_, { encoding: 'utf8', env: environment })
  if (isOurs) rmSync(policy)
  return existsSync(program) ? null : `apt-get could not install mariadb-server: ${result.stderr.trim().slice(-300)}`
}

export async function startMariadb(): Promise<MariadbServer> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-mariadb-'))
  const server = new RunningServer(directory)
  try {
    await server.start()
    return server
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}

class RunningServer implements MariadbServer {
  readonly #directory: string
  readonly #password = randomBytes(12).toString('hex')
  #port = 0
  #process: ChildProcess | null = null

  constructor(directory: string) {
    this.#directory = directory
  }

  get port(): number {
    return this.#port
  }

  get rootUrl(): string {
    return this.url('owner', this.#password)
  }

  url(role: string, password: string): string {
    return `mysql://${role}:${encodeURIComponent(password)}@127.0.0.1:${this.#port}/shop`
  }

  async start(): Promise<void> {
    const data = join(this.#directory, 'data')
    const user = process.getuid?.() === 0 ? ['--user=root'] : []
    const made = spawnSync(
      'mariadb-install-db',
      ['--no-defaults', ...user, `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
      { encoding: 'utf8' },
    )
    if (made.status !== 0) throw new Error(`mariadb-install-db failed: ${made.stderr}${made.stdout}`)
    const first = join(this.#directory, 'first.sql')
    writeFileSync(
      first,
      `CREATE USER owner@'%' IDENTIFIED BY '${this.#password}';\nGRANT ALL ON *.* TO owner@'%' WITH GRANT OPTION;\nDROP USER root@localhost;\n`,
    )
    this.#port = await freePort()
    const log = openSync(join(this.#directory, 'log'), 'a')
    const settings = [
      '--bind-address=127.0.0.1',
      `--port=${this.#port}`,
      `--socket=${join(this.#directory, 'socket')}`,
      `--datadir=${data}`,
      `--init-file=${first}`,
      '--skip-name-resolve',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=32M',
      '--performance-schema=ON',
      '--secure-file-priv=',
      '--skip-log-bin',
    ]
    this.#process = spawn(program, ['--no-defaults', ...user, ...settings], { stdio: ['ignore', log, log] })
    closeSync(log)
    await this.#untilReady()
  }

  async execute(sql: string): Promise<unknown[][]> {
    const connection = await createConnection({ uri: this.rootUrl.replace(/\/shop$/, ''), multipleStatements: true })
    try {
      const [rows] = await connection.query({ sql, rowsAsArray: true })
      return rows as unknown as unknown[][]
    } finally {
      await connection.end()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process !== null) await stopServer(this.#process, ['SIGTERM', 'SIGKILL'], 10_000)
    rmSync(this.#directory, { recursive: true, force: true })
  }

  async #untilReady(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.execute('SELECT 1')
        return
      } catch (error) {
        if (attempt > 600 || this.#process?.exitCode !== null) {
          const log = readFileSync(join(this.#directory, 'log'), 'utf8').slice(-1000)
          throw new Error(`the server does not answer: ${log}`, { cause: error })
        }
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }
}

if (process.argv[1] === import.meta.filename) {
  const problem = ensureMariadb()
  if (problem !== null) throw new Error(problem)
  await using server = await startMariadb()
  process.stdout.write(`MariaDB ${server.rootUrl}\nCtrl-C ends it.\n`)
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
}
