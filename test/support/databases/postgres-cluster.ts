import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { binaryFolders, ensureServer, installedMajors } from './postgres-binaries.ts'
import { freePort, stopServer } from './server-process.ts'

// A temporary PostgreSQL primary, with a streaming hot standby where one is asked for, on loopback, in a folder that goes away
// with it. By hand: `node test/support/databases/postgres-cluster.ts` starts both, prints the addresses and ends them on
// Ctrl-C. As root the servers run as the user postgres, and Debian's package is installed where no server is found.

export interface PostgresCluster extends AsyncDisposable {
  readonly major: number
  /** Superuser on the primary. */
  readonly primaryUrl: string
  readonly standbyUrl: string
  /** An address on either server for another role. */
  url(server: 'primary' | 'standby', role: string, password: string): string
  /** Runs SQL on the primary as superuser. */
  execute(sql: string): Promise<void>
  /** Ends the primary: SIGINT lets it say good-bye, SIGKILL does not. */
  endPrimary(signal: 'SIGINT' | 'SIGKILL'): Promise<void>
  /** Starts it again where it was, once nothing of the one before is left. */
  startPrimary(): Promise<void>
  /** Resolves when the standby has replayed everything the primary has written so far. */
  caughtUp(): Promise<void>
}

interface ClusterOptions {
  /** Commits wait for the disk, as they do where people keep data. */
  readonly isDurable?: boolean
  /** A standby does all of the work of the primary again. */
  readonly hasStandby?: boolean
}

/** A server of the named version; by default of the oldest one there is, which is the farthest from the shadow's. */
export async function startCluster(
  major = installedMajors()[0],
  { isDurable = false, hasStandby = false }: ClusterOptions = {},
): Promise<PostgresCluster> {
  const binaries = binaryFolders().get(major ?? 0)
  if (major === undefined || binaries === undefined) throw new Error(`no PostgreSQL server ${major ?? ''} is installed`)
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-postgres-'))
  const cluster = new RunningCluster({
    major,
    binaries,
    directory,
    password: randomBytes(12).toString('hex'),
    isDurable,
    hasStandby,
  })
  try {
    await cluster.start()
    return cluster
  } catch (error) {
    await cluster[Symbol.asyncDispose]()
    throw error
  }
}

interface Plan {
  readonly major: number
  /** Folder of the server's programs. */
  readonly binaries: string
  readonly directory: string
  readonly password: string
  readonly isDurable: boolean
  readonly hasStandby: boolean
}

const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '32MB',
  jit: 'off',
}

const replicated: Readonly<Record<string, string>> = {
  wal_level: 'replica',
  hot_standby: 'on',
  wal_keep_size: '512MB',
  max_standby_streaming_delay: '300ms',
}

const alone: Readonly<Record<string, string>> = { wal_level: 'minimal', max_wal_senders: '0' }

class RunningCluster implements PostgresCluster {
  readonly #plan: Plan
  readonly #user = serverUser()
  readonly #servers: ChildProcess[] = []
  #primary: ChildProcess | null = null
  #ports = { primary: 0, standby: 0 }

  constructor(plan: Plan) {
    this.#plan = plan
  }

  get major(): number {
    return this.#plan.major
  }

