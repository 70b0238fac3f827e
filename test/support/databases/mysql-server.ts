import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { ensureMysql, mysqlPrograms, names, type MysqlVendor } from './mysql-programs.ts'
import { freePort, stopServer } from './server-process.ts'

// A temporary MariaDB or MySQL on loopback, in a folder that goes away with it. By hand: `node test/support/databases/mysql-server.ts
// mysql` starts one, prints the address and ends it on Ctrl-C. What is missing is installed.

export interface MysqlServer extends AsyncDisposable {
  readonly vendor: MysqlVendor
  readonly port: number
  /** All privileges. */
  readonly rootUrl: string
  url(role: string, password: string): string
  /** Runs statements as root, several at once. */
  execute(sql: string): Promise<unknown[][]>
}

export async function startMysql(vendor: MysqlVendor): Promise<MysqlServer> {
  const directory = mkdtempSync(join(tmpdir(), `sallyport-${vendor}-`))
  const server = new RunningServer(directory, vendor)
  try {
    await server.start()
    return server
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}

class RunningServer implements MysqlServer {
  readonly vendor: MysqlVendor
  readonly #directory: string
  readonly #password = randomBytes(12).toString('hex')
  #port = 0
  #process: ChildProcess | null = null

  constructor(directory: string, vendor: MysqlVendor) {
    this.#directory = directory
    this.vendor = vendor
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
    const programs = mysqlPrograms(this.vendor)
    const [maker = '', ...making] = programs.install(data)
    const made = spawnSync(maker, making, { encoding: 'utf8' })
    if (made.status !== 0) throw new Error(`${maker} failed: ${made.stderr}${made.stdout}`)
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
    const [program = '', ...before] = programs.server
    this.#process = spawn(program, [...before, ...settings], { stdio: ['ignore', log, log] })
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
  const vendor = process.argv[2] === 'mysql' ? 'mysql' : 'mariadb'
  const problem = ensureMysql(vendor)
  if (problem !== null) throw new Error(problem)
  await using server = await startMysql(vendor)
  process.stdout.write(`${names[vendor]} ${server.rootUrl}\nCtrl-C ends it.\n`)
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve))
}
