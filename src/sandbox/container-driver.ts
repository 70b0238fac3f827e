import { join } from 'node:path'
import type { ContainerDriver } from '../core/drivers.ts'
import { ServiceError } from '../core/errors.ts'
import type { DriverChoice } from './containers/choose-driver.ts'
import type { SandboxDriver } from './driver.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import type { DetectionReport } from './detection/detection-report.ts'
import type { Tracer } from './detection/tracer.ts'
import { installedImageTag, installedRunsc, installedTraceRelay } from './installation.ts'
import { createLimits } from './limits.ts'
import type { SandboxOptions } from './options.ts'

export interface DriverUse {
  /** Are sandboxes kept ready, many at a time? Then their memory is worth sharing. */
  readonly warm: boolean
  /** Hears why a sandbox could not start from a checkpoint. */
  readonly onSnapshotFault: (fault: unknown) => void
  /** Hears of what sandboxes do, where `sandbox.detection` is on. */
  readonly onDetection?: (report: DetectionReport) => void
}

export interface ContainerDrivers {
  /** Loads one when it is asked for. */
  readonly open: (name: ContainerDriver, use: DriverUse) => Promise<SandboxDriver>
  /** What `auto` stands for on this machine. */
  readonly choose: () => Promise<DriverChoice>
}

/** The drivers as this installation has them. */
export function createContainerDrivers(settings: SandboxOptions): ContainerDrivers {
  const installation = onceUntilFailure(() => openInstallation(settings))
  return {
    open: async (name, { warm, onSnapshotFault, onDetection = () => {} }) => {
      const tracer = await tracerFor(name, settings, onDetection)
      if (name === 'docker') {
        if (settings.sharing === 'none') throw sharesFiles('Docker gives')
        const { createDockerDriver } = await import('./containers/docker/docker-driver.ts')
        const image = await imageTagOf(settings)
        return createDockerDriver({ socketPath: settings.docker_socket, image, runtime: settings.runtime, ...tracer })
      }
      if (name === 'kubernetes') return openKubernetes(settings, onSnapshotFault)
      // Straight to the binary set-up proved, with the same image's files.
      const [{ createRunscDriver }, { binary, folder, stateFolder, records, daemon }] = await Promise.all([
        import('./containers/runsc/runsc-driver.ts'),
        installation(),
      ])
      const rootless = !isRoot()
      return createRunscDriver({
        binary,
        image: daemon.source,
        stateFolder,
        runFolder: rootless ? join(folder, 'run') : '/run/sallyport/runsc',
        limits: createLimits(settings.limits),
        snapshots: settings.snapshots,
        sharesMemory: warm,
        // The path of a socket has room for 107 bytes, which the folder of somebody who is not root may not leave.
        startsInThread: warm && !rootless,
        sharing: settings.sharing,
        rootless,
        records,
        ...tracer,
        onSnapshotFault,
      })
    },
    choose: async () => {
      const [{ chooseDriver }, { canMakeCgroups }, { isUnpacked }] = await Promise.all([
        import('./containers/choose-driver.ts'),
        import('./containers/cgroup-access.ts'),
        import('./containers/runsc/image-folder.ts'),
      ])
      return chooseDriver(settings, {
        isRoot: isRoot(),
        canMakeCgroups,
        installedRunsc: async () => (await installation()).binary,
        daemonFacts: async () => (await installation()).daemon.facts(),
        isUnpacked: async (id) => isUnpacked(join((await installation()).stateFolder, 'images'), id),
      })
    },
  }
}

/** Where nothing of the kind is configured, nothing of it is loaded. Rejects with `invalid-config` for a driver that cannot. */
async function tracerFor(
  name: ContainerDriver,
  { detection }: SandboxOptions,
  onReport: (report: DetectionReport) => void,
): Promise<{ readonly tracer?: Tracer }> {
  if (detection.mode === 'off') return {}
  if (name === 'kubernetes' || !isRoot() || process.arch !== 'x64') {
    const why =
      name === 'kubernetes'
        ? 'sandboxes on the nodes of a cluster cannot be traced from here'
        : 'only root on a machine of x86-64 can have sandboxes traced'
    throw new ServiceError('invalid-config', `sandbox.detection is on, and ${why}`, {
      advice: 'Set sandbox.detection.mode to off, or use the driver runsc or docker as root.',
    })
  }
  const [{ openTracer }, { loadRules }] = await Promise.all([
    import('./detection/open-tracer.ts'),
    import('./detection/load-rules.ts'),
  ])
  // Before the first sandbox: a rule file that cannot be taken refuses the driver.
  const rules = await loadRules(detection)
  const binary = await installedTraceRelay()
  return {
    tracer: openTracer(async () => ({ binary, rules, folder: traceFolder, user: nobody, onReport })),
  }
}

const traceFolder = '/run/sallyport-trace'
/** The user that has nothing, by its number on every Linux. */
const nobody = 65_534

async function openKubernetes(settings: SandboxOptions, onFault: (fault: unknown) => void): Promise<SandboxDriver> {
  const { kubernetes: given, limits } = settings
  if (settings.sharing === 'none') throw sharesFiles('The nodes of a cluster give')
  if (given.image === null) {
    throw new ServiceError('invalid-config', 'sandbox.kubernetes.image is not set', {
      advice: `Push the image that set-up built (${await installedImageTag()}) where the nodes pull from, and name it there.`,
    })
  }
  const { createKubernetesDriver } = await import('./containers/kubernetes/kubernetes-driver.ts')
  const { pod_name: name, pod_uid: uid } = given
  return createKubernetesDriver({
    kubeconfig: given.kubeconfig,
    server: given.server,
    context: given.context,
    namespace: given.namespace,
    pod: {
      image: given.image,
      runtimeClass: given.runtime_class,
      requestedCpus: given.request_cpus,
      requestedMemoryBytes: given.request_memory_mb * 1024 * 1024,
      patienceSeconds: Math.ceil(given.start_ms / 1000),
      longestSessionSeconds: Math.ceil(given.longest_session_ms / 1000),
    },
    startMilliseconds: given.start_ms,
    limits: createLimits(limits),
    ownPod: name === null || uid === null ? null : { name, uid },
    onFault,
  })
}

async function openInstallation(settings: SandboxOptions) {
  const [{ createProofRecords }, { createKnownDaemon }, { binary, folder }, image] = await Promise.all([
    import('./containers/proof-records.ts'),
    import('./containers/docker/known-daemon.ts'),
    installedRunsc(settings.runsc_path),
    imageTagOf(settings),
  ])
  const stateFolder = join(folder, 'runsc')
  const records = createProofRecords(join(stateFolder, 'proofs'))
  // The installed tag names the image's content; another may name another image tomorrow.
  const known = settings.image === null ? records : null
  const daemon = createKnownDaemon({ socketPath: settings.docker_socket, image, records: known })
  return { binary, folder, stateFolder, records, daemon }
}

async function imageTagOf(settings: SandboxOptions): Promise<string> {
  return settings.image ?? (await installedImageTag())
}

function sharesFiles(whoGives: string): ServiceError {
  return new ServiceError(
    'sandbox-unavailable',
    `${whoGives} every sandbox the same files of the image, and sandbox.sharing is none`,
    { advice: 'Set sandbox.driver to runsc, or sandbox.sharing to read-only.' },
  )
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}