  get primaryUrl(): string {
    return this.url('primary', 'postgres', this.#plan.password)
  }

  get standbyUrl(): string {
    return this.url('standby', 'postgres', this.#plan.password)
  }

  url(server: 'primary' | 'standby', role: string, password: string): string {
    if (server === 'standby' && !this.#plan.hasStandby) throw new Error('no standby runs beside this primary')
    return `postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${this.#ports[server]}/postgres`
  }

  async start(): Promise<void> {
    const { directory, password, hasStandby } = this.#plan
    if (this.#user !== null) chownSync(directory, this.#user.uid, this.#user.gid)
    const passwordFile = join(directory, 'password')
    writeFileSync(passwordFile, password)
    if (this.#user !== null) chownSync(passwordFile, this.#user.uid, this.#user.gid)
    const [primary, standby] = [join(directory, 'primary'), join(directory, 'standby')]
    this.#ports = { primary: await freePort(), standby: await freePort() }
    this.#run(this.#binary('initdb'), [
      '-D',
      primary,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ])
    if (!hasStandby) return this.startPrimary()
    // A data directory that was never started is a base backup as it is: the standby streams everything from the start.
    this.#run('cp', ['-a', primary, standby])
    this.#run('touch', [join(standby, 'standby.signal')])
    await this.startPrimary()
    const source = `host=127.0.0.1 port=${this.#ports.primary} user=postgres password=${password}`
    const server = this.#serve(standby, this.#ports.standby, { primary_conninfo: source })
    await untilReady(this.standbyUrl, server, `${standby}.log`)
  }

  async endPrimary(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    if (this.#primary !== null) await stopServer(this.#primary, [signal, 'SIGKILL'], 20_000)
  }

  async startPrimary(): Promise<void> {
    const primary = join(this.#plan.directory, 'primary')
    for (let attempt = 0; ; attempt += 1) {
      this.#primary = this.#serve(primary, this.#ports.primary)
      try {
        return await untilReady(this.primaryUrl, this.#primary, `${primary}.log`)
      } catch (error) {
        // The processes of a killed server need a moment to notice.
        if (attempt === 600) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }

  async execute(sql: string): Promise<void> {
    await withClient(this.primaryUrl, (client) => client.query(sql))
  }

  async caughtUp(): Promise<void> {
    const written = await withClient(this.primaryUrl, (client) =>
      client.query<{ at: string }>('SELECT pg_current_wal_flush_lsn() AS at'),
    )
    for (let attempt = 0; attempt < 1_200; attempt += 1) {
      const question = 'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS done'
      const answer = await withClient(this.standbyUrl, (client) =>
        client.query<{ done: boolean }>(question, [written.rows[0]?.at]),
      )
      if (answer.rows[0]?.done) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the standby does not catch up')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => stopServer(server, ['SIGINT', 'SIGQUIT'], 5_000)))
    rmSync(this.#plan.directory, { recursive: true, force: true })
  }

  #run(program: string, arguments_: readonly string[]): void {
    const result = spawnSync(program, arguments_, {
      encoding: 'utf8',
      cwd: this.#plan.directory,
      ...this.#user,
    })
    if (result.status !== 0) throw new Error(`${program} failed: ${result.stderr}${result.error?.message ?? ''}`)
  }

  #serve(directory: string, port: number, own: Readonly<Record<string, string>> = {}): ChildProcess {
    const options = Object.entries({ ...settings, ...this.#kind(), ...own, port: String(port) }).flatMap(
      ([name, value]) => ['-c', `${name}=${value}`],
    )
    const log = openSync(`${directory}.log`, 'a')
    const server = spawn(this.#binary('postgres'), ['-D', directory, ...options], {
      stdio: ['ignore', log, log],
      cwd: this.#plan.directory,
      ...this.#user,
    })
    closeSync(log)
    this.#servers.push(server)
    return server
  }

  #kind(): Readonly<Record<string, string>> {
    const { isDurable, hasStandby } = this.#plan
    return { fsync: isDurable ? 'on' : 'off', ...(hasStandby ? replicated : alone) }
  }

  #binary(name: string): string {
    return join(this.#plan.binaries, name)
  }
}

/** A server refuses to run as root; Debian's package brings the user postgres. */
function serverUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}

async function withClient<T>(connectionString: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 30_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

async function untilReady(url: string, server: ChildProcess, log: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await withClient(url, (client) => client.query('SELECT 1'))
      return
    } catch (error) {
      if (attempt > 600 || server.exitCode !== null) {
        throw new Error(`the server does not answer: ${readFileSync(log, 'utf8').slice(-1000)}`, { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

if (process.argv[1] === import.meta.filename) {
  const problem = ensureServer()
  if (problem !== null) throw new Error(problem)
  await using cluster = await startCluster(undefined, { hasStandby: true })
  process.stdout.write(
    `PostgreSQL ${cluster.major}\nprimary ${cluster.primaryUrl}\nstandby ${cluster.standbyUrl}\nCtrl-C ends both.\n`,
  )
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
}
