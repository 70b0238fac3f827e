// A Kubernetes of one node on loopback, for tests: made and started step by step, each of which looks first what is there,
// and removed whole.
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findInstalled } from '../../runsc/install.mjs'
import { runtimeArguments } from '../daemon-settings.mjs'
import { imageTag } from '../image-tag.mjs'
import { ask, say, SetupError } from '../shell.mjs'
import { readState, withLock } from '../state.mjs'
import { apiIsReady, getFromApi, kubectl, until } from './api.mjs'
import { containerdAnswers, ensureDockerImage, ensurePauseImage } from './images.mjs'
import { ensureKeys, kubeconfig, writeKubeconfig } from './keys.mjs'
import { leftovers, removeLeftovers } from './leftovers.mjs'
import { ensureNetwork } from './network.mjs'
import { endPart, PARTS, pidOf, running, startPart } from './parts.mjs'
import {
  clusterFolder,
  ensureCluster,
  inCluster,
  knownCluster,
  KUBELET_MARK,
  KUBELET_ROOT,
  NODE,
  restoreSysctls,
  RUN,
} from './places.mjs'
import { debianPlace, ensurePrograms, programsFolder } from './programs.mjs'
import {
  containerdSettings,
  HANDLERS,
  kubeletSettings,
  networkSettings,
  runscSettings,
  shimWrapper,
} from './settings.mjs'
import { isOfThesePrograms, mayWorkHere } from './refusals.mjs'
import { applyManifests } from './manifests.mjs'
import { SANDBOXES, SERVICE } from './objects.mjs'

/** How long the token of the service account in a kubeconfig is good for. */
const TOKEN_LIFE = '48h'

/** Makes the cluster, or starts what of it is not at work. Once it resolves, a pod can be created. */
export async function up() {
  mayWorkHere()
  const programs = await ensurePrograms()
  await withLock('kubernetes', async () => {
    const cluster = ensureCluster(programs)
    isOfThesePrograms(cluster, programs)
    for (const folder of [RUN, KUBELET_ROOT, inCluster('bin'), inCluster('cni')])
      mkdirSync(folder, { recursive: true, mode: 0o711 })
    writeFileSync(KUBELET_MARK, 'The kubelet of a cluster for tests: npm run kubernetes -- down removes it.\n')
    ensureKeys(cluster.ports.api)
    writeSettings(cluster)
    ensureNetwork()
    await Promise.all([controlPlane(cluster), images()])
    await startPart('kubelet')
    await startPart('kube-proxy')
    await until('The node is ready', 'kubelet', nodeIsReady)
    say(
      `  ✔ Kubernetes ${JSON.parse(kubectl(['version', '-o', 'json'])).serverVersion.gitVersion} is at work on this machine`,
    )
  })
}

/** @param {import('./places.mjs').Cluster} cluster */
function writeSettings({ ports }) {
  const write = (/** @type {string} */ name, /** @type {string} */ text) => writeFileSync(inCluster(name), text)
  const runsc = findInstalled({ registered: [readState().runsc?.path ?? ''] })
  if (runsc === null) throw new SetupError('gVisor is not installed here.', 'Run: npm run set-up')
  rmSync(inCluster('bin/runsc'), { force: true })
  symlinkSync(runsc.path, inCluster('bin/runsc'))
  write('containerd.toml', containerdSettings(debianPlace('containernetworking-plugins') ?? ''))
  for (const [name, { network }] of Object.entries(HANDLERS))
    write(`${name}.toml`, runscSettings(runtimeArguments(runsc.path), network))
  write('cni/10-sallyport.conflist', networkSettings())
  write('kubelet.json', kubeletSettings(ports))
  write('uid_map', '         0          0 4294967294\n')
  const wrapper = inCluster('bin/containerd-shim-runsc-v1')
  const uidMap = mayLowerScores() ? null : inCluster('uid_map')
  writeFileSync(
    `${wrapper}.new`,
    shimWrapper({ shim: join(programsFolder(), 'shim'), uidMap, bareAddress: expectsBareAddress() }),
  )
  chmodSync(`${wrapper}.new`, 0o755)
  renameSync(`${wrapper}.new`, wrapper)
}

/** Whether this machine lets a process keep itself from the out-of-memory killer, as gVisor's shim does. */
const mayLowerScores = () => ask('sh', ['-c', 'echo -999 > /proc/$$/oom_score_adj']).ok

/** Whether containerd is older than 1.7. */
function expectsBareAddress() {
  const { output } = ask(join(debianPlace('containerd') ?? '', 'containerd'), ['--version'])
  const [, major = 0, minor = 0] = / v?(\d+)\.(\d+)\.\d+/.exec(output) ?? []
  return Number(major) === 1 && Number(minor) < 7
}

/** @param {import('./places.mjs').Cluster} cluster */
async function controlPlane({ ports }) {
  await startPart('etcd')
  await startPart('kube-apiserver')
  await until('The API server is ready', 'kube-apiserver', apiIsReady)
  await startPart('kube-controller-manager')
  await startPart('kube-scheduler')
  applyManifests()
  // Without it no pod is admitted.
  const account = `/api/v1/namespaces/${SANDBOXES}/serviceaccounts/default`
  await until(
    'The namespace is ready',
    'kube-controller-manager',
    async () => (await getFromApi(account)).status === 200,
  )
  const token = kubectl(['create', 'token', 'sallyport', '-n', SERVICE, `--duration=${TOKEN_LIFE}`]).trim()
  writeKubeconfig('sallyport', ports.api, { token }, SANDBOXES)
}

async function images() {
  await startPart('containerd')
  await until('containerd answers', 'containerd', containerdAnswers)
  ensurePauseImage()
  await ensureDockerImage(imageTag())
}

async function nodeIsReady() {
  const { status, body } = await getFromApi(`/api/v1/nodes/${NODE}`)
  if (status !== 200) return false
  /** @type {{ type: string, status: string }[]} */
  const conditions = JSON.parse(body).status.conditions ?? []
  return conditions.some(({ type, status: holds }) => type === 'Ready' && holds === 'True')
}

/** Ends and removes all of it but the programs. There may be no cluster, or the rest of one. */
export async function down() {
  mayWorkHere()
  await withLock('kubernetes', async () => {
    const cluster = knownCluster()
    if (cluster === null && leftovers().length === 0) return say('  ✔ there is no cluster here')
    if (PARTS.every((part) => pidOf(part) !== null)) {
      try {
        kubectl(['delete', 'pods', '--all', '--all-namespaces', '--grace-period=1', '--timeout=60s'], { seconds: 90 })
      } catch (error) {
        say(`  – pods are ended by force: ${/** @type {Error} */ (error).message}`)
      }
    }
    for (const part of PARTS.toReversed()) await endPart(part)
    await removeLeftovers()
    if (cluster !== null) restoreSysctls(cluster)
    say('  ✔ the cluster is gone; its programs are kept')
  })
}

/** What is there, for people and for programs. */
export function status() {
  const atWork = running()
  return {
    cluster: knownCluster() === null ? null : clusterFolder(),
    running: atWork,
    ended: knownCluster() === null ? [] : PARTS.filter((part) => !atWork.includes(part)),
    kubeconfig: { administrator: kubeconfig('admin'), service: kubeconfig('sallyport') },
    kubectl: join(programsFolder(), 'kubectl'),
    namespace: SANDBOXES,
  }
}
