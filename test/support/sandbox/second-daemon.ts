import Docker from 'dockerode'
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, closeSync, openSync } from 'node:fs'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const startMilliseconds = 120_000
/** For one answer of a daemon that may hang while it starts. */
const pingMilliseconds = 5_000
/** For its end after SIGTERM, with the containers that it still has. */
const endMilliseconds = 60_000
const programs = ['/usr/bin/dockerd', '/usr/sbin/dockerd', '/usr/local/bin/dockerd']

function found(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}

/** Why no daemon of the test's own can run here; null where one can. */
export async function whyNoSecondDaemon(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'it needs root'
  if (!programs.some(found)) return 'there is no dockerd'
  const missing = ['/usr/bin/unshare', '/usr/bin/nsenter'].filter((path) => !found(path))
  if (missing.length > 0) return `${missing.join(' and ')} are missing`
  const information = (await new Docker().info()) as { readonly Driver: string }
  return information.Driver === 'overlay2' ? null : `Docker's storage is ${information.Driver}, not overlay2`
}

/** Shell lines that give a data folder the image of the first daemon, by its layers where they lie. */
async function borrowImage(data: string, image: string): Promise<string> {
  const docker = new Docker()
  const [{ DockerRootDir: root }, details] = await Promise.all([
    docker.info() as Promise<{ readonly DockerRootDir: string }>,
    docker.getImage(image).inspect(),
  ])
  const id = details.Id.replace('sha256:', '')
  const [from, to] = [`${root}/image/overlay2`, `${data}/image/overlay2`]
  const lines = [
    `mkdir -p ${to}/imagedb/content/sha256 ${to}/imagedb/metadata/sha256 ${to}/layerdb/sha256 ${data}/overlay2/l`,
    `cp -a ${from}/imagedb/content/sha256/${id} ${to}/imagedb/content/sha256/`,
  ]
  let chain = ''
  for (const layer of details.RootFS.Layers ?? []) {
    chain = chain === '' ? layer : `sha256:${createHash('sha256').update(`${chain} ${layer}`).digest('hex')}`
    const name = chain.replace('sha256:', '')
    const cache = (await readFile(`${from}/layerdb/sha256/${name}/cache-id`, 'utf8')).trim()
    const link = (await readFile(`${root}/overlay2/${cache}/link`, 'utf8')).trim()
    lines.push(
      `cp -a ${from}/layerdb/sha256/${name} ${to}/layerdb/sha256/`,
      `mkdir -p ${data}/overlay2/${cache}/diff ${data}/overlay2/${cache}/work`,
      `find ${root}/overlay2/${cache} -maxdepth 1 -type f -exec cp -a {} ${data}/overlay2/${cache}/ ';'`,
      // The files themselves stay where they are, and cannot be changed from here.
      `mount --bind ${root}/overlay2/${cache}/diff ${data}/overlay2/${cache}/diff`,
      `mount -o remount,ro,bind ${data}/overlay2/${cache}/diff`,
      `ln -s ../${cache}/diff ${data}/overlay2/l/${link}`,
    )
  }
  const repositories = { Repositories: { [image.split(':')[0] ?? '']: { [image]: details.Id } } }
  lines.push(`printf %s '${JSON.stringify(repositories)}' > ${to}/repositories.json`)
  return lines.join('\n')
}

/**
 * A Docker daemon beside the machine's own, which knows one image and may be killed at will. It has no network; all it
 * writes lies in memory, in a mount namespace that ends with it.
 */
export class SecondDaemon implements AsyncDisposable {
  readonly socketPath: string
  readonly #folder: string
  readonly #holder: ChildProcess
  readonly #flags: readonly string[]
  #daemon: ChildProcess | null = null

  private constructor(folder: string, holder: ChildProcess, flags: readonly string[]) {
    this.socketPath = join(folder, 'docker.sock')
    this.#folder = folder
    this.#holder = holder
    this.#flags = flags
  }

  static async start(image: string, flags: readonly string[]): Promise<SecondDaemon> {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-second-daemon-'))
    const data = join(folder, 'data')
    await copyFile('/etc/docker/daemon.json', join(folder, 'daemon.json'))
    const script = ['set -e', `mkdir ${data}`, `mount -t tmpfs tmpfs ${data}`, await borrowImage(data, image)]
    await writeFile(join(folder, 'prepare.sh'), [...script, 'echo prepared', 'exec sleep infinity'].join('\n'))
    const holder = spawn('/usr/bin/unshare', ['--mount', 'sh', join(folder, 'prepare.sh')], {
      // It lives as long as the daemon, and whoever reads the output of these tests waits for its last writer.
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await Promise.race([
      once(holder.stdout ?? holder, 'data'),
      once(holder, 'exit').then(() => Promise.reject(new Error('the second daemon could not be prepared'))),
    ])
    const daemon = new SecondDaemon(folder, holder, flags)
    try {
      await daemon.run()
    } catch (thrown) {
      await daemon[Symbol.asyncDispose]()
      throw thrown
    }
    return daemon
  }

  /** Starts it, again after `kill`; resolves when it answers. */
  async run(): Promise<void> {
    const at = (name: string) => join(this.#folder, name)
    const command = ['--target', String(this.#holder.pid), '--mount', programs.find(found) ?? 'dockerd']
    const places = [
      '--data-root',
      at('data'),
      '--exec-root',
      at('exec'),
      '--pidfile',
      at('pid'),
      '-H',
      `unix://${this.socketPath}`,
    ]
    const plain = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--config-file', at('daemon.json')]
    // containerd writes its stacks to the temporary folder where dockerd finds it slow.
    const env = { ...process.env, TMPDIR: this.#folder }
    const log = openSync(at('log'), 'a')
    this.#daemon = spawn('/usr/bin/nsenter', [...command, ...places, ...plain, ...this.#flags], {
      stdio: ['ignore', log, log],
      env,
    })
    closeSync(log)
    const deadline = Date.now() + startMilliseconds
    while (!(await this.#answers())) {
      if (Date.now() > deadline || this.#daemon.exitCode !== null) {
        const told = await readFile(at('log'), 'utf8')
        throw new Error(`the second daemon does not start, and said last:\n${told.slice(-4_000)}`)
      }
      await sleep(100)
    }
  }

  async #answers(): Promise<boolean> {
    const docker = new Docker({ socketPath: this.socketPath, timeout: pingMilliseconds })
    return await docker.ping().then(
      () => true,
      () => false,
    )
  }

  /** As a crash or the kernel would: no farewell, and what it ran is left running. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
    await rm(join(this.#folder, 'pid'), { force: true })
  }

  /** Ends the daemon and all that it has started, also where it hangs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('SIGTERM')
    for (const pid of await this.#leftOver()) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
    }
    this.#holder.kill('SIGKILL')
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Processes that name the folder: containerd, its shims and what runs in their containers. */
  async #leftOver(): Promise<readonly number[]> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
    return pids.filter((_, at) => texts[at]?.includes(this.#folder)).map(Number)
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const daemon = this.#daemon
    this.#daemon = null
    if (daemon === null || daemon.exitCode !== null || daemon.signalCode !== null) return
    const ended = once(daemon, 'exit')
    daemon.kill(signal)
    const late = setTimeout(() => daemon.kill('SIGKILL'), endMilliseconds)
    await ended
    clearTimeout(late)
  }
}
