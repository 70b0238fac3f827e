// What a cluster may leave on the machine when its parts are gone, and its removal: processes of pods, mounts, control
// groups, addresses. Only what carries the cluster's own names is touched.
import { existsSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { ask, SetupError } from '../shell.mjs'
import { hasLine, LINE, removeLine } from './network.mjs'
import { clusterFolder, inCluster, KUBELET_MARK, KUBELET_ROOT, mountedPlaces, RUN } from './places.mjs'

/** Where the kubelet puts the control groups of pods, below each hierarchy. */
const PODS = 'kubepods'

/** Processes that are not asked again once they got SIGKILL, in tries of a tenth of a second. */
const TRIES = 300

/** What is left, each in words for people; none where nothing is. */
export function leftovers() {
  return [
    ...ownProcesses().map((pid) => `process ${pid}`),
    ...mountsOf().map((place) => `mount ${place}`),
    ...podGroups().map((place) => `control group ${place}`),
    ...(hasLine() ? [`interface ${LINE}`] : []),
    ...ownFolders().filter(existsSync),
  ]
}

/** Removes all of it. The parts have to be gone: a kubelet would make some of it anew. */
export async function removeLeftovers() {
  for (let tries = 0; ownProcesses().length > 0; tries += 1) {
    if (tries > TRIES)
      throw new SetupError(
        `Processes of the cluster do not end: ${ownProcesses().join(', ')}.`,
        'Look what they wait for (ps -o pid,stat,wchan,args), then run this again.',
      )
    for (const pid of ownProcesses()) kill(pid)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const place of mountsOf()) {
    const done = ask('umount', [place])
    if (!done.ok && mountsOf().includes(place)) ask('umount', ['--lazy', place])
  }
  if (mountsOf().length > 0)
    throw new SetupError(`Still mounted: ${mountsOf().join(', ')}.`, 'Unmount them by hand, then run this again.')
  for (const place of podGroups()) rmdirSync(place)
  removeLine()
  removeAddresses()
  removeSockets()
  removeLogLinks()
  // What says that it is ours goes last: the rest is still known where this is interrupted.
  if (existsSync(KUBELET_MARK))
    for (const name of list(KUBELET_ROOT))
      if (join(KUBELET_ROOT, name) !== KUBELET_MARK) rmSync(join(KUBELET_ROOT, name), { recursive: true })
  for (const folder of ownFolders()) rmSync(folder, { recursive: true, force: true })
}

/** The folder of the kubelet only where it says that it is ours. */
const ownFolders = () => [...(existsSync(KUBELET_MARK) ? [KUBELET_ROOT] : []), RUN, clusterFolder()]

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** Programs of a cluster, by what they are called. kubectl is none: whoever asks is not of it. */
const PROGRAMS =
  /^(?:containerd|shim|runsc|runc|etcd$|kubelet$|kube-(?:apiserver|controller-manager|scheduler|proxy)$|ctr$|nsenter$)/

/** Processes in control groups of pods, and programs that were started for this cluster and that nobody has ended. */
function ownProcesses() {
  const places = [RUN, clusterFolder()]
  const inGroups = podGroups().flatMap((group) => words(join(group, 'cgroup.procs'), '\n').map(Number))
  const started = list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const parameters = words(`/proc/${pid}/cmdline`, '\0')
      const isTheirs = PROGRAMS.test(basename(parameters[0] ?? ''))
      return isTheirs && parameters.some((parameter) => places.some((place) => parameter.includes(`${place}/`)))
    })
    .map(Number)
  return [...new Set([...inGroups, ...started])]
}

/** Control groups of pods in every hierarchy, the innermost first. */
function podGroups() {
  const roots = ['/sys/fs/cgroup', ...list('/sys/fs/cgroup').map((name) => join('/sys/fs/cgroup', name))]
  return roots
    .map((root) => join(root, PODS))
    .filter(existsSync)
    .flatMap(inside)
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function inside(folder) {
  const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return [...children.flatMap((entry) => inside(join(folder, entry.name))), folder]
}

/** Where something is mounted in the cluster's folders, the innermost first; the kubelet mounts its own folder over itself. */
function mountsOf() {
  const mine = [RUN, clusterFolder(), ...(existsSync(KUBELET_MARK) ? [KUBELET_ROOT] : [])]
  return mountedPlaces()
    .filter((place) => mine.some((folder) => `${place}/`.startsWith(`${folder}/`)))
    .reverse()
}

/** What the network plug-ins keep of the pods that they gave an address; of the loopback of each they write by its id alone. */
function removeAddresses() {
  const results = '/var/lib/cni/results'
  const ids = list(results).flatMap((name) => /^sallyport-tests-([0-9a-f]{64})-/.exec(name)?.[1] ?? [])
  for (const name of list(results)) if (ids.some((id) => name.includes(id))) rmSync(join(results, name))
}

/** Sockets of shims, which every containerd has in one folder: those whose pods are in ours. */
function removeSockets() {
  const tasks = join(RUN, 'containerd/io.containerd.runtime.v2.task/k8s.io')
  for (const id of list(tasks)) {
    const [socket = ''] = words(join(tasks, id, 'address'), '\n')
    if (/^unix:\/\/\/run\/containerd\/s\/[0-9a-f]{64}$/.test(socket))
      rmSync(socket.slice('unix://'.length), { force: true })
  }
}

/** Links to logs of pods, which the kubelet has outside its own folders. */
function removeLogLinks() {
  const links = '/var/log/containers'
  for (const name of list(links)) {
    const place = join(links, name)
    if (linkOf(place)?.startsWith(inCluster('pod-logs'))) rmSync(place)
  }
}

/** @param {string} place */
function linkOf(place) {
  try {
    return readlinkSync(place)
  } catch {
    return null
  }
}

/**
 * @param {string} file
 * @param {string} between
 */
function words(file, between) {
  try {
    return readFileSync(file, 'utf8')
      .split(between)
      .filter((word) => word !== '')
  } catch {
    return []
  }
}

/** @param {string} folder */
function list(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
