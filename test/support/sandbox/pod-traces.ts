import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { status } from '../../../setup/kubernetes/cluster.mjs'
import { inCluster, KUBELET_ROOT, RUN } from '../../../setup/kubernetes/places.mjs'
import { openClusterAccess } from '../../../src/sandbox/containers/kubernetes/cluster-access.ts'
import { ClusterClient } from '../../../src/sandbox/containers/kubernetes/cluster-client.ts'

const never = new AbortController().signal

/** A sandbox's Pod as the node knows it. */
export interface PodOnNode {
  readonly name: string
  readonly uid: string
  /** Process id of the service that made it. */
  readonly owner: number
  readonly lease: string
  /** Ids that containerd has for its containers. */
  readonly containers: readonly string[]
}

interface ClusterObject {
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly annotations?: Readonly<Record<string, string>>
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly spec?: { readonly holderIdentity?: string }
  readonly status?: { readonly containerStatuses?: readonly { readonly containerID?: string }[] }
}

let administrator: Promise<ClusterClient> | null = null

async function list(path: string): Promise<readonly ClusterObject[]> {
  administrator ??= openClusterAccess({
    kubeconfig: status().kubeconfig.administrator,
    server: '',
    context: null,
  }).then((access) => new ClusterClient(access))
  const answer = (await (await administrator).call({ method: 'GET', path }, never)) as {
    items: readonly ClusterObject[]
  }
  return answer.items
}

/** Pods of all sandboxes in the cluster of this machine, of whichever service. */
export async function sandboxPods(): Promise<readonly PodOnNode[]> {
  const { namespace } = status()
  const pods = await list(`/api/v1/namespaces/${namespace}/pods?labelSelector=sallyport.sandbox`)
  return pods.map(({ metadata, status: said }) => ({
    name: metadata.name,
    uid: metadata.uid,
    owner: Number(metadata.annotations?.['sallyport.owner-pid']),
    lease: metadata.labels?.['sallyport.lease'] ?? '',
    containers: (said?.containerStatuses ?? []).map(({ containerID = '' }) => containerID.replace(/^\w+:\/\//, '')),
  }))
}

/** Names of the leases of services that have sandboxes in that cluster; of all where no holder is named. */
export async function engineLeases(holder: string | null = null): Promise<readonly string[]> {
  const { namespace } = status()
  const leases = await list(
    `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases?labelSelector=sallyport.engine`,
  )
  const held = holder === null ? leases : leases.filter(({ spec }) => spec?.holderIdentity === holder)
  return held.map(({ metadata }) => metadata.name)
}

/** By what the host knows the Pods of a process: their names, uids and the ids of their containers. */
export async function hostNamesOf(pid = process.pid): Promise<readonly string[]> {
  const pods = (await sandboxPods()).filter(({ owner }) => owner === pid)
  // A container that is only waited for has no id yet.
  return pods.flatMap(({ name, uid, containers }) => [name, uid].concat(containers)).filter((id) => id !== '')
}

/** A node clears away what it kept of a Pod once a minute. */
export const clearingMilliseconds = 180_000

/** Where the node keeps something of a Pod by one of those names. */
const places = [
  ...['memory', 'pids', 'cpu', 'systemd', 'unified', ''].map((kind) => join('/sys/fs/cgroup', kind, 'kubepods')),
  join(KUBELET_ROOT, 'pods'),
  join(RUN, 'containerd/io.containerd.runtime.v2.task/k8s.io'),
  join(RUN, 'runsc'),
  inCluster('pod-logs'),
]
const depth = 3

async function below(folder: string, left: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const paths = entries.map((entry) => join(folder, entry.name))
  if (left === 0) return paths
  const folders = entries.filter((entry) => entry.isDirectory())
  return [...paths, ...(await Promise.all(folders.map(({ name }) => below(join(folder, name), left - 1)))).flat()]
}

async function commandLines(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.map((line) => line.replaceAll('\0', ' '))
}

/** Processes on the host of the Pods of these names: gVisor's own, its shims, and what runs in them. */
export async function podProcesses(names: Iterable<string>): Promise<readonly string[]> {
  const wanted = [...names]
  return (await commandLines()).filter((line) => wanted.some((name) => line.includes(name)))
}

/** gVisor leaves this file, of no bytes, of a container whose sandbox did not end by its own hand. */
const lockOfRunsc = /\/runsc\/.*\.lock$/

/** Every process, cgroup, mount, folder and file on the host that bears one of the names. */
export async function podTracesOf(names: Iterable<string>): Promise<readonly string[]> {
  const wanted = [...names]
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n')
  const found = [
    ...(await Promise.all(places.map((place) => below(place, depth)))).flat(),
    ...mounts,
    ...(await commandLines()),
  ]
  return found.filter((text) => !lockOfRunsc.test(text) && wanted.some((name) => text.includes(name)))
}
