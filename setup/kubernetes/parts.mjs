// The programs that a cluster consists of: how each is started, and whether it is at work.
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetupError } from '../shell.mjs'
import { processStart } from '../state.mjs'
import { certificate, key, kubeconfig } from './keys.mjs'
import { inNetwork } from './network.mjs'
import { inCluster, knownCluster, KUBELET_ROOT, NODE, RUN, SERVICE_NETWORK } from './places.mjs'
import { debianPlace, programsFolder } from './programs.mjs'

/** @typedef {'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'containerd' | 'kubelet' | 'kube-proxy'} Part */

/**
 * Every part, in the order in which they are started.
 * @type {readonly Part[]}
 */
export const PARTS = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'containerd',
  'kubelet',
  'kube-proxy',
]

/**
 * Program and arguments.
 * @param {Part} part
 * @param {import('./places.mjs').Ports} ports
 * @returns {[program: string, ...words: string[]]}
 */
function commandOf(part, ports) {
  const built = (/** @type {string} */ name) => join(programsFolder(), name)
  switch (part) {
    case 'etcd': {
      const [client, peer] = [ports.etcd, ports.peer].map((port) => `https://127.0.0.1:${port}`)
      const trust = ['', 'peer-'].flatMap((kind) => [
        `--${kind}cert-file=${certificate('etcd')}`,
        `--${kind}key-file=${key('etcd')}`,
        `--${kind}trusted-ca-file=${certificate('ca')}`,
        `--${kind}client-cert-auth`,
      ])
      return [
        join(debianPlace('etcd-server') ?? '', 'etcd'),
        `--data-dir=${inCluster('etcd')}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        ...trust,
      ]
    }
    case 'kube-apiserver':
      return [
        built('kube-apiserver'),
        `--bind-address=${NODE}`,
        `--advertise-address=${NODE}`,
        `--secure-port=${ports.api}`,
        `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
        `--etcd-cafile=${certificate('ca')}`,
        `--etcd-certfile=${certificate('etcd')}`,
        `--etcd-keyfile=${key('etcd')}`,
        `--client-ca-file=${certificate('ca')}`,
        `--tls-cert-file=${certificate('api-server')}`,
        `--tls-private-key-file=${key('api-server')}`,
        `--kubelet-certificate-authority=${certificate('ca')}`,
        '--kubelet-preferred-address-types=InternalIP',
        `--kubelet-client-certificate=${certificate('api-server-kubelet')}`,
        `--kubelet-client-key=${key('api-server-kubelet')}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${inCluster('keys', 'accounts.pub')}`,
        `--service-account-signing-key-file=${key('accounts')}`,
        '--authorization-mode=Node,RBAC',
        '--enable-admission-plugins=NodeRestriction',
        `--service-cluster-ip-range=${SERVICE_NETWORK}`,
        '--profiling=false',
      ]
    case 'kube-controller-manager':
      // Elected ones end where the API server is away for ten seconds.
      return [
        built('kube-controller-manager'),
        `--kubeconfig=${kubeconfig('controller-manager')}`,
        '--leader-elect=false',
        '--secure-port=0',
        '--use-service-account-credentials=true',
        `--root-ca-file=${certificate('ca')}`,
        `--service-account-private-key-file=${key('accounts')}`,
      ]
    case 'kube-scheduler':
      return [
        built('kube-scheduler'),
        `--kubeconfig=${kubeconfig('scheduler')}`,
        '--leader-elect=false',
        '--secure-port=0',
      ]
    case 'containerd':
      return [join(debianPlace('containerd') ?? '', 'containerd'), '--config', inCluster('containerd.toml')]
    case 'kubelet':
      return [
        built('kubelet'),
        `--config=${inCluster('kubelet.json')}`,
        `--kubeconfig=${kubeconfig('kubelet')}`,
        `--hostname-override=${NODE}`,
        `--node-ip=${NODE}`,
        `--root-dir=${KUBELET_ROOT}`,
      ]
    case 'kube-proxy':
      return [
        built('kube-proxy'),
        `--kubeconfig=${kubeconfig('kube-proxy')}`,
        `--hostname-override=${NODE}`,
        '--proxy-mode=iptables',
        '--healthz-bind-address=127.0.0.1:10256',
        '--metrics-bind-address=127.0.0.1:10249',
        // Settings of the kernel that are the whole machine's.
        '--conntrack-max-per-core=0',
        '--conntrack-tcp-timeout-established=0',
        '--conntrack-tcp-timeout-close-wait=0',
      ]
  }
}

/** @param {Part} part */
const pidFile = (part) => inCluster('pids', part)

/**
 * The id of a part's process, by what was written down at its start; null where it is not at work. A process that only
 * has the same id is another one: it began at another time.
 * @param {Part} part
 * @returns {number | null}
 */
export function pidOf(part) {
  try {
    const [pid = '', started = ''] = readFileSync(pidFile(part), 'utf8').split(' ')
    return started !== '' && processStart(Number(pid)) === started && !isZombie(Number(pid)) ? Number(pid) : null
  } catch {
    return null
  }
}

/** @param {number} pid */
function isZombie(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

/** Parts that are at work. */
export const running = () => PARTS.filter((part) => pidOf(part) !== null)

/** @param {Part} part */
export const logOf = (part) => inCluster('logs', `${part}.log`)

/**
 * Starts a part that is not at work, for as long as the cluster is; what it says goes to its log. Resolves once its process
 * is there, which says nothing of whether it answers.
 * @param {Part} part
 * @returns {Promise<void>}
 */
export async function startPart(part) {
  const cluster = knownCluster()
  if (cluster === null) throw new SetupError('There is no cluster here.', 'Make one: npm run kubernetes -- up')
  if (pidOf(part) !== null) return
  for (const folder of ['logs', 'pids']) mkdirSync(inCluster(folder), { recursive: true })
  const command = commandOf(part, cluster.ports)
  const unnoted = findProcess(command)
  if (unnoted !== null) return note(part, unnoted)
  const [program, ...words] = inNetwork(command)
  const log = openSync(logOf(part), 'a', 0o600)
  try {
    const child = spawn(program, words, {
      cwd: '/',
      detached: true,
      env: environment(),
      stdio: ['ignore', log, log],
    })
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error) => reject(new SetupError(`${part} did not start: ${error.message}`)))
    })
    note(part, child.pid ?? 0)
    child.unref()
  } finally {
    closeSync(log)
  }
}

