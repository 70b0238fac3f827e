// The programs that a cluster consists of: how each is started, and whether it is at work.
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetupError } from '../shell.mjs'
import { processStart } from '../state.mjs'
import { certificate, key, kubeconfig } from './keys.mjs'
import { inCluster, knownCluster, KUBELET_ROOT, NODE, RUN, SERVICE_NETWORK } from './places.mjs'
import { debianPlace, programsFolder } from './programs.mjs'

/** @typedef {'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'containerd' | 'kubelet'} Part */

/**
 * Every part, in the order in which they are started.
 * @type {readonly Part[]}
 */
export const PARTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'containerd', 'kubelet']

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
        '--bind-address=127.0.0.1',
        `--secure-port=${ports.api}`,
        // Of a block that is for documents: nobody is to reach it from elsewhere, and its own addresses are refused here.
        '--advertise-address=192.0.2.1',
        '--endpoint-reconciler-type=none',
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
        `--root-dir=${KUBELET_ROOT}`,
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
  const [program, ...words] = commandOf(part, cluster.ports)
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
    writeFileSync(pidFile(part), `${child.pid} ${processStart(child.pid ?? 0)}`)
    child.unref()
  } finally {
    closeSync(log)
  }
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
  const pid = pidOf(part)
  if (pid !== null) {
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
