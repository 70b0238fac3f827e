// Where a cluster for tests keeps what it has, and what it remembers of itself between commands.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { stateFolder } from '../state.mjs'

/** Name and address of the one node: an address, so that no name has to be resolved to reach its kubelet. */
export const NODE = '127.0.0.1'

/** Where services would have their addresses; nothing routes them here. */
export const SERVICE_NETWORK = '10.96.0.0/16'

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

/**
 * @typedef {object} Cluster what is decided once, when it is made
 * @property {1} version
 * @property {Ports} ports on loopback
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
 * The one this machine has, else a new one: its folders, ports that are free now, and the kernel's settings as they are.
 * @param {string} programs the folder of the programs that it is to be made of
 */
export async function ensureCluster(programs) {
  const known = knownCluster()
  if (known !== null) return known
  mkdirSync(clusterFolder(), { recursive: true, mode: 0o700 })
  const names = /** @type {const} */ (['etcd', 'peer', 'api', 'kubelet', 'health'])
  const free = await freePorts(names.length)
  const ports = /** @type {Ports} */ (Object.fromEntries(names.map((name, index) => [name, free[index]])))
  /** @type {Cluster} */
  const cluster = { version: 1, ports, programs, sysctls: readSysctls() }
  writeFileSync(inCluster('cluster.json.new'), `${JSON.stringify(cluster, null, 2)}\n`)
  renameSync(inCluster('cluster.json.new'), inCluster('cluster.json'))
  return cluster
}

/** @param {number} count */
async function freePorts(count) {
  const servers = await Promise.all(Array.from({ length: count }, listening))
  const ports = servers.map((server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** @returns {Promise<import('node:net').Server>} */
function listening() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server))
  })
}

/** The kubelet sets the first ones for the whole machine, the network plug-in the last. */
const SYSCTLS = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
  'net/ipv4/ip_forward',
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