/**
 * Writes down which process a part is, whole or not at all.
 * @param {Part} part
 * @param {number} pid
 */
function note(part, pid) {
  writeFileSync(`${pidFile(part)}.new`, `${pid} ${processStart(pid)}`)
  renameSync(`${pidFile(part)}.new`, pidFile(part))
}

/**
 * The process of a command that was started and not written down, since who started it was ended in between.
 * @param {string[]} command
 * @returns {number | null}
 */
function findProcess(command) {
  const wanted = command.map((word) => `${word}\0`).join('')
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      // On its way into the network of the cluster another program stands in front of it.
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').endsWith(wanted)) return Number(pid)
    } catch {
      // It has ended.
    }
  }
  return null
}

/** What a part gets of the variables of whoever starts it: no proxy, no key of a person. */
function environment() {
  const path = [inCluster('bin'), debianPlace('containerd') ?? '', '/usr/local/sbin', '/usr/local/bin']
  return {
    PATH: [...path, '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(delimiter),
    TMPDIR: RUN,
    HOME: '/nonexistent',
  }
}

/**
 * Ends a part and waits until it is gone; by force where it does not end for the signal within ten seconds.
 * @param {Part} part
 * @param {NodeJS.Signals} [signal]
 */
export async function endPart(part, signal = 'SIGTERM') {
  const cluster = knownCluster()
  const pid = pidOf(part) ?? (cluster === null ? null : findProcess(commandOf(part, cluster.ports)))
  if (pid !== null) {
    note(part, pid)
    process.kill(pid, signal)
    for (let attempt = 0; pidOf(part) === pid; attempt += 1) {
      if (attempt === 200) process.kill(pid, 'SIGKILL')
      if (attempt > 1_200) throw new SetupError(`${part} (process ${pid}) does not end.`, `Look at ${logOf(part)}.`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  rmSync(pidFile(part), { force: true })
}

/**
 * The last lines of a part's log, for an error.
 * @param {Part} part
 */
export function lastWords(part) {
  try {
    return readFileSync(logOf(part), 'utf8').trim().split('\n').slice(-6).join('\n    ')
  } catch {
    return 'it said nothing'
  }
}
