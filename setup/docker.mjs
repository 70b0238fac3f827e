// The Docker engine: used as it is where one answers, else installed from Debian and started.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { daemonFacts, dockerEndpoint } from './docker-api.mjs'
import { installPackages } from './apt.mjs'
import { registerRuntime, isOurRuntime, RUNTIME } from './daemon-settings.mjs'
import { ask, findProgram, say, showProgress, SetupError } from './shell.mjs'

export const DAEMON_LOG = '/var/log/sallyport/dockerd.log'

/** Installs Debian's engine; the client is a package of its own from trixie on. */
export const installEngine = () =>
  installPackages(['docker.io', 'ca-certificates'], { optional: findProgram('docker') === null ? ['docker-cli'] : [] })

/** Starts an installed engine and waits until it answers. */
export async function startEngine() {
  const endpoint = dockerEndpoint()
  if (!endpoint.local)
    throw new SetupError(
      `DOCKER_HOST is ${endpoint.address}, and no daemon answers there.`,
      'Start that daemon, or unset DOCKER_HOST to use one on this machine.',
    )
  const manager = serviceManager()
  if (manager !== null) {
    const progress = showProgress(`start Docker (${manager.join(' ')})`)
    const started = ask(manager[0] ?? '', manager.slice(1), { seconds: 120 })
    const up = started.ok && (await answers(30))
    progress.end(up)
    if (up) return
    throw new SetupError(
      `Docker did not start: ${started.problem || 'no answer within 30 s'}`,
      `See: ${manager[0] === 'systemctl' ? 'journalctl -u docker' : '/var/log/docker.log'}`,
    )
  }
  await startInBackground()
}

/** The command that starts Docker where something manages services, or null where nothing does. */
function serviceManager() {
  if (existsSync('/run/systemd/system')) return ['systemctl', 'enable', '--now', 'docker']
  const first = readFileSync('/proc/1/comm', 'utf8').trim()
  if (existsSync('/run/openrc') || (first === 'init' && existsSync('/etc/init.d/docker')))
    return ['service', 'docker', 'start']
  return null
}

/** What in the log of a daemon that ended calls for which other argument. */
const REMEDIES = [
  {
    sign: /iptables|NAT chain|nftables|create bridge|docker0/i,
    add: ['--iptables=false', '--ip6tables=false', '--bridge=none'],
    because: 'this machine does not let Docker set up a network; sandboxes have none anyway',
  },
  {
    sign: /graphdriver|overlay.*(not supported|invalid argument)|storage-driver/i,
    add: ['--storage-driver=vfs'],
    because: 'no layered file system is available here; images take more disk',
  },
]

async function startInBackground() {
  mountControlGroups()
  /** @type {string[]} */
  const parameters = []
  for (;;) {
    const progress = showProgress(`start Docker in the background (log: ${DAEMON_LOG})`)
    const { up, tail } = await launch(parameters)
    progress.end(up)
    if (up) return
    const remedy = REMEDIES.find(({ sign, add }) => sign.test(tail) && !parameters.includes(add[0] ?? ''))
    if (remedy === undefined)
      throw new SetupError(
        `Docker did not start. The end of ${DAEMON_LOG}:\n${indent(tail)}`,
        'Start a Docker daemon by hand (dockerd), then run this again.',
      )
    say(`  … trying again with ${remedy.add.join(' ')}: ${remedy.because}`)
    parameters.push(...remedy.add)
  }
}

/** @param {string[]} parameters */
async function launch(parameters) {
  mkdirSync('/var/log/sallyport', { recursive: true })
  const dockerd = findProgram('dockerd')
  if (dockerd === null)
    throw new SetupError(
      'dockerd is not installed although its package is.',
      'Reinstall the package docker.io, then run this again.',
    )
  const log = openSync(DAEMON_LOG, 'w', 0o640)
  const child = spawn(dockerd, parameters, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: daemonEnvironment(),
  })
  closeSync(log)
  let ended = false
  child.on('exit', () => (ended = true))
  child.on('error', () => (ended = true))
  const up = await answers(90, () => ended)
  child.unref()
  if (!up && !ended) child.kill('SIGTERM')
  return { up, tail: readFileSync(DAEMON_LOG, 'utf8').trimEnd().split('\n').slice(-8).join('\n') }
}

