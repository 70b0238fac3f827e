import Docker from 'dockerode'
import type { Duplex } from 'node:stream'
import { ServiceError } from '../../../core/errors.ts'
import { findCgroups, limitProcessors, startingShare } from '../cgroup.ts'
import type { ForeignSandbox, LiveContainer, SandboxDriver, SandboxSpecification } from '../../driver.ts'
import { fromLabels, sandboxLabel } from '../../engine/owner.ts'
import type { Tracer, TraceWatch } from '../../detection/tracer.ts'
import { attachTrace } from './attach-trace.ts'
import { AttachedStream } from './attached-stream.ts'
import { containerSettings } from './container-settings.ts'
import { clearContainer, DockerContainer, startKeeper } from './docker-container.ts'
import { toDockerFault } from './docker-faults.ts'

export interface DockerDriverOptions {
  readonly socketPath: string
  /** Tag or id of the sandbox image. */
  readonly image: string
  /** Name of the gVisor runtime with Docker. */
  readonly runtime: string
  /** Listens to the calls of sandboxes; absent where nobody does. The driver closes it. */
  readonly tracer?: Tracer
}

const diagnosticBytes = 16 * 1024
const createGraceMilliseconds = 10_000

/** Sandboxes as containers of the local Docker daemon under its gVisor runtime. */
export function createDockerDriver(options: DockerDriverOptions): SandboxDriver {
  const docker = new Docker({ socketPath: options.socketPath })
  let imageId: string | null = null
  let runsc = ''

  return {
    name: 'docker',
    missingWalls: [],

    async prepare(signal) {
      try {
        const [information, image] = await Promise.all([
          docker.info() as Promise<DockerInformation>,
          docker.getImage(options.image).inspect(),
        ])
        signal.throwIfAborted()
        const runtime = information.Runtimes?.[options.runtime]
        refuseUnlessGvisor(options.runtime, runtime)
        imageId = image.Id
        runsc = runtime?.path ?? ''
        return { fingerprint: JSON.stringify([image.Id, options.runtime, runtime]) }
      } catch (thrown) {
        throw toDockerFault(thrown, 'looking for the sandbox image and runtime')
      }
    },

    async create(specification, signal) {
      if (imageId === null) throw new ServiceError('sandbox-unavailable', 'The Docker driver was not prepared')
      return createContainer(docker, specification, { ...options, image: imageId, runsc }, signal)
    },

    async list(signal) {
      try {
        const found = await docker.listContainers({
          all: true,
          filters: { label: [sandboxLabel] },
          abortSignal: signal,
        })
        return found.flatMap((entry): ForeignSandbox[] => {
          const labels = fromLabels(entry.Labels)
          return labels === null
            ? []
            : [{ ...labels, running: entry.State === 'running', createdAt: entry.Created * 1000 }]
        })
      } catch (thrown) {
        throw toDockerFault(thrown, 'listing sandboxes')
      }
    },

    async remove(id) {
      await clearContainer(docker.getContainer(id))
    },

    async [Symbol.asyncDispose]() {
      await options.tracer?.[Symbol.asyncDispose]()
    },
  }
}

interface DockerInformation {
  readonly Runtimes?: Readonly<Record<string, { readonly path?: string; readonly runtimeArgs?: readonly string[] }>>
}

type RuntimeEntry = NonNullable<DockerInformation['Runtimes']>[string]

function refuseUnlessGvisor(name: string, runtime: RuntimeEntry | undefined): void {
  const advice = 'Run "sallyport doctor --fix": it installs runsc and registers it with Docker.'
  if (runtime === undefined) {
    throw new ServiceError('sandbox-unavailable', `Docker has no runtime called "${name}"`, { advice })
  }
  if (!/(^|\/)runsc[^/]*$/.test(runtime.path ?? '')) {
    throw new ServiceError('sandbox-unavailable', `The runtime "${name}" is not gVisor but ${runtime.path}`, { advice })
  }
  if (runtime.runtimeArgs?.includes('--network=none') !== true) {
    throw new ServiceError('sandbox-unavailable', `The runtime "${name}" is registered without --network=none`, {
      advice,
    })
  }
}

/** Aborts so many milliseconds after the other one. */
function abortedLater(signal: AbortSignal, milliseconds: number): AbortSignal {
  const late = new AbortController()
  const abort = (): void => void setTimeout(() => late.abort(signal.reason), milliseconds).unref()
  signal.addEventListener('abort', abort, { once: true })
  return late.signal
}

async function createContainer(
  docker: Docker,
  specification: SandboxSpecification,
  options: DockerDriverOptions & { readonly runsc: string },
  signal: AbortSignal,
): Promise<LiveContainer> {
  let watch: TraceWatch | null = null
  let diagnostics = Buffer.alloc(0)
  // The container is found by its name, because it may exist although an abort or the daemon's end cut the call.
  const container = docker.getContainer(specification.id)
  try {
    signal.throwIfAborted()
    // Docker makes it although the call is cut, maybe after it was looked for in vain: who has gone waits for the answer.
    const patient = abortedLater(signal, createGraceMilliseconds)
    const created = docker.createContainer({ ...containerSettings(specification, options), abortSignal: patient })
    specification.onBegun?.()
    await created
    signal.throwIfAborted()
    const connection = (await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
      abortSignal: signal,
    })) as unknown as Duplex
    const stream = new AttachedStream(connection, (piece) => {
      diagnostics = Buffer.concat([diagnostics, piece]).subarray(-diagnosticBytes)
    })
    // A sandbox may end at any moment; whoever uses the stream hears of it by its end.
    stream.on('error', () => {})
    await container.start({ abortSignal: signal })
    const state = await container.inspect({ abortSignal: signal })
    if (state.HostConfig.Runtime !== options.runtime) {
      throw new ServiceError('sandbox-unavailable', `Docker ran the sandbox under ${String(state.HostConfig.Runtime)}`)
    }
    // Takes as long as the supervisor's own start, and needs nothing of it.
    const keeper = startKeeper(container, signal)
    // Whoever waits for the keeper hears why there is none.
    keeper.catch(() => {})
    const cgroups = await findCgroups(state.State.Pid)
    if (cgroups === null) {
      throw new ServiceError('sandbox-unavailable', `The sandbox's cgroups cannot be read on this host`, {
        advice: 'Run Sallyport on the host of the Docker daemon, where it can see /proc and /sys/fs/cgroup.',
      })
    }
    watch = (await options.tracer?.watch(specification.id, signal)) ?? null
    if (watch !== null) await attachTrace({ id: state.Id, pid: state.State.Pid, runsc: options.runsc }, watch, signal)
    const { cpus } = specification.limits
    // While it starts, gVisor works with several threads, none of them the user's. Where the share cannot be set, the
    // start takes longer.
    await limitProcessors(cgroups, startingShare * cpus).catch(() => {})
    const made = new DockerContainer({
      id: specification.id,
      container,
      stream,
      cgroups,
      cpus,
      keeper,
      diagnostics: () => diagnostics.toString('utf8'),
      watch,
    })
    // What cannot be seen any more must not go on.
    void watch?.lost.then(() => made.kill()).catch(() => {})
    return made
  } catch (thrown) {
    await watch?.forget()
    await clearContainer(container).catch(() => {})
    throw toDockerFault(thrown, 'starting a sandbox')
  }
}
