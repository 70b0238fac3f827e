// Where a cluster for tests keeps what it has, and what it remembers of itself between commands.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stateFolder } from '../state.mjs'

/**
 * What the node and this machine have addresses of, like pods and services: a part of the network for measurements between
 * devices (198.18.0.0/15, RFC 2544). Those for documents were taken for nobody's, and have been met as places of package mirrors.
 */
export const NODE_NETWORK = '198.18.87.0/24'

/** Name and address of the one node: an address, so that no name has to be resolved to reach its kubelet. */
export const NODE = '198.18.87.2'

/** What pods have addresses of, and services. */
export const POD_NETWORK = '198.18.88.0/24'
export const SERVICE_NETWORK = '198.18.96.0/24'

/** Where the API server is reached as a service: the first address of theirs. */
export const API_SERVICE = '198.18.96.1'

/** gVisor's shim looks for the volumes of a pod in this folder and in no other, so there is one cluster on a machine. */
export const KUBELET_ROOT = '/var/lib/kubelet'

/** What says that the folder of the kubelet is ours to remove. */
export const KUBELET_MARK = join(KUBELET_ROOT, '.sallyport-tests')

/** Sockets, and what is mounted while pods run; short, since addresses of sockets are. */
export const RUN = '/run/sallyport-kubernetes'

/** Everything else: keys, data of etcd, images, logs. Nobody else may look into it. */
export const clusterFolder = () => join(stateFolder(), 'kubernetes')

/** @param {string[]} path */
export const inCluster = (...path) => join(clusterFolder(), ...path)

/** The socket of the cluster's own containerd. */
export const CONTAINERD_SOCKET = join(RUN, 'containerd.sock')

/** @typedef {{ etcd: number, peer: number, api: number, kubelet: number, health: number }} Ports */

/** As everywhere: in a network of its own nobody else has them. @type {Ports} */
const PORTS = { etcd: 2379, peer: 2380, api: 6443, kubelet: 10_250, health: 10_248 }

/**
 * @typedef {object} Cluster what is decided once, when it is made
 * @property {1} version
 * @property {Ports} ports
 * @property {string} programs the folder of the programs that it is made of
 * @property {Record<string, string>} sysctls settings of the kernel that the kubelet changes, as they were
 */

/**
 * The cluster that this machine has, running or not; null where there is none.
 * @returns {Cluster | null}
 */
export function knownCluster() {
  try {
    const value = JSON.parse(readFileSync(inCluster('cluster.json'), 'utf8'))
    return value?.version === 1 ? value : null
  } catch {
    return null
  }
}

/**
 * The one this machine has, else a new one: its folders, and the kernel's settings as they are.
 * @param {string} programs the folder of the programs that it is to be made of
 */
export function ensureCluster(programs) {
  const known = knownCluster()
  if (known !== null) return known
  mkdirSync(clusterFolder(), { recursive: true, mode: 0o700 })
  /** @type {Cluster} */
  const cluster = { version: 1, ports: PORTS, programs, sysctls: readSysctls() }
  writeFileSync(inCluster('cluster.json.new'), `${JSON.stringify(cluster, null, 2)}\n`)
  renameSync(inCluster('cluster.json.new'), inCluster('cluster.json'))
  return cluster
}

/** What the kubelet sets for the whole machine. */
const SYSCTLS = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
]

function readSysctls() {
  const there = SYSCTLS.filter((name) => existsSync(join('/proc/sys', name)))
  return Object.fromEntries(there.map((name) => [name, readFileSync(join('/proc/sys', name), 'utf8').trim()]))
}

/** @param {Cluster} cluster */
export function restoreSysctls({ sysctls }) {
  const now = readSysctls()
  for (const [name, value] of Object.entries(sysctls))
    if (SYSCTLS.includes(name) && now[name] !== value) writeFileSync(join('/proc/sys', name), value)
}

/** Every place of this machine where something is mounted, in the order in which it was. */
export function mountedPlaces() {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  return lines.flatMap((line) => (line === '' ? [] : [unescaped(line.split(' ')[4] ?? '')]))
}

/** The kernel writes spaces and the like of a path as octal numbers. @param {string} path */
const unescaped = (path) =>
  path.replaceAll(/\\(\d{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)))