/** A daemon outlives this session, so it gets none of its secrets: only what it needs to find programs and reach registries. */
function daemonEnvironment() {
  const wanted = /^(PATH|LANG|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_(FILE|DIR))$/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name)))
}

/** A machine without a service manager may have no cgroups mounted, and Docker cannot set a limit without them. */
function mountControlGroups() {
  if (/ cgroup2? /.test(readFileSync('/proc/mounts', 'utf8'))) return
  const mounted = ask('mount', ['-t', 'cgroup2', 'none', '/sys/fs/cgroup'])
  if (!mounted.ok)
    throw new SetupError(
      `Control groups are not mounted and could not be: ${mounted.problem}`,
      'Mount cgroup2 at /sys/fs/cgroup, then run this again.',
    )
}

/**
 * @param {number} seconds
 * @param {() => boolean} [isOver]
 */
async function answers(seconds, isOver = () => false) {
  const deadline = performance.now() + seconds * 1000
  while (performance.now() < deadline && !isOver()) {
    if ((await daemonFacts()).answers) return true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return false
}

/**
 * Writes our runtime into daemon.json and has a running daemon read it, without restarting it where that can be avoided.
 * @param {string} runsc absolute path of the binary
 */
export async function registerWithDaemon(runsc) {
  const path = settingsPath()
  const changed = registerRuntime(path, runsc)
  const before = await daemonFacts()
  if (!before.answers) return
  if (!changed && (await isRegistered(runsc, 0))) return
  reloadDaemon()
  if (await isRegistered(runsc, 5)) return
  if (before.running > 0)
    throw new SetupError(
      `Docker did not take the runtime ${RUNTIME} from ${path} by reloading, and ${before.running} containers are running.`,
      'Restart Docker when it suits those containers, then run this again.',
    )
  if (!existsSync('/run/systemd/system'))
    throw new SetupError(
      `Docker did not take the runtime ${RUNTIME} from ${path} by reloading.`,
      'Restart Docker, then run this again.',
    )
  ask('systemctl', ['restart', 'docker'], { seconds: 120 })
  if (!(await isRegistered(runsc, 30)))
    throw new SetupError(
      `Docker does not list the runtime ${RUNTIME} after a restart.`,
      `See whether another file than ${path} configures this daemon.`,
    )
}

/**
 * @param {string} runsc
 * @param {number} seconds
 */
async function isRegistered(runsc, seconds) {
  const deadline = performance.now() + seconds * 1000
  do {
    if (isOurRuntime((await daemonFacts()).runtimes[RUNTIME], runsc)) return true
    await new Promise((resolve) => setTimeout(resolve, 200))
  } while (performance.now() < deadline)
  return false
}

/** The settings file of the running daemon, or the usual one. */
export function settingsPath() {
  const pid = daemonPid()
  const parameters = pid === null ? [] : readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const index = parameters.findIndex((parameter) => parameter.startsWith('--config-file'))
  const given = parameters[index]?.split('=')[1] ?? (index >= 0 ? parameters[index + 1] : undefined)
  return given || '/etc/docker/daemon.json'
}

function daemonPid() {
  try {
    const pid = Number(readFileSync('/var/run/docker.pid', 'utf8').trim())
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'dockerd' ? pid : null
  } catch {
    return null
  }
}

function reloadDaemon() {
  const pid = daemonPid()
  if (pid !== null) process.kill(pid, 'SIGHUP')
  else ask('systemctl', ['reload', 'docker'])
}

/** @param {string} text */
const indent = (text) =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
