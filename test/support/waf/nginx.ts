import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, stopServer } from '../databases/server-process.ts'
import { installInTurn } from '../databases/install-in-turn.ts'
import { issueCertificate, makeAuthority, type Authority } from '../http/certificates.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const cache = process.getuid?.() === 0 ? '/var/cache/sallyport-tests' : join(homedir(), '.cache/sallyport-tests')

/** nginx, where it is to be had: its path; else why not, for people. */
export type NginxProgram = { readonly path: string } | { readonly missing: string }

const starts = (path: string): boolean => spawnSync(path, ['-v']).status === 0

/** The nginx of this machine, or that of Debian's package, which is taken out of it and not installed: that would start it. */
export function nginxProgram(): NginxProgram {
  const installed = ['nginx', '/usr/sbin/nginx'].find(starts)
  if (installed !== undefined) return { path: installed }
  const path = join(cache, 'nginx/usr/sbin/nginx')
  return installInTurn(cache, () => {
    if (!existsSync(path)) {
      mkdirSync(cache, { recursive: true })
      const folder = mkdtempSync(join(cache, 'nginx-'))
      const run = (program: string, words: readonly string[]) =>
        spawnSync(program, words, { cwd: folder, encoding: 'utf8', timeout: 300_000 })
      if (process.getuid?.() === 0) run('apt-get', ['update', '-qq'])
      const fetched = run('apt-get', ['download', '-qq', 'nginx'])
      const file = readdirSync(folder).find((name) => name.endsWith('.deb'))
      if (file === undefined) return { missing: `Debian's nginx could not be fetched: ${fetched.stderr?.slice(-300)}` }
      run('dpkg-deb', ['-x', file, 'unpacked'])
      renameSync(join(folder, 'unpacked'), join(cache, 'nginx'))
    }
    return starts(path) ? { path } : { missing: "Debian's nginx does not start: libraries of it are missing" }
  })
}

/** nginx with a configuration of one server, its files in a folder of its own. */
export class NginxServer implements AsyncDisposable {
  readonly url: string
  readonly authority: Authority
  /** Where it would write bodies and answers that it holds. */
  readonly folder: string
  readonly #process: ChildProcess

  private constructor(url: string, authority: Authority, folder: string, child: ChildProcess) {
    this.url = url
    this.authority = authority
    this.folder = folder
    this.#process = child
  }

  /** Resolves when it listens. `configuration` is that of the page, but for its port, its upstream and its certificate. */
  static async start(program: string, configuration: string, upstream: string): Promise<NginxServer> {
    const folder = temporaryFolder('sallyport-nginx-')
    const authority = makeAuthority('tests')
    const { certificateFile, keyFile } = issueCertificate(authority, 'sallyport.example')
    const address = `127.0.0.1:${await freePort()}`
    const own = configuration
      .replace('listen 443 ssl', `listen ${address} ssl`)
      .replace('server 127.0.0.1:8081', `server ${new URL(upstream).host}`)
      .replace('/etc/sallyport/tls.pem', certificateFile)
      .replace('/etc/sallyport/tls-key.pem', keyFile)
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${join(folder, name)};`,
    )
    const around = ['daemon off;', 'worker_processes 1;', `pid ${join(folder, 'pid')};`, 'error_log stderr info;']
    const whole = [...around, 'events {}', 'http {', 'access_log off;', ...temporary, own, '}'].join('\n')
    writeFileSync(join(folder, 'nginx.conf'), whole)
    const words = ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')]
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    for (let attempt = 0; attempt < 1_200; attempt += 1) {
      if (child.exitCode !== null) throw new Error(`nginx did not start: ${said}`)
      if (existsSync(join(folder, 'pid'))) return new NginxServer(`https://${address}`, authority, folder, child)
      await sleep(50)
    }
    await stopServer(child, ['SIGTERM', 'SIGKILL'], 5_000)
    throw new Error(`nginx did not become ready: ${said}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopServer(this.#process, ['SIGTERM', 'SIGKILL'], 5_000)
  }
}
