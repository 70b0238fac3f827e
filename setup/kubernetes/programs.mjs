// The programs of a cluster for tests: Kubernetes and gVisor's shim built from their Go modules, etcd, containerd and the
// network plug-ins from Debian. They are kept outside the checkout, in a folder named by what they are made from.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PIN } from '../../runsc/install.mjs'
import { ask, findProgram, isRoot, runShown, SetupError } from '../shell.mjs'
import { logFile, withLock } from '../state.mjs'

/** The module whose `tool` lines name the programs of Kubernetes, with the checksums of all it is built from. */
export const MODULE = fileURLToPath(new URL('programs/', import.meta.url))

/** What Go builds, and from which package; what takes longest first. */
const PACKAGES = {
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  kubelet: 'k8s.io/kubernetes/cmd/kubelet',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
  'kube-proxy': 'k8s.io/kubernetes/cmd/kube-proxy',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  pause: 'sallyport.local/kubernetes/pause',
  // Of the module that runsc is built from, at the same version.
  shim: 'gvisor.dev/gvisor/shim',
}

/** Where Debian's packages have what they are wanted for. */
export const FROM_DEBIAN = {
  'etcd-server': 'usr/bin/etcd',
  containerd: 'usr/bin/containerd',
  'containernetworking-plugins': 'usr/lib/cni/ptp',
}

/** Seconds that one program may take on two busy processors. */
const PATIENCE = 3600

const CACHE = isRoot() ? '/var/cache/sallyport-tests' : join(homedir(), '.cache/sallyport-tests')

/** Where the programs are kept, whether they are there or not. */
export function programsFolder() {
  const digest = createHash('sha256').update(PIN.module.version)
  for (const name of ['go.mod', 'go.sum', 'pause/main.go']) digest.update(readFileSync(join(MODULE, name)))
  return join(CACHE, `kubernetes-${digest.digest('hex').slice(0, 16)}`)
}

/** The release of Kubernetes that the module requires, such as `v1.34.4`. */
export function kubernetesVersion() {
  const found = /^\s*(?:require )?k8s\.io\/kubernetes (v[\d.]+)/m.exec(
    readFileSync(join(MODULE, 'go.mod'), 'utf8'),
  )?.[1]
  if (found === undefined) throw new Error(`${MODULE}go.mod requires no release of Kubernetes`)
  return found
}

/**
 * Programs that are neither in their folder nor installed; none where a cluster can be started at once.
 * @param {string} [folder]
 * @returns {string[]}
 */
export function missingPrograms(folder = programsFolder()) {
  const built = Object.keys(PACKAGES).filter((name) => !existsSync(join(folder, name)))
  const packaged = Object.entries(FROM_DEBIAN).filter(([name]) => debianPlace(name, folder) === null)
  return [...built, ...packaged.map(([name]) => name)]
}

/**
 * The folder that holds the programs of a Debian package: of this machine where they are installed, else of the package as
 * it was taken out; null where they are in neither.
 * @param {string} name
 * @param {string} [folder]
 * @returns {string | null}
 */
export function debianPlace(name, folder = programsFolder()) {
  const path = FROM_DEBIAN[/** @type {keyof typeof FROM_DEBIAN} */ (name)]
  const root = ['/', join(folder, 'debian', name)].find((place) => existsSync(join(place, path)))
  return root === undefined ? null : join(root, path, '..')
}

/** Gets what is missing. Each program is put in place whole, so that what was interrupted goes on with the next one. */
export async function ensurePrograms() {
  const folder = programsFolder()
  await withLock('kubernetes-programs', async () => {
    mkdirSync(folder, { recursive: true })
    for (const name of missingPrograms(folder)) {
      const source = PACKAGES[/** @type {keyof typeof PACKAGES} */ (name)]
      if (source === undefined) await unpack(name, folder)
      else await build(name, source, folder)
    }
  })
  return folder
}

/**
 * @param {string} name
 * @param {string} source its package
 * @param {string} folder
 */
async function build(name, source, folder) {
  const go = findProgram('go')
  if (go === null)
    throw new SetupError(`There is no Go to build ${name} with.`, 'Install Go 1.24 or later, then run this again.')
  const version = kubernetesVersion()
  const environment = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOBIN: join(folder, 'built') }
  const flags = `-s -w -X k8s.io/component-base/version.gitVersion=${version}`
  const shared = ['-trimpath', '-ldflags', flags]
  const foreign = source.startsWith('gvisor.dev/')
  const words = foreign
    ? ['install', ...shared, `${source}@${PIN.module.version}`]
    : ['build', ...shared, '-o', join(folder, 'built', name), source]
  const title = `build ${name}${source.startsWith('k8s.io/') ? ` ${version}, minutes on few processors` : ''}`
  await runShown(title, ['nice', '-n', '19', go, ...words], {
    log: logFile(`kubernetes-${name}`),
    folder: foreign ? folder : MODULE,
    seconds: PATIENCE,
    environment,
    advice: 'Its message stands above; most often the Go module proxy could not be reached.',
  })
  renameSync(join(folder, 'built', name), join(folder, name))
}

/**
 * Takes the programs out of Debian's package; installing it would start a service.
 * @param {string} name
 * @param {string} folder
 */
async function unpack(name, folder) {
  const apt = findProgram('apt-get')
  if (apt === null)
    throw new SetupError(`${name} is not installed, and there is no apt-get to fetch it with.`, `Install ${name}.`)
  const work = mkdtempSync(join(folder, 'package-'))
  try {
    if (isRoot()) ask(apt, ['update', '-qq'], { seconds: 300 })
    const options = { log: logFile(`kubernetes-${name}`), folder: work, seconds: 300 }
    await runShown(`fetch Debian’s ${name}`, [apt, 'download', '-q', '-o', 'APT::Sandbox::User=root', name], options)
    const file = readdirSync(work).find((found) => found.endsWith('.deb'))
    if (file === undefined) throw new SetupError(`apt-get downloaded no ${name}.`, 'Look whether apt-get works here.')
    const unpacked = ask('dpkg-deb', ['-x', join(work, file), join(work, 'unpacked')])
    if (!unpacked.ok) throw new SetupError(`Debian’s ${name} could not be unpacked: ${unpacked.problem}`)
    mkdirSync(join(folder, 'debian'), { recursive: true })
    rmSync(join(folder, 'debian', name), { recursive: true, force: true })
    renameSync(join(work, 'unpacked'), join(folder, 'debian', name))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
